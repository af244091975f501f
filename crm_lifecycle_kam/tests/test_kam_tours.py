# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.tests import HttpCase, common, tagged

from .key_common import TestKeyCommon
from .target_common import TestTargetCommon


class Patience(HttpCase):
    def setUp(self):
        super().setUp()
        # A busy machine may take longer than Odoo's ten seconds to start the browser,
        # and Odoo then skips the tour.
        self.patch(common, "CHECK_BROWSER_ITERATIONS", 900)


@tagged("post_install", "-at_install")
class TestKeyTours(TestKeyCommon, Patience):
    """Key accounts and plans, by clicks alone."""

    def test_nomination_to_decision(self):
        self.start_tour(
            "/odoo/key-accounts", "crm_key_review_tour", login=self.user_manager.login
        )
        key = self.card.key_account_ids
        self.assertEqual(
            (key.state, key.approved_by_id), ("running", self.user_manager)
        )
        # The browser's day may be another one than the company's
        self.assertAlmostEqual((key.review_date - self.today).days, 90, delta=1)
        review = self.card.review_ids
        self.assertRecordValues(
            review,
            [
                {
                    "kind": "key",
                    "state": "done",
                    "decision": "other",
                    "terms": "Shorter payment",
                    "done_by_id": self.user_manager.id,
                }
            ],
        )

    def test_plan_in_ten_minutes(self):
        # In the year before the first of this month, with which the dialog begins
        before = self.today.replace(day=1) - timedelta(10)
        self._create_order(self.customer, before, 1000)
        self.engine._recompute(self.company, self.customer)
        self.start_tour(
            f"/odoo/customer-base/{self.card.id}",
            "crm_account_plan_tour",
            login=self.user_salesman.login,
        )
        plan = self.card.account_plan_ids
        self.assertEqual((plan.state, plan.user_id), ("running", self.user_salesman))
        self.assertIn("They grow", plan.situation)
        targets = {one.kind: one.target for one in plan.objective_ids}
        self.assertEqual(targets["revenue"], 1200)


@tagged("post_install", "-at_install")
class TestScorecardTour(TestTargetCommon, Patience):
    """A customer is scored, by clicks alone."""

    def test_score(self):
        self.start_tour(
            f"/odoo/customer-base/{self.account.id}",
            "crm_scorecard_tour",
            login=self.user_salesman.login,
        )
        card = self.account.scorecard_ids
        self.assertEqual((card.state, card.verdict), ("done", "fits"))
        self.assertEqual(self.account.fit_verdict, "fits")
        self.assertEqual(card.total_score, (2 * 100 + 75 + 50) / 4)
