# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError, ValidationError

from .common import TestLifecycleCompanies


class TestFeedback(TestLifecycleCompanies):
    """What customers say: bands, the ladder, the block on offers, rights."""

    def setUp(self):
        super().setUp()
        self.customer = self._create_customer("Acme")
        self.profile = self._make_profiles(self.customer)
        self.profile._set_responsible(self.user_salesman)
        self.Feedback = self.env["crm.feedback"]

    def _say(self, score, profile=None, user=None, **values):
        Feedback = self.Feedback.with_user(user or self.env.user)
        return Feedback.create(
            {"profile_id": (profile or self.profile).id, "score": score, **values}
        )

    def test_bands(self):
        bands = {
            score: self.Feedback._get_band(score)
            for score in ("0", "6", "7", "8", "9", "10", False)
        }
        self.assertEqual(
            bands,
            {
                "0": "detractor",
                "6": "detractor",
                "7": "passive",
                "8": "passive",
                "9": "promoter",
                "10": "promoter",
                False: False,
            },
        )
        feedback = self._say("0")
        self.assertRecordValues(
            feedback, [{"band": "detractor", "is_open": True, "date": self.today}]
        )

    def test_satisfaction_is_a_number(self):
        with self.assertRaises(ValidationError):
            self._say(False)
        self.assertTrue(self._say(False, kind="complaint").is_open)
        self.assertFalse(self._say(False, kind="idea").is_open)

    def test_nobody_speaks_for_another_customer(self):
        stranger = self._create_customer("Stranger", is_company=False)
        with self.assertRaises(ValidationError):
            self._say("9", contact_id=stranger.id)
        order = self._create_order(stranger, self.day(3))
        with self.assertRaises(ValidationError):
            self._say("9", order_id=order.id)

    def test_last_score_leads_up_the_ladder(self):
        partner = self._create_customer("Regular")
        self._create_orders(partner, [10, 40, 70])
        profile = self._recompute(partner)
        self.assertEqual(profile.loyalty_rung, "customer")
        self._say("10", profile)
        self._say("9", profile, date=self.day(5))
        for score, rung in ((None, "promoter"), ("7", "customer"), ("9", "promoter")):
            if score:
                self._say(score, profile)
            self.engine._recompute(self.company)  # asks for everybody at once
            profile.invalidate_recordset()
            self.assertEqual(profile.loyalty_rung, rung)
            self._recompute(partner)
            self.assertEqual(profile.loyalty_rung, rung)

    def test_loyal_and_unhappy(self):
        partner = self._create_customer("Loyal")
        self._create_orders(partner, [10, *range(40, 500, 50)])
        profile = self._recompute(partner)
        self.assertEqual(profile.loyalty_rung, "loyal")
        feedback = self._say("0", profile)
        self.engine._recompute(self.company)  # the pass finds it as well
        profile.invalidate_recordset()
        self.assertEqual(profile.loyalty_rung, "loyal_unhappy")
        feedback.unlink()
        self._recompute(partner)
        self.assertEqual(profile.loyalty_rung, "loyal")

    def test_saying_something_queues_the_customer(self):
        self.env.flush_all()
        self.env.cr.precommit.clear()
        self._say("9")
        gathered = self.env["crm.lifecycle.event"]._get_gathered()
        self.assertEqual(gathered["partners"], {(self.customer.id, self.company.id)})
        self.env.cr.precommit.clear()

    def test_no_offer_until_put_right(self):
        quotation = self._create_order(self.customer, self.day(0), state="draft")
        self.assertFalse(quotation.lifecycle_warning)
        feedback = self._say("3", comment="Late twice")
        for user, is_told in ((self.user_salesman, True), (self.user_internal, False)):
            quotation.invalidate_recordset()
            partner = self.customer.with_user(user)
            warning = "\n".join(partner._get_lifecycle_warnings())
            self.assertIn("No offers", warning)
            self.assertEqual("Late twice" in warning, is_told)
        self.assertTrue(self.profile.has_open_feedback)
        self.assertIn(
            self.profile, self.Profile.search([("has_open_feedback", "=", True)])
        )
        with self.assertRaises(UserError):
            quotation.action_quotation_send()
        with self.assertRaises(UserError):
            quotation.action_quotation_sent()
        self._create_order(self.customer, self.day(0))  # what he orders is an order
        feedback.with_user(self.user_salesman).action_resolve()
        quotation.action_quotation_sent()
        self.assertRecordValues(
            feedback,
            [
                {
                    "is_open": False,
                    "resolved_date": self.today,
                    "resolved_by_id": self.user_salesman.id,
                }
            ],
        )
        self.assertEqual(self.customer._get_lifecycle_warnings(), [])
        self.assertFalse(self.profile.has_open_feedback)
        feedback.action_reopen()
        self.assertTrue(feedback.is_open)

    def test_marks_are_not_improved_by_others(self):
        feedback = self._say("2", user=self.user_leader)
        mine = self._say("4", user=self.user_salesman)
        colleague = feedback.with_user(self.user_salesman)
        with self.assertRaises(AccessError):
            colleague.score = "9"
        with self.assertRaises(AccessError):
            colleague.resolved_date = self.today
        with self.assertRaises(AccessError):
            colleague.unlink()
        colleague.answer = "We apologised"
        mine.with_user(self.user_salesman).score = "5"
        feedback.with_user(self.user_manager).score = "3"
        self.assertRecordValues(
            feedback + mine,
            [
                {"score": "3", "answer": "We apologised"},
                {"score": "5", "answer": False},
            ],
        )

    def test_what_follows_from_a_score_is_not_written(self):
        feedback = self._say("2", user=self.user_salesman).with_user(self.user_salesman)
        for vals in (
            {"band": "promoter"},
            {"is_open": False},
            {"rescue_deadline": self.day(-300)},
            {"escalated_date": self.today},
            {"channel": "page"},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                feedback.write(vals)
            with self.subTest(vals), self.assertRaises(AccessError):
                self._say("9", user=self.user_salesman, **vals)
        self.assertTrue(feedback.is_open)

    def test_names_out_of_sight_are_not_told(self):
        stranger = self._create_customer("Secret", user_id=self.user_salesman_2.id)
        order = self._create_order(stranger, self.day(3))
        with self.assertRaises(ValidationError) as refusal:
            self._say("9", user=self.user_salesman, order_id=order.id)
        self.assertNotIn("Secret", str(refusal.exception))

    def test_who_sees_it(self):
        theirs = self._make_profiles(
            self._create_customer("Elsewhere"), company=self.company_2
        )
        feedback = self._say("9") + self._say("8", theirs)
        mine, other = feedback
        for user, expected in (
            (self.user_salesman, mine),
            (self.user_salesman_2, self.Feedback),
            (self.user_leader, mine),
            (self.user_all, mine),
            (self.user_manager, mine),
            (self.user_manager_2, other),
        ):
            with self.subTest(user.name):
                found = self.Feedback.with_user(user).search(
                    [("id", "in", feedback.ids)]
                )
                self.assertEqual(found, expected)
        for user in (self.user_internal, self.user_portal, self.user_public):
            with self.assertRaises(AccessError):
                self.Feedback.with_user(user).search([])
        with self.assertRaises(AccessError):
            self._say("9", user=self.user_salesman_2)
        self.env.ref("base.group_allow_export").user_ids += self.user_salesman
        with self.assertRaises(AccessError):
            mine.with_user(self.user_salesman).export_data(["score"])

    def test_person_is_forgotten(self):
        person = self._create_customer(
            "Olga", parent_id=self.customer.id, is_company=False
        )
        feedback = self._say("4", contact_id=person.id, comment="Private")
        person.with_user(self.user_manager).action_erase_lifecycle_person()
        self.assertRecordValues(
            feedback, [{"score": "4", "comment": False, "contact_id": False}]
        )

    def test_merged_customer_keeps_what_both_said(self):
        twin = self._create_customer("Acme twice")
        feedback = self._say("9", self._make_profiles(twin))
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (twin + self.customer).ids, self.customer
        )
        self.env.invalidate_all()
        self.assertEqual(feedback.profile_id, self.profile)
