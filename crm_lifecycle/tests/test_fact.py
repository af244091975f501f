# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .card_common import TestCardCommon
from .common import TestLifecycleCompanies


@tagged("post_install", "-at_install")
class TestFact(TestCardCommon):
    def setUp(self):
        super().setUp()
        self.card = self._make_profiles(
            self.customer, user_id=self.user_salesman.id, team_id=self.team_1.id
        )
        self.Fact = self.env["crm.lifecycle.fact"]

    def _tell(self, person, user=None, **values):
        Fact = self.Fact.with_user(user) if user else self.Fact
        return Fact.create({"partner_id": person.id, "kind": "like", **values})

    def test_a_fact_finds_its_card(self):
        fact = self._tell(self.buyer, user=self.user_salesman, note="Tea")
        self.assertEqual(fact.profile_id, self.card)
        fact = self.Fact.create({"profile_id": self.card.id, "note": "Old customer"})
        self.assertEqual(fact.partner_id, self.customer)
        self.assertEqual(len(self.card.fact_ids), 2)

    def test_persons_of_others_are_refused(self):
        self._make_profiles(self.other)
        with self.assertRaises(UserError):
            self._tell(self.other, profile_id=self.card.id)
        fact = self._tell(self.buyer)
        with self.assertRaises(UserError):
            fact.write(
                {
                    "partner_id": self.buyer.id,
                    "profile_id": self._profile(self.other).id,
                }
            )

    def test_no_card_no_fact(self):
        with self.assertRaises(UserError):
            self._tell(self.other)

    def test_every_year(self):
        self.assertTrue(self._tell(self.buyer, kind="birthday").is_yearly)
        self.assertFalse(self._tell(self.buyer, kind="like").is_yearly)

    def test_next_time(self):
        today = date(2027, 2, 10)
        cases = [
            (date(1980, 3, 1), True, date(2027, 3, 1)),
            (date(1980, 2, 10), True, today),
            (date(1980, 2, 9), True, date(2028, 2, 9)),
            (date(1980, 2, 29), True, date(2027, 2, 28)),
            (date(2030, 5, 5), True, date(2030, 5, 5)),
            (date(2027, 5, 5), False, date(2027, 5, 5)),
            (date(2020, 5, 5), False, False),
            (False, True, False),
        ]
        facts = self.Fact.create(
            [
                {"partner_id": self.buyer.id, "date": day, "is_yearly": yearly}
                for day, yearly, __ in cases
            ]
        )
        engine = type(self.engine)
        with patch.object(engine, "_today", lambda self, company: today):
            self.env.invalidate_all()
            for fact, case in zip(facts, cases, strict=True):
                with self.subTest(date=case[0], yearly=case[1]):
                    self.assertEqual(fact.next_date, case[2])
            soon = self.Fact.search(
                [("id", "in", facts.ids), ("next_date", "<=", date(2027, 2, 28))],
                order="next_date",
            )
            self.assertEqual(soon, facts[1] + facts[3])

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_who_sees_and_writes(self):
        fact = self._tell(self.buyer, note="Tea")
        for user in (self.user_salesman, self.user_leader, self.user_all):
            self.assertEqual(fact.with_user(user).note, "Tea")
        strangers = (self.user_salesman_2, self.user_internal, self.user_portal)
        for user in strangers:
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    fact.with_user(user).read(["note"])
                with self.assertRaises(AccessError):
                    self._tell(self.buyer, user=user)
        contact = self.buyer.with_user(self.user_salesman_2)
        self.assertFalse(contact.lifecycle_fact_ids)

    def test_a_search_tells_no_more_than_a_look(self):
        """Whether somebody knows something about a person is private as well."""
        fact = self._tell(self.buyer, note="Tea")
        persons = self.buyer + self.customer
        nobody = persons.browse()
        # operator, value, found by those who see the fact, found by others
        cases = [
            ("!=", False, self.buyer, nobody),
            ("=", False, self.customer, persons),
            ("in", fact.ids, self.buyer, nobody),
            ("not in", fact.ids, self.customer, persons),
            ("in", [*fact.ids, False], persons, persons),
            ("not in", [*fact.ids, False], nobody, nobody),
            ("ilike", "Te", self.buyer, nobody),
            ("not ilike", "Te", self.customer, persons),
            ("any", [("kind", "=", "like")], self.buyer, nobody),
            ("not any", [("kind", "=", "like")], self.customer, persons),
        ]
        for operator, value, seen, unseen in cases:
            domain = [
                ("id", "in", persons.ids),
                ("lifecycle_fact_ids", operator, value),
            ]
            for user, found in (
                (self.user_salesman, seen),
                (self.user_all, seen),
                (self.user_salesman_2, unseen),
            ):
                with self.subTest(user=user.login, operator=operator, value=value):
                    self.assertEqual(persons.with_user(user).search(domain), found)
            self.assertEqual(persons.sudo().search(domain), seen)

    def test_who_may_export(self):
        fact = self._tell(self.buyer, note="Tea")
        export = self.env.ref("base.group_allow_export")
        for user in (self.user_all, self.user_manager):
            user.group_ids += export
        with self.assertRaises(AccessError):
            fact.with_user(self.user_all).export_data(["note"])
        rows = fact.with_user(self.user_manager).export_data(["note"])["datas"]
        self.assertEqual(rows, [["Tea"]])

    def test_facts_follow_the_person(self):
        fact = self._tell(self.buyer)
        other = self._make_profiles(self.other)
        self.buyer.parent_id = self.other
        self.assertEqual(fact.profile_id, other)
        third = self._create_customer("Third")
        self.buyer.parent_id = third  # has no card yet
        self.assertEqual(fact.profile_id, other)
        card = self._make_profiles(third)
        self.Fact._gc_follow_contacts()
        self.assertEqual(fact.profile_id, card)

    def test_facts_go_with_the_person(self):
        self._tell(self.buyer)
        kept = self._tell(self.engineer)
        self.buyer.unlink()
        self.assertEqual(self.card.fact_ids, kept)
        (self.engineer + self.customer).unlink()
        self.assertFalse(kept.exists())

    def test_erased_on_request(self):
        facts = self._tell(self.buyer) + self._tell(self.customer)
        kept = self._tell(self.engineer)
        self.env["crm.lifecycle.best.hours"].create({"partner_id": self.buyer.id})
        with self.assertRaises(AccessError):
            self.buyer.with_user(self.user_all).action_erase_lifecycle_person()
        action = self.buyer.with_user(self.user_manager).action_erase_lifecycle_person()
        self.assertIn("2", action["params"]["message"])
        self.assertFalse(facts[0].exists())
        self.assertFalse(self.buyer.lifecycle_best_hours_ids)
        self.assertTrue(kept.exists())
        self.customer.with_user(self.user_manager).action_erase_lifecycle_person()
        self.assertFalse(self.card.fact_ids)

    def test_merge_keeps_facts_and_business_data(self):
        competitors = self.env["crm.lifecycle.competitor"].create(
            [{"name": "Rival one"}, {"name": "Rival two"}]
        )
        trade_format = self.env["crm.lifecycle.trade.format"].create({"name": "Test"})
        other = self._make_profiles(self.other)
        self.card.write({"own_volume": "Ours", "competitor_ids": competitors[0].ids})
        other.write(
            {
                "own_volume": "Theirs",
                "own_turnover": 500,
                "trade_format_id": trade_format.id,
                "competitor_ids": competitors.ids,
            }
        )
        facts = self._tell(self.customer) + self._tell(self.other)
        hours = self.env["crm.lifecycle.best.hours"].create(
            {"partner_id": self.other.id}
        )
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.customer + self.other).ids, self.customer)
        self.assertEqual(facts.profile_id, self.card)
        self.assertEqual(facts.partner_id, self.customer)
        self.assertEqual(hours.partner_id, self.customer)
        self.assertRecordValues(
            self.card,
            [
                {
                    "own_volume": "Ours",
                    "own_turnover": 500,
                    "trade_format_id": trade_format.id,
                    "competitor_ids": competitors.ids,
                }
            ],
        )

    def test_merge_of_contacts_across_accounts(self):
        other = self._make_profiles(self.other)
        twin = self.env["res.partner"].create(
            {"name": "Bea Buyer", "parent_id": self.other.id}
        )
        fact = self._tell(self.buyer)
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.buyer + twin).ids, twin)
        self.assertEqual(fact.partner_id, twin)
        self.assertEqual(fact.profile_id, other)


