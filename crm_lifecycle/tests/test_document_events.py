# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo import Command
from odoo.tests import Form
from odoo.tools import SQL, mute_logger

from .events_common import TestLifecycleEventsCommon


class TestDocumentEvents(TestLifecycleEventsCommon):
    def setUp(self):
        super().setUp()
        self.customer = self._create_customer()
        self.contact = self._create_customer(
            "Contact", is_company=False, parent_id=self.customer.id
        )
        self.other = self._create_customer("Other")

    # ------------------------------------------------------------
    # NOBODY WAITS FOR US
    # ------------------------------------------------------------

    def test_no_failure_of_ours_keeps_an_order(self):
        """Created, confirmed, moved and deleted, whatever of ours is broken."""
        event, change = (
            type(self.env["crm.lifecycle.event"]),
            type(self.env["crm.touchpoint.change"]),
        )
        document, engine = type(self.env["sale.order"]), type(self.engine)
        broken = [
            *((event, name) for name in ("_gather_documents", "_gather_before")),
            *((event, name) for name in ("_get_touched_sql", "_get_append_sql")),
            *((event, name) for name in ("_get_gathered", "_trigger_job")),
            (change, "_get_append_sql"),
            (document, "_filter_lifecycle_documents"),
            (engine, "_get_touchpoint_documents"),
        ]
        for model, name in broken:
            with (
                self.subTest(name),
                patch.object(model, name, side_effect=ValueError("broken")),
                mute_logger(
                    "odoo.addons.crm_lifecycle.models.crm_lifecycle_event",
                    "odoo.addons.crm_lifecycle.models.lifecycle_document_mixin",
                    "odoo.addons.crm_lifecycle.models.touchpoint.crm_touchpoint_change",
                ),
            ):
                order = self._create_order(self.contact, self.day(1), state="draft")
                order.action_confirm()
                order.partner_id = self.other
                self.env.flush_all()
                self.env.cr.precommit.run()
                self.assertEqual(order.state, "sale")
                order._action_cancel()
                order.unlink()

    def test_broken_sql_of_another_add_on(self):
        """It must not leave the transaction of the order unusable either."""
        order = self._create_order(self.contact, self.day(1), state="draft")
        with (
            patch.object(
                type(self.env["crm.lifecycle.event"]),
                "_get_touched_sql",
                lambda *_a: SQL("SELECT nothing"),
            ),
            mute_logger(
                "odoo.sql_db", "odoo.addons.crm_lifecycle.models.crm_lifecycle_event"
            ),
        ):
            order.partner_id = self.other
            self.env.flush_all()
            self.env.cr.precommit.run()
        order.invalidate_recordset()
        self.assertEqual(order.partner_id, self.other)

    # ------------------------------------------------------------
    # ORDERS
    # ------------------------------------------------------------

    def test_order_creation_and_deletion(self):
        with self.assertQueued(self.customer):
            order = self._create_order(self.contact, self.day(1), state="draft")
        with self.assertQueued(self.customer):
            order.unlink()

    def test_order_status_and_dates(self):
        order = self._create_order(self.customer, self.day(3), state="draft")
        for change in (
            lambda: order.action_quotation_sent(),
            lambda: order.action_confirm(),
            lambda: order.write({"date_order": self.noon(self.day(9))}),
            lambda: order.write({"validity_date": self.day(-45)}),
            lambda: order._action_cancel(),
            lambda: order.action_draft(),
        ):
            with self.assertQueued(self.customer):
                change()

    def test_order_changes_customer(self):
        order = self._create_order(self.customer, self.day(3))
        with self.assertQueued(self.customer, self.other):
            order.partner_id = self.other
        order.company_id = self.company
        with self.assertQueued():
            order.client_order_ref = "Not our business"

    def test_line_of_a_confirmed_order(self):
        """Nobody calls `write` on the order; its amount is recomputed."""
        order = self._create_order(self.customer, self.day(3))
        with self.assertQueued(self.customer):
            order.order_line.price_unit = 250
        with self.assertQueued(self.customer):
            order.order_line.product_uom_qty = 0
        with self.assertQueued(self.customer):
            order.order_line.create(
                {"order_id": order.id, "product_id": self.product.id, "price_unit": 9}
            )

    def test_line_of_a_quotation_is_no_event(self):
        """The amount of what nobody bought yet changes nothing."""
        order = self._create_order(self.customer, self.day(3), state="draft")
        with self.assertQueued():
            order.order_line.price_unit = 250

    def test_currency_rate_and_margin(self):
        order = self._create_order(self.customer, self.day(3))
        columns = ["currency_rate"]
        if "margin" in order._fields:
            columns.append("margin")
        for column in columns:
            with self.assertQueued(self.customer):
                self.env.add_to_compute(order._fields[column], order)
                order._fields[column].write(order, 0.5)

    def test_margin_recomputed_alone(self):
        order = self._create_order(self.customer, self.day(3))
        if "margin" not in order._fields:
            self.skipTest("sale_margin is not installed")
        with self.assertQueued(self.customer):
            order.order_line.purchase_price = 12

    def test_order_form(self):
        with self.assertQueued(self.customer), Form(self.env["sale.order"]) as form:
            form.partner_id = self.customer

    def test_order_of_the_other_company(self):
        with self.assertQueued(self.customer, company=self.company_2):
            self._create_order(self.customer, self.day(1), company=self.company_2)
        self.assertNotIn((self.customer, self.company), self._queued())

    def test_confirmation_costs_few_queries(self):
        """Invariant: at most 8 queries more in a transaction."""
        orders = [
            self._create_order(self.customer, self.day(1), state="draft")
            for __ in range(3)
        ]
        counts = []
        for order, patched in (
            (orders[0], False),
            (orders[1], True),
            (orders[2], False),
        ):
            self._clear_queue()
            start = self.env.cr.sql_log_count
            events = type(self.env["crm.lifecycle.event"])
            nothing = patch.multiple(
                events,
                _gather=lambda *args: None,
                _gather_documents=lambda *args: None,
                _gather_before=lambda *args: None,
            )
            if patched:
                with nothing:
                    order.action_confirm()
                    self.env.cr.flush()
            else:
                order.action_confirm()
                self.env.cr.flush()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[2] - counts[1], 8)

    # ------------------------------------------------------------
    # INVOICES
    # ------------------------------------------------------------

    def test_invoice_life(self):
        with self.assertQueued():
            invoice = self._create_invoice(self.contact, self.day(5), post=False)
        for change in (
            lambda: invoice.action_post(),
            lambda: invoice.button_draft(),
            lambda: invoice.button_cancel(),
        ):
            with self.assertQueued(self.customer):
                change()

    def test_posted_invoice_changes(self):
        invoice = self._create_invoice(self.customer, self.day(5))
        with self.assertQueued(self.customer, self.other):
            invoice._fields["partner_id"].write(invoice, self.other.id)
        with self.assertQueued(self.other):
            invoice._fields["invoice_date"].write(invoice, self.day(9))
        with self.assertQueued(self.other):
            invoice._fields["amount_untaxed"].write(invoice, 5)

    def test_credit_note_concerns_the_customer_of_the_invoice(self):
        invoice = self._create_invoice(self.customer, self.day(5))
        refund = self._create_invoice(
            self.other,
            self.day(2),
            move_type="out_refund",
            post=False,
            reversed_entry_id=invoice.id,
        )
        with self.assertQueued(self.customer, self.other):
            refund.action_post()
        with self.assertQueued(self.customer, self.other):
            refund.reversed_entry_id = False
        with self.assertQueued(self.other):
            refund.button_draft()

    def test_reversal_wizard(self):
        invoice = self._create_invoice(self.customer, self.day(5))
        with self.assertQueued(self.customer):
            invoice._reverse_moves(
                [{"invoice_date": self.day(1), "date": self.day(1)}], cancel=True
            )

    def test_vendor_bills_are_no_events(self):
        with self.assertQueued():
            self._create_invoice(self.customer, self.day(5), move_type="in_invoice")

    # ------------------------------------------------------------
    # LEADS
    # ------------------------------------------------------------

    def _create_lead(self, **values):
        return self.env["crm.lead"].create(
            {
                "name": "Opportunity",
                "type": "opportunity",
                "partner_id": self.contact.id,
                "company_id": self.company.id,
                "team_id": False,
                "user_id": self.user_salesman.id,
                **values,
            }
        )

    def test_lead_life(self):
        with self.assertQueued(self.customer):
            lead = self._create_lead(type="lead")
        stage = self.env["crm.stage"].create({"name": "Talking"})
        for change in (
            lambda: lead.write({"type": "opportunity"}),
            lambda: lead.write({"stage_id": stage.id}),
            lambda: lead.action_set_lost(),
            lambda: lead.action_unarchive(),
            lambda: lead.action_set_won(),
        ):
            with self.subTest(line=change.__code__.co_firstlineno):
                with self.assertQueued(self.customer):
                    change()
        with self.assertQueued(self.customer, self.other):
            lead.partner_id = self.other
        with self.assertQueued():
            lead.name = "Renamed"
        with self.assertQueued(self.other):
            lead.partner_id = False
        with self.assertQueued():
            lead.unlink()

    def test_lead_deletion(self):
        lead = self._create_lead()
        with self.assertQueued(self.customer):
            lead.unlink()

    def test_lead_without_company(self):
        """It concerns the companies where the customer is known already."""
        with self.assertQueued(company=self.company_2):
            lead = self._create_lead(company_id=False, user_id=False)
        self.assertFalse(self._queued())
        self._make_profiles(self.customer, company=self.company_2)
        with self.assertQueued(self.customer, company=self.company_2):
            lead.type = "lead"
        with self.assertQueued(self.customer, company=self.company_2):
            lead.unlink()

    def test_lead_without_company_where_there_is_one_company(self):
        self._leave_one_company()
        with self.assertQueued(self.customer):
            self._create_lead(company_id=False, user_id=False)

    def test_lead_changes_company(self):
        lead = self._create_lead(user_id=False)
        with self.assertQueued(self.customer, company=self.company_2):
            lead.company_id = self.company_2
        self.assertIn((self.customer, self.company), self._queued())

    # ------------------------------------------------------------
    # PIPELINE STAGES
    # ------------------------------------------------------------

    def test_agreement_stage_asks_for_a_full_read(self):
        stage = self.env["crm.stage"].create({"name": "Handshake"})
        self.company.lifecycle_full_read_cause = False
        stage.write({"name": "Handshake done", "lifecycle_is_agreement": False})
        self.assertFalse(self.company.lifecycle_full_read_cause)
        stage.lifecycle_is_agreement = True
        self.assertEqual(self.company.lifecycle_full_read_cause, "settings")
        self.company.lifecycle_full_read_cause = False
        stage.is_won = True
        self.assertEqual(self.company.lifecycle_full_read_cause, "settings")

    def test_documents_without_customer_cost_nothing(self):
        """Leads of unknown people, vendor bills: not a query."""
        lead = self._create_lead(partner_id=False)
        bill = self._create_invoice(
            self.customer, self.day(5), move_type="in_invoice", post=False
        )
        self.env.cr.flush()
        events = type(self.env["crm.lifecycle.event"])
        with patch.object(events, "_append_gathered") as append:
            lead.type = "lead"
            bill.action_post()
            self.env.cr.flush()
            append.assert_not_called()
            lead.partner_id = self.customer
            self.env.cr.flush()
            append.assert_called_once()

    def test_many_documents_at_once(self):
        """One statement however many documents, and each customer once."""
        customers = self._create_customers(20)
        self._clear_queue()
        self.env["sale.order"].create(
            [
                {
                    "partner_id": customer.id,
                    "order_line": [Command.create({"product_id": self.product.id})],
                }
                for customer in [*customers, *customers]
            ]
        )
        events = self.env["crm.lifecycle.event"]
        self.assertLessEqual(self._count_queries(events._append_gathered), 5)
        self.assertEqual({customer for customer, __ in self._queued()}, set(customers))
