# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .browser_common import BrowserCase
from .common import TestLifecycleCommon


@tagged("post_install", "-at_install")
class TestLifecycleTours(TestLifecycleCommon, BrowserCase):
    """One way through the application, at a desk and on a phone."""

    def setUp(self):
        super().setUp()
        self.admin = self._create_user(
            "admin", "Ada Admin", "base.group_system,sales_team.group_sale_manager"
        )
        # The first run is behind: the application opens with the customers.
        self.company.lifecycle_baseline_at = "2020-01-01"
        # A customer bigger than any that the database may hold: first in the lists.
        self.customer = self._create_customer("Tour Customer", user_id=self.admin.id)
        self._create_order(self.customer, self.day(5), amount=9e8)
        self._recompute(self.customer)

    def test_desktop(self):
        self.start_tour("/odoo", "crm_lifecycle_tour", login="crm_lc_admin")
        self.assertEqual(self.company.lifecycle_regular_count, 4)

    def test_mobile(self):
        self._use_phone()
        self.start_tour(
            "/odoo/customer-base", "crm_lifecycle_mobile_tour", login="crm_lc_admin"
        )
        self.assertEqual(self._profile(self.customer).stage_id.code, "working")

    def test_board(self):
        self.start_tour("/odoo", "crm_lifecycle_board_tour", login="crm_lc_admin")
        profile = self._profile(self.customer)
        self.assertEqual(profile.stage_id.code, "vip")
        self.assertEqual(profile.vip_reason, "They open doors; Known by everybody")
        codes = self._transitions(self.customer).to_stage_id.mapped("code")
        self.assertEqual(set(codes), {"working", "regular", "vip"})

    def test_board_mobile(self):
        self._use_phone()
        self.start_tour(
            "/odoo/customer-base",
            "crm_lifecycle_board_mobile_tour",
            login="crm_lc_admin",
        )
        self.assertEqual(self._profile(self.customer).exclude_reason, "A supplier")
