# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError

from .actions_common import ActionsBase


class TestActions(ActionsBase):
    """What people decide on the status: done, skipped, refused; and who may."""

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

    def test_declare_lost_for_another_reason(self):
        self.p_buyer.declare_lost(self.lost_reason.id, date=self.day(10))
        result = self.all.declare_lost(
            self.lost_for_good.id, date=self.day(8), replace=True
        )
        self.assertIn(self.p_buyer.id, result["done"])
        self.assertStage(self.buyer, "lost")
        self.assertRecordValues(
            self.p_buyer,
            [
                {
                    "lost_reason_id": self.lost_for_good.id,
                    "lost_date": self.day(8),
                    "lost_user_id": self.user_manager.id,
                }
            ],
        )

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
    # WHO MAY
    # ------------------------------------------------------------

    def test_salesman_acts_on_his_own(self):
        (self.p_buyer + self.p_loyal).with_user(self.user_manager).assign_responsible(
            self.user_salesman.id
        )
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

    def test_days_too_far_away(self):
        buyer = self._as(self.p_buyer, self.user_manager)
        for call in (
            lambda day: buyer.hold_stage("working", "x", until=day),
            lambda day: buyer.name_vip(
                self.user_leader.id, "x", review_date=day, despite_reason="y"
            ),
        ):
            too_far = self.today + relativedelta(years=10, days=1)
            for day in ("9999-12-31", too_far.isoformat()):
                with self.assertRaisesRegex(UserError, "more than 10 years away"):
                    call(day)
            last = self.today + relativedelta(years=10)
            self.assertTrue(call(last.isoformat())["done"])
        self.assertEqual(self.p_buyer.hold_until, last)
        self.assertEqual(self.p_buyer.vip_review_date, last)

    def test_nothing_in_a_company_switched_off(self):
        self.company.lifecycle_enabled = False
        profile = self._as(self.p_buyer, self.user_manager)
        for call in (
            lambda: profile.name_vip(self.user_leader.id, "x"),
            lambda: profile.mark_key_account("x"),
            lambda: profile.declare_lost(self.lost_reason.id),
            lambda: profile.hold_stage("regular", "x"),
            lambda: profile.set_agreed(),
            lambda: profile.set_potential(1),
            lambda: profile.exclude("x"),
            lambda: profile.assign_responsible(self.user_leader.id),
            lambda: profile.recompute_now(),
        ):
            with self.assertRaisesRegex(UserError, "Manage the Customer Base"):
                call()
        self.assertFalse(self.p_buyer.is_vip or self.p_buyer.hold_stage_id)
