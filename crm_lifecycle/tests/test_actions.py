# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.exceptions import AccessError, UserError

from .common import TestLifecycleCommon, TestLifecycleCompanies


class TestActions(TestLifecycleCommon):
    """What people decide: done, skipped, refused, and what the stage becomes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lost_reason = cls.env["crm.lifecycle.lost.reason"].create(
            {"name": "Better offer", "is_recoverable": True}
        )
        cls.lost_for_good = cls.env["crm.lifecycle.lost.reason"].create(
            {"name": "We ended it", "ended_by": "we", "is_recoverable": False}
        )
        cls.loyal = cls._create_customer("Loyal")
        cls.buyer = cls._create_customer("Buyer")
        cls.prospect = cls._create_customer("Prospect")

    def setUp(self):
        super().setUp()
        self._create_orders(self.loyal, range(30, 430, 40))
        self._create_orders(self.buyer, [100, 20])
        self._create_order(self.prospect, self.day(5), state="draft")
        everybody = self.loyal + self.buyer + self.prospect
        self._recompute(everybody)
        self.p_loyal = self._profile(self.loyal)
        self.p_buyer = self._profile(self.buyer)
        self.p_prospect = self._profile(self.prospect)
        self.all = (self.p_loyal + self.p_buyer + self.p_prospect).with_user(
            self.user_manager
        )

    def _as(self, profiles, user):
        return profiles.with_user(user)

    def test_the_past_gives_the_expected_stages(self):
        self.assertStage(self.loyal, "partner")
        self.assertStage(self.buyer, "working")
        self.assertStage(self.prospect, "potential")

    # ------------------------------------------------------------
    # VIP
    # ------------------------------------------------------------

    def test_name_vip_takes_proven_partners_only(self):
        result = self.all.name_vip(self.user_leader.id, "Half of our revenue")
        self.assertEqual(result["done"], self.p_loyal.ids)
        self.assertEqual(result["state"], "recomputed")
        self.assertEqual(
            [skipped["id"] for skipped in result["skipped"]],
            (self.p_buyer + self.p_prospect).ids,
        )
        self.assertIn("no proven partner", result["skipped"][0]["reason"])
        self.assertRecordValues(
            self.p_loyal,
            [
                {
                    "is_vip": True,
                    "vip_sponsor_id": self.user_leader.id,
                    "vip_user_id": self.user_manager.id,
                    "vip_date": self.today,
                    "vip_reason": "Half of our revenue",
                    "vip_review_date": self.day(-180),
                    "stage_id": self.stage("vip").id,
                    "computed_stage_id": self.stage("partner").id,
                    "category_id": self.category("vip").id,
                }
            ],
        )
        transition = self._transitions(self.loyal)[-1]
        self.assertEqual(transition.cause, "manual")
        self.assertEqual(transition.user_id, self.user_manager)
        self.assertEqual(transition.date, self.today)

    def test_name_vip_despite(self):
        result = self.all.name_vip(
            self.user_leader.id,
            "Famous",
            review_date=self.day(-30),
            despite_reason="Opens doors",
        )
        self.assertEqual(result["done"], self.all.ids)
        self.assertEqual(self.p_prospect.vip_reason, "Famous; Opens doors")
        self.assertEqual(self.p_prospect.vip_review_date, self.day(-30))
        self.assertStage(self.prospect, "vip")
        again = self.all.name_vip(self.user_leader.id, "Famous", despite_reason="x")
        self.assertEqual(again["done"], [])
        self.assertEqual(len(again["skipped"]), 3)
        self.assertIn("already", again["skipped"][0]["reason"])

    def test_name_vip_refusals(self):
        profile = self._as(self.p_loyal, self.user_manager)
        with self.assertRaisesRegex(UserError, "reason"):
            profile.name_vip(self.user_leader.id, "  ")
        with self.assertRaisesRegex(UserError, "VIP Sponsor"):
            profile.name_vip(False, "Big")
        with self.assertRaisesRegex(UserError, "VIP Sponsor"):
            profile.name_vip(self.user_portal.id, "Big")
        with self.assertRaisesRegex(UserError, "VIP Review.*past"):
            profile.name_vip(self.user_leader.id, "Big", review_date=self.day(1))
        with self.assertRaisesRegex(UserError, "is no date"):
            profile.name_vip(self.user_leader.id, "Big", review_date="soon")
        self.assertFalse(self.p_loyal.is_vip)

    def test_withdraw_vip(self):
        self.all.name_vip(self.user_leader.id, "Big")
        result = self.all.withdraw_vip("Costs more than it brings")
        self.assertEqual(result["done"], self.p_loyal.ids)
        self.assertEqual(len(result["skipped"]), 2)
        self.assertStage(self.loyal, "partner")
        self.assertRecordValues(
            self.p_loyal,
            [
                {
                    "is_vip": False,
                    "vip_date": False,
                    "vip_sponsor_id": False,
                    "vip_reason": "Costs more than it brings",
                    "vip_review_date": False,
                }
            ],
        )

    # ------------------------------------------------------------
    # KEY ACCOUNT
    # ------------------------------------------------------------

    def test_key_account_from_partner_or_vip(self):
        buyer = self._as(self.p_buyer, self.user_manager)
        refused = self.all.mark_key_account("Strategic")
        self.assertEqual(refused["done"], self.p_loyal.ids)
        self.assertEqual(len(refused["skipped"]), 2)
        self.assertStage(self.loyal, "key")
        buyer.name_vip(self.user_leader.id, "Famous", despite_reason="Opens doors")
        self.assertEqual(buyer.mark_key_account("Strategic")["done"], buyer.ids)
        self.assertStage(self.buyer, "key")
        self.assertRecordValues(
            self.p_buyer,
            [
                {
                    "key_user_id": self.user_manager.id,
                    "key_date": self.today,
                    "key_reason": "Strategic",
                    "category_id": self.category("key").id,
                }
            ],
        )
        self.assertEqual(buyer.unmark_key_account("Over")["done"], buyer.ids)
        self.assertStage(self.buyer, "vip")
        self.assertEqual(self.p_buyer.key_reason, "Over")
        self.assertIn("no key", buyer.unmark_key_account()["skipped"][0]["reason"])

    def test_key_account_despite(self):
        result = self.all.mark_key_account("Strategic", despite_reason="New market")
        self.assertEqual(result["done"], self.all.ids)
        self.assertEqual(self.p_prospect.key_reason, "Strategic; New market")
        with self.assertRaisesRegex(UserError, "reason"):
            self.all.mark_key_account(None)

    # ------------------------------------------------------------
    # DECLARED LOST
    # ------------------------------------------------------------

    def test_declare_lost_and_return(self):
        result = self.all.declare_lost(self.lost_reason.id)
        self.assertEqual(result["done"], self.all.ids)
        self.assertStage(self.prospect, "lost_recoverable")
        self.assertRecordValues(
            self.p_buyer,
            [
                {
                    "lost_reason_id": self.lost_reason.id,
                    "lost_date": self.today,
                    "lost_user_id": self.user_manager.id,
                    "computed_stage_id": self.stage("working").id,
                }
            ],
        )
        again = self.all.declare_lost(self.lost_for_good.id)
        self.assertFalse(again["done"])
        self.assertIn("declared lost already", again["skipped"][0]["reason"])
        back = self.all.return_to_base()
        self.assertEqual(back["done"], self.all.ids)
        self.assertStage(self.buyer, "working")
        self.assertFalse(self.p_buyer.lost_reason_id)
        self.assertFalse(self.all.return_to_base()["done"])

    def test_declare_lost_for_good(self):
        self._as(self.p_buyer, self.user_manager).declare_lost(self.lost_for_good.id)
        self.assertStage(self.buyer, "lost")
        self.assertFalse(self.p_buyer.category_id)

    def test_declare_lost_days(self):
        result = self.all.declare_lost(self.lost_reason.id, date=self.day(25))
        self.assertEqual(result["done"], (self.p_loyal + self.p_prospect).ids)
        self.assertEqual(result["skipped"][0]["id"], self.p_buyer.id)
        self.assertIn("bought on", result["skipped"][0]["reason"])
        self.assertEqual(self.p_loyal.lost_date, self.day(25))
        transition = self._transitions(self.loyal)[-1]
        self.assertEqual(transition.date, self.day(25))
        with self.assertRaisesRegex(UserError, "future"):
            self.all.declare_lost(self.lost_reason.id, date=self.day(-1))
        with self.assertRaisesRegex(UserError, "lost reason"):
            self.all.declare_lost(False)
        on_the_day = self._as(self.p_buyer, self.user_manager).declare_lost(
            self.lost_reason.id, date=str(self.day(20))
        )
        self.assertEqual(on_the_day["done"], self.p_buyer.ids)

    def test_declare_lost_withdraws_flags_when_told(self):
        loyal = self._as(self.p_loyal, self.user_manager)
        loyal.name_vip(self.user_leader.id, "Big")
        loyal.mark_key_account("Strategic")
        refused = loyal.declare_lost(self.lost_reason.id)
        self.assertIn("withdraw", refused["skipped"][0]["reason"])
        self.assertTrue(self.p_loyal.is_vip)
        loyal.declare_lost(self.lost_reason.id, withdraw_flags=True)
        self.assertFalse(self.p_loyal.is_vip)
        self.assertFalse(self.p_loyal.is_key_account)
        self.assertStage(self.loyal, "lost_recoverable")
        named = loyal.name_vip(self.user_leader.id, "Big")
        self.assertIn("declared lost", named["skipped"][0]["reason"])

    # ------------------------------------------------------------
    # HOLD
    # ------------------------------------------------------------

    def test_hold_and_release(self):
        result = self.all.hold_stage("regular", "Contract signed")
        self.assertEqual(result["done"], self.all.ids)
        self.assertStage(self.prospect, "regular")
        self.assertRecordValues(
            self.p_prospect,
            [
                {
                    "hold_stage_id": self.stage("regular").id,
                    "hold_date": self.today,
                    "hold_until": self.day(-90),
                    "hold_reason": "Contract signed",
                    "hold_user_id": self.user_manager.id,
                    "computed_stage_id": self.stage("potential").id,
                }
            ],
        )
        again = self.all.hold_stage("partner", "Another reason")
        self.assertFalse(again["done"])
        self.assertIn("is held as", again["skipped"][0]["reason"])
        self.assertEqual(self.p_prospect.hold_reason, "Contract signed")
        replaced = self.all.hold_stage(
            "working", "Better known", until=self.today, replace=True
        )
        self.assertEqual(replaced["done"], self.all.ids)
        self.assertEqual(self.p_prospect.hold_until, self.today)
        self.assertStage(self.prospect, "working")
        lost = self.all.declare_lost(self.lost_reason.id)
        self.assertIn("release the hold", lost["skipped"][0]["reason"])
        self.assertEqual(self.all.release_hold()["done"], self.all.ids)
        self.assertStage(self.prospect, "potential")
        self.assertFalse(self.p_prospect.hold_reason)
        self.assertFalse(self.all.release_hold()["done"])

    def test_hold_refusals(self):
        for code in ("vip", "key", "lost", "lost_recoverable", "nonsense", None):
            with self.subTest(code=code), self.assertRaisesRegex(UserError, "held as"):
                self.all.hold_stage(code, "Because")
        with self.assertRaisesRegex(UserError, "reason"):
            self.all.hold_stage("regular", "")
        with self.assertRaisesRegex(UserError, "Hold Until.*past"):
            self.all.hold_stage("regular", "Because", until=self.day(1))

    def test_an_ended_hold_is_no_hold(self):
        partner = self._create_customer("Held last month")
        profile = self._make_profiles(
            partner,
            hold_stage_id=self.stage("regular").id,
            hold_date=self.day(40),
            hold_until=self.day(1),
            hold_reason="Old",
        ).with_user(self.user_manager)
        self.assertFalse(profile.release_hold()["done"])
        self.assertEqual(profile.hold_stage("working", "New")["done"], profile.ids)

    # ------------------------------------------------------------
    # AGREED
    # ------------------------------------------------------------

    def test_agreed(self):
        result = self.all.set_agreed(date=self.day(3))
        self.assertEqual(result["done"], self.p_prospect.ids)
        self.assertIn("has bought", result["skipped"][0]["reason"])
        self.assertStage(self.prospect, "active")
        self.assertRecordValues(
            self.p_prospect,
            [{"agreed_date": self.day(3), "agreed_user_id": self.user_manager.id}],
        )
        self.assertIn("already", self.all.set_agreed()["skipped"][-1]["reason"])
        with self.assertRaisesRegex(UserError, "future"):
            self.all.set_agreed(date=self.day(-1))
        self.assertEqual(self.all.clear_agreed()["done"], self.p_prospect.ids)
        self.assertStage(self.prospect, "potential")

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
            with self.subTest(wrong=wrong), self.assertRaisesRegex(UserError, "list of"):
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

    # ------------------------------------------------------------
    # WHO MAY
    # ------------------------------------------------------------

    def test_salesman_acts_on_his_own(self):
        (self.p_buyer + self.p_loyal).with_user(
            self.user_manager
        ).assign_responsible(self.user_salesman.id)
        own = self._as(self.p_buyer, self.user_salesman)
        self.assertTrue(own.hold_stage("regular", "Contract")["done"])
        self.assertTrue(own.release_hold()["done"])
        self.assertTrue(own.set_potential(100)["done"])
        self.assertTrue(own.declare_lost(self.lost_reason.id)["done"])
        self.assertTrue(own.return_to_base()["done"])
        self.assertTrue(own.exclude("Lawyer")["done"])
        self.assertTrue(own.include()["done"])
        self.assertTrue(own.recompute_now()["done"])
        for call in (
            lambda: own.name_vip(self.user_leader.id, "Big", despite_reason="x"),
            lambda: own.withdraw_vip(),
            lambda: own.mark_key_account("Big", despite_reason="x"),
            lambda: own.unmark_key_account(),
        ):
            with self.assertRaisesRegex(AccessError, "leaders"):
                call()
        leader = self._as(self.p_loyal, self.user_leader)
        self.assertTrue(leader.name_vip(self.user_leader.id, "Big")["done"])
        loyal = self._as(self.p_loyal, self.user_salesman)
        with self.assertRaisesRegex(AccessError, "leaders"):
            loyal.declare_lost(self.lost_reason.id, withdraw_flags=True)

    def test_nobody_acts_on_what_he_does_not_see(self):
        self.p_buyer.with_user(self.user_manager).assign_responsible(
            self.user_salesman_2.id
        )
        strangers = (
            self.user_salesman,
            self.user_leader,
            self.user_internal,
            self.user_portal,
            self.user_public,
        )
        for user in strangers:
            profile = self._as(self.p_buyer, user)
            for call in (
                lambda p=profile: p.name_vip(self.user_leader.id, "x"),
                lambda p=profile: p.withdraw_vip(),
                lambda p=profile: p.mark_key_account("x"),
                lambda p=profile: p.unmark_key_account(),
                lambda p=profile: p.declare_lost(self.lost_reason.id),
                lambda p=profile: p.return_to_base(),
                lambda p=profile: p.hold_stage("regular", "x"),
                lambda p=profile: p.release_hold(),
                lambda p=profile: p.set_agreed(),
                lambda p=profile: p.clear_agreed(),
                lambda p=profile: p.set_potential(1),
                lambda p=profile: p.clear_potential(),
                lambda p=profile: p.exclude("x"),
                lambda p=profile: p.include(),
                lambda p=profile: p.assign_responsible(False),
                lambda p=profile: p.recompute_now(),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    call()
        for user in (self.user_internal, self.user_portal, self.user_public):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.Profile.with_user(user).add_to_base(self.prospect.ids)


class TestActionsOnMany(TestLifecycleCommon):
    """Thousands at once: a bounded number of queries, the stages follow by the job."""

    COUNT = 5000

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls._create_many_customers(cls.COUNT)
        cls.lost_reason = cls.env["crm.lifecycle.lost.reason"].create({"name": "Gone"})

    def _queries(self, call):
        """Return the result of a call and how many queries it took."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        result = call()
        self.env.flush_all()
        return result, self.env.cr.sql_log_count - before

    def _calls(self, profiles):
        """Every action, in an order in which each has something to do."""
        return {
            "assign": lambda: profiles.assign_responsible(self.user_salesman.id),
            "hold": lambda: profiles.hold_stage("working", "Contract"),
            "release": lambda: profiles.release_hold(),
            "agreed": lambda: profiles.set_agreed(),
            "not agreed": lambda: profiles.clear_agreed(),
            "potential": lambda: profiles.set_potential(1000, confidence="low"),
            "no potential": lambda: profiles.clear_potential(),
            "vip": lambda: profiles.name_vip(
                self.user_manager.id, "Big", despite_reason="All of them"
            ),
            "key": lambda: profiles.mark_key_account("Big"),
            "not key": lambda: profiles.unmark_key_account(),
            "not vip": lambda: profiles.withdraw_vip(),
            "lost": lambda: profiles.declare_lost(self.lost_reason.id),
            "back": lambda: profiles.return_to_base(),
            "exclude": lambda: profiles.exclude("Test"),
            "include": lambda: profiles.include(),
            "recompute": lambda: profiles.recompute_now(),
        }

    def test_five_thousand(self):
        """Reading goes by portions of 1,000; writing is one statement for all."""
        profiles = self._make_profiles(self.partners).with_user(self.user_manager)
        self.assertEqual(len(profiles), self.COUNT)
        for name, call in self._calls(profiles).items():
            with self.subTest(action=name):
                result, queries = self._queries(call)
                self.assertEqual(len(result["done"]), self.COUNT)
                if name == "assign":
                    # The contacts' salesperson is written by the ORM, 100 a statement
                    # and read by hooks of other add-ons.
                    self.assertLess(queries, 400)
                else:
                    self.assertEqual(result["state"], "queued")
                    self.assertLess(queries, 45)

    def test_as_many_queries_for_two_hundred_as_for_ten(self):
        profiles = self._make_profiles(self.partners[:210]).with_user(self.user_manager)
        few, many = profiles[:10], profiles[10:]
        for (name, call), other in zip(
            self._calls(few).items(), self._calls(many).values(), strict=True
        ):
            with self.subTest(action=name):
                _result, queries_few = self._queries(call)
                result, queries_many = self._queries(other)
                self.assertEqual(result["state"], "recomputed")
                self.assertLessEqual(queries_many, queries_few + 6)

    def test_the_queue_is_drained_to_the_same_stages(self):
        profiles = self._make_profiles(self.partners[:300]).with_user(self.user_manager)
        result = profiles.hold_stage("working", "Contract")
        self.assertEqual(result["state"], "queued")
        self.assertEqual(profiles.stage_id, self.stage("potential"))
        self.engine._drain(limit=1000)
        self.env.invalidate_all()
        self.assertEqual(profiles.stage_id, self.stage("working"))
        transitions = self.env["crm.lifecycle.transition"].search(
            [("profile_id", "in", profiles.ids), ("cause", "=", "manual")]
        )
        self.assertEqual(len(transitions), 300)
        self.assertEqual(transitions.user_id, self.user_manager)
        self.assertEqual(set(transitions.mapped("date")), {self.today})


