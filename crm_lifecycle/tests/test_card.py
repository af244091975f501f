# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .card_common import TestCardCommon


@tagged("post_install", "-at_install")
class TestCustomerCard(TestCardCommon):
    def _make_card(self, partner, user):
        card = self._make_profiles(partner, user_id=user.id)
        return card.with_user(user).with_context(active_test=True)

    def test_business_data_is_written_directly(self):
        card = self._make_card(self.customer, self.user_salesman)
        industry = self.env["res.partner.industry"].create({"name": "Foundries"})
        with Form(card) as form:
            form.industry_id = industry
            form.trade_format_id = self.env["crm.lifecycle.trade.format"].create(
                {"name": "Test production"}
            )
            form.own_turnover = 5000
            form.own_volume = "1,200 t"
        self.assertEqual(self.customer.industry_id, industry)
        self.assertEqual(card.own_volume, "1,200 t")
        self.assertEqual(
            self.Profile.search([("industry_id", "=", industry.id)]), card.sudo()
        )

    def test_competitors_are_added_and_counted(self):
        card = self._make_card(self.customer, self.user_salesman)
        competitor = (
            self.env["crm.lifecycle.competitor"]
            .with_user(self.user_salesman)
            .create({"name": "Rival"})
        )
        card.competitor_ids = competitor
        hers = self._make_card(self.other, self.user_salesman_2)
        hers.competitor_ids = competitor
        self.assertEqual(competitor.customer_count, 1)  # the other is another's
        self.assertEqual(competitor.sudo().customer_count, 2)
        domain = competitor.action_view_customers()["domain"]
        self.assertEqual(
            self.Profile.with_user(self.user_salesman).search(domain), card
        )

    def test_persons_are_added_and_edited_on_the_card(self):
        card = self._make_card(self.customer, self.user_salesman)
        card.write(
            {
                "contact_ids": [
                    Command.update(self.buyer.id, {"function": "Head of purchasing"}),
                    Command.create({"name": "Newcomer", "parent_id": self.customer.id}),
                ]
            }
        )
        self.assertEqual(self.buyer.function, "Head of purchasing")
        self.assertEqual(
            set(self.customer.child_ids.mapped("name")),
            {"Bea Buyer", "Ed Engineer", "Newcomer"},
        )
        self.assertEqual(card.contact_ids, self.customer.child_ids)

    def test_best_hours_in_words(self):
        self.env["crm.lifecycle.best.hours"].create(
            {
                "partner_id": self.buyer.id,
                "channel": "call",
                "days": "workdays",
                "hour_from": 9,
                "hour_to": 11.5,
            }
        )
        text = self.buyer.with_context(lang="en_US").lifecycle_best_hours_text
        self.assertIn("Call: Monday to Friday", text)
        self.assertIn("11:30", text)

    def test_stage_path_and_what_changes_it_next(self):
        self._create_orders(self.customer, [40, 20])
        card = self._card(self.customer, self.user_salesman)
        self.assertEqual([step["current"] for step in card.stage_path], [True])
        self.assertEqual(card.stage_path[-1]["date"], self.day(40).isoformat())
        self.assertEqual(card.stage_path[-1]["days"], 40)
        missing = self.company.lifecycle_regular_count - 2
        self.assertTrue(card.stage_next_text)
        self.assertEqual(missing, 1)
        card.sudo().hold_stage("partner", "Big tender", self.day(-30))
        self.assertIn(self.stage("working").name, card.stage_next_text)

    def test_every_stage_says_what_comes_next(self):
        codes = self.env["crm.lifecycle.stage"]._ids_by_code()
        for number, code in enumerate(codes):
            customer = self._create_customer(f"Stage {number}")
            card = self._make_profiles(customer, stage=code)
            with self.subTest(code=code):
                self.assertEqual(bool(card.stage_next_text), code != "partner")

    def test_a_regular_customer_waits_for_its_tenure(self):
        card = self._make_profiles(
            self.customer,
            stage="regular",
            purchase_count=5,
            first_purchase_date=self.day(30),
        )
        day = self.day(30) + timedelta(days=self.company.lifecycle_partner_days)
        self.assertIn(card._reason_day(day), card.stage_next_text)
        lacks_both = card.stage_next_text
        card._write_people({"purchase_count": self.company.lifecycle_partner_count})
        self.assertIn(card._reason_day(day), card.stage_next_text)
        self.assertLess(len(card.stage_next_text), len(lacks_both))
        card = self._make_profiles(
            self.other,
            stage="regular",
            purchase_count=5,
            first_purchase_date=self.day(self.company.lifecycle_partner_days + 1),
        )
        self.assertIn(
            str(self.company.lifecycle_partner_count - 5), card.stage_next_text
        )

    def test_latest_documents_are_those_the_reader_may_see(self):
        mine = self._create_order(
            self.buyer, self.day(3), user_id=self.user_salesman.id
        )
        hers = self._create_order(
            self.customer, self.day(2), user_id=self.user_salesman_2.id
        )
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "partner_id": self.buyer.id, "user_id": False}
        )
        lead.action_set_lost()
        card = self._card(self.customer)
        self.assertEqual(card.recent_order_ids, hers + mine)
        self.assertEqual(card.recent_lead_ids, lead)
        card = card.with_user(self.user_salesman)
        self.assertEqual(card.recent_order_ids, mine)
        self.assertEqual(card.recent_lead_ids, lead)

    def test_latest_documents_are_few(self):
        orders = self.env["sale.order"].create(
            [{"partner_id": self.customer.id} for __ in range(12)]
        )
        card = self._card(self.customer)
        self.assertEqual(len(card.recent_order_ids), 10)
        self.assertLess(card.recent_order_ids, orders)

    def test_planned_activities_of_all_documents(self):
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "partner_id": self.buyer.id}
        )
        order = self._create_order(self.customer, self.day(1))
        todo = "mail.mail_activity_data_todo"
        user = {"user_id": self.user_salesman.id}
        activities = self.env["mail.activity"]
        for record, ago in ((self.engineer, 1), (lead, 2), (order, 3)):
            activities += record.activity_schedule(todo, self.day(-ago), **user)
        self.other.activity_schedule(todo, self.day(-1), **user)
        card = self._card(self.customer)
        self.assertEqual(card.open_activity_ids, activities)

    def test_contact_and_lead_lead_to_the_card(self):
        card = self._make_card(self.customer, self.user_salesman)
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "partner_id": self.buyer.id, "user_id": False}
        )
        mine, hers = self.user_salesman, self.user_salesman_2
        for record in (self.buyer, lead):
            with self.subTest(model=record._name):
                form = Form(record.with_user(mine))
                self.assertEqual(form.lifecycle_profile_id, card)
                action = record.with_user(mine).action_view_lifecycle_profile()
                self.assertEqual(action["res_id"], card.id)
                self.assertFalse(Form(record.with_user(hers)).lifecycle_profile_id)
        # Colleagues outside sales open the contact without what is not for them.
        view = self.env["res.partner"].with_user(self.user_internal)
        arch = view.get_view(view_type="form")["arch"]
        self.assertNotIn("lifecycle_fact_ids", arch)
        self.assertIn("lifecycle_stage_id", arch)

    def test_printed_card(self):
        self._create_orders(self.customer, [90, 60, 30], amount=1234)
        card = self._card(self.customer, self.user_salesman)
        self.env["crm.lifecycle.fact"].create(
            {"profile_id": card.id, "partner_id": self.buyer.id, "note": "Likes tea"}
        )
        report = self.env["ir.actions.report"].with_user(self.user_salesman)
        name = "crm_lifecycle.report_customer_card"
        html = report._render_qweb_html(name, card.ids)[0].decode()
        for text in ("Card Customer", "Likes tea", "Bea Buyer", "234"):
            self.assertIn(text, html)
        self.assertEqual(html.count("<rect"), 3)
        # axis, today, expected; the limit is too far away to be drawn, and said
        self.assertEqual(html.count("<line"), 3)
        report = self.env["ir.actions.report"].with_user(self.user_salesman_2)
        with self.assertRaises(AccessError):
            report._render_qweb_html(name, card.ids)

    def test_printed_card_of_a_prospect(self):
        card = self._make_profiles(self.customer)
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("crm_lifecycle.report_customer_card", card.ids)[0]
            .decode()
        )
        self.assertIn("Card Customer", html)
        self.assertNotIn("<svg", html)


