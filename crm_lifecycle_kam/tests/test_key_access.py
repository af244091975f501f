# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .key_common import TestKeyCommon


class TestKeyAccess(TestKeyCommon):
    """The team and those above know the account; others who manages it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls.Key
        cls.card.with_user(cls.user_manager).mark_key_account("Big", "Agreed")
        cls.key = cls.card.key_account_ids

    def _seen(self, user):
        return self.Key.with_user(user).search([("id", "=", self.key.id)]).sudo()

    def test_who_sees_it(self):
        for user in (
            self.user_salesman,
            self.user_leader,
            self.user_all,
            self.user_manager,
        ):
            self.assertEqual(self._seen(user), self.key, user.name)
        self.assertFalse(self._seen(self.user_salesman_2))
        for user in (self.user_internal, self.user_portal, self.user_public):
            with self.assertRaises(AccessError):
                self._seen(user)
        self.key.member_ids = [
            Command.create({"user_id": self.user_salesman_2.id, "role": "service"})
        ]
        self.assertEqual(self._seen(self.user_salesman_2), self.key)
        key = self.key.with_user(self.user_salesman_2)
        self.assertEqual(key.revenue, 0, "the team reads the sums of the group")
        self.assertEqual(key.partner_id.name, "Key Customer")
        self.assertTrue(key.web_read({"profile_id": {"fields": {"display_name": {}}}}))

    def test_others_see_who_manages_it(self):
        for user in (self.user_salesman_2, self.user_internal):
            customer = self.customer.with_user(user)
            self.assertTrue(customer.lifecycle_is_key_account)
            self.assertEqual(customer.lifecycle_key_manager_id, self.user_salesman)
            found = self.env["res.partner"].with_user(user)
            found = found.search(
                [("lifecycle_key_manager_id", "=", self.user_salesman.id)]
            )
            self.assertIn(self.customer, found.sudo())

    def test_writing(self):
        key = self.key.with_user(self.user_salesman)
        key.note = "Mine"
        with self.assertRaises(AccessError):
            key.manager_id = self.user_leader
        key.with_user(self.user_leader).manager_id = self.user_leader
        self.assertEqual(self.card.key_manager_id, self.user_leader)
        with self.assertRaises(AccessError):
            self.key.with_user(self.user_salesman_2).note = "Not mine"
        with self.assertRaises(AccessError):
            self.env["crm.key.account.member"].with_user(self.user_salesman_2).create(
                {"key_id": self.key.id, "user_id": self.user_salesman_2.id}
            )
        with self.assertRaises(AccessError):
            self._nominate(self._create_card("Alien", user_id=self.user_leader.id))

    def test_another_company(self):
        company = self.env["res.company"].create({"name": "Second"})
        user = new_test_user(
            self.env,
            login="crm_lc_second",
            groups="sales_team.group_sale_manager",
            company_id=company.id,
            company_ids=company.ids,
        )
        self.assertFalse(self._seen(user))
        self.assertFalse(self.customer.with_user(user).lifecycle_key_manager_id)

    def test_nothing_known_of_customers_is_exported(self):
        """Every model of the add-ons that points to a customer's card."""
        self.user_all.group_ids += self.env.ref("base.group_allow_export")
        for model in self._get_models_of_customers():
            records = model.with_user(self.user_all)
            if not records.has_access("read"):
                continue
            with self.subTest(model._name), self.assertRaises(AccessError):
                records.export_data(["id"])

    def _get_models_of_customers(self):
        """Return the models with a card, or with a record that has one."""
        names = set(
            self.env["ir.model.data"]
            .search(
                [
                    ("module", "in", ("crm_lifecycle", "crm_lifecycle_kam")),
                    ("model", "=", "ir.model"),
                ]
            )
            .mapped("res_id")
        )
        own = {
            name
            for name in self.env["ir.model"].browse(names).mapped("model")
            if name.startswith("crm.") and name != "crm.lead"
        }
        models = [self.env[name] for name in sorted(own)]
        return [
            model
            for model in models
            if not model._abstract
            and not model._transient
            and {"profile_id", "plan_id", "key_id", "scorecard_id"} & set(model._fields)
            and model._name != "crm.lifecycle.playbook"
        ]

    def test_export(self):
        group = self.env.ref("base.group_allow_export")
        for user in (self.user_all, self.user_manager):
            user.group_ids += group
        with self.assertRaises(AccessError):
            self.key.with_user(self.user_all).export_data(["id"])
        self.assertTrue(self.key.with_user(self.user_manager).export_data(["id"]))

    def test_nothing_is_moved_out_of_sight(self):
        """Odoo checks a record where it was: where it goes is checked by us."""
        own = self._create_card("Sue's", user_id=self.user_salesman_2.id)
        spare = self._create_card("Spare", user_id=self.user_salesman_2.id)
        key = self._nominate(own, self.user_salesman_2)
        bench = self.env["crm.key.account.successor"].with_user(self.user_salesman_2)
        line = bench.create({"key_id": key.id, "profile_id": spare.id})
        with self.assertRaises(AccessError):
            line.key_id = self.key
        for model, values in (
            ("crm.account.investment", {"name": "Fair", "amount": 5}),
            ("crm.account.concession", {"asked": "Credit"}),
        ):
            record = self.env[model].with_user(self.user_salesman_2)
            record = record.create({**values, "profile_id": own.id})
            with self.subTest(model), self.assertRaises(AccessError):
                record.profile_id = self.card

    def test_figures_of_a_hidden_account_stay_hidden(self):
        own = self._create_card("Sue's", user_id=self.user_salesman_2.id)
        key = self._nominate(own, self.user_salesman_2)
        with self.assertRaises(AccessError):
            key.account_ids = self.card
            self.env.flush_all()

    def test_review_is_not_put_off(self):
        key = self.key.with_user(self.user_salesman)
        with self.assertRaises(AccessError):
            key.review_date = self.day(-3000)
        key.with_user(self.user_leader).review_date = self.day(-30)
