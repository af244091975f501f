# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import convert_file

from .card_common import TestCardCommon


@tagged("post_install", "-at_install")
class TestRequirement(TestCardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Requirement = cls.env["crm.lifecycle.requirement"]
        cls.Requirement.search([]).action_archive()
        cls.phone = cls._require("Phone", "partner.phone")

    @classmethod
    def _require(cls, name, target, stage=None, **values):
        stages = cls.env["crm.lifecycle.stage"]._ids_by_code()
        return cls.Requirement.create(
            {"name": name, "target": target, "stage_id": stages.get(stage), **values}
        )

    def _missing(self, card):
        self.env.invalidate_all()
        return card.missing_requirement_ids.mapped("name")

    def test_percent_and_what_is_missing(self):
        self._require("Format", "profile.trade_format_id")
        self._require("Facts", "profile.fact_ids")
        self._require("Email", "partner.email")
        card = self._make_profiles(self.customer, stage="working")
        self.assertEqual(card.completeness, 0)
        self.assertEqual(self._missing(card), ["Phone", "Format", "Facts", "Email"])
        self.customer.phone = "+1 555 0100"
        self.assertEqual(self._missing(card), ["Format", "Facts", "Email"])
        self.assertEqual(card.completeness, 25)
        card.trade_format_id = self.env["crm.lifecycle.trade.format"].create(
            {"name": "Test format"}
        )
        card.fact_ids.create({"profile_id": card.id, "note": "Tea"})
        self.assertEqual(self._missing(card), ["Email"])
        self.assertEqual(card.completeness, 75)
        self.customer.email = "card@example.com"
        self.assertFalse(self._missing(card))
        self.assertEqual(card.completeness, 100)

    def test_asked_for_from_a_stage_on(self):
        self._require("Industry", "profile.industry_id", stage="working")
        asked = {
            "potential": False,
            "active": False,
            "working": True,
            "regular": True,
            "vip": True,
            "lost_recoverable": False,
        }
        for code, expected in asked.items():
            card = self._make_profiles(self._create_customer(code), stage=code)
            with self.subTest(code=code):
                self.assertEqual("Industry" in self._missing(card), expected)
                self.assertIn("Phone", self._missing(card))

    def test_nothing_is_asked_of_who_is_gone(self):
        lost = self._make_profiles(self.customer, stage="lost")
        excluded = self._make_profiles(self.other, stage="working", is_excluded=True)
        for card in (lost, excluded):
            self.assertFalse(self._missing(card))
            self.assertEqual(card.completeness, 100)

    def test_only_for_a_category_or_a_kind_of_customer(self):
        class_a = self.category("a")
        self._require("Volume", "profile.own_volume", category_ids=class_a.ids)
        self._require("Persons", "partner.child_ids", customer_type="company")
        self._require("Birthday", "profile.fact_ids", customer_type="person")
        company = self._make_profiles(self.other, category_id=class_a.id)
        self.assertEqual(self._missing(company), ["Phone", "Volume", "Persons"])
        person = self._create_customer("Pat Person", is_company=False)
        person = self._make_profiles(person, category_id=self.category("b").id)
        self.assertEqual(self._missing(person), ["Phone", "Birthday"])

    def test_search_sort_and_group(self):
        self.customer.phone = "+1 555 0100"
        cards = self._make_profiles(self.customer + self.other, stage="working")
        full = self._profile(self.customer)
        domain = [("id", "in", cards.ids)]
        for operator, value, expected in (
            ("<", 100, cards - full),
            ("=", 100, full),
            ("!=", 100, cards - full),
            (">=", 0, cards),
        ):
            with self.subTest(operator=operator):
                found = self.Profile.search(
                    [*domain, ("completeness", operator, value)]
                )
                self.assertEqual(found, expected)
        ordered = self.Profile.search(domain, order="completeness desc, id")
        self.assertEqual(ordered[0], full)
        groups = self.Profile._read_group(domain, [], ["completeness:avg"])
        self.assertEqual(groups, [(50,)])

    def test_no_query_for_each_card(self):
        partners = self._create_customers(20)
        cards = self._make_profiles(partners, stage="working")

        def count(records):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.mapped("completeness")
            return self.env.cr.sql_log_count - before

        self.assertEqual(count(cards[:2]), count(cards))

    def test_every_field_offered_can_be_tested(self):
        selection = self.Requirement._selection_target()
        targets = dict(selection)
        for target in ("partner.phone", "partner.child_ids", "profile.own_volume"):
            self.assertIn(target, targets)
        for target in ("profile.stage_id", "profile.revenue", "partner.create_date"):
            self.assertNotIn(target, targets)
        self.Requirement.create(
            [{"name": target, "target": target} for target in targets]
        )
        card = self._make_profiles(self.customer)
        self.env.invalidate_all()
        self.assertIn("profile.own_volume", self._missing(card))
        self.assertNotIn("partner.name", self._missing(card))

    def test_a_field_that_is_gone_is_not_asked_for(self):
        self.env.cr.execute(
            "UPDATE crm_lifecycle_requirement SET target = 'partner.no_such_field' "
            "WHERE id = %s",
            [self.phone.id],
        )
        card = self._make_profiles(self.customer)
        self.assertEqual(card.completeness, 100)
        self.assertFalse(self._missing(card))

    def test_the_name_follows_the_field(self):
        form = Form(self.Requirement)
        form.target = "profile.own_volume"
        self.assertEqual(form.name, self.Profile._fields["own_volume"].string)

    def test_only_managers_decide(self):
        values = {"name": "Mine", "target": "partner.email"}
        with self.assertRaises(AccessError):
            self.Requirement.with_user(self.user_all).create(values)
        with self.assertRaises(AccessError):
            self.phone.with_user(self.user_salesman).name = "Mine"
        created = self.Requirement.with_user(self.user_manager).create(values)
        self.assertTrue(created)

    def test_defaults_are_a_proposal(self):
        """What a consultant deleted does not come back with an update."""
        data = self.env["ir.model.data"].search(
            [
                ("module", "=", "crm_lifecycle"),
                ("model", "=", "crm.lifecycle.requirement"),
            ]
        )
        self.assertTrue(all(data.mapped("noupdate")))
        records = self.Requirement.browse(data.mapped("res_id")).exists()
        for record in records:
            with self.subTest(name=record.name):
                self.assertTrue(record._get_field())
        records.unlink()
        convert_file(
            self.env,
            "crm_lifecycle",
            "data/crm_lifecycle_requirement_data.xml",
            {},
            mode="update",
            noupdate=True,
        )
        self.assertFalse(self.Requirement.search([("target", "=", "partner.city")]))
