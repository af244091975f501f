# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

KINDS = [
    ("discount", "Discounts"),
    ("time", "Time"),
    ("bonus", "Bonuses"),
    ("marketing", "Marketing"),
    ("service", "Service"),
    ("other", "Other"),
]


class CrmAccountInvestment(models.Model):
    """What we put into a customer and no document says.

    Discounts of orders and the time of touchpoints are found by themselves; see the
    sources of ``crm.account.balance``.
    """

    _name = "crm.account.investment"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Investment in a Customer"
    _order = "date DESC, id DESC"

    name = fields.Char(string="What For", required=True)
    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer Card",
        required=True,
        ondelete="cascade",
        index=True,
    )
    partner_id = fields.Many2one(related="profile_id.partner_id", string="Customer")
    company_id = fields.Many2one(related="profile_id.company_id")
    currency_id = fields.Many2one(related="profile_id.currency_id")
    date = fields.Date(required=True, default=fields.Date.context_today)
    kind = fields.Selection(selection=KINDS, required=True, default="bonus")
    amount = fields.Monetary(required=True, help="In the company's currency.")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Noted By",
        readonly=True,
        ondelete="set null",
        default=lambda self: self.env.uid,
    )

    _positive = models.Constraint(
        "CHECK(amount > 0)", "An investment is an amount above 0."
    )

    def write(self, vals):
        """Nobody notes something on the card of a customer he may not change."""
        self.env["crm.touchpoint"]._check_moved(vals)
        return super().write(vals)
