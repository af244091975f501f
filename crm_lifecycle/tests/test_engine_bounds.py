# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, time, timedelta

from odoo.exceptions import UserError, ValidationError

from .common import TestLifecycleCommon


class TestEngineBounds(TestLifecycleCommon):
    """What people mistype must neither stop a pass nor make a list unreadable."""

    def test_a_quotation_valid_for_ever(self):
        customer = self._create_customer("Patient")
        order = self._create_order(customer, self.day(5), state="sent")
        order.validity_date = "9999-12-31"
        self._recompute(customer)
        profile = self._profile(customer)
        self.assertTrue(profile.stage_id)
        self.assertFalse(
            profile.next_evaluation_date, "for ever is no day to look again"
        )

    def test_an_amount_beyond_reason(self):
        rich, other = self._create_customer("Typo"), self._create_customer("Other")
        self._create_order(rich, self.day(5), amount=1e17)
        self._create_order(other, self.day(5), amount=100)
        self._recompute(rich + other)
        self.assertEqual(self._profile(other).revenue, 100)
        self.assertEqual(self._profile(rich).purchase_count, 1)
        self.assertEqual(self._profile(rich).revenue, 1e15)

    def test_no_bound_in_place_of_nothing(self):
        """A customer without purchase in the window or without rhythm has neither an
        average nor an expected day."""
        once, never = self._create_customer("Once"), self._create_customer("Never")
        self._create_order(once, self.day(500))
        self._create_order(never, self.day(5), state="draft")
        self._recompute(once + never)
        for customer in once + never:
            profile = self._profile(customer)
            self.assertFalse(profile.average_purchase)
            self.assertFalse(profile.expected_purchase_date)
        self.assertEqual(self._profile(never).lifetime_revenue, 0)

    def test_settings_no_date_can_bear(self):
        for name in (
            "lifecycle_window_days",
            "lifecycle_lost_days",
            "lifecycle_newcomer_days",
            "lifecycle_partner_days",
        ):
            with (
                self.subTest(name),
                self.assertRaisesRegex(ValidationError, "at most 36500"),
            ):
                self.company.write({name: 36501})
        with self.assertRaisesRegex(ValidationError, "at most 1000"):
            self.company.lifecycle_lost_rhythm_factor = 1001

    def test_what_if_with_such_settings(self):
        engine = self.env["crm.lifecycle.engine"]
        with self.assertRaisesRegex(UserError, "from 0 to 36500"):
            engine._preview(self.company, {"lifecycle_window_days": 1500000000})

    def test_excluded_customer_keeps_rfm_but_no_class(self):
        excluded, other = (
            self._create_customer("Excluded"),
            self._create_customer("Other"),
        )
        for customer in excluded + other:
            self._create_order(customer, self.day(5))
        self._recompute()
        self._profile(excluded).exclude("A lawyer, not a customer")
        self._recompute()
        profile = self._profile(excluded)
        self.assertFalse(profile.abc_class)
        self.assertFalse(profile.category_id)
        self.assertGreaterEqual(profile.recency_score, 1)
        self.assertTrue(self._profile(other).abc_class)

    def test_action_by_hand_comes_before_older_events(self):
        """The transition names who did it, although a document waited longer."""
        customer = self._create_customer("Waiting")
        self._create_order(customer, self.day(5))
        self._recompute(customer)
        profile = self._profile(customer)
        events = self.env["crm.lifecycle.event"]
        self.env.cr.execute("DELETE FROM crm_lifecycle_event")
        events._gather(customer.ids, self.company)
        self.env.cr.precommit.run()
        profile._write_people(
            {"is_key_account": True, "key_date": self.day(0), "key_reason": "Ours"}
        )
        events._append_manual(profile, self.env.user, self.day(0))
        self.env["crm.lifecycle.engine"]._drain()
        transition = self._transitions(customer)[-1]
        self.assertEqual(transition.to_stage_id.code, "key")
        self.assertEqual(transition.cause, "manual")
        self.assertEqual(transition.user_id, self.env.user)


