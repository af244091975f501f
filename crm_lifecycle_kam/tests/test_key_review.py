# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .key_common import TestKeyCommon


class TestKeyReview(TestKeyCommon):
    """Reviews open once, are prepared, answered, and never renewed silently."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Review = cls.env["crm.account.review"]
        cls.company.write(
            {
                "lifecycle_enabled": True,
                "lifecycle_key_review_days": 180,
                "lifecycle_review_lead_days": 14,
                "lifecycle_review_patience_days": 7,
                "lifecycle_turn_scope": "none",
            }
        )

    def _run(self):
        self.engine._void_reviews(self.company)
        self.engine._open_reviews(self.company)
        self.engine._escalate_reviews(self.company)

    def _name_vip(self, ahead=10, card=None):
        (card or self.card).with_user(self.user_manager).name_vip(
            self.user_leader.id, "Known", self.day(-ahead), despite_reason="Agreed"
        )

    def _reviews(self, card=None):
        return self.Review.search([("profile_id", "=", (card or self.card).id)])

    def test_vip_review_is_opened_once(self):
        self._name_vip(15)
        self._run()
        self.assertFalse(self._reviews(), "one day too early")
        self.card._write_people({"vip_review_date": self.day(-14)})
        self._run()
        review = self._reviews()
        self.assertEqual(review.kind, "vip")
        self.assertEqual(review.user_id, self.user_leader)
        self.assertEqual(review.due_date, self.day(-14))
        self.assertFalse(review.is_late)
        self._run()
        self.assertEqual(self._reviews(), review)

    def test_the_job_opens_reviews(self):
        self._name_vip()
        with patch.object(type(self.engine), "_commit_progress", lambda *a: None):
            self.engine._react()
            self.engine._react()
        self.assertEqual(len(self._reviews()), 1)

    def test_answer_renews_or_withdraws_a_vip(self):
        self._name_vip()
        self._run()
        review = self._reviews().with_user(self.user_leader)
        with self.assertRaises(UserError):
            review.action_answer()
        review.write({"customer_side": "goes_on", "decision": "keep"})
        with self.assertRaises(UserError):
            review.action_answer()
        review.next_date = self.day(-200)
        review.action_answer()
        self.assertEqual(review.state, "done")
        self.assertEqual(review.done_by_id, self.user_leader)
        self.assertEqual(self.card.vip_review_date, self.day(-200))
        with self.assertRaises(UserError):
            review.decision = "stop"
        self._run()
        self.assertEqual(self._reviews(), review.with_env(self.env))
        self.card._write_people({"vip_review_date": self.day(-3)})
        self._run()
        second = (self._reviews() - review.with_env(self.env)).with_user(
            self.user_leader
        )
        second.write(
            {"customer_side": "hesitates", "decision": "withdraw", "reason": "Dear"}
        )
        second.action_answer()
        self.assertFalse(self.card.is_vip)

    def test_a_salesman_cannot_renew_a_vip(self):
        self._name_vip()
        self._run()
        review = self._reviews().with_user(self.user_salesman)
        review.write(
            {
                "customer_side": "goes_on",
                "decision": "keep",
                "next_date": self.day(-99),
            }
        )
        with self.assertRaises(AccessError):
            review.action_answer()

    def test_key_account_review(self):
        key = self._mark()
        self.assertEqual(key.review_date, self.day(-180))
        self._run()
        self.assertFalse(self._reviews())
        key.review_date = self.day(-5)
        self._run()
        review = self._reviews()
        self.assertEqual((review.kind, key.state), ("key", "review"))
        review.write(
            {
                "customer_side": "goes_on",
                "decision": "other",
                "terms": "Shorter payment",
                "next_date": self.day(-90),
            }
        )
        review.action_answer()
        self.assertEqual((key.state, key.review_date), ("running", self.day(-90)))
        key.review_date = self.day(-2)
        self._run()
        last = self._reviews() - review
        last.write({"customer_side": "leaves", "decision": "stop", "reason": "Gone"})
        last.action_answer()
        self.assertEqual((key.state, key.end_reason), ("left", "Gone"))
        self.assertFalse(self.card.is_key_account)

    def test_turn(self):
        self._create_orders(self.customer, [200, 40])
        self.engine._recompute(self.company, self.customer)
        self.company.lifecycle_turn_scope = "all"
        self._run()
        self.assertFalse(self._reviews(), "the last purchase is long ago")
        self._create_order(self.customer, self.day(3))
        self.engine._recompute(self.company, self.customer)
        self.company.lifecycle_turn_scope = "flags"
        self._run()
        self.assertFalse(self._reviews(), "neither key account nor VIP")
        self.company.lifecycle_turn_scope = "all"
        self._run()
        self._run()
        review = self._reviews()
        self.assertEqual((review.kind, review.event_date), ("turn", self.day(3)))
        self.assertEqual(review.due_date, self.day(3 - 30))

    def test_turn_is_due_before_the_next_one(self):
        """By the customer's own rhythm, where it is quick."""
        self.company.lifecycle_turn_scope = "all"
        self._create_orders(self.customer, [34, 24, 14, 4])
        slow = self._create_card("Slow")
        self._create_orders(slow.partner_id, [400, 200, 4])
        self.engine._recompute(self.company, self.customer + slow.partner_id)
        self._run()
        self.assertEqual(self._reviews().due_date, self.day(4 - 10))
        self.assertEqual(self._reviews(slow).due_date, self.day(4 - 30))
        late = self._create_card("Late")
        self._create_orders(late.partner_id, [29, 27, 25])
        self.engine._recompute(self.company, late.partner_id)
        self._run()
        self.assertEqual(self._reviews(late).due_date, self.today, "not late at once")

    def test_unanswered(self):
        self._name_vip(0)
        self._run()
        review = self._reviews()
        today = self.today
        for days, escalated in ((7, False), (8, True)):
            then = today + timedelta(days)
            with patch.object(type(self.engine), "_today", lambda *a, d=then: d):
                self._run()
                self._run()
                self.assertEqual(bool(review.escalated_date), escalated)
                review.invalidate_recordset(["is_late"])
                self.assertTrue(review.is_late)
                late = self.Review.search([("is_late", "=", True)])
                self.assertIn(review, late)
                self.card.invalidate_recordset(["late_review_date"])
                self.assertEqual(self.card.late_review_date, today)
        activity = self.customer.activity_ids
        self.assertEqual(len(activity), 1, "once")
        self.assertEqual(activity.user_id, self.user_leader)
        self.assertEqual(self.card.vip_review_date, today, "nothing is renewed")

    def test_void(self):
        self._name_vip()
        self._run()
        self.card.with_user(self.user_manager).withdraw_vip("Over")
        self._run()
        self.assertEqual(self._reviews().state, "void")

    def test_access(self):
        self._name_vip()
        self._run()
        review = self._reviews()
        concession = self.env["crm.account.concession"].create(
            {"profile_id": self.card.id, "asked": "10 % more"}
        )
        for records in (review, concession):
            for user in (
                self.user_salesman,
                self.user_leader,
                self.user_all,
                self.user_manager,
            ):
                self.assertTrue(records.with_user(user).search([], limit=1), user.name)
            stranger = records.with_user(self.user_salesman_2)
            self.assertFalse(stranger.search([("id", "in", records.ids)]))
            for user in (self.user_internal, self.user_portal):
                with self.assertRaises(AccessError):
                    records.with_user(user).search([])
        with self.assertRaises(UserError):
            review.with_user(self.user_manager).due_date = self.today
        with self.assertRaises(AccessError):
            review.with_user(self.user_salesman_2).customer_asks = "Mine"
        company = self.env["res.company"].create({"name": "Second"})
        other = self._create_user(
            "second", "Sec", "sales_team.group_sale_manager", company
        )
        self.assertFalse(review.with_user(other).search([("id", "=", review.id)]))
        self.assertFalse(
            concession.with_user(other).search([("id", "=", concession.id)])
        )

    def test_merge(self):
        other = self._create_card("Old Name")
        for card in (self.card, other):
            self._name_vip(5, card)
            self.env["crm.account.concession"].create(
                {"profile_id": card.id, "asked": "Less"}
            )
        self._run()
        kept, gone = self._reviews(), self._reviews(other)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer + other.partner_id).ids, self.customer)
        self.env.invalidate_all()
        self.assertEqual((kept.state, gone.state), ("open", "void"))
        self.assertEqual(gone.profile_id, self.card)
        self.assertEqual(len(self.card.concession_ids), 2)

    def test_answered_by_who_does_not_see_the_card(self):
        """A sponsor from elsewhere: the form opens, with what the review rests on."""
        self.env["crm.account.concession"].create(
            {"profile_id": self.card.id, "asked": "10 % more"}
        )
        self._name_vip()
        self._run()
        review = self._reviews()
        review.user_id = self.user_salesman_2
        for is_open in (True, False):
            self.env.invalidate_all()
            with Form(review.with_user(self.user_salesman_2)) as form:
                self.assertEqual(len(form.concession_ids), 1)
                if is_open:
                    form.customer_side = "goes_on"
            review.state = "done"
        self.assertFalse(self.card.with_user(self.user_salesman_2).has_access("read"))


