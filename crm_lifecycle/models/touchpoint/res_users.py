# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class ResUsers(models.Model):
    """Colleagues are no customers: who becomes one, or ceases to be, takes the contacts
    made with them along."""

    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        self.env["crm.touchpoint.change"]._gather(
            "res.partner", [vals.get("partner_id") for vals in vals_list]
        )
        return users

    def unlink(self):
        # sudo: contacts are looked at on nobody's behalf
        self.env["crm.touchpoint.change"]._gather(
            "res.partner", self.sudo().partner_id.ids
        )
        return super().unlink()

    def _write_multi(self, vals_list):
        partner_ids = {
            vals["partner_id"] for vals in vals_list if vals.get("partner_id")
        }
        changed = [
            id_
            for id_, vals in zip(self._ids, vals_list, strict=True)
            if "share" in vals or "partner_id" in vals
        ]
        if changed:
            rows = self.env.execute_query(
                SQL("SELECT partner_id FROM res_users WHERE id = ANY(%s)", changed)
            )
            partner_ids.update(id_ for (id_,) in rows)
            self.env["crm.touchpoint.change"]._gather("res.partner", partner_ids)
        return super()._write_multi(vals_list)


class ResUsersSettings(models.Model):
    _inherit = "res.users.settings"

    def _write_multi(self, vals_list):
        """Meetings are as private as their organiser wants, unless they say so
        themselves."""
        changed = [
            id_
            for id_, vals in zip(self._ids, vals_list, strict=True)
            if "calendar_default_privacy" in vals
        ]
        if changed:
            rows = self.env.execute_query(
                SQL(
                    "SELECT e.id FROM calendar_event e "
                    "JOIN res_users_settings s ON s.user_id = e.user_id "
                    "WHERE s.id = ANY(%s) AND e.privacy IS NULL",
                    changed,
                )
            )
            self.env["crm.touchpoint.change"]._gather(
                "calendar.event", [id_ for (id_,) in rows]
            )
        return super()._write_multi(vals_list)
