# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .browser_common import BrowserCase
from .common import TestLifecycleCommon


@tagged("post_install", "-at_install")
class TestTouchpointTour(TestLifecycleCommon, BrowserCase):
    def test_log_a_contact_from_the_card(self):
        customer = self._create_customer("Tour Customer", user_id=self.user_manager.id)
        self._create_order(customer, self.day(5), amount=9e8)
        self._recompute(customer)
        self.start_tour(
            "/odoo/customer-base", "crm_touchpoint_tour", login="crm_lc_user_manager"
        )
        touchpoint = self._profile(customer).touchpoint_ids
        self.assertRecordValues(
            touchpoint,
            [
                {
                    "channel_id": self.env.ref(
                        "crm_lifecycle.crm_touchpoint_channel_visit"
                    ).id,
                    "user_id": self.user_manager.id,
                    "duration": 1.5,
                    "is_ignored": True,
                    "ignore_reason": "Nobody was there",
                }
            ],
        )
        self.assertEqual(touchpoint.promise_ids.name, "Send the price list")
