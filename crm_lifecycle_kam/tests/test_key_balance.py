# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError

from .key_common import TestKeyCommon


class TestKeyBalance(TestKeyCommon):
    """Investment against return, by a plain oracle, and who may see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Balance = cls.env["crm.account.balance"]
        cls.company.lifecycle_hour_cost = 40
        cls.env["crm.account.investment"].create(
            [
                {
                    "profile_id": cls.card.id,
                    "name": name,
                    "kind": kind,
                    "amount": amount,
                    "date": cls.engine._today(cls.company),
                }
                for name, kind, amount in (
                    ("Fair", "marketing", 300),
                    ("Bonus", "bonus", 50),
                )
            ]
        )

    def _sell(self):
        order = self._create_order(self.customer, self.day(3), 1000)
        order.order_line.discount = 10
        return order

    def _contact(self):
        channel = self.env["crm.touchpoint.channel"].search([], limit=1)
        self.env.cr.execute(
            "INSERT INTO crm_touchpoint (profile_id, partner_id, channel_id, "
            "direction, date, duration) VALUES (%s, %s, %s, 'out', %s, 1.5)",
            [self.card.id, self.customer.id, channel.id, self.noon(self.day(2))],
        )

    def test_zones_follow_the_language(self):
        """The zones are those of the stages, in the language of the reader."""
        self.env["res.lang"]._activate_lang("fr_FR")
        label = self.env["ir.model.fields.selection"].search(
            [
                ("field_id.model", "=", "crm.lifecycle.stage"),
                *(("field_id.name", "=", "zone"), ("value", "=", "life")),
            ]
        )
        label.with_context(lang="fr_FR").name = "La vie"
        shown = self.Balance.with_context(lang="fr_FR").fields_get(["zone"])
        self.assertEqual(dict(shown["zone"]["selection"])["life"], "La vie")

    def test_figures(self):
        order = self._sell()
        self._contact()
        self.card.invalidate_recordset()
        spent = {"marketing": 300, "bonus": 50, "time": 60, "discount": 100}
        self.assertAlmostEqual(self.card.account_cost, sum(spent.values()), 2)
        rows = self.Balance._read_group(
            [("profile_id", "=", self.card.id)], ["kind"], ["cost:sum"]
        )
        costs = {kind: cost for kind, cost in rows if kind != "margin"}
        self.assertEqual({k: round(v, 2) for k, v in costs.items()}, spent)
        if self.Balance._has_margin():
            margin = sum(order.order_line.mapped("margin"))
            self.assertAlmostEqual(self.card.account_gain, margin + 100, 2)
            expected = margin - 300 - 50 - 60
            self.assertAlmostEqual(self.card.account_balance, expected, 2)
        else:
            self.assertEqual(self.card.account_gain, 0)
            self.assertFalse(self.card.is_account_negative)

    def test_alert(self):
        if self.Balance._has_margin():
            self.assertTrue(self.card.is_account_negative)
            self.assertEqual(self.card.account_balance, -350)
            self.assertEqual(self.card.account_trend, "down")

    def test_one_query_for_all_cards(self):
        partners = self._create_customers(60, "Many")
        self.engine._add_profiles(self.company, partners)
        cards = self.Profile.search([("partner_id", "in", partners.ids)]) + self.card
        cards.mapped("currency_id.rounding")
        self.Balance._get_figures(self.card)
        self.env.flush_all()
        # three of them read settings of the company
        with self.assertQueryCount(4):
            figures = self.Balance._get_figures(cards)
        self.assertEqual(figures, {(self.card.id, 0): (350.0, 0.0)})

    def test_groups(self):
        for name in ("category_id", "zone", "window", "kind"):
            rows = self.Balance._read_group(
                [("profile_id", "=", self.card.id)], [name], ["cost:sum"]
            )
            self.assertAlmostEqual(sum(cost for __, cost in rows), 350, 2, name)

    def test_access(self):
        def seen(user):
            domain = [("profile_id", "=", self.card.id)]
            return (
                len(self.Balance.with_user(user).search(domain)),
                len(self.env["crm.account.investment"].with_user(user).search(domain)),
            )

        for user in (
            self.user_salesman,
            self.user_leader,
            self.user_all,
            self.user_manager,
        ):
            self.assertEqual(seen(user), (2, 2), user.name)
        self.assertEqual(seen(self.user_salesman_2), (0, 0))
        for user in (self.user_internal, self.user_portal):
            with self.assertRaises(AccessError):
                seen(user)
        company = self.env["res.company"].create({"name": "Second"})
        other = self._create_user(
            "second", "Sec", "sales_team.group_sale_manager", company
        )
        self.assertEqual(seen(other), (0, 0))
        self.card.with_user(self.user_salesman).investment_ids = [
            Command.create({"name": "Gift", "amount": 5})
        ]
        with self.assertRaises(AccessError):
            self.env["crm.account.investment"].with_user(self.user_salesman_2).create(
                {"profile_id": self.card.id, "name": "Gift", "amount": 5}
            )

    def test_merge(self):
        other = self._create_card("Old Name")
        self.env["crm.account.investment"].create(
            {"profile_id": other.id, "name": "Gift", "amount": 5}
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer + other.partner_id).ids, self.customer)
        self.env.invalidate_all()
        self.assertEqual(sum(self.card.investment_ids.mapped("amount")), 355)
