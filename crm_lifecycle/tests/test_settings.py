# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import TestLifecycleCommon


@tagged("post_install", "-at_install")
class TestLifecycleSettings(TestLifecycleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "lifecycle_baseline_at": "2020-01-01",
                "lifecycle_full_read_cause": False,
                "lifecycle_settle_asked": False,
                # the demo data estimate potentials
                "lifecycle_potential_high": 0,
                "lifecycle_potential_medium": 0,
            }
        )
        cls.company.lifecycle_settle_asked = False

    # ------------------------------------------------------------
    # REFUSALS
    # ------------------------------------------------------------

    def test_contradictions_are_refused(self):
        """Each message names the field, so that the reader finds what to mend."""
        cases = [
            ({"lifecycle_working_count": 0}, "Working From"),
            ({"lifecycle_working_count": 4}, r"Working From .*\(4\) is above Regular"),
            ({"lifecycle_regular_count": 11}, r"Regular From .*\(11\) is above Proven"),
            ({"lifecycle_partner_count": 2}, "Proven Partner From"),
            ({"lifecycle_abc_a_limit": 0}, "Class A Up To"),
            ({"lifecycle_abc_a_limit": 95}, "Class A Up To"),
            ({"lifecycle_abc_b_limit": 101}, "Class B Up To"),
            ({"lifecycle_window_days": 0}, "Window"),
            ({"lifecycle_lost_rhythm_factor": 0}, "times the rhythm"),
            ({"lifecycle_lost_rhythm_factor": -1}, "times the rhythm"),
            ({"lifecycle_potential_medium": 10}, "Medium Potential From"),
            ({"lifecycle_potential_high": -1}, "High Potential From"),
            ({"lifecycle_vip_min_revenue": -1}, "VIP From Revenue"),
            ({"lifecycle_vip_stage_id": self.stage("vip").id}, "VIP From Stage"),
            ({"lifecycle_tz": "Mars/Olympus"}, "Time Zone .* is Mars/Olympus"),
        ]
        cases += [
            ({name: -1}, r"is -1, but must be at least 0")
            for name in (
                "lifecycle_partner_days",
                "lifecycle_lost_min_days",
                "lifecycle_lost_days",
                "lifecycle_typical_cycle_days",
                "lifecycle_dormant_days",
                "lifecycle_newcomer_days",
                "lifecycle_abc_newcomer_days",
                "lifecycle_abc_down_days",
                "lifecycle_potential_stale_days",
            )
        ]
        for vals, message in cases:
            with (
                self.subTest(vals=vals),
                self.assertRaisesRegex(ValidationError, message),
                self.env.cr.savepoint(),
            ):
                self.company.write(vals)

    def test_borders_are_accepted(self):
        self.company.write(
            {
                "lifecycle_working_count": 1,
                "lifecycle_regular_count": 1,
                "lifecycle_partner_count": 1,
                "lifecycle_partner_days": 0,
                "lifecycle_abc_a_limit": 1,
                "lifecycle_abc_b_limit": 100,
                "lifecycle_window_days": 1,
                "lifecycle_potential_high": 5,
                "lifecycle_potential_medium": 5,
                "lifecycle_tz": "Europe/Moscow",
            }
        )
        self.assertEqual(self.company.lifecycle_partner_count, 1)

    def test_margin_needs_orders(self):
        with self.assertRaisesRegex(ValidationError, "invoices carry no margin"):
            self.company.write(
                {"lifecycle_abc_value": "margin", "lifecycle_basis": "invoice"}
            )

    def test_margin_needs_sales_margin(self):
        company_class = type(self.company)
        with (
            patch.object(
                company_class, "_lifecycle_margin_installed", lambda self: False
            ),
            self.assertRaisesRegex(ValidationError, "Sales Margin is not installed"),
            self.env.cr.savepoint(),
        ):
            self.company.lifecycle_abc_value = "margin"
        with patch.object(
            company_class, "_lifecycle_margin_installed", lambda self: True
        ):
            self.company.lifecycle_abc_value = "margin"
        self.assertEqual(self.company.lifecycle_abc_value, "margin")

    # ------------------------------------------------------------
    # CONSEQUENCES
    # ------------------------------------------------------------

    def _assert_asked(self, full_read, settle):
        self.assertEqual(self.company.lifecycle_full_read_cause, full_read)
        self.assertEqual(self.company.lifecycle_settle_asked, settle)

    def test_stage_numbers_ask_for_a_full_read(self):
        for name, value in (
            ("lifecycle_regular_count", 4),
            ("lifecycle_lost_rhythm_factor", 2.5),
            ("lifecycle_basis", "invoice"),
            ("lifecycle_window_days", 180),
            ("lifecycle_tz", "Asia/Tokyo"),
            ("lifecycle_quotation_is_agreement", True),
        ):
            with self.subTest(name=name):
                self.company.lifecycle_full_read_cause = False
                self.company[name] = value
                self._assert_asked("settings", False)

    def test_ranking_settings_ask_for_a_settle(self):
        for name, value in (
            ("lifecycle_abc_a_limit", 70),
            ("lifecycle_newcomer_days", 30),
            ("lifecycle_potential_high", 1000),
            ("lifecycle_abc_down_days", 30),
        ):
            with self.subTest(name=name):
                self.company.lifecycle_settle_asked = False
                self.company[name] = value
                self._assert_asked(False, True)

    def test_same_value_or_filter_setting_asks_nothing(self):
        self.company.write(
            {
                "lifecycle_regular_count": self.company.lifecycle_regular_count,
                "lifecycle_abc_a_limit": self.company.lifecycle_abc_a_limit,
                "lifecycle_dormant_days": 20,
                "lifecycle_vip_min_revenue": 1000,
            }
        )
        self._assert_asked(False, False)

    def test_enabling(self):
        self.company.lifecycle_enabled = False
        self._assert_asked(False, False)
        self.company.lifecycle_regular_count = 5
        self._assert_asked(False, False)
        self.company.lifecycle_enabled = True
        self._assert_asked("demand", False)

    def test_baseline_comes_first(self):
        self.company.lifecycle_baseline_at = False
        self.company.lifecycle_regular_count = 5
        self._assert_asked("baseline", False)

    def test_new_company(self):
        company = self.env["res.company"].create({"name": "Second"})
        self.assertTrue(company.lifecycle_enabled)
        self.assertEqual(company.lifecycle_full_read_cause, "baseline")
        self.assertEqual(company.lifecycle_regular_count, 3)

    # ------------------------------------------------------------
    # PAGES
    # ------------------------------------------------------------

    def test_settings_page_saves_limits_together(self):
        """Both limits rise above the old second one: no order of writing them one by
        one would pass the check."""
        settings = self.env["res.config.settings"].create(
            {"lifecycle_regular_count": 20, "lifecycle_partner_count": 30}
        )
        settings.execute()
        self.assertEqual(self.company.lifecycle_regular_count, 20)
        self.assertEqual(self.company.lifecycle_partner_count, 30)
        self._assert_asked("settings", False)

    def test_settings_page_opens_and_saves(self):
        with Form(self.env["res.config.settings"]) as form:
            form.lifecycle_lost_days = 200
        form.save().execute()
        self.assertEqual(self.company.lifecycle_lost_days, 200)

    def test_stage_form_edits_the_current_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        stage = self.stage("regular")
        with Form(stage.with_company(other)) as form:
            form.regular_count = 6
        self.assertEqual(other.lifecycle_regular_count, 6)
        self.assertEqual(self.company.lifecycle_regular_count, 3)
        self.assertEqual(stage.with_company(self.company).regular_count, 3)

    def test_sales_manager_writes_the_limits_only(self):
        company = self.company.with_user(self.user_manager)
        company.write({"lifecycle_regular_count": 4})
        self.assertEqual(self.company.lifecycle_regular_count, 4)
        self._assert_asked("settings", False)
        for vals in (
            {"name": "Ours"},
            {"lifecycle_regular_count": 5, "name": "Ours"},
            {"lifecycle_baseline_at": False},
            {"lifecycle_enabled": True, "sequence": 5},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                company.write(vals)

    def test_sales_manager_uses_the_limits_page(self):
        company = self.company.with_user(self.user_manager)
        view = "crm_lifecycle.res_company_view_form_limits"
        arch = company.get_view(self.env.ref(view).id, "form")["arch"]
        self.assertIn('edit="1"', arch, "else the web client shows it read-only")
        with Form(company, view) as form:
            form.lifecycle_basis = "invoice"
            form.lifecycle_lost_days = 200
        self.assertEqual(self.company.lifecycle_lost_days, 200)
        self.assertEqual(self.company.lifecycle_basis, "invoice")

    def test_others_write_no_limits(self):
        for user in (self.user_salesman, self.user_all, self.user_internal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.company.with_user(user).write({"lifecycle_regular_count": 4})

    def test_no_limits_of_a_company_that_is_not_ones_own(self):
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(AccessError):
            other.with_user(self.user_manager).write({"lifecycle_regular_count": 4})

    def test_sales_manager_writes_through_the_stage_form(self):
        stage = self.stage("regular").with_user(self.user_manager)
        stage.regular_count = 5
        self.assertEqual(self.company.lifecycle_regular_count, 5)

    # ------------------------------------------------------------
    # HEALTH
    # ------------------------------------------------------------

    def test_health_buttons(self):
        company = self.company.with_user(self.user_manager)
        company.action_lifecycle_full_read()
        self._assert_asked("demand", False)
        job = self.env.ref("crm_lifecycle.ir_cron_lifecycle")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)])
        triggers.unlink()
        company.action_lifecycle_run_job()
        self.assertTrue(
            self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)]), "woken"
        )
        for user in (self.user_salesman, self.user_internal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.company.with_user(user).action_lifecycle_full_read()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.company.with_user(user).action_lifecycle_run_job()

    def test_queue_and_profile_counts(self):
        company = self.env["res.company"].create({"name": "Empty"})
        self.assertEqual(company.lifecycle_queue_count, 0)
        self.assertEqual(company.lifecycle_profile_count, 0)
        customers = self._create_customers(3)
        self._make_profiles(customers, company=company)
        company.invalidate_recordset()
        self.assertEqual(company.lifecycle_profile_count, 3)

    def test_totals_are_for_managers(self):
        self.company.lifecycle_limits = {"total": 12}
        with self.assertRaises(AccessError):
            self.company.with_user(self.user_salesman).read(["lifecycle_limits"])
        self.company.with_user(self.user_manager).read(["lifecycle_limits"])
