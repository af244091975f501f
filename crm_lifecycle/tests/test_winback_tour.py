# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged
from odoo.tools import mute_logger

from .browser_common import BrowserCase
from .common import TestLifecycleCommon


@tagged("post_install", "-at_install")
class TestWinbackTour(TestLifecycleCommon, BrowserCase):
    def test_from_the_queue_to_giving_up(self):
        self.user_manager.lang = "en_US"
        customer = self._create_customer("Tour Customer", user_id=self.user_manager.id)
        self._create_order(customer, self.day(500), amount=9e8)
        profile = self._recompute(customer)
        with mute_logger("odoo.http"):  # one argument is refused
            self.start_tour(
                "/odoo/customer-base-win-back",
                "crm_winback_tour",
                login=self.user_manager.login,
            )
        self.assertRecordValues(
            profile.winback_attempt_ids,
            [
                {
                    "state": "given_up",
                    "argument": "Our own lorry",
                    "expectation": "Delivery in two days",
                    "note": "No budget this year",
                }
            ],
        )
        self.assertEqual(profile.winback_attempt_ids.lead_id.partner_id, customer)
