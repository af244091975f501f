# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import format_amount


class CrmAccountReview(models.Model):
    """A review shows what the customer costs against what it brings."""

    _inherit = "crm.account.review"

    @api.model
    def _get_fact_lines(self, profile, contacts):
        def money(amount):
            return format_amount(self.env, amount, profile.currency_id)

        lines = super()._get_fact_lines(profile, contacts)
        if self.env["crm.account.balance"]._has_margin():
            text = self.env._(
                "%(gain)s return, %(cost)s investment: %(balance)s "
                "(before: %(before)s)",
                gain=money(profile.account_gain),
                cost=money(profile.account_cost),
                balance=money(profile.account_balance),
                before=money(profile.account_balance_previous),
            )
            lines.insert(1, (self.env._("Return and investment"), text))
        return lines
