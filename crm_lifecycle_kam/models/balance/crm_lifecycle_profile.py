# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmLifecycleProfile(models.Model):
    """Investment against return on the card."""

    _inherit = "crm.lifecycle.profile"

    investment_ids = fields.One2many(
        comodel_name="crm.account.investment",
        inverse_name="profile_id",
        string="Investments",
    )
    account_cost = fields.Monetary(
        string="Investment in Window", compute="_compute_account_balance"
    )
    account_gain = fields.Monetary(
        string="Return in Window", compute="_compute_account_balance"
    )
    account_balance = fields.Monetary(
        string="Balance of Return and Investment",
        compute="_compute_account_balance",
        help="Margin earned less what we put in beside discounts.",
    )
    account_balance_previous = fields.Monetary(
        string="That Balance Before", compute="_compute_account_balance"
    )
    account_trend = fields.Selection(
        selection=[("up", "Rises"), ("same", "Unchanged"), ("down", "Falls")],
        string="Trend of the Balance",
        compute="_compute_account_balance",
    )
    is_account_negative = fields.Boolean(
        string="Costs More Than It Brings",
        compute="_compute_account_balance",
        help="The balance of the window is negative. Only where margins are known.",
    )

    @api.depends("investment_ids.amount", "investment_ids.date")
    def _compute_account_balance(self):
        Balance = self.env["crm.account.balance"]
        figures = Balance._get_figures(self._origin) if self._origin else {}
        has_margin = Balance._has_margin()
        for profile in self:
            cost, gain = figures.get((profile._origin.id, 0), (0, 0))
            cost_before, gain_before = figures.get((profile._origin.id, 1), (0, 0))
            profile.account_cost, profile.account_gain = cost, gain
            profile.account_balance = gain - cost if has_margin else 0
            before = gain_before - cost_before if has_margin else 0
            profile.account_balance_previous = before
            order = profile.currency_id.compare_amounts(profile.account_balance, before)
            profile.account_trend = {1: "up", 0: "same", -1: "down"}[order]
            profile.is_account_negative = (
                profile.currency_id.compare_amounts(profile.account_balance, 0) < 0
            )

    @api.model
    def _get_fields_written_directly(self):
        return super()._get_fields_written_directly() | {"investment_ids"}

    def action_view_balance(self):
        """Open investment and return of this customer."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "crm_lifecycle_kam.crm_account_balance_action"
            ),
            "domain": [("profile_id", "=", self.id)],
            "context": {"search_default_group_window": 1},
        }
