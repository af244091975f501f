# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from .key_common import TestKeyCommon


class TestReviewStart(TestKeyCommon):
    """Reviews that somebody asks for, beside those the job opens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Review = cls.env["crm.account.review"]
        cls.company.write(
            {
                "lifecycle_enabled": True,
                "lifecycle_key_review_days": 180,
                "lifecycle_review_lead_days": 14,
                "lifecycle_turn_scope": "none",
            }
        )

    def _run(self):
        self.engine._void_reviews(self.company)
        self.engine._open_reviews(self.company)
        self.engine._escalate_reviews(self.company)

    def _reviews(self):
        return self.Review.search([("profile_id", "=", self.card.id)])

    def _start(self, user, **context):
        """Start a review as the dialog does; return it."""
        Wizard = self.env["crm.account.review.start"].with_user(user)
        context = context or {"default_profile_id": self.card.id}
        action = Form(Wizard.with_context(**context)).save().action_start()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_decision_point_of_any_customer(self):
        self._create_orders(self.customer, [200, 40])
        self.engine._recompute(self.company, self.customer)
        review = self._start(
            self.user_salesman,
            active_model="res.partner",
            active_id=self.customer.id,
        )
        self.assertRecordValues(
            review,
            [
                {
                    "profile_id": self.card.id,
                    "kind": "turn",
                    "state": "open",
                    "is_manual": True,
                    "event_date": self.day(40),
                    "user_id": self.user_salesman.id,
                    "due_date": self.today + timedelta(14),
                }
            ],
        )
        self.assertEqual(self._start(self.user_salesman), review, "it waits already")
        self._run()
        self.assertEqual((self._reviews(), review.state), (review, "open"))

    def test_a_turn_is_reviewed_once(self):
        """By hand first: the job does not ask about the same purchase again."""
        self._create_orders(self.customer, [40, 3])
        self.engine._recompute(self.company, self.customer)
        review = self._start(self.user_salesman)
        review.with_user(self.user_salesman).write(
            {"customer_side": "goes_on", "decision": "keep"}
        )
        review.with_user(self.user_salesman).action_answer()
        self.company.lifecycle_turn_scope = "all"
        self._run()
        self.assertEqual(self._reviews(), review)
        again = self._start(self.user_salesman)
        self.assertEqual(again.event_date, self.today, "another look at it")
        again.write({"customer_side": "goes_on", "decision": "keep"})
        again.action_answer()
        with self.assertRaises(UserError):
            self._start(self.user_salesman)

    def test_vip_review_is_not_void(self):
        """Its day lies before the VIP's own review day, and yet it holds."""
        self.card.with_user(self.user_manager).name_vip(
            self.user_leader.id, "Known", self.day(-200), despite_reason="Agreed"
        )
        review = self._start(self.user_salesman)
        self.assertEqual((review.kind, review.user_id), ("vip", self.user_leader))
        self._run()
        self.assertEqual(review.state, "open")
        review.with_user(self.user_leader).write(
            {
                "customer_side": "goes_on",
                "decision": "keep",
                "next_date": self.day(-300),
            }
        )
        review.with_user(self.user_leader).action_answer()
        self.assertEqual(self.card.vip_review_date, self.day(-300))
        self.env.flush_all()
        second = self.Review.sudo().create(
            {
                "profile_id": self.card.id,
                "kind": "vip",
                "event_date": self.day(-1),
                "due_date": self.day(-1),
                "is_manual": True,
            }
        )
        self.card.with_user(self.user_manager).withdraw_vip("Over")
        self._run()
        self.assertEqual(second.state, "void", "there is nothing left to review")

    def test_key_account_review(self):
        key = self._mark()
        key.manager_id = self.user_leader
        action = key.with_user(self.user_manager).action_start_review()
        review = self._start(self.user_manager, **action["context"])
        self.assertEqual((review.kind, key.state), ("key", "review"))
        self.assertEqual(review.user_id, self.user_leader)
        self._run()
        self.assertEqual(self._reviews(), review)
        review.write(
            {
                "customer_side": "goes_on",
                "decision": "keep",
                "next_date": self.day(-90),
            }
        )
        review.action_answer()
        self.assertEqual((key.state, key.review_date), ("running", self.day(-90)))

    def test_refused(self):
        card, nobody = self.card.with_user(self.user_salesman), self.env["res.users"]
        for kind, day in (
            ("vip", self.today),
            ("key", self.today),
            ("turn", self.day(1)),
        ):
            with self.assertRaises(UserError):
                card._start_review(kind, day, nobody)
        self.assertFalse(self._reviews())
        card.exclude("Lawyer")
        with self.assertRaises(UserError):
            self._start(self.user_salesman)

    def test_access(self):
        card = self.card.with_user(self.user_salesman_2)
        with self.assertRaises(AccessError):
            card._start_review("turn", self.today, self.env["res.users"])
        for user in (self.user_internal, self.user_portal):
            with self.assertRaises(AccessError):
                self.env["crm.account.review.start"].with_user(user).create(
                    {"profile_id": self.card.id}
                )
        with self.assertRaises(UserError):
            self.Review.with_user(self.user_manager).create(
                {"profile_id": self.card.id, "kind": "turn", "due_date": self.today}
            )

    def test_one_waits_at_a_time(self):
        """PostgreSQL itself refuses a second one, whoever opens it."""
        review = self._start(self.user_salesman)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                self.Review.sudo().create(
                    {
                        "profile_id": self.card.id,
                        "kind": review.kind,
                        "event_date": self.day(90),
                        "due_date": self.today,
                    }
                )

    def test_what_is_to_be_done_becomes_an_activity(self):
        review = self._start(self.user_salesman).with_user(self.user_salesman)
        context = review.action_plan_activity()["context"]
        self.assertEqual(context["active_model"], "res.partner")
        dialog = Form(
            self.env["mail.activity.schedule"]
            .with_user(self.user_salesman)
            .with_context(**context)
        )
        dialog.save().action_schedule_activities()
        self.assertIn("Key Customer", self.customer.activity_ids.summary)
