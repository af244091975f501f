# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmTouchpointIgnore(models.TransientModel):
    _name = "crm.touchpoint.ignore"
    _description = "Let Touchpoints Not Count"

    touchpoint_ids = fields.Many2many(
        comodel_name="crm.touchpoint", string="Touchpoints", required=True
    )
    reason = fields.Char(
        required=True, help="Kept on the touchpoint, with your name and the moment."
    )

    def action_confirm(self):
        """Exclude the touchpoints, with the reason given."""
        self.touchpoint_ids.set_ignored(self.reason)
        return {"type": "ir.actions.act_window_close"}
