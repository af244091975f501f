# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class CalendarAttendee(models.Model):
    _inherit = "calendar.attendee"

    @api.model_create_multi
    def create(self, vals_list):
        attendees = super().create(vals_list)
        # sudo: as in `_gather_events`
        self.env["crm.touchpoint.change"]._gather(
            "calendar.event", attendees.sudo().event_id.ids
        )
        return attendees

    def _write_multi(self, vals_list):
        """Who declines has not met anybody."""
        changed = [
            id_
            for id_, vals in zip(self._ids, vals_list, strict=True)
            if "state" in vals or "partner_id" in vals
        ]
        self._gather_events(changed)
        return super()._write_multi(vals_list)

    def unlink(self):
        self._gather_events(self.ids)
        return super().unlink()

    def _gather_events(self, ids):
        if ids:
            # sudo: meetings are looked at on nobody's behalf
            events = self.browse(ids).sudo().exists().event_id
            self.env["crm.touchpoint.change"]._gather("calendar.event", events.ids)
