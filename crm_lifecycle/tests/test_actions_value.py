# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError

from .actions_common import ActionsBase


class TestActionsValue(ActionsBase):
    """What people decide on value and place in the base."""

    # ------------------------------------------------------------
    # POTENTIAL
    # ------------------------------------------------------------

    def test_potential(self):
        result = self.all.set_potential(
            5000, source="Their report", confidence="high", date=self.day(10)
        )
        self.assertEqual(result["done"], self.all.ids)
        self.assertRecordValues(
            self.p_buyer,
            [
                {
                    "potential_amount": 5000.0,
                    "potential_source": "Their report",
                    "potential_confidence": "high",
                    "potential_date": self.day(10),
                }
            ],
        )
        self.all.set_potential(source="Our guess")
        self.assertEqual(self.p_buyer.potential_amount, 5000)
        self.assertEqual(self.p_buyer.potential_date, self.day(10))
        self.assertEqual(self.p_buyer.potential_source, "Our guess")
        self.assertEqual(self.all.clear_potential()["done"], self.all.ids)
        self.assertFalse(self.p_buyer.potential_date)
        self.assertFalse(self.all.clear_potential()["done"])
        skipped = self.all.set_potential(source="Nothing to say it of")["skipped"]
        self.assertEqual(len(skipped), 3)

    def test_potential_of_zero_is_known(self):
        self.all.set_potential(0)
        self.assertEqual(self.p_buyer.potential_date, self.today)
        self.assertEqual(self.p_buyer.potential_amount, 0)

    def test_potential_by_factor(self):
        result = self.all.set_potential(revenue_factor=2.5)
        self.assertEqual(result["done"], (self.p_loyal + self.p_buyer).ids)
        self.assertEqual(result["skipped"][0]["id"], self.p_prospect.id)
        self.assertEqual(self.p_buyer.revenue, 200)
        self.assertEqual(self.p_buyer.potential_amount, 500)
        self.assertEqual(self.p_loyal.potential_amount, self.p_loyal.revenue * 2.5)
        self.company.lifecycle_window_days = 730
        self._recompute(self.buyer)
        self._as(self.p_buyer, self.user_manager).set_potential(revenue_factor=1)
        self.assertEqual(self.p_buyer.potential_amount, 100)

    def test_potential_class_by_hand(self):
        self.all.set_potential(potential_class="high")
        self.assertEqual(self.p_buyer.potential_class_manual, "high")
        self.assertEqual(self.p_buyer.potential_class, "high")
        self.assertEqual(self.p_buyer.potential_date, self.today)
        self.all.set_potential(potential_class=False, amount=10)
        self.assertFalse(self.p_buyer.potential_class_manual)

    def test_potential_refusals(self):
        cases = {
            "amount of 0 or more": {"amount": -1},
            "amount of 0 or mor": {"amount": "much"},
            "amount of 0 or mo": {"amount": float("nan")},
            "not both": {"amount": 1, "revenue_factor": 1},
            "number above 0": {"revenue_factor": 0},
            "is not one of": {"confidence": "sure"},
            "is not one o": {"potential_class": "huge"},
            "future": {"amount": 1, "date": self.day(-1)},
            "Give an amount": {},
        }
        for message, arguments in cases.items():
            with (
                self.subTest(arguments=arguments),
                self.assertRaisesRegex(UserError, message),
            ):
                self.all.set_potential(**arguments)

    # ------------------------------------------------------------
    # IN OR OUT
    # ------------------------------------------------------------

    def test_exclude_and_include(self):
        self._recompute()
        before = len(self._transitions(self.buyer))
        buyer = self._as(self.p_buyer, self.user_manager)
        self.assertEqual(buyer.exclude("Supplier")["done"], buyer.ids)
        self.assertTrue(self.p_buyer.is_excluded)
        self.assertFalse(self.p_buyer.category_id)
        self.assertStage(self.buyer, "working")
        self.assertIn("already", buyer.exclude("Again")["skipped"][0]["reason"])
        for result in (
            buyer.hold_stage("regular", "Because"),
            buyer.name_vip(self.user_leader.id, "Big", despite_reason="Really"),
            buyer.mark_key_account("Big", despite_reason="Really"),
            buyer.declare_lost(self.lost_reason.id),
            buyer.set_agreed(),
        ):
            self.assertFalse(result["done"])
            self.assertIn("excluded", result["skipped"][0]["reason"])
        self._create_order(self.buyer, self.day(1))
        self._recompute(self.buyer)
        self.assertStage(self.buyer, "working")
        self.assertEqual(buyer.include()["done"], buyer.ids)
        self.assertFalse(self.p_buyer.exclude_reason)
        self.assertStage(self.buyer, "regular")
        self.assertTrue(self.p_buyer.category_id)
        new = self._transitions(self.buyer)[before:]
        self.assertTrue(new)
        self.assertTrue(all(transition.reacted_at for transition in new))
        self.assertFalse(buyer.include()["done"])

    def test_recompute_now(self):
        self._create_order(self.prospect, self.day(2))
        result = self.all.recompute_now()
        self.assertEqual(result["done"], self.all.ids)
        self.assertStage(self.prospect, "working")
        self.assertEqual(self._transitions(self.prospect)[-1].cause, "purchase")

    def test_add_to_base(self):
        stranger = self._create_customer("Stranger")
        contact = self._create_customer(
            "Contact", parent_id=self.buyer.id, is_company=False
        )
        archived = self._create_customer("Archived", active=False)
        Profile = self.Profile.with_user(self.user_salesman)
        result = Profile.add_to_base(
            [
                stranger.id,
                contact.id,
                archived.id,
                self.company.partner_id.id,
                self.user_internal.partner_id.id,
            ]
        )
        self.assertEqual(result["done"], stranger.ids)
        self.assertEqual(result["profile_ids"], self._profile(stranger).ids)
        reasons = {skipped["id"]: skipped["reason"] for skipped in result["skipped"]}
        self.assertIn("profile already", reasons[contact.id])
        self.assertIn("archived", reasons[archived.id])
        self.assertIn("our own", reasons[self.company.partner_id.id])
        self.assertIn("our own", reasons[self.user_internal.partner_id.id])
        self.assertStage(stranger, "potential")
        self.assertFalse(Profile.add_to_base([stranger.id])["done"])

    def test_add_to_base_refusals(self):
        Profile = self.Profile.with_user(self.user_salesman)
        for wrong in ("7", [True], ["7"], None, 7, [0], [2**40]):
            with (
                self.subTest(wrong=wrong),
                self.assertRaisesRegex(UserError, "list of"),
            ):
                Profile.add_to_base(wrong)
        gone = self._create_customer("Gone")
        gone_id = gone.id
        gone.unlink()
        with self.assertRaisesRegex(AccessError, str(gone_id)):
            Profile.add_to_base([gone_id])
        self.company.lifecycle_enabled = False
        with self.assertRaisesRegex(UserError, "Manage the Customer Base"):
            Profile.add_to_base(self.prospect.ids)

    def test_own_partners_who_bought_are_added_by_their_order(self):
        self._create_order(self.user_internal.partner_id, self.day(3))
        self._recompute(self.user_internal.partner_id)
        self.assertStage(self.user_internal.partner_id, "working")
