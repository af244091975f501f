# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError

from .dmu_common import TestDmuCommon


class TestAccountPlanHidden(TestDmuCommon):
    """Nothing of a hidden customer by way of plans, and no figure by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Plan = cls.env["crm.account.plan"]
        today = cls.engine._today(cls.company)
        cls.plan = cls.Plan.create(
            {
                "name": "Test plan",
                "profile_id": cls.card.id,
                "user_id": cls.user_salesman.id,
                "date_from": today,
                "date_to": today,
            }
        )

    def test_no_plan_for_a_hidden_customer(self):
        Plan = self.Plan.with_user(self.user_salesman_2)
        values = {
            "name": "Spy",
            "profile_id": self.card.id,
            "date_from": self.today,
            "date_to": self.today,
        }
        with self.assertRaises(AccessError):
            Plan.create(values)
        own = self._create_customer("Own", user_id=self.user_salesman_2.id)
        self.engine._add_profiles(self.company, own)
        plan = Plan.create({**values, "profile_id": self._find_card(own).id})
        with self.assertRaises(AccessError):
            plan.profile_id = self.card

    def test_figures_of_a_hidden_customer(self):
        """Not by the dialog, nor by what a form proposes while it is filled in."""
        self._create_order(self.customer, self.day(100), 4321)
        self._recompute(self.customer)
        env = self.env(user=self.user_salesman_2)
        period = {"date_from": str(self.day(50)), "date_to": str(self.day(0))}
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            env["crm.account.plan.start"].create(
                {"profile_id": self.card.id, "date_from": self.day(50)}
            ).line_ids.mapped("baseline")
        with self.assertRaises(AccessError):
            env["crm.account.plan.objective"].onchange(
                {
                    "plan_id": {"profile_id": self.card.id, **period},
                    "kind": "revenue",
                },
                ["kind"],
                {"baseline": {}, "kind": {}},
            )

    def test_health_is_computed(self):
        plan = self.plan.with_user(self.user_salesman)
        for values in ({"health": 100}, {"touched_date": self.day(0)}):
            with self.subTest(values), self.assertRaises(UserError):
                plan.write(values)
        plan.situation = "Fine"
        self.assertEqual(plan.touched_date, self.engine._today(self.company))

    def test_no_risk_in_a_hidden_plan(self):
        own = self._create_customer("Own", user_id=self.user_salesman_2.id)
        self.engine._add_profiles(self.company, own)
        plan = self.Plan.with_user(self.user_salesman_2).create(
            {
                "name": "Own",
                "profile_id": self._find_card(own).id,
                "date_from": self.today,
                "date_to": self.today,
                "risk_ids": [Command.create({"name": "Fire"})],
            }
        )
        with self.assertRaises(AccessError):
            plan.risk_ids.plan_id = self.plan
