# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager

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
        """Count the queries of an action on a server that is warm."""
        self.env["crm.lifecycle.event"]._trigger_job()
        self.env.flush_all()
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