@tagged("post_install", "-at_install")
class TestFactCompanies(TestLifecycleCompanies):
    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_each_company_knows_its_own(self):
        customer = self._create_customer("Shared")
        person = self.env["res.partner"].create(
            {"name": "Person", "parent_id": customer.id}
        )
        cards = self._make_profiles(customer)
        cards += self._make_profiles(customer, company=self.company_2)
        facts = self.env["crm.lifecycle.fact"]
        for company in (self.company, self.company_2):
            facts += facts.with_company(company).create({"partner_id": person.id})
        self.assertEqual(facts.profile_id, cards)
        for user, own in ((self.user_all, facts[0]), (self.user_manager_2, facts[1])):
            visible = person.with_user(user).lifecycle_fact_ids
            self.assertEqual(visible, own)
            with self.assertRaises(AccessError):
                (facts - own).with_user(user).read(["kind"])
        person.with_user(self.user_manager).action_erase_lifecycle_person()
        self.assertFalse(facts.exists())

    def test_best_hours_are_of_contacts_one_may_see(self):
        hidden = self._create_customer("Hidden", company_id=self.company_2.id)
        shared = self._create_customer("Shared")
        Hours = self.env["crm.lifecycle.best.hours"]
        hours = Hours.create([{"partner_id": it.id} for it in (hidden, shared)])
        for user in (self.user_internal, self.user_salesman):
            with self.subTest(user=user.name):
                self.assertEqual(
                    Hours.with_user(user).search([("id", "in", hours.ids)]), hours[1]
                )
        with self.assertRaises(AccessError):
            hours[0].with_user(self.user_salesman).unlink()
        self.assertTrue(hours[0].with_user(self.user_salesman_3).has_access("write"))