@tagged("post_install", "-at_install")
class TestPurchaseTimeline(TestCardCommon):
    def test_days_amounts_and_limits(self):
        self._create_orders(self.customer, [90, 60, 30], amount=100)
        self._create_order(self.buyer, self.day(30), amount=50)
        self._create_order(self.customer, self.day(10), state="draft")
        self._create_order(self.customer, self.day(10), state="cancel")
        self._create_order(self.customer, self.day(-10), amount=70)
        card = self._card(self.customer, self.user_salesman)
        timeline = card.purchase_timeline
        self.assertEqual(
            timeline["days"],
            [
                [self.day(90).isoformat(), 100.0, 1],
                [self.day(60).isoformat(), 100.0, 1],
                [self.day(30).isoformat(), 150.0, 2],
            ],
        )
        self.assertEqual(timeline["rhythm"], 30)
        self.assertEqual(timeline["expected"], self.today.isoformat())
        lost_on = card.stage_figures["lost_on"]
        limit = self.day(0).fromisoformat(lost_on) - timedelta(days=1)
        self.assertEqual(timeline["limit"], limit.isoformat())
        self.assertFalse(timeline["more"])

    def test_invoices_when_they_are_the_purchases(self):
        self.company.lifecycle_basis = "invoice"
        self._create_order(self.customer, self.day(9))
        self._create_invoice(self.customer, self.day(5), amount=80)
        timeline = self._card(self.customer).purchase_timeline
        self.assertEqual(timeline["days"], [[self.day(5).isoformat(), 80.0, 1]])

    def test_only_so_many_days(self):
        self._create_orders(self.customer, [40, 30, 20, 10])
        card = self._card(self.customer)
        parameters = self.engine._get_parameters(self.company)
        rows = self.engine._get_purchase_days(parameters, self.customer.ids, limit=2)
        found = [row[0] for row in rows[self.customer.id]]
        self.assertEqual(found, [self.day(20), self.day(10)])
        engine = type(self.engine)
        with patch.object(engine, "_get_purchase_days", return_value=rows):
            self.assertTrue(card.purchase_timeline["more"])

    def test_nothing_bought(self):
        self.assertFalse(self._make_profiles(self.customer).purchase_timeline)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_not_for_who_may_not_see_the_card(self):
        self._create_orders(self.other, [20])
        card = self._card(self.other, self.user_salesman)
        for name in ("purchase_timeline", "debt_balance", "completeness"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                card.read([name])


@tagged("post_install", "-at_install")
class TestCardQueries(TestCardCommon):
    def _count_queries(self, card, specification):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        card.web_read(specification)
        return self.env.cr.sql_log_count - before

    def test_opening_a_card(self):
        """As many queries for a customer with thirty orders as for one with three."""
        user = self.user_salesman
        specification = self._get_specification("crm.lifecycle.profile", user)
        self.assertIn("purchase_timeline", specification)
        self.assertIn("recent_order_ids", specification)
        few, many = self.customer, self._create_customer("Many", user_id=user.id)
        self._create_customers(2, "Person", is_company=False, parent_id=many.id)
        self._create_orders(few, [30, 20, 10], user_id=user.id)
        self._create_orders(many, range(10, 310, 10), user_id=user.id)
        for customer in (few, many):
            self._card(customer)
        cards = [self._profile(partner).with_user(user) for partner in (few, many)]
        for card in cards:  # fill the caches of the registry
            self._count_queries(card, specification)
        counts = [self._count_queries(card, specification) for card in cards]
        self.assertEqual(counts[0], counts[1])
        self.env.invalidate_all()
        with self.assertQueryCount(90):  # measured: 78 with all blocks of the card
            cards[1].web_read(specification)
