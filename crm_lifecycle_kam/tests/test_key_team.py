# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError

from .key_common import TestKeyCommon


class TestKeyTeam(TestKeyCommon):
    """What is known of a key account is open to its team, and to nobody beside."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = cls.engine._today(cls.company)
        cls.card.with_user(cls.user_manager).mark_key_account("Big", "Agreed")
        cls.key = cls.card.key_account_ids
        contact = cls.env["res.partner"].create(
            {"name": "Bea Boss", "parent_id": cls.customer.id}
        )
        other = contact.copy({"name": "Ed Engineer"})
        cls.boss, engineer = cls.env["crm.dmu.member"].create(
            [
                {"profile_id": cls.card.id, "contact_id": person.id}
                for person in contact + other
            ]
        )
        line = cls.env["crm.dmu.influence"].create(
            {"from_id": engineer.id, "to_id": cls.boss.id}
        )
        plan = cls.env["crm.account.plan"].create(
            {
                "name": "Plan",
                "profile_id": cls.card.id,
                "date_from": today,
                "date_to": today + timedelta(90),
                "objective_ids": [Command.create({"name": "More", "target": 1})],
                "risk_ids": [Command.create({"name": "Less"})],
            }
        )
        card = cls.card.id
        cls.known = [
            cls.card,
            cls.boss,
            line,
            plan,
            plan.objective_ids,
            plan.risk_ids,
            plan.health_ids,
            cls.card.transition_ids[:1],
            cls.env["crm.purchase.step"].create({"name": "Ask", "profile_id": card}),
            cls.env["crm.account.investment"].create(
                {"name": "Film", "profile_id": card, "amount": 100}
            ),
            cls.env["crm.account.concession"].create(
                {"asked": "10 %", "profile_id": card}
            ),
            cls.env["crm.account.review"].create(
                {"profile_id": card, "kind": "turn", "due_date": today}
            ),
            cls.env["crm.touchpoint"].create(
                {
                    "partner_id": cls.customer.id,
                    "user_id": cls.user_salesman.id,
                    "channel_id": cls.env["crm.touchpoint.channel"]
                    .search([], limit=1)
                    .id,
                }
            ),
        ]

    def _join(self, **values):
        self.key.sudo().write(values)
        self.env.invalidate_all()

    def _assert_open(self, is_open, user):
        for records in self.known:
            mine = records.with_user(user)
            found = mine.search([("id", "in", records.ids)])
            self.assertEqual(bool(found), is_open, f"{records} of {user.name}")
            self.assertEqual(mine.has_access("read"), is_open, f"{records}")

    def test_team_and_others(self):
        user = self.user_salesman_2
        self.assertTrue(all(self.known))
        self._assert_open(False, user)
        for values, leave in (
            ({"manager_id": user.id}, {"manager_id": self.user_salesman.id}),
            ({"sponsor_id": user.id}, {"sponsor_id": False}),
            (
                {"member_ids": [Command.create({"user_id": user.id})]},
                {"member_ids": [Command.clear()]},
            ),
        ):
            self._join(**values)
            self._assert_open(True, user)
            self._join(**leave)
            self._assert_open(False, user)

    def test_who_has_left_the_programme(self):
        user = self.user_salesman_2
        self._join(member_ids=[Command.create({"user_id": user.id})])
        self._assert_open(True, user)
        self.card.with_user(self.user_manager).unmark_key_account("Over")
        self.env.invalidate_all()
        self._assert_open(False, user)

    def test_the_team_works_with_it(self):
        user = self.user_salesman_2
        self._join(member_ids=[Command.create({"user_id": user.id})])
        self.boss.with_user(user).influence = 7
        member = self.env["crm.dmu.member"].with_user(user)
        person = self.env["res.partner"].create(
            {"name": "Nina New", "parent_id": self.customer.id}
        )
        member.create({"profile_id": self.card.id, "contact_id": person.id})
        self.card.with_user(user).set_potential(9000)
        self.assertEqual(self.card.potential_amount, 9000)
        mine = self.Profile.with_user(user).search([("is_key_team", "=", True)])
        self.assertEqual(mine, self.card.with_user(user))
        others = self.Profile.with_user(user).search([("is_key_team", "=", False)])
        self.assertNotIn(self.card, others.sudo())

    def test_the_rule_can_be_read_in_parallel(self):
        """PostgreSQL gives a condition that asks row by row to one process alone."""
        query = self.Profile.with_user(self.user_salesman)._search([])
        self.assertIn("crm_key_account_member", query.select().code)
        self.assertNotIn("EXISTS", query.select().code)

    def test_nothing_can_be_inferred(self):
        """Neither by search, nor by group, nor by sums, nor by export."""
        user = self.user_salesman_2
        user.group_ids += self.env.ref("base.group_allow_export")
        self.card._write_people(
            {"potential_amount": 4711, "potential_date": self.today}
        )
        Partner = self.env["res.partner"].with_user(user)
        mine = [("id", "=", self.customer.id)]
        self.assertTrue(Partner.search(mine))
        for hidden in (
            ("lifecycle_potential_amount", "=", 4711),
            ("lifecycle_dmu_ids", "!=", False),
            ("child_ids.lifecycle_dmu_ids.influence", ">=", 0),
        ):
            self.assertFalse(Partner.search([*mine, hidden]), hidden)
        group = Partner.formatted_read_group(
            mine, ["lifecycle_category_id"], ["lifecycle_potential_amount:sum"]
        )
        self.assertFalse(group[0]["lifecycle_potential_amount:sum"])
        for model, sums in (
            ("crm.key.account", "__count"),
            ("crm.account.plan", "health:avg"),
            ("crm.account.balance", "cost:sum"),
            ("crm.account.investment", "amount:sum"),
            ("crm.dmu.member", "influence:sum"),
            ("crm.scorecard", "total_score:avg"),
        ):
            Model = self.env[model].with_user(user)
            domain = [("profile_id", "in", self.card.ids)]
            rows = Model.formatted_read_group(domain, ["profile_id"], [sums])
            self.assertFalse(rows, model)
            self.assertFalse(Model.search_count(domain), model)
        for records in (self.key, self.boss, self.card):
            with self.assertRaises(AccessError):
                records.with_user(user).export_data(["id"])
        data = self.customer.with_user(user).export_data(
            ["lifecycle_is_key_account", "lifecycle_key_manager_id/name"]
        )
        self.assertEqual(data["datas"], [[True, self.user_salesman.name]])

    def test_portal_and_another_company(self):
        for user in (self.user_portal, self.user_public):
            for records in self.known:
                with self.assertRaises(AccessError):
                    records.with_user(user).search([("id", "in", records.ids)])
        company = self.env["res.company"].create({"name": "Second"})
        user = self._create_user(
            "second", "Sec", "sales_team.group_sale_manager", company
        )
        self._assert_open(False, user)
