# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError

from .key_common import TestKeyCommon

NAMES = (
    *("revenue", "revenue_previous", "window_purchase_count", "average_purchase"),
    *("potential_amount", "share_of_wallet", "last_purchase_date", "margin"),
    *("expected_purchase_date", "dmu_coverage", "debt_overdue", "account_balance"),
)


class TestPlanSituation(TestKeyCommon):
    """The plan shows the account in figures, as its card does."""

    def test_figures_of_the_card(self):
        self._create_orders(self.customer, [400, 90, 60, 30], 250)
        self.card._write_people(
            {"potential_amount": 3000, "potential_date": self.today}
        )
        self.engine._recompute(self.company, self.customer)
        plan = self.env["crm.account.plan"].create(
            {
                "name": "Plan",
                "profile_id": self.card.id,
                "date_from": self.today,
                "date_to": self.day(-90),
            }
        )
        mine = plan.with_user(self.user_salesman)
        self.assertEqual((mine.revenue, mine.revenue_previous), (750, 250))
        card = self.card.with_user(self.user_salesman)
        for name in NAMES:
            self.assertEqual(mine[name], card[name], name)
        with self.assertRaises(AccessError):
            plan.with_user(self.user_salesman_2).read(["revenue"])
        report = self.env["ir.actions.report"].with_user(self.user_salesman)
        html, __ = report._render_qweb_html(
            "crm_lifecycle_kam.report_account_plan", plan.ids
        )
        self.assertIn("750", html.decode())
