# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmLifecycleProfile(models.Model):
    _inherit = "crm.lifecycle.profile"

    account_plan_ids = fields.One2many(
        comodel_name="crm.account.plan", inverse_name="profile_id", readonly=True
    )
    account_plan_count = fields.Integer(
        string="Account Plans", compute="_compute_account_plan_count"
    )

    @api.depends("account_plan_ids")
    def _compute_account_plan_count(self):
        self._count_lines("account_plan_count", "crm.account.plan", [])

    def action_view_account_plans(self):
        """Open the account's plans, or the dialog that makes the first one.

        :return: action dictionary
        """
        self.ensure_one()
        context = {"default_profile_id": self.id}
        actions = self.env["ir.actions.act_window"]
        if not self.account_plan_count:
            start = actions._for_xml_id(
                "crm_lifecycle_kam.crm_account_plan_start_action"
            )
            return {**start, "context": context}
        action = actions._for_xml_id("crm_lifecycle_kam.crm_account_plan_action")
        return {**action, "domain": [("profile_id", "=", self.id)], "context": context}
