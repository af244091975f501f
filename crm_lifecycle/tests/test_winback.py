# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from .winback_common import WinbackCommon


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
