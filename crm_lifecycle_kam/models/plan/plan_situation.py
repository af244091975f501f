# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


def _from_card(field_class, name, **attributes):
    """A figure of the customer's card, as the reader of the plan sees it there."""
    return field_class(related=f"profile_id.{name}", related_sudo=False, **attributes)


class CrmAccountPlan(models.Model):
    """The situation in figures: what the customer's card says today."""

    _inherit = "crm.account.plan"

    has_margin = _from_card(fields.Boolean, "has_margin")
    revenue = _from_card(fields.Monetary, "revenue", string="Revenue of the Window")
    revenue_previous = _from_card(
        fields.Monetary, "revenue_previous", string="Revenue of the Window Before"
    )
    margin = _from_card(fields.Monetary, "margin", string="Margin of the Window")
    margin_previous = _from_card(
        fields.Monetary, "margin_previous", string="Margin of the Window Before"
    )
    window_purchase_count = _from_card(
        fields.Integer, "window_purchase_count", string="Purchases of the Window"
    )
    average_purchase = _from_card(
        fields.Monetary, "average_purchase", string="Average Purchase"
    )
    potential_amount = _from_card(
        fields.Monetary, "potential_amount", string="Potential (yearly)"
    )
    share_of_wallet = _from_card(
        fields.Float, "share_of_wallet", string="Share of Wallet"
    )
    last_purchase_date = _from_card(
        fields.Date, "last_purchase_date", string="Last Purchase"
    )
    expected_purchase_date = _from_card(
        fields.Date, "expected_purchase_date", string="Expected Next Purchase"
    )
    last_contact_date = _from_card(
        fields.Date, "last_contact_date", string="Last Contact"
    )
    debt_overdue = _from_card(fields.Monetary, "debt_overdue", string="Overdue Debt")
    account_balance = _from_card(
        fields.Monetary, "account_balance", string="Balance of Return and Investment"
    )
    dmu_coverage = _from_card(
        fields.Integer, "dmu_coverage", string="Coverage of the Unit (%)"
    )
    dmu_gap_count = _from_card(
        fields.Integer, "dmu_gap_count", string="Gaps in the Unit"
    )
