# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger

from .common import TestLifecycleCompanies


class WinbackCommon(TestLifecycleCompanies):
    """A customer lost by silence, and helpers to try and win it back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Attempt = cls.env["crm.winback.attempt"]
        cls.price = cls.env["crm.lifecycle.lost.reason"].create(
            {"name": "Price", "ended_by": "customer", "is_recoverable": True}
        )
        cls.we = cls.env["crm.lifecycle.lost.reason"].create(
            {"name": "We ended it", "ended_by": "we", "is_recoverable": True}
        )
        cls.closed = cls.env["crm.lifecycle.lost.reason"].create(
            {"name": "Closed down", "ended_by": "nobody", "is_recoverable": False}
        )
        cls.customer = cls._create_customer("Acme")
        case = cls()
        # the 100 lie a day too early to count as lost
        for ago, amount in ((765, 100), (764, 20), (430, 10), (400, 50)):
            case._create_order(cls.customer, case.day(ago), amount)
        cls.profile = case._recompute(cls.customer)
        cls.profile._set_responsible(cls.user_salesman)

    def _start(self, profiles=None, argument="Speed", user=None, **values):
        profiles = self.profile if profiles is None else profiles
        return profiles.with_user(user or self.user_manager).start_winback(
            argument, **values
        )

    def _attempts(self, profile=None):
        return self.Attempt.search(
            [("profile_id", "=", (profile or self.profile).id)], order="id"
        )

    def _react(self):
        """The step of the job, without its commits."""
        self.env.flush_all()
        with patch.object(type(self.engine), "_commit_progress", lambda *_a, **_k: 0):
            self.engine._close_winback_attempts()
        self.env.invalidate_all()

    def _buy(self, ago=0, amount=70.0):
        self._create_order(self.customer, self.day(ago), amount)
        self._recompute(self.customer)


class TestWinback(WinbackCommon):
    # ------------------------------------------------------------
    # QUEUE
    # ------------------------------------------------------------

    def test_queue(self):
        self.assertStage(self.customer, "lost_recoverable")
        self.assertRecordValues(
            self.profile,
            [
                {
                    "is_winback_candidate": True,
                    "winback_state": "ready",
                    "winback_attempt_count": 0,
                    "lost_value": 80.0,
                    "last_product_ids": self.product.ids,
                }
            ],
        )
        found = self.Profile.search(
            [("is_winback_candidate", "=", True), ("winback_state", "=", "ready")]
        )
        self.assertIn(self.profile, found)

    def test_never_those_we_ended_nor_others(self):
        cases = {
            "we": lambda profile: profile.declare_lost(self.we.id),
            "closed": lambda profile: profile.declare_lost(self.closed.id),
            "excluded": lambda profile: profile.exclude("Lawyer"),
            "archived": lambda profile: profile.partner_id.action_archive(),
            "back": lambda profile: self._create_order(profile.partner_id, self.day(1)),
        }
        for name, change in cases.items():
            with self.subTest(name):
                partner = self._create_customer(name)
                self._create_order(partner, self.day(500))
                profile = self._recompute(partner)
                self.assertTrue(profile.is_winback_candidate)
                change(profile)
                self._recompute(partner)
                profile.invalidate_recordset()
                self.assertFalse(profile.is_winback_candidate)
                result = self._start(profile)
                self.assertEqual(result["done"], [])
                self.assertEqual(len(result["skipped"]), 1)
                self.assertFalse(self._attempts(profile))

    def test_a_declaration_that_a_purchase_ended_bars_nobody(self):
        partner = self._create_customer("Twice")
        self._create_order(partner, self.day(800))
        profile = self._recompute(partner)
        profile.declare_lost(self.we.id, self.day(700))
        self.assertFalse(profile.is_winback_candidate)
        self._create_order(partner, self.day(600))
        self._recompute(partner)
        profile.invalidate_recordset()
        self.assertTrue(profile.is_winback_candidate)

    def test_value_lost_follows_documents_and_stage(self):
        order = self.env["sale.order"].search(
            [("partner_id", "=", self.customer.id)], order="date_order desc", limit=1
        )
        order.order_line.price_unit = 60
        self._recompute(self.customer)
        self.assertEqual(self.profile.lost_value, 90)
        self.engine._recompute(self.company)
        self.profile.invalidate_recordset()
        self.assertEqual(self.profile.lost_value, 90)
        self._buy()
        self.assertFalse(self.profile.lost_value)

    def test_value_lost_is_filled_for_everybody(self):
        self.env.cr.execute("UPDATE crm_lifecycle_profile SET lost_value = NULL")
        parameters = self.engine._get_parameters(self.company)
        with patch.object(type(self.engine), "_commit_progress", lambda *_a, **_k: 0):
            self.engine._write_all_lost_values(parameters)
        self.env.invalidate_all()
        self.assertEqual(self.profile.lost_value, 80)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def test_start(self):
        plan = self.env.ref("crm_lifecycle.mail_activity_plan_winback")
        self.profile.winback_expectation = "Delivery in two days"
        result = self._start(
            argument=" Own <b>lorry</b> ",
            lost_reason_id=self.price.id,
            first_argument="Price",
            plan_id=plan.id,
        )
        self.assertEqual(result["done"], self.profile.ids)
        attempt = self._attempts()
        self.assertRecordValues(
            attempt,
            [
                {
                    "state": "running",
                    "argument": "Own <b>lorry</b>",
                    "expectation": "Delivery in two days",
                    "lost_reason_id": self.price.id,
                    "user_id": self.user_salesman.id,
                    "value_at_stake": 80.0,
                    "date_start": self.today,
                    "date_lost": self.profile.stage_date,
                    "last_purchase_date": self.day(400),
                }
            ],
        )
        lead = attempt.lead_id
        self.assertRecordValues(
            lead,
            [
                {
                    "type": "opportunity",
                    "partner_id": self.customer.id,
                    "user_id": self.user_salesman.id,
                    "team_id": self.team_1.id,
                    "expected_revenue": 80.0,
                    "tag_ids": self.env.ref("crm_lifecycle.crm_tag_winback").ids,
                }
            ],
        )
        self.assertIn("Own &lt;b&gt;lorry&lt;/b&gt;", lead.description)
        activities = lead.activity_ids.sorted("date_deadline")
        self.assertEqual(
            activities.mapped("summary"), plan.template_ids.mapped("summary")
        )
        self.assertEqual(activities.user_id, self.user_salesman)
        self.assertEqual(activities[0].date_deadline, self.today)
        self.assertIn("Delivery in two days", activities[0].note)
        self.assertEqual(self.profile.winback_state, "running")
        self.assertEqual(self.profile.winback_attempt_count, 1)

    def test_playbook_that_answered_the_loss(self):
        playbook = self.env["crm.lifecycle.playbook"].create({"name": "Win back"})
        earlier = playbook.copy()
        for book, day in (
            (earlier, self.profile.stage_date - timedelta(1)),
            (playbook, self.profile.stage_date),
        ):
            self.env["crm.lifecycle.playbook.run"].sudo().create(
                {
                    "playbook_id": book.id,
                    "profile_id": self.profile.id,
                    "event_key": str(day),
                    "event_date": day,
                    "due_date": day,
                    "state": "done",
                    "recorded_at": self.noon(day),
                    "fired_date": day,
                }
            )
        self._start()
        self.assertEqual(self._attempts().playbook_id, playbook)
        row = self.env["crm.winback.report"].search(
            [("attempt_id", "=", self._attempts().id)]
        )
        self.assertEqual(row.playbook_id, playbook)

    def test_start_twice(self):
        self._start()
        result = self._start(argument="Other")
        self.assertFalse(result["done"])
        self.assertEqual(len(self._attempts()), 1)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                self.Attempt.sudo().create(
                    {
                        "profile_id": self.profile.id,
                        "argument": "x",
                        "date_start": self.today,
                    }
                )
                self.env.flush_all()

    def test_another_argument(self):
        with self.assertRaises(UserError):
            self._start(argument="the  LOWEST price", first_argument="The lowest price")
        self._start(argument="Speed")
        self.profile.give_up_winback("No budget")
        self.assertFalse(self._start(argument="speed ")["done"])
        self.assertTrue(self._start(argument="Service")["done"])
        with self.assertRaises(ValidationError):
            self._attempts()[-1].first_argument = "Service"

    def test_postpone_and_go_on(self):
        later = self.today + timedelta(30)
        self.profile.postpone_winback(later)
        self.assertEqual(self.profile.winback_state, "postponed")
        self.assertFalse(self._attempts())
        self._start()
        self.assertFalse(self.profile.winback_date)
        self.profile.postpone_winback(later, "Contract runs")
        attempt = self._attempts()
        self.assertRecordValues(
            attempt,
            [{"state": "postponed", "postponed_until": later, "note": "Contract runs"}],
        )
        self.assertEqual(self.profile.winback_state, "postponed")
        lead = attempt.lead_id
        self._start(argument="Service")
        self.assertEqual(self._attempts(), attempt, "it goes on")
        self.assertEqual(attempt.lead_id, lead)
        self.assertRecordValues(attempt, [{"state": "running", "argument": "Service"}])
        self.profile.postpone_winback(later)
        attempt.action_resume()
        self.assertEqual(attempt.state, "running")
        self.assertEqual(self.profile.winback_state, "running")
        self.assertFalse(self.profile.postpone_winback(self.today)["done"])
        with self.assertRaises(UserError):
            self.profile.postpone_winback(self.day(1))

    def test_give_up(self):
        self.assertFalse(self.profile.give_up_winback("No")["done"], "none runs")
        self._start()
        with self.assertRaises(UserError):
            self.profile.give_up_winback("  ")
        with self.assertRaises(UserError):
            self.profile.give_up_winback("No", self.price.id)
        self.profile.give_up_winback("No budget")
        self.assertRecordValues(
            self._attempts(),
            [
                {
                    "state": "given_up",
                    "result": "no",
                    "note": "No budget",
                    "date_end": self.today,
                }
            ],
        )
        self.assertEqual(self.profile.winback_state, "ready", "still in the queue")

    def test_give_up_for_good(self):
        self.profile.declare_lost(self.price.id)
        self._start()
        self.profile.give_up_winback("Sold out", self.closed.id)
        self.assertEqual(self._attempts().result, "lost")
        self.assertStage(self.customer, "lost")
        self.assertEqual(self.profile.lost_reason_id, self.closed)
        self.assertFalse(self.profile.is_winback_candidate)
        self.assertFalse(self.profile.lost_value)

    # ------------------------------------------------------------
    # RETURN
    # ------------------------------------------------------------

    def test_purchase_closes_the_attempt(self):
        self._start()
        attempt = self._attempts()
        attempt.sudo().date_start = self.day(20)
        self._react()
        self.assertEqual(attempt.state, "running", "nothing bought")
        self._buy(7)
        self._buy(2)
        self._react()
        closed = {
            "state": "won_back",
            "result": "purchase",
            "return_date": self.day(7),
            "date_end": self.day(7),
        }
        self.assertRecordValues(attempt, [closed])
        written = attempt.write_date
        self._react()
        attempt.invalidate_recordset()
        self.assertRecordValues(attempt, [{**closed, "write_date": written}])

    def test_whatever_made_the_engine_look(self):
        """A purchase noticed in an action of people has the cause “by hand”."""
        self._start()
        self._create_order(self.customer, self.today)
        self.profile.set_potential(amount=100)
        self.assertEqual(self._transitions(self.customer)[-1].cause, "manual")
        self._react()
        self.assertEqual(self._attempts().state, "won_back")

    def test_postponed_attempts_are_won_back_too(self):
        self._start()
        self.profile.postpone_winback(self.today + timedelta(30))
        self._buy()
        self._react()
        self.assertRecordValues(
            self._attempts(), [{"state": "won_back", "postponed_until": False}]
        )

    def test_a_purchase_entered_late_is_nobodys_success(self):
        self._start()
        self._buy(3)
        self._react()
        self.assertRecordValues(
            self._attempts(),
            [
                {
                    "state": "given_up",
                    "result": "before",
                    "return_date": self.day(3),
                    "date_end": self.today,
                }
            ],
        )

    def test_a_flag_brings_nobody_back(self):
        self._start()
        self.profile.name_vip(self.user_manager.id, "Brand", despite_reason="Brand")
        self._react()
        self.assertEqual(self._attempts().state, "running")

    def test_closed_with_the_customer(self):
        self._start()
        self.profile.exclude("Lawyer")
        self._react()
        self.assertRecordValues(
            self._attempts(), [{"state": "given_up", "result": "excluded"}]
        )

    def test_declared_lost_elsewhere(self):
        self._start()
        self.profile.declare_lost(self.closed.id)
        self._react()
        self.assertRecordValues(
            self._attempts(), [{"state": "given_up", "result": "lost"}]
        )

    def test_step_of_the_job(self):
        self._start()
        self._buy()
        with patch.object(type(self.engine), "_commit_progress", lambda *_a, **_k: 0):
            self.engine._react()
        self.env.invalidate_all()
        self.assertEqual(self._attempts().state, "won_back")


class TestWinbackAccess(WinbackCommon):
    def test_who_sees_and_starts(self):
        colleague = self._create_customer("Of a colleague")
        self._create_order(colleague, self.day(500))
        other = self._recompute(colleague)
        other._set_responsible(self.user_salesman_2)
        self._start(other)
        self._start()
        attempts = self._attempts() + self._attempts(other)
        for user, visible in (
            (self.user_salesman, attempts[0]),
            (self.user_leader, attempts[0]),
            (self.user_all, attempts),
            (self.user_manager, attempts),
            (self.user_manager_2, self.Attempt),
        ):
            with self.subTest(user=user.login):
                seen = self.Attempt.with_user(user).search(
                    [("id", "in", attempts.ids)], order="id"
                )
                self.assertEqual(seen, visible)
        with self.assertRaises(AccessError):
            self._start(other, user=self.user_salesman, argument="z")
        with self.assertRaises(AccessError):
            self._start(other, user=self.user_internal, argument="z")

    def test_owner_without_the_card(self):
        self._start(user_id=self.user_salesman_2.id)
        attempt = self._attempts().with_user(self.user_salesman_2)
        self.assertEqual(attempt.partner_id.name, "Acme")
        self.assertTrue(attempt.lead_id.has_access("write"))
        with self.assertRaises(UserError):
            self._start(argument="z", user_id=self.user_salesman_3.id)

    def test_people_write_words_not_results(self):
        self._start()
        attempt = self._attempts().with_user(self.user_salesman)
        attempt.write({"note": "Called", "argument": "Own lorry"})
        for vals in ({"state": "won_back"}, {"value_at_stake": 9}):
            with self.assertRaises(UserError):
                attempt.write(vals)
        with self.assertRaises(UserError):
            self.Attempt.with_user(self.user_manager).sudo(False).create(
                {"profile_id": self.profile.id, "argument": "x"}
            )
        with self.assertRaises(AccessError):
            attempt.unlink()
        self.profile.with_user(self.user_salesman).write(
            {"winback_expectation": "Two days", "winback_date": self.today}
        )
        with self.assertRaises(UserError):
            self.profile.with_user(self.user_salesman).write({"lost_value": 1})

    def test_two_companies(self):
        self._create_order(self.customer, self.day(500), 40, company=self.company_2)
        there = self._recompute(self.customer, company=self.company_2)
        self._start(there, user=self.user_manager_2)
        self.assertEqual(there.lost_value, 40)
        self.assertFalse(self._attempts())
        self.assertEqual(self._attempts(there).lead_id.company_id, self.company_2)
        self._buy()
        self._react()
        self.assertEqual(self._attempts(there).state, "running")


class TestWinbackMerge(WinbackCommon):
    def _merge(self, source, destination):
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (source + destination).ids, destination
        )
        self.env.invalidate_all()
        self.assertFalse(source.exists())

    def test_collision_in_one_company_and_none_in_the_other(self):
        twin = self._create_customer("Acme twice")
        self._create_order(twin, self.day(500), 7)
        self._create_order(twin, self.day(500), 8, company=self.company_2)
        double = self._recompute(twin)
        alone = self._recompute(twin, company=self.company_2)
        double.winback_expectation = "Quality"
        self._start()
        self._start(double)
        self._start(alone, user=self.user_manager_2)
        mine, theirs, there = (
            self._attempts(profile) for profile in (self.profile, double, alone)
        )
        self._merge(twin, self.customer)
        self.assertEqual(self._attempts(), mine + theirs)
        self.assertRecordValues(
            mine + theirs + there,
            [
                {"state": "running", "result": False},
                {"state": "given_up", "result": "merged"},
                {"state": "running", "result": False},
            ],
        )
        self.assertEqual(there.partner_id, self.customer)
        self.assertEqual(self.profile.winback_expectation, "Quality")
        self.assertEqual(self.profile.lost_value, 87, "7 of the merged one")

    def test_erasure(self):
        self._start(expectation="His wife's birthday")
        self.profile.give_up_winback("Angry")
        self.customer.with_user(self.user_manager).action_erase_lifecycle_person()
        attempt = self._attempts()
        self.assertFalse(attempt.expectation or attempt.note)
        self.assertFalse(self.profile.winback_expectation)

    def test_deleted_with_the_customer(self):
        self._start()
        attempt = self._attempts()
        self.env["sale.order"].search(
            [("partner_id", "=", self.customer.id)]
        )._action_cancel()
        partner = self._create_customer("Gone")
        profile = self._make_profiles(partner, stage="lost_recoverable")
        self._start(profile)
        gone = self._attempts(profile)
        gone.lead_id.unlink()
        self.assertFalse(gone.lead_id)
        partner.unlink()
        self.assertFalse(gone.exists())
        self.assertTrue(attempt.exists())
