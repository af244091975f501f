# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.tools import SQL, mute_logger

from .events_common import TestLifecycleEventsCommon


class TestEvents(TestLifecycleEventsCommon):
    def setUp(self):
        super().setUp()
        self.customer = self._create_customer()
        self.contact = self._create_customer(
            "Contact", is_company=False, parent_id=self.customer.id
        )
        self.other = self._create_customer("Other")

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
        # One is the warm-up's.
        self.assertEqual(self.env["ir.cron.trigger"].search_count([]), triggers + 2)
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
        with self.assertRaises(RuntimeError), self.env.cr.savepoint():
            events._gather(self.customer.ids, self.company)
            raise RuntimeError("Rolled back")
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
