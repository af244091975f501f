# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .browser_common import BrowserCase
from .common import TestLifecycleCommon


@tagged("post_install", "-at_install")
class TestReportsTour(TestLifecycleCommon, BrowserCase):
    """From the menu through the funnel to the customer that moved."""

    def setUp(self):
        super().setUp()
        self.salesman = self._create_user(
            "tour", "Tim Tour", "sales_team.group_sale_salesman", lang="en_US"
        )
        self.customer = self._create_customer("Tour Mover", user_id=self.salesman.id)
        self._create_order(self.customer, self.day(60))
        self._recompute(self.customer, today=self.day(60))
        self._create_orders(self.customer, [30, 10])
        self._recompute(self.customer)

    def test_funnel(self):
        moves = self.env["crm.lifecycle.funnel.report"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(moves.mapped("days_in_stage"), [50, 0])
        self.start_tour("/odoo", "crm_lifecycle_funnel_tour", login="crm_lc_tour")

    def test_phases(self):
        self.start_tour(
            "/odoo/customer-base-phases",
            "crm_lifecycle_phases_tour",
            login="crm_lc_tour",
        )