class TestKeyTerms(TestKeyCommon):
    """Terms creep against a plain oracle."""

    def _sell(self, ago, *lines):
        order = self._create_order(self.customer, self.day(ago), lines[0][0])
        order.order_line.discount = lines[0][1]
        for price, discount in lines[1:]:
            order.order_line = [
                Command.create(
                    {
                        "product_id": self.product.id,
                        "product_uom_qty": 1,
                        "price_unit": price,
                        "discount": discount,
                        "tax_ids": [Command.clear()],
                    }
                )
            ]
        return order

    def test_windows(self):
        days = self.company.lifecycle_window_days
        sold = {
            0: [(10, (1000, 15), (500, 0)), (days - 1, (200, 30))],
            1: [(days, (700, 8))],
            2: [(2 * days + 5, (300, 0), (300, 4))],
        }
        for orders in sold.values():
            for ago, *lines in orders:
                self._sell(ago, *lines)
        self._create_order(self.customer, self.day(5), 9999, state="draft")
        self._create_order(self.customer, self.day(-5), 9999)
        self._create_order(self.customer, self.day(4 * days), 9999)
        windows = self.env["crm.account.review"]._get_terms(self.card)[self.card.id]
        self.assertEqual([row["window"] for row in windows], [0, 1, 2])
        for row in windows:
            lines = [line for __, *some in sold[row["window"]] for line in some]
            listed = sum(price for price, __ in lines)
            given = sum(price * discount / 100 for price, discount in lines)
            self.assertAlmostEqual(row["revenue"], listed - given, 2)
            self.assertAlmostEqual(row["discount"], 100 * given / listed, 6)
        self.assertTrue(self.env["crm.account.review"]._is_creeping(windows))

    def test_creep(self):
        def windows(*discounts, shares=None):
            shares = shares or [None] * len(discounts)
            return [
                {"discount": discount, "margin_share": share}
                for discount, share in zip(discounts, shares, strict=True)
            ][::-1]

        creeps = self.env["crm.account.review"]._is_creeping
        self.assertTrue(creeps(windows(2, 5, 9)))
        self.assertFalse(creeps(windows(2, 9, 5)))
        self.assertFalse(creeps(windows(2, 2.5)))
        self.assertFalse(creeps(windows(9)))
        self.assertFalse(creeps([]))
        self.assertTrue(creeps(windows(0, 0, shares=[30, 20])))
        self.assertFalse(creeps(windows(0, 0, shares=[20, 30])))

    def test_facts_are_kept(self):
        self._sell(10, (1000, 15))
        review = self.env["crm.account.review"].create(
            {
                "profile_id": self.card.id,
                "kind": "turn",
                "due_date": self.today,
                "event_date": self.today,
            }
        )
        review.write({"customer_side": "goes_on", "decision": "keep"})
        self.assertIn("15.0 %", review.with_context(lang="en_US").facts)
        russian = self.env["res.lang"]._activate_lang("ru_RU")
        russian.decimal_point = ","
        in_russian = review.with_context(lang="ru_RU")
        self.assertIn("15,0 %", in_russian.facts, "the reader's decimal sign")
        self.assertNotIn("15.0", in_russian.facts)
        review.action_answer()
        self._sell(5, (1000, 45))
        review.invalidate_recordset()
        self.assertIn(review.facts, (in_russian.facts, review.kept_facts))
        self.assertNotIn("45", review.facts)
