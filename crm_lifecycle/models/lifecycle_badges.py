# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmLifecycleFieldsMixin(models.AbstractModel):
    """Colours of the badges that show the customer's stage and category."""

    _inherit = "crm.lifecycle.fields.mixin"

    lifecycle_stage_color = fields.Integer(
        compute="_compute_lifecycle_colors", groups="base.group_user"
    )
    lifecycle_category_color = fields.Integer(
        compute="_compute_lifecycle_colors", groups="base.group_user"
    )

    @api.depends_context("company", "uid")
    @api.depends("lifecycle_stage_id", "lifecycle_category_id")
    def _compute_lifecycle_colors(self):
        for record in self:
            record.lifecycle_stage_color = record.lifecycle_stage_id.color
            record.lifecycle_category_color = record.lifecycle_category_id.color


class CrmLifecycleCustomerMixin(models.AbstractModel):
    _inherit = "crm.lifecycle.customer.mixin"

    lifecycle_reason_text = fields.Char(
        string="Why This Lifecycle Stage",
        compute="_compute_lifecycle_reason_text",
        groups="base.group_user",
    )

    @api.depends("lifecycle_profile_id")
    @api.depends_context("company", "uid", "lang")
    def _compute_lifecycle_reason_text(self):
        """Only with a profile the user may see, like the profile itself."""
        for record in self:
            profile = record.lifecycle_profile_id
            record.lifecycle_reason_text = profile.stage_reason_text

    def action_view_lifecycle_profile(self):
        """Open the customer card that the current company keeps of this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lifecycle.profile",
            "res_id": self.lifecycle_profile_id.id,
            "view_mode": "form",
        }
