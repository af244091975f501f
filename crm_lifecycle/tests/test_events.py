# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form
from odoo.tools import SQL, mute_logger

from .common import TestLifecycleCompanies


class TestLifecycleEventsCommon(TestLifecycleCompanies):
    def setUp(self):
        super().setUp()
        self._clear_queue()

    def _clear_queue(self):
        self.env.cr.flush()
        self.env.cr.execute("DELETE FROM crm_lifecycle_event")
        self.env["crm.lifecycle.event"].invalidate_model()

    def _queued(self):
        """Commit as far as the queue is concerned; return its (customer, company)."""
        self.env.cr.flush()
        events = self.env["crm.lifecycle.event"].search([])
        return [(event.partner_id, event.company_id) for event in events]

    def _count_queries(self, action):
        """Count the queries of an action, the job's id being in Odoo's cache."""
        self.env.flush_all()
        self.env.ref("crm_lifecycle.ir_cron_lifecycle")
        start = self.env.cr.sql_log_count
        action()
        return self.env.cr.sql_log_count - start

    def _leave_one_company(self):
        others = self.env["res.company"].search([("id", "!=", self.company.id)])
        self.env["res.users"].search([("company_id", "in", others.ids)]).active = False
        others.active = False

    @contextmanager
    def assertQueued(self, *customers, company=None):
        """Check which customers one action queues, each once."""
        self._clear_queue()
        yield
        company = company or self.company
        queued = self._queued()
        self.assertEqual(len(queued), len(set(queued)), "queued twice")
        self.assertEqual(
            {customer for customer, where in queued if where == company},
            set(customers),
        )


