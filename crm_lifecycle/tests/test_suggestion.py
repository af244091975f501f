# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import Form

from ..models.voice.suggestion import LEAST_PEERS
from .common import TestLifecycleCompanies


class TestSuggestion(TestLifecycleCompanies):
    """What to propose to a glad customer: what others like it buy, and it does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = ("Own", "Wanted", "Rare", "Withdrawn", "Long ago", "Advance")
        cls.products = dict(
            zip(
                names,
                cls.env["product.product"].create(
                    [{"name": name, "type": "service"} for name in names]
                ),
                strict=True,
            )
        )
        cls.products["Withdrawn"].sale_ok = False
        test = cls()
        cls.customer = cls._create_customer("Glad")
        cls.peers = cls._create_customers(LEAST_PEERS + 1, "Peer")
        cls.traits = {
            "company": cls.company_2,
            "stage": "regular",
            "category_id": test.category("b").id,
            "purchase_count": 3,
            "window_purchase_count": 3,
            "revenue": 1000,
            "user_id": cls.user_salesman_3.id,
        }
        cls.profile = test._make_profiles(cls.customer, **cls.traits)
        cls.peer_profiles = test._make_profiles(cls.peers, **cls.traits)
        test._buy(cls.customer, 9, "Own")
        test._buy(cls.customer, 900, "Long ago")
        for number, peer in enumerate(cls.peers):
            wanted = ["Wanted", "Withdrawn"] if number < 3 else ["Rare"] * (number == 3)
            test._buy(peer, 5, "Own", "Long ago", *wanted)

    def _buy(self, partner, ago, *names):
        lines = [
            {"product_id": self.products[name].id, "product_uom_qty": 1}
            for name in names
        ]
        return self._create_order(
            partner,
            self.day(ago),
            company=self.company_2,
            order_line=[Command.create({**line, "price_unit": 10}) for line in lines],
        )

    def _suggest(self, user=None):
        profile = self.profile.with_user(user or self.user_salesman_3)
        return [
            (product.name, reason)
            for product, reason in profile.with_company(
                self.company_2
            )._get_suggestions()
        ]

    def _names(self, user=None):
        return [name for name, _reason in self._suggest(user)]

    def test_what_others_like_it_buy(self):
        [(name, reason)] = self._suggest()
        self.assertEqual(name, "Wanted")
        for part in ("3", str(len(self.peers)), self.stage("regular").name):
            self.assertIn(part, reason)
        advance = self._buy(self.peers[0], 3, "Advance")
        advance += self._buy(self.peers[1], 3, "Advance")
        advance.order_line.is_downpayment = True
        self._buy(self.peers[4], 3, "Rare")
        self.assertEqual(self._names(), ["Wanted", "Rare"], "the most bought first")
        self.env.cr.execute(
            "UPDATE sale_order SET date_order = date_order - interval '2 years' "
            "WHERE partner_id = %s",
            [self.peers[4].id],
        )
        self.assertEqual(self._names(), ["Wanted"], "out of the window")
        self._buy(self.customer, 1, "Wanted")
        self.assertEqual(self._names(), [])

    def test_variants_are_one_product(self):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Size",
                "value_ids": [Command.create({"name": name}) for name in "SM"],
            }
        )
        line = {
            "attribute_id": attribute.id,
            "value_ids": [Command.set(attribute.value_ids.ids)],
        }
        shirt = self.env["product.template"].create(
            {"name": "Shirt", "attribute_line_ids": [Command.create(line)]}
        )
        small, medium = shirt.product_variant_ids
        self.products.update(small=small, medium=medium)
        self._buy(self.peers[4], 2, "small")
        self._buy(self.peers[5], 2, "medium")
        self.assertEqual(self._names(), ["Wanted", "Shirt"], "two of one product")
        self._buy(self.customer, 1, "small")
        self.assertEqual(self._names(), ["Wanted"])

    def test_who_is_alike(self):
        self.peer_profiles[0].sudo().exclude("A supplier")
        [(_name, reason)] = self._suggest()
        self.assertIn("2", reason)
        self.assertIn(str(len(self.peers) - 1), reason)
        # too few of this category at this stage: then of this category
        self._set(self.peer_profiles[1:], stage_id=self.stage("working").id)
        [(_name, reason)] = self._suggest()
        self.assertNotIn(self.stage("regular").name, reason)
        self._set(self.peer_profiles[1:], category_id=self.category("c").id)
        self.assertEqual(self._names(), [], "nobody is alike")

    def _set(self, profiles, **values):
        for name, value in values.items():
            self.env.cr.execute(
                f"UPDATE crm_lifecycle_profile SET {name} = %s WHERE id = ANY(%s)",
                [value, profiles.ids],
            )
        self.env.invalidate_all()

    def test_only_customers_the_user_sees(self):
        self._set(self.peer_profiles[:2], user_id=self.user_manager_2.id)
        self.assertEqual(self._names(), [], "too few of his own")
        self.assertEqual(self._names(self.user_manager_2), ["Wanted"])
        # the same customers in another company are others
        self._set(self.peer_profiles, company_id=self.company.id)
        self.assertEqual(self._names(self.user_manager_2), [])

    def test_nothing_to_who_is_dissatisfied(self):
        self.env["crm.feedback"].create(
            {"profile_id": self.profile.id, "kind": "complaint", "comment": "Late"}
        )
        self.assertEqual(self._names(), [])

    def test_in_the_dialog(self):
        Wizard = self.env["crm.lifecycle.satisfaction"].with_user(self.user_salesman_3)
        action = self.profile.with_user(self.user_salesman_3).action_ask_satisfaction()
        with Form(Wizard.with_context(**action["context"])) as form:
            form.score = "6"
            self.assertFalse(form.suggestion_ids)
            form.score = "9"
            self.assertEqual(len(form.suggestion_ids), 1)
            with form.suggestion_ids.edit(0) as line:
                self.assertEqual(line.product_id, self.products["Wanted"])
                line.is_chosen = True
            form.score = "10"
        wizard = form.save()
        for user, sees in ((self.user_salesman_3, True), (self.user_manager_2, False)):
            line = wizard.suggestion_ids.with_user(user)
            self.assertEqual(line.has_access("read"), sees, user.name)
        wizard.action_record()
        lead = self.env["crm.lead"].search([("partner_id", "=", self.customer.id)])
        self.assertIn("Wanted", lead.name)
        self.assertIn("3", lead.description, "with the reason")
        self.assertEqual(lead.user_id, self.user_salesman_3)

    def test_dialog_tells_nothing_of_a_hidden_customer(self):
        """A colleague may note what the customer said, and learns nothing by it."""
        self._set(self.profile, user_id=self.user_manager_2.id)
        wizard = self.env["crm.lifecycle.satisfaction"].with_user(self.user_salesman_3)
        wizard = wizard.create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company_2.id,
                "score": "9",
            }
        )
        self.assertFalse(wizard.suggestion_ids)
        self._set(self.profile, user_id=self.user_salesman_3.id)
        self._set(self.peer_profiles[:2], user_id=self.user_manager_2.id)
        wizard = wizard.copy()
        self.assertFalse(wizard.suggestion_ids, "too few of his own")
