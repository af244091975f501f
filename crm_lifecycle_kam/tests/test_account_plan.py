# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user

from .dmu_common import TestDmuCommon


class TestAccountPlan(TestDmuCommon):
    """Objectives computed from the base, health, closing and carrying over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Plan = cls.env["crm.account.plan"]
        today = cls.engine._today(cls.company)
        cls.start = today - timedelta(49)
        cls.plan = cls.Plan.create(
            {
                "name": "Test plan",
                "profile_id": cls.card.id,
                "user_id": cls.user_salesman.id,
                "date_from": cls.start,
                "date_to": today + timedelta(50),
            }
        )

    def _objective(self, kind, target, baseline=0, plan=None, **values):
        return self.env["crm.account.plan.objective"].create(
            {
                "plan_id": (plan or self.plan).id,
                "name": kind,
                "kind": kind,
                "baseline": baseline,
                "target": target,
                **values,
            }
        )

    @contextmanager
    def _later(self, days):
        """The company's day is ``days`` later."""
        day = self.day(-days)
        self.env.invalidate_all()
        with patch.object(type(self.engine), "_today", lambda engine, company: day):
            yield
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # OBJECTIVES
    # ------------------------------------------------------------

    def test_purchases_of_the_period(self):
        """The first and the last day count, the days around do not."""
        for ago, amount in ((50, 1000), (49, 200), (0, 50)):
            self._create_order(self.customer, self.day(ago), amount)
        revenue = self._objective("revenue", 500)
        orders = self._objective("orders", 2)
        self.assertEqual(revenue.current_value, 250)
        self.assertEqual(revenue.progress, 0.5)
        self.assertEqual(orders.current_value, 2)
        self.assertEqual(orders.state, "reached")
        self.assertEqual(self.plan._get_baseline("revenue"), 1000)
        self.assertEqual(self.plan._get_baseline("orders"), 1)

    def test_new_product_categories(self):
        """What was bought before the plan is not new."""
        first = self._objective("product_categories", 1)
        category = self.env["product.category"].create({"name": "New things"})
        self.assertEqual(first.current_value, 0)
        self._create_order(self.customer, self.day(100), 10)
        self._create_order(self.customer, self.day(10), 10)
        self.env.invalidate_all()
        self.assertEqual(first.current_value, 0)
        self.product.categ_id = category
        others = self.env["product.category"].create({"name": "Others"})
        other = self.env["product.product"].create(
            {"name": "Other", "categ_id": others.id}
        )
        order = self._create_order(self.customer, self.day(5), 10)
        order.order_line = [Command.create({"product_id": other.id})]
        self.env.invalidate_all()
        self.assertEqual(first.current_value, 1)

    def test_days_of_product_categories_are_the_company_s(self):
        self.company.lifecycle_tz = "Asia/Tokyo"
        self.product.categ_id = self.env["product.category"].create({"name": "New"})
        first = self._objective("product_categories", 1)
        order = self._create_order(self.customer, self.start - timedelta(1), 10)
        order.date_order = datetime.combine(self.start - timedelta(1), time(20))
        self.env.invalidate_all()
        self.assertEqual(first.current_value, 1, "the first day has begun in Tokyo")

    def test_levels_go_from_the_baseline(self):
        relation = self._objective("relation", 3, 1, member_id=self.boss.id)
        self.boss.relation_now = "source"
        self.assertEqual(relation.current_value, 2)
        self.assertEqual(relation.progress, 0.5)
        custom = self._objective("custom", 20, 10, typed_value=12.5)
        self.assertEqual(custom.progress, 0.25)

    def test_states(self):
        """Half of the period is over: less than 39 % is behind."""
        custom = self._objective("custom", 100, 0, typed_value=38)
        self.assertEqual(custom.state, "behind")
        custom.typed_value = 40
        self.assertEqual(custom.state, "on_track")
        custom.typed_value = 100
        self.assertEqual(custom.state, "reached")
        custom.typed_value = 99
        with self._later(50):
            self.assertEqual(custom.state, "on_track")
        with self._later(51):
            self.assertEqual(custom.state, "failed")

    def test_bad_objectives(self):
        with self.assertRaisesRegex(ValidationError, "with whom"):
            self._objective("relation", 2)
        with self.assertRaisesRegex(ValidationError, "0 to 100"):
            self._objective("coverage", 101)
        with self.assertRaisesRegex(ValidationError, "0 to 4"):
            self._objective("relation", 5, member_id=self.boss.id)
        other = self._create_customer("Another")
        self.engine._add_profiles(self.company, other)
        stranger = self._create_member("Stranger", self._find_card(other))
        with self.assertRaisesRegex(ValidationError, "another customer"):
            self._objective("relation", 2, member_id=stranger.id)
        with self.assertRaisesRegex(ValidationError, "before it begins"):
            self.plan.date_to = self.start - timedelta(1)

    def test_figures_of_many_plans_at_once(self):
        """As many queries for nine plans as for three."""
        plans = self.Plan.union(*(self.plan.copy() for __ in range(9)))
        for plan in plans:
            self._objective("revenue", 100, plan=plan)

        def count(plans):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plans.objective_ids.mapped("current_value")
            return self.env.cr.sql_log_count - before

        count(plans)
        self.assertLessEqual(count(plans), count(plans[:3]))

    # ------------------------------------------------------------
    # HEALTH
    # ------------------------------------------------------------

    def test_health(self):
        custom = self._objective("custom", 10)
        plan = self.plan
        plan._update_health()
        parts = plan.health_parts
        self.assertEqual(parts["updated"], 100)
        self.assertIsNone(parts["norms"])
        self.assertIsNone(parts["feedback"])
        people = parts["people"]
        self.assertEqual(plan.health, round((2 * 100 + people) / 3))
        custom.looked_date = self.day(31)
        self.assertEqual(plan.health_parts["updated"], 0)
        self.assertEqual(plan.health, round(people / 3))
        self.env["crm.feedback"].create(
            {"profile_id": self.card.id, "score": "9", "kind": "satisfaction"}
        )
        self.env.invalidate_all()
        plan._update_health()
        self.assertEqual(plan.health_parts["feedback"], 90)
        self.assertEqual(plan.health, round((people + 90) / 4))
        custom.action_looked_at()
        self.assertEqual(plan.health_parts["updated"], 100)
        self.assertIn("90", plan.health_text)
        self.assertEqual(len(plan.health_ids), 1)  # one row a day
        self.assertEqual(plan.health_ids.health, plan.health)
        self.env["crm.dmu.gap.rule"].search([]).active = False
        plan._update_health()
        self.assertIsNone(plan.health_parts["people"])
        self.assertEqual(plan.health, round((2 * 100 + 90) / 3))

    def test_norms_kept(self):
        self._objective("custom", 10)
        rules = self.env["crm.cadence.rule"].create(
            [
                {
                    "name": f"Test {number}",
                    "category_ids": self.env["crm.lifecycle.category"].search([]).ids,
                    "channel_ids": self.env["crm.touchpoint.channel"].search([]).ids,
                }
                for number in range(4)
            ]
        )
        Status = self.env["crm.cadence.status"]
        Status.search([("profile_id", "=", self.card.id)]).unlink()
        Status.create(
            [
                {
                    "profile_id": self.card.id,
                    "company_id": self.company.id,
                    "rule_id": rule.id,
                    "base_date": self.day(60),
                    "base_kind": "start",
                    "due_date": self.day(1 if number == 0 else 0),
                }
                for number, rule in enumerate(rules)
            ]
        )
        self.plan._update_health()
        self.assertEqual(self.plan.health_parts["norms"], 75)

    def test_balance(self):
        self._objective("custom", 10)
        Balance = type(self.env["crm.account.balance"])
        figures = {(self.card.id, 0): (25, 75), (self.card.id, 1): (1, 0)}
        with (
            patch.object(Balance, "_has_margin", lambda self: True),
            patch.object(Balance, "_get_figures", lambda self, profiles: figures),
        ):
            self.plan._update_health()
            self.assertEqual(self.plan.health_parts["balance"], 75)
            figures.clear()
            self.plan._update_health()
            self.assertIsNone(self.plan.health_parts["balance"])

    def test_weights(self):
        for name in ("people", "norms", "feedback", "balance"):
            self.company[f"lifecycle_health_weight_{name}"] = 0
        self._objective("custom", 10)
        self.assertEqual(self.plan.health, 100)
        with self.assertRaisesRegex(ValidationError, "weights"):
            self.company.lifecycle_health_weight_updated = 0

    def test_health_follows_the_day(self):
        self._objective("custom", 10)
        self.plan.action_run()
        before = self.plan.health
        with self._later(31):
            self.engine._update_account_plan_chunk(self.plan.ids)
        self.assertLess(self.plan.health, before)
        self.assertEqual(len(self.plan.health_ids), 2)

    def test_untouched_plans_age(self):
        self._objective("custom", 10)
        with self._later(40):
            self.assertEqual(self.plan.age_days, 40)
            self.plan._update_health()  # nobody's work
            self.assertEqual(self.plan.age_days, 40)
            self.plan.objective_ids.note = "Looked"
            self.assertEqual(self.plan.age_days, 0)

    # ------------------------------------------------------------
    # LIFE OF A PLAN
    # ------------------------------------------------------------

    def test_run_close_carry_over(self):
        with self.assertRaisesRegex(UserError, "no objectives"):
            self.plan.action_run()
        revenue = self._objective("revenue", 500)
        self._create_order(self.customer, self.day(3), 120)
        self.env.invalidate_all()
        self.plan.action_run()
        self.plan.result = "<p>Half of it</p>"
        self.plan.action_close()
        self.assertEqual(revenue.typed_value, 120)
        with self.assertRaisesRegex(UserError, "closed"):
            revenue.target = 400
        with self.assertRaisesRegex(UserError, "closed"):
            self.plan.name = "Other"
        carried = self.Plan.browse(self.plan.action_carry_over()["res_id"])
        self.assertEqual(carried.state, "draft")
        self.assertEqual(carried.previous_id, self.plan)
        self.assertEqual(carried.date_from, self.plan.date_to + timedelta(1))
        self.assertEqual(
            carried.date_to - carried.date_from,
            self.plan.date_to - self.plan.date_from,
        )
        self.assertIn("Half of it", carried.situation)
        self.assertEqual(carried.objective_ids.baseline, 120)
        self.plan.action_reopen()
        revenue.target = 400

    def test_carry_over_of_whole_months(self):
        plan = self.Plan.create(
            {
                "name": "Quarter",
                "profile_id": self.card.id,
                "date_from": "2026-01-01",
                "date_to": "2026-03-31",
                "objective_ids": [
                    Command.create({"name": "x", "kind": "custom", "target": 1})
                ],
            }
        )
        carried = self.Plan.browse(plan.action_carry_over()["res_id"])
        self.assertEqual(str(carried.date_from), "2026-04-01")
        self.assertEqual(str(carried.date_to), "2026-06-30")

    def test_a_plan_in_ten_minutes(self):
        self._create_order(self.customer, self.day(200), 1000)
        self.boss.relation_now = "vendor"
        wizard = (
            self.env["crm.account.plan.start"]
            .with_user(self.user_salesman)
            .create(
                {
                    "profile_id": self.card.id,
                    "date_from": self.today,
                    "growth": 20,
                    "situation": "Going well",
                }
            )
        )
        lines = {line.kind: line for line in wizard.line_ids}
        self.assertEqual(lines["revenue"].baseline, 1000)
        self.assertEqual(lines["revenue"].target, 1200)
        self.assertEqual(lines["orders"].target, 2)
        self.assertEqual(lines["relation"].member_id, self.boss)
        self.assertEqual(lines["relation"].target, 2)
        self.assertFalse(lines["product_categories"].is_chosen)
        plan = self.Plan.browse(wizard.action_make()["res_id"])
        self.assertEqual(plan.state, "running")
        self.assertNotIn("product_categories", plan.objective_ids.mapped("kind"))
        self.assertEqual(plan.user_id, self.user_salesman)
        wizard.line_ids.is_chosen = False
        with self.assertRaisesRegex(UserError, "at least one"):
            wizard.action_make()

    def test_the_page_is_printed(self):
        self._objective("relation", 3, 1, member_id=self.boss.id)
        self.env["crm.account.plan.risk"].create(
            {"plan_id": self.plan.id, "name": "Loses the site", "measure": "Ask Bea"}
        )
        html, __ = self.env["ir.actions.report"]._render_qweb_html(
            "crm_lifecycle_kam.report_account_plan", self.plan.ids
        )
        for words in (b"Test plan", b"Loses the site", b"Ask Bea", b"Bea Boss"):
            self.assertIn(words, html)

    def test_merged_customers_keep_their_plans(self):
        other = self._create_customer("Unit Customer (old)")
        self.engine._add_profiles(self.company, other)
        plan = self.plan.copy({"profile_id": self._find_card(other).id})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((other + self.customer).ids, self.customer)
        self.env.invalidate_all()
        self.assertEqual(plan.profile_id, self.card)

    # ------------------------------------------------------------
    # ACCESS
    # ------------------------------------------------------------

    def test_access(self):
        objective = self._objective("custom", 10)
        records = [self.plan, objective, self.plan.health_ids]
        people = {
            self.user_salesman: True,
            self.user_salesman_2: False,
            self.user_leader: True,
            self.user_all: True,
            self.user_manager: True,
            self.user_internal: False,
            self.user_portal: False,
        }
        for user, sees in people.items():
            for record in records:
                with self.subTest(user=user.name, model=record._name):
                    found = record.with_user(user).has_access("read")
                    self.assertEqual(found, sees)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            login="crm_lc_plan_elsewhere",
            groups="sales_team.group_sale_manager",
            company_id=company.id,
            company_ids=company.ids,
        )
        self.assertFalse(self.plan.with_user(stranger).has_access("read"))
