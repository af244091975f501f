# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .browser_common import BrowserCase
from .common import TestLifecycleCommon


@tagged("post_install", "-at_install")
class TestHandoverTour(TestLifecycleCommon, BrowserCase):
    def test_hand_over_and_undo(self):
        customers = self._create_customers(2, "Tour Customer")
        profiles = self._make_profiles(customers, user_id=self.user_salesman.id)
        (self.user_salesman + self.user_salesman_2).lang = "en_US"
        self.user_manager.lang = "en_US"
        self.start_tour(
            "/odoo/customer-base-handovers",
            "crm_handover_tour",
            login="crm_lc_user_manager",
        )
        self.assertEqual(profiles.user_id, self.user_salesman)
        handover = self.env["crm.handover"].search([], limit=1)
        self.assertEqual(handover.reason, "Moves to Oslo")
        self.assertEqual(handover.state, "returned")
        for profile in profiles:
            went = profile.responsible_ids.filtered("handover_id")
            self.assertEqual(went.user_id, self.user_salesman + self.user_salesman_2)
