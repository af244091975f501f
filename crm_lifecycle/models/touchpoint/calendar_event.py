# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

# What decides whether and when a meeting took place, and with whom.
WATCHED = {
    *("active", "allday", "start", "stop", "start_date", "stop_date"),
    *("user_id", "privacy", "opportunity_id", "res_model", "res_id"),
}


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        self.env["crm.touchpoint.change"]._gather(self._name, events.ids)
        return events

    def write(self, vals):
        if "categ_ids" in vals or "partner_ids" in vals:
            self.env["crm.touchpoint.change"]._gather(self._name, self.ids)
        return super().write(vals)

    def unlink(self):
        self.env["crm.touchpoint.change"]._gather(self._name, self.ids)
        return super().unlink()

    def _write_multi(self, vals_list):
        changed = [
            id_
            for id_, vals in zip(self._ids, vals_list, strict=True)
            if not WATCHED.isdisjoint(vals)
        ]
        self.env["crm.touchpoint.change"]._gather(self._name, changed)
        self._gather_done_activities(
            [
                id_
                for id_, vals in zip(self._ids, vals_list, strict=True)
                if "active" in vals
            ]
        )
        return super()._write_multi(vals_list)

    def _gather_done_activities(self, ids):
        """A done activity counts when its meeting does not."""
        if ids:
            rows = self.env.execute_query(
                SQL(
                    "SELECT id FROM mail_activity "
                    "WHERE calendar_event_id = ANY(%s) AND active IS FALSE",
                    ids,
                )
            )
            self.env["crm.touchpoint.change"]._gather(
                "mail.activity+", [id_ for (id_,) in rows]
            )
