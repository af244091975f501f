# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tools import format_amount

from .actions_common import ActionsBase
from .dialogs_common import DialogsMixin


class TestDialogs(DialogsMixin, ActionsBase):
    """The dialogs ask, show what counts, and call the methods that hold the rules."""

    # ------------------------------------------------------------
    # EVERY KIND
    # ------------------------------------------------------------

    def test_every_kind(self):
        stage = self.stage("working").id
        profile = self.p_prospect
        steps = [
            ("agree", {}, {"is_agreed": True, "agreed_date": self.today}),
            ("clear_agreed", {}, {"is_agreed": False}),
            (
                "hold",
                {"hold_stage_id": stage, "reason": "Lease"},
                {"hold_reason": "Lease", "hold_until": self.today + timedelta(90)},
            ),
            ("release", {}, {"hold_reason": False, "hold_until": False}),
            (
                "name_vip",
                {"reason": "Big", "despite_reason": "Brand"},
                {
                    "is_vip": True,
                    "vip_reason": "Big; Brand",
                    "vip_sponsor_id": self.user_manager.id,
                    "vip_review_date": self.today + timedelta(180),
                },
            ),
            ("withdraw_vip", {"reason": "No more"}, {"is_vip": False}),
            (
                "mark_key",
                {"reason": "Big", "despite_reason": "Brand"},
                {"is_key_account": True, "key_reason": "Big; Brand"},
            ),
            ("unmark_key", {}, {"is_key_account": False}),
            (
                "declare_lost",
                {"lost_reason_id": self.lost_reason.id},
                {"lost_date": self.today, "lost_reason_id": self.lost_reason.id},
            ),
            (
                "winback_postpone",
                {"winback_until": self.today + timedelta(9), "reason": "Contract"},
                {"winback_state": "postponed"},
            ),
            ("winback_start", {"argument": "Speed"}, {"winback_state": "running"}),
            ("winback_give_up", {"reason": "No"}, {"winback_state": "ready"}),
            ("return_to_base", {}, {"lost_date": False}),
            (
                "set_potential",
                {"potential_amount": 900, "potential_source": "Tender"},
                {"potential_amount": 900.0, "potential_source": "Tender"},
            ),
            ("clear_potential", {}, {"potential_amount": 0.0}),
            ("assign", {"user_id": self.user_salesman.id}, {}),
            ("exclude", {"reason": "Lawyer"}, {"exclude_reason": "Lawyer"}),
            ("include", {}, {"is_excluded": False}),
            ("recompute", {}, {}),
        ]
        kinds = dict(self.env["crm.lifecycle.action"]._fields["kind"].selection)
        elsewhere = {"add_to_base", "ask_feedback"}
        # see test_cadence_decisions, test_cadence_planner
        elsewhere |= {"pause", "resume", "exempt", "interval", "plan"}
        self.assertEqual({step[0] for step in steps} | elsewhere, set(kinds))
        for kind, values, expected in steps:
            with self.subTest(kind=kind):
                said = self._decide(kind, profile, **values)
                self.assertEqual(said["type"], "success")
                self.assertEqual(said["message"], "Done: 1.")
                self.assertEqual(said["title"], kinds[kind])
                self.assertFalse(said["skipped"])
                self.assertRecordValues(profile, [expected])
        self.assertEqual(profile.user_id, self.user_salesman)

    def test_potential_by_factor_and_class(self):
        both = self.p_loyal + self.p_buyer
        self._decide(
            "set_potential",
            both,
            potential_by="factor",
            revenue_factor=2,
            potential_confidence="low",
        )
        self.assertEqual(self.p_loyal.potential_amount, 2 * self.p_loyal.revenue)
        self.assertEqual(self.p_buyer.potential_amount, 2 * self.p_buyer.revenue)
        self.assertEqual(set(both.mapped("potential_confidence")), {"low"})
        self._decide(
            "set_potential", both, potential_by="class", potential_class="high"
        )
        self.assertEqual(set(both.mapped("potential_class")), {"high"})
        self._decide(
            "set_potential", both, potential_by="class", potential_class="amount"
        )
        self.assertEqual(set(both.mapped("potential_class_manual")), {False})

    def test_known_potential_is_offered_again(self):
        self.p_buyer.set_potential(500, "Owner", "high")
        dialog = self._open_dialog("set_potential", self.p_buyer)
        self.assertEqual(dialog.potential_amount, 500)
        self.assertEqual(dialog.potential_source, "Owner")
        self.assertEqual(dialog.potential_confidence, "high")

    # ------------------------------------------------------------
    # VIP AND KEY ACCOUNT
    # ------------------------------------------------------------

    def test_vip_refused_without_reason_why_despite(self):
        dialog = self._open_dialog("name_vip", self.p_buyer)
        self.assertIn("No proven partner", dialog.facts)
        dialog.reason = "Big"
        with self.assertRaisesRegex(AssertionError, "despite_reason is a required"):
            dialog.save()
        with self.assertRaisesRegex(UserError, "Buyer: is no proven partner"):
            self._decide("name_vip", self.p_buyer, reason="Big")
        self.assertFalse(self.p_buyer.is_vip)
        dialog.despite_reason = "Their name"
        dialog.save().action_apply()
        self.assertTrue(self.p_buyer.is_vip)

    def test_vip_of_a_proven_partner(self):
        dialog = self._open_dialog("name_vip", self.p_loyal)
        self.assertIn("A proven partner", dialog.facts)
        self.assertEqual(dialog.vip_sponsor_id, self.user_manager)
        with self.assertRaisesRegex(AssertionError, "reason is a required"):
            dialog.save()
        dialog.reason = "Big"
        dialog.save().action_apply()
        self.assertStage(self.loyal, "vip")

    def test_criteria_of_the_company_are_shown(self):
        self.company.write(
            {
                "lifecycle_vip_min_revenue": 0,
                "lifecycle_vip_min_margin": 0,
                "lifecycle_vip_stage_id": False,
            }
        )
        self.env.invalidate_all()
        dialog = self._open_dialog("name_vip", self.p_loyal)
        self.assertNotIn("criteria", dialog.facts)
        self.company.lifecycle_vip_min_revenue = 600
        self.company.lifecycle_vip_stage_id = self.stage("regular")
        self.env.invalidate_all()
        facts = self._open_dialog("name_vip", self.p_loyal).facts
        self.assertIn("Meets the company's criteria".replace("'", "&#39;"), facts)
        minimum = format_amount(self.env, 600, self.company.currency_id)
        self.assertIn(f"of at least {minimum}", facts)
        self.assertIn("asked: Regular", facts)
        facts = self._open_dialog("name_vip", self.p_buyer).facts
        self.assertIn("Does not meet", facts)
        facts = self._open_dialog("name_vip", self.all).facts
        self.assertIn("criteria of a VIP: 1", facts)

    def test_many_skip_those_not_far_enough(self):
        dialog = self._open_dialog("mark_key", self.all)
        self.assertEqual(dialog.ineligible_count, 2)
        self.assertIn("Proven partners and VIPs: 1", dialog.facts)
        dialog.reason = "Big"
        said = dialog.save().action_apply()["params"]
        self.assertEqual(said["type"], "warning")
        self.assertEqual(said["message"], "Done: 1. Skipped: 2.")
        [reason] = said["reasons"]
        self.assertIn("is neither proven partner nor VIP", reason)
        self.assertTrue(reason.endswith(": 2"))
        self.assertEqual(
            self.Profile.search(said["skipped"]["domain"]),
            self.p_buyer + self.p_prospect,
        )

    # ------------------------------------------------------------
    # LOST AND HELD
    # ------------------------------------------------------------

    def test_lost_vip_asks_to_withdraw(self):
        self.p_loyal.name_vip(self.user_manager.id, "Big")
        dialog = self._open_dialog("declare_lost", self.p_loyal)
        self.assertEqual(dialog.flagged_count, 1)
        dialog.lost_reason_id = self.lost_for_good
        self.assertIn("Goes to: Lost, Not Recoverable", dialog.facts)
        with self.assertRaisesRegex(UserError, "withdraw the status as well"):
            dialog.save().action_apply()
        dialog.withdraw_flags = True
        dialog.save().action_apply()
        self.assertStage(self.loyal, "lost")
        self.assertFalse(self.p_loyal.is_vip)

    def test_another_reason_for_a_customer_declared_lost(self):
        self.p_buyer.declare_lost(self.lost_reason.id, date=self.day(10))
        with self._open_dialog("declare_lost", self.p_buyer) as dialog:
            self.assertEqual(dialog.lost_count, 1)
            self.assertTrue(dialog.lost_replace)
            self.assertEqual(dialog.lost_date, self.day(10), "kept unless changed")
            self.assertEqual(dialog.lost_reason_id, self.lost_reason)
            self.assertIn("Declared lost on", dialog.facts)
        # dragged to the other column of the lost
        dialog = self._open_dialog(
            "declare_lost", self.p_buyer, default_lost_code="lost"
        )
        self.assertFalse(dialog.lost_reason_id, "that reason does not lead there")
        dialog.lost_reason_id = self.lost_for_good
        dialog.save().action_apply()
        self.assertStage(self.buyer, "lost")
        self.assertEqual(self.p_buyer.lost_date, self.day(10))

    def test_many_of_whom_some_are_declared_lost(self):
        self.p_buyer.declare_lost(self.lost_reason.id)
        many = self.p_buyer + self.p_prospect
        dialog = self._open_dialog("declare_lost", many)
        self.assertIn("skipped unless replaced: 1", dialog.facts)
        self.assertFalse(dialog.lost_replace)
        dialog.lost_reason_id = self.lost_for_good
        said = dialog.save().action_apply()["params"]
        self.assertEqual(said["message"], "Done: 1. Skipped: 1.")
        self.assertStage(self.buyer, "lost_recoverable")

    def test_hold_in_force_is_shown_and_replaced(self):
        self.p_buyer.hold_stage("regular", "Lease")
        dialog = self._open_dialog("hold", self.p_buyer)
        self.assertIn("Held as Regular", dialog.facts)
        dialog.hold_stage_id = self.stage("partner")
        dialog.reason = "Longer"
        with self.assertRaisesRegex(UserError, "release the hold first"):
            dialog.save().action_apply()
        dialog.hold_replace = True
        dialog.save().action_apply()
        self.assertStage(self.buyer, "partner")

    def test_only_stages_that_can_be_held(self):
        dialog = self._dialog_model("hold", self.p_buyer).create(
            {"reason": "x", "hold_stage_id": self.stage("vip").id}
        )
        with self.assertRaisesRegex(UserError, "can be held as"):
            dialog.action_apply()

    # ------------------------------------------------------------
    # CONTACTS AND LEADS
    # ------------------------------------------------------------

    def test_on_contacts(self):
        person = self._create_customer(
            "Person", parent_id=self.buyer.id, is_company=False
        )
        stranger = self._create_customer("Stranger")
        contacts = person + self.buyer + self.loyal + stranger
        dialog = self._open_dialog(None, contacts, default_may_choose=True)
        self.assertEqual(dialog.customer_count, 2)
        self.assertIn("Has no profile: add it to the base first: 1", dialog.facts)
        dialog.kind = "exclude"
        dialog.reason = "Test"
        said = dialog.save().action_apply()["params"]
        self.assertEqual(said["message"], "Done: 2. Skipped: 1.")
        self.assertEqual(said["skipped"]["res_model"], "res.partner")
        self.assertEqual(
            self.env["res.partner"].search(said["skipped"]["domain"]), stranger
        )
        self.assertTrue(self.p_buyer.is_excluded)

    def test_on_leads(self):
        Lead = self.env["crm.lead"]
        leads = Lead.create(
            [
                {"name": "Bought", "partner_id": self.buyer.id},
                {"name": "Again", "partner_id": self.buyer.id},
                {"name": "Nobody"},
            ]
        )
        said = self._decide("exclude", leads, reason="Test")
        self.assertEqual(said["message"], "Done: 1. Skipped: 1.")
        self.assertEqual(said["reasons"], ["has no customer: choose one first: 1"])
        self.assertEqual(Lead.search(said["skipped"]["domain"]), leads[2])
        # Both leads of the customer are skipped with it
        said = self._decide("exclude", leads[:2], reason="Test")
        self.assertEqual(said["message"], "Done: 0. Skipped: 2.")
        with self.assertRaisesRegex(UserError, "Nobody: has no customer"):
            self._decide("exclude", leads[2], reason="Test")

    def test_add_to_base(self):
        newcomer = self._create_customer("Newcomer")
        other = self._create_customer("Other")
        person = self._create_customer(
            "Person", parent_id=newcomer.id, is_company=False
        )
        lead = self.env["crm.lead"].create(
            {"name": "L", "partner_id": other.id, "user_id": False}
        )
        self.env["crm.lifecycle.engine"]._drain(limit=1000)
        said = self._decide("add_to_base", person + self.buyer, self.user_salesman)
        self.assertTrue(self._profile(newcomer))
        self.assertEqual(said["message"], "Done: 1. Skipped: 1.")
        self.assertEqual(said["reasons"], ["has a profile already: 1"])
        dialog = self._open_dialog("add_to_base", lead, self.user_salesman)
        self.assertEqual(dialog.scope, "Other")

    def test_nobody_chosen(self):
        Action = self.env["crm.lifecycle.action"].with_user(self.user_manager)
        dialog = Action.create({"kind": "exclude", "reason": "x"})
        with self.assertRaisesRegex(UserError, "Choose customers first"):
            dialog.action_apply()
        Action = Action.with_context(active_model="sale.order", active_ids=[1])
        with self.assertRaisesRegex(UserError, "Choose customers, contacts or leads"):
            Action.create({"kind": "exclude", "reason": "x"}).action_apply()

    def test_names_are_escaped(self):
        self.p_buyer.hold_stage("regular", "<b>bold</b>")
        facts = self._open_dialog("hold", self.p_buyer).facts
        self.assertIn("&lt;b&gt;bold", facts)
        self.assertNotIn("<b>bold", facts)

    def test_rare_reasons_are_summed_up(self):
        skipped = {f"reason {number}": [number] * number for number in range(1, 9)}
        lines = self.Profile._get_texts_of_reasons(skipped)
        self.assertEqual(lines[0], "reason 8: 8")
        self.assertEqual(lines[-1], "other reasons: 6")
        self.assertEqual(len(lines), 6)
