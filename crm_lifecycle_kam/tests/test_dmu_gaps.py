# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, ValidationError

from odoo.addons.crm_lifecycle_kam.models.dmu import gaps

from .dmu_common import TestDmuCommon


class TestDmuGaps(TestDmuCommon):
    """Each rule on the card, in the list and on the opportunity."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rule = cls.env["crm.dmu.gap.rule"]
        cls.Rule.search([]).active = False
        cls.champion = cls.env["crm.dmu.role"].create(
            {"name": "Test: champion", "is_champion": True}
        )

    def _rule(self, kind, **values):
        return self.Rule.create({"name": kind, "kind": kind, **values})

    def _gaps(self, record=None):
        """Rules with a gap, and the figures; the list must say the same."""
        record = self.card if record is None else record
        record.invalidate_recordset()
        prefix = record._dmu_prefix
        rules = record[f"{prefix}dmu_gap_rule_ids"]
        count = record[f"{prefix}dmu_gap_count"]
        self.assertEqual(count, len(rules))
        domain = [("id", "=", record.id)]
        for name in ("dmu_gap_count", "dmu_coverage"):
            value = record[prefix + name]
            same = record.search([*domain, (prefix + name, "=", value)])
            self.assertEqual(same, record, name)
            more = record.search([*domain, (prefix + name, ">", value)])
            self.assertFalse(more, name)
        for rule in self.Rule.search([]):
            found = record.search(
                [*domain, (f"{prefix}dmu_gap_rule_ids", "=", rule.id)]
            )
            self.assertEqual(bool(found), rule in rules, rule.name)
        lines = record[f"{prefix}dmu_gaps"]
        self.assertEqual([line["id"] for line in lines["gaps"]], rules.ids)
        return rules

    def _people(self, rule, record=None):
        record = self.card if record is None else record
        record.invalidate_recordset()
        lines = record[f"{record._dmu_prefix}dmu_gaps"]["gaps"]
        return {line["id"]: line["people"] for line in lines}[rule.id]

    def _meet(self, member, ago):
        channel = self.env["crm.touchpoint.channel"].search([], limit=1)
        return self.env["crm.touchpoint"].create(
            {
                "partner_id": member.contact_id.id,
                "channel_id": channel.id,
                "date": self.noon(self.day(ago)),
            }
        )

    def test_role_missing(self):
        rule = self._rule("role_missing", role_id=self.champion.id)
        self.assertEqual(self._gaps(), rule)
        self.assertEqual(self.card.dmu_coverage, 0)
        self.buyer.role_ids = self.champion
        self.assertFalse(self._gaps())
        self.assertEqual(self.card.dmu_coverage, 100)
        self.buyer.contact_id.active = False
        self.assertEqual(self._gaps(), rule)
        with self.assertRaisesRegex(ValidationError, "say which role"):
            rule.role_id = False

    def test_no_decider(self):
        rule = self._rule("no_decider")
        self.assertFalse(self._gaps())
        self.boss.write({"date_from": self.day(9), "date_to": self.day(1)})
        self.assertEqual(self._gaps(), rule)

    def test_single_contact(self):
        rule = self._rule("single_contact")
        self.assertFalse(self._gaps())
        self.buyer.unlink()
        self.assertFalse(self._gaps())
        self.engineer.unlink()
        self.assertEqual(self._gaps(), rule)
        self.boss.unlink()
        self.assertEqual(self._gaps(), rule)
        self.assertEqual(self.card.dmu_coverage, 0)

    def test_hostile_decider(self):
        rule = self._rule("hostile_decider")
        self.buyer.attitude = "opponent"
        self.assertFalse(self._gaps(), "does not decide")
        self.boss.attitude = "sceptic"
        self.assertEqual(self._gaps(), rule)
        self.assertEqual(self._people(rule), "Bea Boss")

    def test_nobody_responsible(self):
        rule = self._rule("nobody_responsible", min_influence=6)
        self.assertEqual(self._gaps(), rule)
        self.assertEqual(self._people(rule), "Bea Boss, Bo Buyer")
        self.boss.user_id = self.user_salesman
        self.buyer.user_id = self.user_leader
        self.assertFalse(self._gaps())
        self.user_leader.active = False
        self.assertEqual(self._people(rule), "Bo Buyer")

    def test_not_contacted(self):
        rule = self._rule("not_contacted", days=30, min_influence=6)
        self.assertEqual(self._people(rule), "Bea Boss, Bo Buyer", "never")
        self._meet(self.boss, 31)
        meeting = self._meet(self.buyer, 30)
        self.assertEqual(self._people(rule), "Bea Boss")
        meeting.write({"contact_ids": [Command.link(self.boss.contact_id.id)]})
        self.assertFalse(self._gaps())
        meeting.set_ignored("A wrong number")
        self.assertEqual(self._people(rule), "Bea Boss, Bo Buyer")

    def test_contacts_are_read_alike(self):
        """Person by person, of the customers asked for, and of the whole base."""
        rule = self._rule("not_contacted", days=30, min_influence=6)
        self._meet(self.boss, 10)
        self._meet(self.engineer, 10).write(
            {"contact_ids": [Command.link(self.buyer.contact_id.id)]}
        )
        other = self._create_customer("Other Unit")
        self.engine._add_profiles(self.company, other)
        card = self._find_card(other)
        self._create_member("Otto Other", card, influence=9)
        for few in (300, 0):
            with patch.object(gaps, "FEW", few):
                self.env.invalidate_all()
                both = self.card + card
                self.assertEqual(both.mapped("dmu_gap_count"), [0, 1], f"up to {few}")
                self.assertEqual(self._people(rule, card), "Otto Other")
        found = self.Profile.search(
            [("id", "in", (self.card + card).ids), ("dmu_gap_count", ">", 0)]
        )
        self.assertEqual(found, card)

    def test_person_left(self):
        rule = self._rule("person_left")
        self.assertFalse(self._gaps())
        self.boss.contact_id.active = False
        self.assertEqual(self._people(rule), "Bea Boss")
        self.boss.write({"date_from": self.day(9), "date_to": self.day(1)})
        self.assertEqual(self._gaps(), rule, "the engineer still reports to her")
        self.engineer.parent_id = False
        self.assertFalse(self._gaps())
        step = self.env["crm.purchase.step"].create(
            {"name": "Yes", "profile_id": self.card.id, "member_ids": self.boss.ids}
        )
        self.assertEqual(self._gaps(), rule)
        step.member_ids = self.buyer
        self.assertFalse(self._gaps())

    def test_whom_a_rule_concerns(self):
        category = self.card.category_id
        stage = self.card.stage_id
        other = self.env["crm.lifecycle.category"].search(
            [("id", "!=", category.id)], limit=1
        )
        key = self.env["crm.lifecycle.stage"].search([("code", "=", "key")])
        rule = self._rule("role_missing", role_id=self.champion.id)
        for values, expected in (
            ({"category_ids": [Command.set(other.ids)]}, False),
            ({"category_ids": [Command.set((category + other).ids)]}, True),
            ({"stage_ids": [Command.set(stage.ids)]}, True),
            (
                {"stage_ids": [Command.set(key.ids)]},
                False,
            ),
            ({"stage_ids": [Command.clear()], "company_id": self.company.id}, True),
            ({"min_amount": 5000}, False),
        ):
            rule.write(values)
            self.assertEqual(bool(self._gaps()), expected, values)
        self.assertFalse(self.card.dmu_coverage)
        lead = self._create_lead(amount=5000)
        self.assertTrue(self._gaps())
        self.assertTrue(self._gaps(lead))
        small = self._create_lead(amount=4999)
        self.assertFalse(self._gaps(small))
        lead.action_set_lost()
        self.assertFalse(self._gaps())

    def test_an_excluded_customer_has_no_gaps(self):
        self._rule("role_missing", role_id=self.champion.id)
        self.card.exclude("A supplier")
        self.assertFalse(self._gaps())

    def test_coverage(self):
        self._rule("role_missing", role_id=self.champion.id)
        self._rule("no_decider")
        self._rule("single_contact")
        self.assertEqual(len(self._gaps()), 1)
        self.assertEqual(self.card.dmu_coverage, 67)
        empty = self._create_customer("Empty")
        self.engine._add_profiles(self.company, empty)
        card = self._find_card(empty)
        self.assertEqual(len(self._gaps(card)), 3)
        self.assertEqual(card.dmu_coverage, 0)
        cards = self.Profile.search(
            [("id", "in", (card + self.card).ids)], order="dmu_coverage desc"
        )
        self.assertEqual(cards, self.card + card)
        without = self.Profile.search(
            [("id", "in", cards.ids), ("dmu_gap_rule_ids", "=", False)]
        )
        self.assertFalse(without)
        self.card.dmu_member_ids.role_ids = self.champion + self.decider
        without = self.Profile.search(
            [("id", "in", cards.ids), ("dmu_gap_rule_ids", "=", False)]
        )
        self.assertEqual(without, self.card)
        named = self.Profile.search(
            [("id", "in", cards.ids), ("dmu_gap_rule_ids", "ilike", "single_con")]
        )
        self.assertEqual(named, card)

    def test_opportunity_with_its_own_differences(self):
        hostile = self._rule("hostile_decider")
        no_decider = self._rule("no_decider")
        lead = self._create_lead()
        self.assertFalse(self._gaps(lead))
        context = {"dmu_lead_id": lead.id}
        own = self.Member.browse(
            self.boss.with_context(**context).action_differ()["res_id"]
        )
        own.attitude = "opponent"
        self.assertEqual(self._gaps(lead), hostile)
        self.assertFalse(self._gaps(), "the account keeps its own")
        own.takes_part = False
        self.assertEqual(self._gaps(lead), no_decider)

    def test_closing_a_gap(self):
        rule = self._rule("not_contacted", summary="Call")
        lead = self._create_lead(user_id=self.user_salesman.id)
        for record, document in ((self.card, self.customer), (lead, lead)):
            action = record.with_user(self.user_salesman).action_plan_dmu_gap(rule.id)
            context = action["context"]
            self.assertEqual(context["active_model"], document._name)
            wizard = (
                self.env["mail.activity.schedule"]
                .with_user(self.user_salesman)
                .with_context(**context)
                .create({})
            )
            self.assertEqual(wizard.summary, "Call: Bea Boss")
            wizard.action_schedule_activities()
            self.assertEqual(document.activity_ids.summary, "Call: Bea Boss")

    def test_access(self):
        rule = self._rule("role_missing", role_id=self.champion.id)
        lead = self._create_lead(user_id=self.user_salesman_2.id)
        theirs = lead.with_user(self.user_salesman_2)
        self.assertFalse(theirs.lifecycle_dmu_gap_count, "another's customer")
        domain = [("id", "=", lead.id), ("lifecycle_dmu_gap_count", ">", 0)]
        self.assertFalse(theirs.search(domain))
        self.assertTrue(lead.with_user(self.user_manager).search(domain))
        mine = self.card.with_user(self.user_salesman)
        self.assertEqual(mine.dmu_gap_rule_ids.ids, rule.ids)
        with self.assertRaises(AccessError):
            rule.with_user(self.user_salesman).days = 1
        with self.assertRaises(AccessError):
            self.card.with_user(self.user_salesman_2).action_plan_dmu_gap(rule.id)
        rule.with_user(self.user_manager).days = 1

    def test_number_of_queries(self):
        self._rule("not_contacted")
        self._rule("role_missing", role_id=self.champion.id)
        customers = self._create_customers(20)
        self.engine._add_profiles(self.company, customers)
        cards = self.Profile.search([("partner_id", "in", customers.ids)])
        for card in cards:
            self._create_member("Somebody", card)
        names = ["dmu_coverage", "dmu_gap_count", "dmu_gap_rule_ids"]
        cards[:1].read(names)
        self.env.flush_all()
        self.env.invalidate_all()
        cards.fetch(["partner_id", "category_id"])
        with self.assertQueryCount(8):
            cards.mapped("dmu_gap_count")
