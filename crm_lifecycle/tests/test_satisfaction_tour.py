# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .browser_common import BrowserCase
from .common import TestLifecycleCommon

SATISFACTION = "crm_lifecycle.mail_activity_type_satisfaction"


@tagged("post_install", "-at_install")
class TestSatisfactionTour(TestLifecycleCommon, BrowserCase):
    def test_satisfaction_dialog_and_its_branches(self):
        if not self.env.ref(SATISFACTION, raise_if_not_found=False):
            self.skipTest("the company deleted the activity type")
        customer = self._create_customer("Tour Customer", user_id=self.user_manager.id)
        self._create_order(customer, self.day(5))
        self._recompute(customer)
        for _number in range(2):
            customer.activity_schedule(SATISFACTION, user_id=self.user_manager.id)
        self.start_tour(
            f"/odoo/contacts/{customer.id}",
            "crm_lifecycle_satisfaction_tour",
            login="crm_lc_user_manager",
        )
        feedback = self._profile(customer).feedback_ids
        self.assertEqual(set(feedback.mapped("score")), {"9", "3"})
        self.assertEqual(
            feedback.filtered("is_open").comment, "The delivery came a week late"
        )
        left = self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", customer.id)]
        )
        self.assertEqual(
            left.activity_type_id,
            self.env.ref("crm_lifecycle.mail_activity_type_rescue"),
        )