class TestActionsOfCompanies(TestLifecycleCompanies):
    """One call over the profiles of two companies."""

    def test_each_company_has_its_own_day(self):
        self.company.lifecycle_tz = "Pacific/Kiritimati"  # UTC+14
        self.company_2.lifecycle_tz = "Pacific/Niue"  # UTC-11
        partner = self._create_customer("Of both")
        one = self._make_profiles(partner)
        two = self._make_profiles(partner, company=self.company_2)
        profiles = (one + two).with_user(self.user_both)
        profiles = profiles.with_context(
            allowed_company_ids=[self.company.id, self.company_2.id]
        )
        result = profiles.hold_stage("working", "Contract")
        self.assertEqual(result["done"], profiles.ids)
        day_one = self.engine._today(self.company)
        day_two = self.engine._today(self.company_2)
        self.assertGreater(day_one, day_two)
        self.assertEqual(one.hold_date, day_one)
        self.assertEqual(two.hold_date, day_two)
        self.assertEqual(two.hold_until, day_two + timedelta(90))
        self.assertEqual(one.stage_id, self.stage("working"))
        self.assertEqual(two.stage_id, self.stage("working"))

    def test_sponsor_works_in_every_company(self):
        partner = self._create_customer("Of both")
        profiles = self._make_profiles(partner) + self._make_profiles(
            partner, company=self.company_2
        )
        profiles = profiles.with_user(self.user_both).with_context(
            allowed_company_ids=[self.company.id, self.company_2.id]
        )
        with self.assertRaisesRegex(UserError, "may not work in Second Company"):
            profiles.name_vip(self.user_manager.id, "Big", despite_reason="x")

    def test_bound_to_another_company_is_not_added(self):
        partner = self._create_customer("Bound", company_id=self.company_2.id)
        Profile = self.Profile.with_user(self.user_both).with_context(
            allowed_company_ids=[self.company.id, self.company_2.id]
        )
        result = Profile.add_to_base(partner.ids)
        self.assertIn("another company", result["skipped"][0]["reason"])
