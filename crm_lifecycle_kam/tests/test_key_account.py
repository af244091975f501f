# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger

from .key_common import TestKeyCommon


class TestKeyAccount(TestKeyCommon):
    """The way in and out of the programme, and the flag that follows it."""

    def test_nomination_to_leaving(self):
        key = self._nominate()
        self.assertEqual(key.state, "nominated")
        self.assertEqual(key.nominated_by_id, self.user_salesman)
        self.assertEqual(key.nominated_date, self.today)
        self.assertFalse(self.card.is_key_account)
        with self.assertRaises(AccessError):
            key.action_approve()
        key.with_user(self.user_manager).action_approve()
        self.assertEqual(key.state, "running")
        self.assertEqual(key.approved_by_id, self.user_manager)
        self.assertTrue(self.card.is_key_account)
        self.assertEqual(self.card.stage_id.code, "key")
        self.assertEqual(
            self.card.key_reason, "Opens a market; Agreed with the management"
        )
        action = key.with_user(self.user_manager).action_leave()
        dialog = self.env[action["res_model"]].with_user(self.user_manager)
        dialog = dialog.with_context(**action["context"]).create({"reason": "Too dear"})
        dialog.action_apply()
        self.assertEqual(key.state, "left")
        self.assertEqual(key.end_reason, "Too dear")
        self.assertEqual(key.date_end, self.today)
        self.assertFalse(self.card.is_key_account)
        self.assertFalse(self.card.key_manager_id)

    def test_the_action_of_the_base_makes_a_record(self):
        key = self._mark()
        self.assertEqual(key.manager_id, self.user_salesman)
        self.assertEqual(self.card.key_manager_id, self.user_salesman)
        self.assertEqual(key.reason, "Big; Agreed")
        self.card.with_user(self.user_manager).unmark_key_account("Over")
        self.assertEqual(key.state, "left")
        again = self._mark()
        self.assertNotEqual(again, key)
        self.assertEqual(len(self.card.key_account_ids), 2)

    def test_declared_lost_leaves(self):
        key = self._mark()
        reason = self.env["crm.lifecycle.lost.reason"].search([], limit=1)
        self.card.with_user(self.user_manager).declare_lost(
            reason.id, withdraw_flags=True
        )
        self.assertEqual(key.state, "left")

    def test_second_approval(self):
        self.company.lifecycle_key_approval = True
        result = self.card.with_user(self.user_manager).mark_key_account("Big", "Yes")
        self.assertEqual(result["done"], self.card.ids)
        key = self.card.key_account_ids
        self.assertEqual(key.state, "nominated")
        self.assertFalse(self.card.is_key_account)
        again = self.card.with_user(self.user_manager).mark_key_account("Big", "Yes")
        self.assertFalse(again["done"])
        self.assertEqual(again["skipped"][0]["id"], self.card.id)
        with self.assertRaises(AccessError):
            key.with_user(self.user_manager).action_approve()
        key.with_user(self.user_leader).action_approve()
        self.assertTrue(self.card.is_key_account)

    def test_eligibility(self):
        with self.assertRaises(UserError):
            self._nominate(despite_reason=False)
        vip = self._create_card("Vip")
        vip.with_user(self.user_manager).name_vip(
            self.user_manager.id, "Known", despite_reason="Agreed"
        )
        key = self._nominate(vip, self.user_manager, despite_reason=False)
        self.assertTrue(key.is_eligible)

    def test_refusal_needs_a_reason(self):
        key = self._nominate().with_user(self.user_leader)
        with self.assertRaises(UserError):
            key.action_refuse()
        key.end_reason = "Too small"
        key.action_refuse()
        self.assertEqual(key.state, "refused")
        self.assertEqual(key.ended_by_id, self.user_leader)
        self.assertFalse(self.card.is_key_account)
        self._nominate()  # another day

    def test_one_open_record(self):
        self._nominate()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                self._nominate()

    def test_only_actions_change_the_state(self):
        key = self._nominate().with_user(self.user_manager)
        for vals in ({"state": "running"}, {"approved_by_id": self.env.uid}):
            with self.assertRaises(UserError):
                key.write(vals)
        tricked = self._nominate(
            self._create_card("Trick"), self.user_manager, state="running"
        )
        self.assertEqual(tricked.state, "nominated")
        running = self._mark(self._create_card("Running"))
        with self.assertRaises(UserError):
            running.unlink()
        with self.assertRaises(UserError):
            running.copy()

    def test_cap(self):
        self.company.lifecycle_key_cap = 1
        self._mark()
        other = self._create_card("Other", user_id=self.user_salesman.id)
        second = self._mark(other)
        self.assertFalse(second.manager_id, "the cap is reached")
        with self.assertRaises(ValidationError):
            second.manager_id = self.user_salesman
        self.company.lifecycle_key_cap = 2
        second.manager_id = self.user_salesman
        self.assertEqual(other.key_manager_id, self.user_salesman)

    def test_adoption(self):
        self._mark()
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM crm_key_account")
        self.env.invalidate_all()
        self.Key._adopt_flags()
        key = self.card.key_account_ids
        self.assertEqual(key.state, "running")
        self.assertEqual(key.approved_date, self.card.key_date)
        self.Key._adopt_flags()
        self.assertEqual(self.card.key_account_ids, key)

    def test_group_figures_in_one_query(self):
        cards = self.Profile
        partners = self._create_customers(202, "Group")
        self.engine._add_profiles(self.company, partners)
        cards = self.Profile.search([("partner_id", "in", partners.ids)])
        self.env.cr.execute(
            "UPDATE crm_lifecycle_profile SET revenue = 10, margin = 3, "
            "window_purchase_count = 2 WHERE id = ANY(%s)",
            [cards.ids],
        )
        self.env.invalidate_all()
        one, two = self._mark(cards[0]), self._mark(cards[1])
        # the pass of the mark computed these two again: nothing bought
        one.account_ids = [Command.set(cards[2:102].ids)]
        two.account_ids = [Command.set(cards[102:].ids)]
        keys = one + two
        keys.mapped("currency_id.rounding")
        self.env.flush_all()
        keys.invalidate_recordset(
            ["account_count", "revenue", "margin", "window_purchase_count"]
        )
        with self.assertQueryCount(1):
            figures = [
                (k.account_count, k.revenue, k.margin, k.window_purchase_count)
                for k in keys
            ]
        self.assertEqual(figures, [(101, 1000, 300, 200)] * 2)

    def test_one_group_for_an_account(self):
        plant = self._create_card("Plant")
        key = self._mark()
        key.account_ids = plant
        other = self._mark(self._create_card("Another"))
        with self.assertRaises(ValidationError):
            other.account_ids = plant
        with self.assertRaises(ValidationError):
            key.account_ids = self.card
        with self.assertRaises(ValidationError):
            key.successor_ids = [Command.create({"profile_id": self.card.id})]