class TestEvents(TestLifecycleEventsCommon):
    def setUp(self):
        super().setUp()
        self.customer = self._create_customer()
        self.contact = self._create_customer(
            "Contact", is_company=False, parent_id=self.customer.id
        )
        self.other = self._create_customer("Other")

    # ------------------------------------------------------------
    # QUEUE
    # ------------------------------------------------------------

    def test_one_insert_and_one_trigger_per_transaction(self):
        triggers = self.env["ir.cron.trigger"].search_count([])
        events = self.env["crm.lifecycle.event"]
        for __ in range(3):
            events._gather([self.contact.id, self.customer.id, self.other.id])
            events._gather(self.contact.ids, self.company)
        self.assertFalse(events.search_count([]))
        # savepoint, events, is the job active, trigger, release
        self.assertLessEqual(self._count_queries(self.env.cr.flush), 5)
        self.assertEqual(
            set(self._queued()),
            {
                (customer, company)
                for customer in (self.customer, self.other)
                for company in (self.company, self.company_2)
            },
        )
        self.assertEqual(self.env["ir.cron.trigger"].search_count([]), triggers + 1)
        event = events.search([], limit=1)
        self.assertEqual(event.cause, "event")
        self.assertTrue(event.recorded_at)

    def test_nothing_gathered_costs_nothing(self):
        events = self.env["crm.lifecycle.event"]
        events._gather([])
        events._gather([False, None])
        events._gather_documents("sale.order", [])
        events._gather(self.customer.ids, self.env["res.company"])
        self.assertEqual(self._count_queries(self.env.cr.flush), 0)

    def test_disabled_company_queues_nothing(self):
        self.company.lifecycle_enabled = False
        triggers = self.env["ir.cron.trigger"].search_count([])
        with self.assertQueued(company=self.company):
            self.env["crm.lifecycle.event"]._gather(self.customer.ids, self.company)
        self.assertEqual(self.env["ir.cron.trigger"].search_count([]), triggers)
        with self.assertQueued(self.customer, company=self.company_2):
            self.env["crm.lifecycle.event"]._gather(self.customer.ids)
        self.assertNotIn((self.customer, self.company), self._queued())

    def test_failure_is_logged_and_fails_nobody(self):
        events = self.env["crm.lifecycle.event"]
        self.other.name = "Written in the same transaction"
        events._gather(self.customer.ids)
        with (
            patch.object(
                type(events), "_get_append_sql", lambda *args: SQL("SELECT 1 / 0")
            ),
            mute_logger("odoo.sql_db"),
            self.assertLogs("odoo.addons.crm_lifecycle", "ERROR"),
        ):
            self.env.cr.flush()
        self.other.invalidate_recordset()
        self.assertEqual(self.other.name, "Written in the same transaction")
        self.assertFalse(self._queued())
        events._gather(self.customer.ids, self.company)
        self.assertEqual(self._queued(), [(self.customer, self.company)])

    def test_failing_trigger_takes_the_events_back_only(self):
        events = self.env["crm.lifecycle.event"]
        events._gather(self.customer.ids)

        def fail(*args):
            raise ValueError("no cron")

        with (
            patch.object(type(events), "_trigger_job", fail),
            self.assertLogs("odoo.addons.crm_lifecycle", "ERROR"),
        ):
            self.env.cr.flush()
        self.assertFalse(self._queued())

    def test_rolled_back_savepoint(self):
        """What was gathered inside is dropped with it; what came before stays."""
        events = self.env["crm.lifecycle.event"]
        events._gather(self.other.ids, self.company)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            events._gather(self.customer.ids, self.company)
            raise ValidationError("Rolled back")
        self.assertEqual(self._queued(), [(self.other, self.company)])

    def test_plain_savepoint_keeps_what_was_gathered(self):
        """A needless event does no harm."""
        savepoint = self.env.cr.savepoint(flush=False)
        self.env["crm.lifecycle.event"]._gather(self.customer.ids, self.company)
        savepoint.close(rollback=True)
        self.assertEqual(self._queued(), [(self.customer, self.company)])

    def test_rollback_clears_data_and_callback_together(self):
        events = self.env["crm.lifecycle.event"]
        events._gather(self.customer.ids)
        self.env.cr.precommit.clear()
        self.assertFalse(self._queued())
        events._gather(self.other.ids, self.company)
        self.assertEqual(self._queued(), [(self.other, self.company)])

    def test_gathered_while_others_prepare_to_commit(self):
        @self.env.cr.precommit.add
        def change():
            self._create_order(self.customer, self.day(1), state="draft")

        self.assertIn((self.customer, self.company), self._queued())

    def test_deleted_customer_leaves_the_queue(self):
        events = self.env["crm.lifecycle.event"]
        events._gather(self.other.ids, self.company)
        self.assertEqual(self._queued(), [(self.other, self.company)])
        self.other.unlink()
        self.assertFalse(self._queued())
        events._gather(self.customer.ids)
        self.customer.browse(self.contact.ids).unlink()
        gone = self._create_customer("Gone")
        events._gather(gone.ids)
        gone.unlink()
        self.assertNotIn(gone, [customer for customer, __ in self._queued()])

    def test_manual_events_name_who_and_when(self):
        customers = self._create_customers(3)
        profiles = self._make_profiles(customers)
        self._clear_queue()
        day = self.day(2)
        self.assertLessEqual(
            self._count_queries(
                lambda: self.env["crm.lifecycle.event"]._append_manual(
                    profiles, self.user_manager, day
                )
            ),
            3,
        )
        self.assertRecordValues(
            self.env["crm.lifecycle.event"].search([]),
            [
                {
                    "partner_id": customer.id,
                    "company_id": self.company.id,
                    "cause": "manual",
                    "date": self.day(2),
                    "user_id": self.user_manager.id,
                }
                for customer in customers
            ],
        )

    def test_unknown_source_is_refused(self):
        with self.assertRaises(ValueError):
            self.env["crm.lifecycle.event"]._get_touched_sql("no.such", [1])

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
        for order, patched in ((orders[0], False), (orders[1], True), (orders[2], False)):
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
        self.assertEqual(
            {customer for customer, __ in self._queued()}, set(customers)
        )
