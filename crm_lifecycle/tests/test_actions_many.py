# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.exceptions import UserError

from .common import TestLifecycleCommon, TestLifecycleCompanies


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
                    # 75 where each key account gets a record of its own, else 45
                    self.assertLess(queries, 80)

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

    def test_including_many_reacts_to_nothing(self):
        profiles = self._make_profiles(
            self.partners[:300], is_excluded=True, category_id=None
        ).with_user(self.user_manager)
        self.assertEqual(profiles.include()["state"], "queued")
        self.engine._drain(limit=1000)
        self.env.invalidate_all()
        self.assertEqual(profiles.category_id, self.category("prospect"))
        transitions = self.env["crm.lifecycle.transition"].search(
            [("profile_id", "in", profiles.ids)]
        )
        self.assertEqual(len(transitions), 300)
        self.assertTrue(all(transitions.mapped("reacted_at")))


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
