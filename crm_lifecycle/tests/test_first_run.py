# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.api import Environment
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .first_run_common import WIZARD, FirstRunCommon


@tagged("post_install", "-at_install")
class TestLifecycleFirstRun(FirstRunCommon):
    """The three pages of the first run, and who may see them."""

    # ------------------------------------------------------------
    # OPENING
    # ------------------------------------------------------------

    def test_opens_with_the_first_run_for_a_manager(self):
        self._sell()
        action = self._open(self.user_manager_2)
        self.assertEqual(action["res_model"], WIZARD)
        wizard = self.env[WIZARD].browse(action["res_id"])
        self.assertEqual(wizard.company_id, self.company_2)
        self.assertEqual(wizard.state, "basis")

    def test_nothing_to_classify_opens_the_empty_base(self):
        self._sell(state="draft")
        action = self._open(self.user_manager_2)
        self.assertEqual(action["res_model"], "crm.lifecycle.profile")
        self.assertIn("The customer base is empty", str(action["help"]))

    def test_salesmen_are_told_what_is_coming(self):
        self._sell()
        action = self._open(self.user_salesman_3)
        self.assertEqual(action["res_model"], "crm.lifecycle.profile")
        self.assertIn("The customer base is not ready yet", action["help"])

    def test_after_the_baseline_the_customers_open(self):
        self._sell()
        self.engine._recompute(self.company_2)
        for user in (self.user_manager_2, self.user_salesman_3):
            action = self._open(user)
            self.assertEqual(action["res_model"], "crm.lifecycle.profile")
            self.assertNotIn("not ready", str(action["help"]))

    def test_a_company_switched_off_has_no_first_run(self):
        self._sell()
        self.company_2.lifecycle_enabled = False
        action = self._open(self.user_manager_2)
        self.assertEqual(action["res_model"], "crm.lifecycle.profile")

    def test_comes_back_where_it_was_left(self):
        self._sell()
        first = self._open(self.user_manager_2)["res_id"]
        wizard = self.env[WIZARD].browse(first).with_user(self.user_manager_2)
        wizard.action_next()
        wizard.lifecycle_lost_days = 111
        again = self._open(self.user_manager_2)["res_id"]
        self.assertEqual(again, first)
        self.assertEqual(wizard.state, "limits")
        other = self._create_user(
            "other_manager",
            "Olga Other",
            "sales_team.group_sale_manager",
            company=self.company_2,
        )
        self.assertNotEqual(self._open(other)["res_id"], first)

    def test_opens_on_the_run_while_it_lasts(self):
        self._sell()
        self._start()
        action = self._open(self.user_manager_2)
        wizard = self.env[WIZARD].browse(action["res_id"])
        self.assertEqual(wizard.state, "run")
        self.assertTrue(wizard.is_running)

    # ------------------------------------------------------------
    # PAGES
    # ------------------------------------------------------------

    def test_counts_what_is_there(self):
        self._sell(0, ago=10, count=3)
        self._sell(1, ago=400)
        self._sell(1, ago=20, state="draft")
        self._sell(2, ago=-5)
        self._load_accounts()
        self._create_invoice(self.customers[2], self.day(30), company=self.company_2)
        wizard = self._start()
        self.assertRecordValues(
            wizard,
            [
                {
                    "sale_count": 4,
                    "sale_customer_count": 2,
                    "sale_from": self.day(400),
                    "sale_to": self.day(10),
                    "invoice_count": 1,
                    "invoice_customer_count": 1,
                    "invoice_from": self.day(30),
                    "customer_count": 3,
                    "is_small": True,
                }
            ],
        )
        self.assertAlmostEqual(wizard.sale_years, 391 / 365.25, places=1)

    def test_counting_takes_one_statement(self):
        self._sell()
        self.env.flush_all()
        statements = []
        execute_query = Environment.execute_query

        def watched(env, query):
            if "date_order" in query.code:
                statements.append(query)
            return execute_query(env, query)

        self.patch(Environment, "execute_query", watched)
        self.assertEqual(self.engine._get_found(self.company_2)["sale"][:2], (1, 1))
        self.assertEqual(len(statements), 1)

    def test_pages_turn(self):
        wizard = self.env[WIZARD].create({})
        self.assertEqual(wizard.state, "basis")
        for turn, page in (
            ("action_back", "basis"),
            ("action_next", "limits"),
            ("action_next", "run"),
            ("action_next", "run"),
            ("action_back", "limits"),
        ):
            getattr(wizard, turn)()
            self.assertEqual(wizard.state, page)

    def test_starts_from_the_limits_of_the_company(self):
        self.company_2.lifecycle_regular_count = 7
        self.company_2.lifecycle_basis = "invoice"
        wizard = self.env[WIZARD].with_company(self.company_2).create({})
        self.assertEqual(wizard.lifecycle_regular_count, 7)
        self.assertEqual(wizard.lifecycle_basis, "invoice")

    def test_a_ready_set_fills_the_limits(self):
        preset = self.env["crm.lifecycle.preset"].create(
            {
                "name": "Bakeries",
                "lifecycle_lost_min_days": 20,
                "lifecycle_partner_count": 100,
            }
        )
        wizard = self.env[WIZARD].create({"state": "limits"})
        with Form(wizard) as form:
            form.preset_id = preset
            self.assertEqual(form.lifecycle_lost_min_days, 20)
            form.lifecycle_partner_count = 90
        self.assertEqual(wizard.lifecycle_lost_min_days, 20)
        self.assertEqual(wizard.lifecycle_partner_count, 90)
        self.assertEqual(preset.lifecycle_partner_count, 100, "a set is copied")

    def test_every_ready_set_suits_a_company(self):
        presets = self.env["crm.lifecycle.preset"].search([])
        self.assertTrue(presets)
        for preset in presets:
            with self.subTest(preset=preset.name):
                self.company_2.write(preset._get_limits())

    def test_contradictions_are_refused_where_they_are_typed(self):
        for model in (WIZARD, "crm.lifecycle.preset"):
            for vals in (
                {"lifecycle_regular_count": 50},
                {"lifecycle_abc_a_limit": 99},
                {"lifecycle_lost_days": -1},
                {"lifecycle_lost_rhythm_factor": 0},
            ):
                with (
                    self.subTest(model=model, vals=vals),
                    self.assertRaises(ValidationError),
                ):
                    self.env[model].create(
                        {"name": "Ours", **vals} if model != WIZARD else vals
                    )

    def test_copied_set_has_a_name_of_its_own(self):
        preset = self.env["crm.lifecycle.preset"].create({"name": "Bakeries"})
        self.assertEqual(preset.copy().name, "Bakeries (copy)")

    # ------------------------------------------------------------
    # THE RUN
    # ------------------------------------------------------------

    def test_run_takes_over_the_choice_and_asks_the_job(self):
        self._sell()
        self.company_2.lifecycle_first_run_until = fields.Datetime.now() + timedelta(1)
        self.env["ir.cron.trigger"].search([]).unlink()
        wizard = self._start(lifecycle_basis="invoice", lifecycle_lost_days=200)
        self.assertEqual(self.company_2.lifecycle_basis, "invoice")
        self.assertEqual(self.company_2.lifecycle_lost_days, 200)
        self.assertEqual(self.company_2.lifecycle_full_read_cause, "baseline")
        self.assertFalse(self.company_2.lifecycle_first_run_until)
        job = self.env.ref("crm_lifecycle.ir_cron_lifecycle")
        self.assertTrue(
            self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)]), "woken"
        )
        self.assertEqual(wizard.run_state, "queued")
        self.assertEqual(wizard.progress, 0)

    def test_progress_follows_the_job(self):
        self._sell()
        wizard = self._start()
        job = self.env.ref("crm_lifecycle.ir_cron_lifecycle")
        progress = self.env["ir.cron.progress"].create(
            {"cron_id": job.id, "done": 500, "remaining": 0}
        )
        self.company_2.write(
            {
                "lifecycle_read_progress_id": progress.id,
                "lifecycle_read_progress_from": 500,
            }
        )
        for done, remaining, state, per_cent in (
            (500, 0, "reading", 0),
            (501, 4000, "writing", 0),
            (1501, 3000, "writing", 25),
            (4501, 0, "writing", 99),
        ):
            progress.write({"done": done, "remaining": remaining})
            wizard.invalidate_recordset()
            with self.subTest(done=done):
                self.assertEqual(wizard.run_state, state)
                self.assertAlmostEqual(wizard.progress, per_cent)
                self.assertTrue(wizard.is_running)
        self.assertEqual(wizard.left_count, 0)

    def test_done_leads_to_the_board(self):
        self._sell(0)
        self._sell(1)
        wizard = self._start()
        self.engine._recompute(self.company_2)
        self.company_2.lifecycle_full_read_cause = False
        wizard.invalidate_recordset()
        self.assertEqual(wizard.run_state, "done")
        self.assertEqual(wizard.progress, 100)
        self.assertFalse(wizard.is_running)
        self.assertEqual(wizard.profile_count, 2)
        action = wizard.action_open_board()
        self.assertEqual(action["views"][0][1], "kanban")

    def test_again_is_safe(self):
        """A second baseline is not made, and nothing people decided is lost."""
        self._sell(0, count=3)
        self._start()
        self.engine._recompute(self.company_2)
        self.company_2.lifecycle_full_read_cause = False
        profile = self._profile(self.customers[0], self.company_2)
        profile.hold_stage("working", "A new buyer", self.day(-20))
        profile.set_potential(5000, "The buyer", "high")
        baseline_at = self.company_2.lifecycle_baseline_at
        wizard = self._start(lifecycle_regular_count=2)
        self.assertEqual(self.company_2.lifecycle_full_read_cause, "settings")
        self.assertEqual(wizard.run_state, "queued")
        self.engine._recompute(self.company_2, cause="settings")
        self.company_2.lifecycle_full_read_cause = False
        wizard.invalidate_recordset()
        self.assertEqual(wizard.run_state, "done")
        self.assertEqual(self.company_2.lifecycle_baseline_at, baseline_at)
        self.assertEqual(profile.stage_id.code, "working")
        self.assertEqual(profile.computed_stage_id.code, "regular")
        self.assertEqual(profile.potential_amount, 5000)
        causes = self._transitions(self.customers[0], self.company_2).mapped("cause")
        self.assertEqual(causes.count("baseline"), 1)

    def test_again_without_a_change_does_nothing(self):
        self._sell()
        self.engine._recompute(self.company_2)
        self.company_2.lifecycle_full_read_cause = False
        wizard = self._start()
        self.assertFalse(self.company_2.lifecycle_full_read_cause)
        self.assertEqual(wizard.run_state, "done")

    # ------------------------------------------------------------
    # ACCESS
    # ------------------------------------------------------------

    def test_only_sales_managers_use_it(self):
        for user in (self.user_salesman_3, self.user_internal, self.user_portal):
            for model in (WIZARD, "crm.lifecycle.preset"):
                with self.subTest(user=user.login, model=model):
                    self.assertFalse(self.env[model].with_user(user).has_access("read"))

    def test_nothing_of_a_company_that_is_not_ones_own(self):
        self._sell()
        wizards = self.env[WIZARD].with_user(self.user_manager)
        with self.assertRaises(AccessError):
            wizards.create({"company_id": self.company_2.id})
        with self.assertRaises(AccessError):
            wizards.onchange(
                {"company_id": self.company_2.id},
                [],
                {"company_id": {}, "sale_count": {}},
            )
        with self.assertRaises(AccessError):
            self.company_2.with_user(self.user_manager)._lifecycle_start_first_run({})

    def test_pages_of_somebody_else_stay_closed(self):
        wizard = self._start()
        with self.assertRaises(AccessError):
            wizard.with_user(self.user_manager).read(["sale_count"])
