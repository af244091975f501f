# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .first_run_common import FirstRunCommon


@tagged("post_install", "-at_install")
class TestLifecycleFirstRunJob(FirstRunCommon):
    """The job waits for whoever chooses the limits, and tells how far it is."""

    def test_installation_leaves_a_day_where_there_is_a_history(self):
        self._sell()
        empty = self.env["res.company"].create({"name": "Empty"})
        companies = self.company_2 + empty
        companies._lifecycle_await_first_run()
        left = self.company_2.lifecycle_first_run_until - fields.Datetime.now()
        self.assertAlmostEqual(left, timedelta(1), delta=timedelta(minutes=5))
        self.assertFalse(empty.lifecycle_first_run_until)
        job = self.env.ref("crm_lifecycle.ir_cron_lifecycle")
        last = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", job.id)], order="call_at DESC", limit=1
        )
        self.assertGreater(last.call_at, self.company_2.lifecycle_first_run_until)

    def test_only_the_scheduled_job_waits_and_not_for_ever(self):
        now = fields.Datetime.now()
        scheduled = self.engine.with_context(cron_id=1)
        for engine, until, baseline_at, waits in (
            (scheduled, now + timedelta(1), False, True),
            (scheduled, now - timedelta(1), False, False),
            (scheduled, False, False, False),
            (scheduled, now + timedelta(1), now, False),
            (self.engine, now + timedelta(1), False, False),
        ):
            self.company_2.write(
                {
                    "lifecycle_first_run_until": until,
                    "lifecycle_baseline_at": baseline_at,
                }
            )
            with self.subTest(until=until, baseline_at=baseline_at):
                self.assertEqual(engine._waits_for_first_run(self.company_2), waits)

    def test_job_leaves_a_waiting_company_alone(self):
        self._sell()
        self.company_2.write(
            {
                "lifecycle_full_read_cause": "baseline",
                "lifecycle_first_run_until": fields.Datetime.now() + timedelta(1),
            }
        )
        self.engine.with_context(cron_id=1)._run_company(self.company_2)
        self.assertFalse(self.company_2.lifecycle_baseline_at)
        self.assertEqual(self.company_2.lifecycle_full_read_cause, "baseline")

    def test_starting_the_job_by_hand_ends_the_wait(self):
        self.company_2.lifecycle_first_run_until = fields.Datetime.now() + timedelta(1)
        self.company_2.with_user(self.user_manager_2).action_lifecycle_run_job()
        self.assertFalse(self.company_2.lifecycle_first_run_until)

    def test_the_job_makes_the_baseline_and_says_how_far_it_is(self):
        """The job as the scheduler calls it, from the pages to the finished base."""
        self._sell(0, count=3)
        self._sell(1)
        self.env["res.company"].search(
            [("id", "!=", self.company_2.id)]
        ).lifecycle_enabled = False
        wizard = self._start()
        seen = []
        engine_class = type(self.engine)
        write_chunks = engine_class._write_chunks

        def watched(engine, *args):
            write_chunks(engine, *args)
            company = engine.env["res.company"].browse(self.company_2.id)
            seen.append(engine._get_progress(company))

        self.patch(engine_class, "_write_chunks", watched)
        with self.enter_registry_test_mode():
            self.env.ref("crm_lifecycle.ir_cron_lifecycle").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(seen[0], (2, 0), "two customers done, nobody left")
        self.assertEqual(wizard.run_state, "done")
        self.assertFalse(self.engine._get_progress(self.company_2))
        self.assertStage(self.customers[0], "regular", self.company_2)
        self.assertStage(self.customers[1], "working", self.company_2)