class TestJob(TestLifecycleCommon):
    """The one job, through Odoo's own scheduler."""

    def _run_job(self):
        self.env.cr.flush()  # what is gathered at the end of a transaction
        with self.enter_registry_test_mode():
            self.env.ref("crm_lifecycle.ir_cron_lifecycle").method_direct_trigger()
        self.env.invalidate_all()

    def test_time_zone_of_the_calendar(self):
        """The zone the company inherits changes every day as its own would."""
        self.company.lifecycle_tz = False
        self.company.resource_calendar_id.tz = "UTC"
        self._run_job()
        self.assertEqual(self.company.lifecycle_pass_tz, "UTC")
        before = self.company.lifecycle_full_read_at
        self.env.cr.execute(
            "UPDATE res_company SET lifecycle_full_read_at = NULL WHERE id = %s",
            [self.company.id],
        )
        self.env.invalidate_all()
        self.company.resource_calendar_id.tz = "Asia/Tokyo"
        self._run_job()
        self.assertEqual(self.company.lifecycle_pass_tz, "Asia/Tokyo")
        self.assertGreaterEqual(self.company.lifecycle_full_read_at, before)

    def test_the_job_comes_back_when_the_next_day_begins(self):
        """What the date alone changes waits neither for a document nor for the hour at
        which the application was installed."""
        cron = self.env.ref("crm_lifecycle.ir_cron_lifecycle")
        for zone, hour in (("Asia/Tokyo", 15), ("America/Bogota", 5)):
            self.company.lifecycle_tz = zone
            self.company.lifecycle_last_pass_date = False
            self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()
            self._run_job()
            midnight = datetime.combine(self.day(-1), time(hour))
            if hour > 12:  # east of Greenwich the day begins the day before
                midnight -= timedelta(days=1)
            woken = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
            self.assertIn(midnight, woken.mapped("call_at"), zone)
            self.assertGreater(midnight, self.env.cr.now())
        self._run_job()
        again = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertEqual(len(again.filtered(lambda t: t.call_at == midnight)), 1)

    def test_request_made_during_a_pass_survives_it(self):
        self._run_job()
        engine = type(self.env["crm.lifecycle.engine"])
        full_read = engine._full_read

        def read_while_somebody_saves(model, parameters):
            result = full_read(model, parameters)
            model._request_full_read(self.company, "settings")
            return result

        self.env["crm.lifecycle.engine"]._request_full_read(self.company, "demand")
        self.patch(engine, "_full_read", read_while_somebody_saves)
        self._run_job()
        self.assertEqual(self.company.lifecycle_full_read_cause, "settings")
        self.patch(engine, "_full_read", full_read)
        self._run_job()
        self.assertFalse(self.company.lifecycle_full_read_cause)

    def test_recoverable_reason_ceases_to_be_one(self):
        customer = self._create_customer("Gone")
        self._create_order(customer, self.day(200))
        self._run_job()
        reason = self.env["crm.lifecycle.lost.reason"].create(
            {"name": "Moved away", "is_recoverable": True}
        )
        self._profile(customer).declare_lost(reason.id)
        self.assertStage(customer, "lost_recoverable")
        reason.is_recoverable = False
        self._run_job()
        self.assertStage(customer, "lost")
        self.assertEqual(self._transitions(customer)[-1].cause, "settings")

    def test_customers_queued_before_the_baseline(self):
        """One transition each, and nothing reacts to it."""
        self.env.cr.execute(
            "UPDATE res_company SET lifecycle_baseline_at = NULL; "
            "DELETE FROM crm_lifecycle_profile"
        )
        self.env.invalidate_all()
        early, queued = self._create_customer("Early"), self._create_customer("Queued")
        self._create_order(early, self.day(100))
        self.env.cr.flush()
        self.env.cr.execute("DELETE FROM crm_lifecycle_event")
        self._create_order(queued, self.day(100))
        self.env.cr.flush()
        self._run_job()
        for customer in early + queued:
            transition = self._transitions(customer)
            self.assertEqual(len(transition), 1, customer.name)
            self.assertEqual(transition.cause, "baseline")
            self.assertTrue(transition.reacted_at)
            self.assertTrue(self._profile(customer).abc_class)
