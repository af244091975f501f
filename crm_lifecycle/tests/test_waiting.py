# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TestLifecycleCompanies


@tagged("post_install", "-at_install")
class TestWaiting(TestLifecycleCompanies):
    """How many customers wait for the job, told to those who see them."""

    def setUp(self):
        super().setUp()
        self.env.cr.execute("DELETE FROM crm_lifecycle_event")
        many = self._create_many_customers(300)
        own = {"user_id": self.user_salesman.id, "team_id": self.team_1.id}
        other = {"user_id": self.user_salesman_2.id, "team_id": self.team_2.id}
        self.own = self._make_profiles(many[:210], **own)
        self.others = self._make_profiles(many[210:], **other)
        self._make_profiles(many[:210], company=self.company_2)

    def _waiting(self, user, **context):
        Profile = self.Profile.with_user(user).with_context(**context)
        return Profile.get_waiting()

    def _queue(self, profiles, cause="event"):
        self.env.cr.execute(
            """
            INSERT INTO crm_lifecycle_event (partner_id, company_id, cause, recorded_at)
            SELECT partner_id, company_id, %s, now()
              FROM crm_lifecycle_profile WHERE id = ANY(%s)
            """,
            [cause, profiles.ids],
        )

    def test_nobody_waits(self):
        nothing = {"count": 0, "is_batch": False}
        self.assertEqual(self._waiting(self.user_salesman), nothing)

    def test_each_sees_the_number_of_his_own(self):
        self._queue(self.own + self.others)
        self._queue(self.own[:50])  # twice in the queue, one customer
        for user, count in (
            (self.user_salesman, 210),
            (self.user_leader, 210),
            (self.user_salesman_2, 90),
            (self.user_all, 300),
            (self.user_salesman_3, 0),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self._waiting(user)["count"], count)
        for user in (self.user_internal, self.user_portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._waiting(user)

    def test_a_batch_is_many_or_by_hand(self):
        self._queue(self.own[:200])
        self.assertFalse(self._waiting(self.user_all)["is_batch"])
        self._queue(self.own[200:])
        self.assertTrue(self._waiting(self.user_all)["is_batch"])
        self.assertFalse(self._waiting(self.user_salesman_2)["is_batch"])
        self._queue(self.others[:1], "manual")
        self.assertTrue(self._waiting(self.user_salesman_2)["is_batch"])

    def test_only_the_companies_one_works_in(self):
        self._queue(self.own)
        ids = self.company_2.ids
        waiting = self._waiting(self.user_both, allowed_company_ids=ids)
        self.assertEqual(waiting["count"], 0)
        ids = (self.company + self.company_2).ids
        waiting = self._waiting(self.user_both, allowed_company_ids=ids)
        self.assertEqual(waiting["count"], 210)

    @mute_logger("odoo.addons.crm_lifecycle.models.engine.job")
    def test_an_action_on_many_counts_down(self):
        """What the action leaves to the job is told until the job has done it."""
        result = self.own.with_user(self.user_manager).exclude("Suppliers")
        self.assertEqual(result["state"], "queued")
        said = self.Profile._prepare_result("Exclude", result, {})
        self.assertTrue(said["params"]["queued"])
        waiting = {"count": 210, "is_batch": True}
        self.assertEqual(self._waiting(self.user_salesman), waiting)
        self.engine._drain(limit=100)
        self.assertEqual(self._waiting(self.user_salesman)["count"], 110)
        self.engine._drain()
        self.assertEqual(self._waiting(self.user_salesman)["count"], 0)
