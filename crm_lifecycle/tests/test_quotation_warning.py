# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import Form, tagged

from .common import TestLifecycleCommon, TestLifecycleCompanies


@tagged("post_install", "-at_install")
class TestQuotationWarning(TestLifecycleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Warned", user_id=cls.user_salesman.id)

    def _make_card(self, **columns):
        return self._make_profiles(
            self.customer, user_id=self.user_salesman.id, **columns
        )

    def _warning(self, user=None, partner=None):
        self.env.invalidate_all()
        order = self.env["sale.order"].with_user(user or self.user_salesman)
        order = order.new({"partner_id": (partner or self.customer).id})
        return order.lifecycle_warning

    def test_nothing_to_say(self):
        self._make_card(stage="working")
        self.assertFalse(self._warning())
        self.assertFalse(self._warning(partner=self._create_customer("Nobody")))

    def test_lost(self):
        """The reason is for who may see the card; others learn the stage alone."""
        self._make_card(
            stage="lost_recoverable",
            stage_reason="silence",
            stage_figures='{"allowed_days": 180}',
        )
        name = self.stage("lost_recoverable").name
        mine, hers = self._warning(), self._warning(self.user_salesman_2)
        self.assertIn(name, mine)
        self.assertIn("180", mine)
        self.assertIn(name, hers)
        self.assertNotIn("180", hers)

    def test_contact_of_a_lost_customer(self):
        self._make_card(stage="lost")
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.customer.id}
        )
        self.assertIn(self.stage("lost").name, self._warning(partner=contact))

    def test_excluded(self):
        self._make_card(stage="lost_recoverable", is_excluded=True)
        mine, hers = self._warning(), self._warning(self.user_salesman_2)
        self.assertTrue(mine)
        self.assertNotIn(self.stage("lost_recoverable").name, mine)
        self.assertNotEqual(mine, hers)  # that it is excluded is for who sees the card

    def test_vip_review(self):
        card = self._make_card(stage="vip", is_vip=True)
        without = self._warning()
        self.assertTrue(without)
        self.assertFalse(self._warning(self.user_salesman_2))
        card._write_people({"vip_review_date": self.day(1)})
        overdue = self._warning()
        self.assertTrue(overdue)
        self.assertNotEqual(overdue, without)
        card._write_people({"vip_review_date": self.today})
        self.assertFalse(self._warning())

    def test_in_the_language_of_the_reader(self):
        self._make_card(stage="lost")
        self.env["res.lang"]._activate_lang("ru_RU")
        stage = self.stage("lost")
        stage.update_field_translations("name", {"ru_RU": "Утрачен"})
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        order = order.with_user(self.user_salesman).sudo(False)
        self.assertIn("Утрачен", order.with_context(lang="ru_RU").lifecycle_warning)
        self.assertNotIn("Утрачен", order.with_context(lang="en_US").lifecycle_warning)

    def test_shown_while_choosing_and_never_stops_an_order(self):
        self._make_card(stage="lost")
        form = Form(self.env["sale.order"].with_user(self.user_salesman))
        self.assertFalse(form.lifecycle_warning)
        form.partner_id = self.customer
        self.assertTrue(form.lifecycle_warning)
        order = form.save()
        self.assertTrue(order.lifecycle_warning)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.lifecycle_warning)

    def test_not_for_customers(self):
        self._make_card(stage="lost")
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        fields = order.with_user(self.user_portal).fields_get()
        self.assertNotIn("lifecycle_warning", fields)


@tagged("post_install", "-at_install")
class TestQuotationWarningCompanies(TestLifecycleCompanies):
    def test_the_company_of_the_order_counts(self):
        customer = self._create_customer("Shared")
        self._make_profiles(customer, stage="lost")
        self._make_profiles(customer, company=self.company_2, stage="working")
        companies = self.company + self.company_2
        orders = self.env["sale.order"].create(
            [
                {"partner_id": customer.id, "company_id": company.id}
                for company in companies
            ]
        )
        orders = orders.with_user(self.user_both).with_context(
            allowed_company_ids=companies.ids
        )
        self.assertEqual(
            [bool(order.lifecycle_warning) for order in orders], [True, False]
        )
