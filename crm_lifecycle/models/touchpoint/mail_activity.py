# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import models

_logger = logging.getLogger(__name__)

WATCHED = {"res_model", "res_id", "activity_type_id", "calendar_event_id"}


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """A done activity is a touchpoint at once: here it is known which message
        belongs to it."""
        mapped = self.env["crm.touchpoint.channel"]._get_activity_type_ids()
        counted = self.filtered(lambda activity: activity.activity_type_id.id in mapped)
        posting = [
            activity
            for data in self.filtered("res_model")._classify_by_model().values()
            for activity in data["activities"]
        ]
        events = counted.calendar_event_id
        res = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if counted:
            counted._collect_done(posting, res[0], events)
        return res

    def _collect_done(self, posting, messages, events):
        """Collect what was just done; a failure leaves it to the job.

        :param posting: the activities in the order of ``messages``
        :param events: ``calendar.event`` records of these activities
        """
        existing = (self | self.concat(*posting)).exists()
        done = self & existing
        left = set(existing.ids)
        posting = [activity for activity in posting if activity.id in left]
        engine = self.env["crm.lifecycle.engine"].sudo()  # collects for everybody
        try:
            with self.env.cr.savepoint():
                pairs = []
                if len(posting) == len(messages):
                    collected = set(done.ids)
                    pairs = [
                        (activity.id, message.id)
                        for activity, message in zip(posting, messages, strict=True)
                        if activity.id in collected
                    ]
                engine._collect_at_once("mail.activity", done.ids, pairs)
                engine._collect_at_once("calendar.event", events.exists().ids)
        except Exception:
            # whoever did the activity must not fail because of us
            _logger.exception("Done activities could not be collected at once")
            self.env["crm.touchpoint.change"]._gather("mail.activity+", done.ids)

    def unlink(self):
        self.env["crm.touchpoint.change"]._gather(self._name, self.ids)
        self._gather_meetings(self.ids)
        return super().unlink()

    def _write_multi(self, vals_list):
        changed = [
            id_
            for id_, vals in zip(self._ids, vals_list, strict=True)
            if vals.get("active") or not WATCHED.isdisjoint(vals)
        ]
        self.env["crm.touchpoint.change"]._gather(self._name, changed)
        self._gather_meetings(changed)
        return super()._write_multi(vals_list)

    def _gather_meetings(self, ids):
        """A meeting whose activity is done counts before it is over."""
        if ids:
            # sudo: meetings are looked at on nobody's behalf
            events = self.browse(ids).sudo().exists().calendar_event_id
            self.env["crm.touchpoint.change"]._gather("calendar.event", events.ids)
