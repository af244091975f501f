# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def unlink(self):
        # sudo: whoever may delete a user need not see the customers left to nobody
        profiles = (
            self.env["crm.lifecycle.profile"]
            .sudo()
            .with_context(active_test=False)
            .search([("user_id", "in", self.ids)])
        )
        res = super().unlink()
        profiles._write_people({"team_id": None})
        return res

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """Users show the figures of their contact."""
        self.env["res.partner"]._check_lifecycle_export(self, fields)
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
