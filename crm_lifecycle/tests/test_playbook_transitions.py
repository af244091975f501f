# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from .playbook_common import TestPlaybookCommon


class TestPlaybookTransitions(TestPlaybookCommon):
    """What changes of stage and category start, and what they do not."""

    def _on_stage(self, code, trigger="stage_entered", **values):
        stages = [Command.set(self.stage(code).ids)]
        return self._create_playbook(trigger, stage_ids=stages, **values)

    def test_stage_entered_once(self):
        playbook = self._on_stage("working")
        partner = self._buyer()
        self._react()
        run = self._runs(playbook)
        transition = self._transitions(partner)
        self.assertRecordValues(
            run,
            [
                {
                    "partner_id": partner.id,
                    "event_key": str(transition.id),
                    "event_date": self.day(1),
                    "due_date": self.day(1),
                    "state": "done",
                    "user_id": self.user_salesman.id,
                    "source_id": transition.id,
                    "fired_date": self.today,
                }
            ],
        )
        self.assertTrue(transition.reacted_at)
        activity = self._activities(partner)
        self.assertRecordValues(
            activity,
            [
                {
                    "user_id": self.user_salesman.id,
                    "summary": "Call the customer",
                    "date_deadline": self.today,
                    "lifecycle_run_id": run.id,
                }
            ],
        )
        transition.sudo().reacted_at = False  # as if the job had been cut off
        self._react()
        self.assertEqual(self._runs(playbook), run)
        self.assertEqual(self._activities(partner), activity)

    def test_back_at_a_stage_that_began_before_the_silence(self):
        """The gaps make the silence usual for the customer: its stage began 400 days
        ago, but it has come back now."""
        playbook = self._on_stage("regular")
        partner = self._buyer("Back", [610, 600, 400])
        self.assertStage(partner, "lost_recoverable")
        self._react()
        self.assertFalse(self._runs(playbook))
        self._create_orders(partner, [0])
        self._recompute(partner)
        self.assertEqual(self._transitions(partner)[-1].date, self.day(400))
        self._react()
        self.assertRecordValues(
            self._runs(playbook), [{"state": "done", "event_date": self.today}]
        )

    def test_stage_left(self):
        partner = self._create_customer("Was potential")
        self.engine._add_profiles(self.company, partner)
        self._react()
        playbook = self._on_stage("potential", trigger="stage_left")
        self._create_orders(partner, [0])
        self._recompute(partner)
        self._react()
        self.assertEqual(self._customers_of(playbook), partner)

    def test_category_entered(self):
        playbook = self._create_playbook(
            "category_entered",
            category_ids=[Command.set(self.category("new").ids)],
        )
        partner = self._buyer()
        self._react()
        self.assertEqual(self._profile(partner).category_id.code, "new")
        self.assertEqual(self._customers_of(playbook), partner)

    def test_baseline_settings_and_merge_start_nothing(self):
        playbook = self._on_stage("working")
        baseline, settings = self._create_customers(2)
        self._create_orders(baseline, [1])
        self._create_orders(settings, [1])
        self._recompute(baseline, cause="baseline")
        self._recompute(settings)
        transition = self._transitions(settings)
        self.env.cr.execute(
            "UPDATE crm_lifecycle_transition SET cause = 'settings' WHERE id = %s",
            [transition.id],
        )
        transition.invalidate_recordset()
        self._react()
        self.assertFalse(self._runs(playbook))
        self.assertTrue(transition.reacted_at, "answered, by nothing")

    def test_nothing_older_than_the_activation(self):
        playbook = self._on_stage("working", since=0)
        early = self._buyer("Yesterday", [1])
        late = self._buyer("Today", [0])
        self.env.cr.execute(
            "UPDATE crm_lifecycle_playbook SET activated_at = now() WHERE id = %s",
            [playbook.id],
        )
        self.env.cr.execute(
            "UPDATE crm_lifecycle_transition SET recorded_at = now() "
            "+ interval '1 minute' WHERE profile_id = %s",
            [self._profile(late).id],
        )
        self.env.invalidate_all()
        self._react()
        self.assertEqual(self._customers_of(playbook), late)
        self.assertTrue(self._transitions(early).reacted_at)

    def test_excluded_and_included_again_start_nothing(self):
        playbook = self._on_stage("working")
        partner = self._create_customer("Lawyer")
        self.engine._add_profiles(self.company, partner)
        profile = self._profile(partner)
        profile.exclude(reason="Our lawyer")
        self._create_orders(partner, [0])
        self._recompute(partner)
        profile.include()
        self.assertEqual(profile.stage_id.code, "working")
        self._react()
        self.assertFalse(self._runs(playbook))

    def test_filter_and_company(self):
        playbook = self._on_stage("working", filter_domain="[('revenue', '>', 500)]")
        other = self._on_stage("working", company_id=self.company_2.id)
        small = self._buyer("Small")
        large = self._create_customer("Large")
        self._create_order(large, self.day(1), amount=900)
        self._recompute(large)
        self._react()
        self.assertEqual(self._customers_of(playbook), large)
        self.assertFalse(self._runs(other))
        self.assertFalse(self._activities(small))

    def test_what_a_person_decides_wakes_the_job(self):
        self._on_stage("lost_recoverable")
        partner = self._buyer()
        cron = self.env.ref("crm_lifecycle.ir_cron_lifecycle")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        reason = self.env.ref("crm_lifecycle.crm_lifecycle_lost_reason_better_offer")
        self._profile(partner).declare_lost(reason_id=reason.id)
        now = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertTrue(now - triggers)

    def test_delay_and_the_condition_asked_again(self):
        playbook = self._on_stage("working", delay_days=5)
        stays, goes = self._buyer("Stays", [0]), self._buyer("Goes", [0])
        self._react()
        self.assertEqual(set(self._runs(playbook).mapped("state")), {"planned"})
        self.assertFalse(self._activities(stays + goes))
        self._create_orders(goes, [0, 0])
        self._recompute(goes)
        with self._on_day(4):
            self._react()
            self.assertFalse(self._customers_of(playbook))
        with self._on_day(5) as day:
            self._react()
            self.assertEqual(self._customers_of(playbook), stays)
            self.assertEqual(self._runs(playbook, "done").fired_date, day)
        left_out = self._runs(playbook, "skipped")
        self.assertEqual(left_out.partner_id, goes)
        self.assertIn("no longer so", left_out.message)

    def test_filter_asked_again(self):
        playbook = self._on_stage(
            "working", delay_days=1, filter_domain="[('user_id', '!=', False)]"
        )
        partner = self._buyer(ago=[0])
        self._react()
        self._profile(partner).sudo().assign_responsible(False)
        with self._on_day(1):
            self._react()
        self.assertIn("filter", self._runs(playbook, "skipped").message)
