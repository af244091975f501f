# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Datetime, Domain
from odoo.tools import mute_logger

from .voice_common import VoiceCommon


class TestFeedbackRequest(VoiceCommon):
    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    def test_letter(self):
        result, request = self._ask()
        self.assertEqual(result["done"], self.profile.ids)
        self.assertRecordValues(
            request,
            [
                {
                    "contact_id": self.anna.id,
                    "email": "anna@acme.example.com",
                    "date": self.today,
                    "user_id": self.user_salesman.id,
                    "is_answered": False,
                }
            ],
        )
        mail = self.env["mail.mail"].search(
            [("model", "=", request._name), ("res_id", "=", request.id)]
        )
        self.assertEqual(mail.recipient_ids, self.anna)
        self.assertEqual((mail.state, mail.message_type), ("outgoing", "auto_comment"))
        for score in range(11):
            self.assertIn(f"{request._get_token()}?score={score}", mail.body_html)

    def test_whom(self):
        order = self._create_order(self.customer, self.day(3))
        self.customer.email = "office@acme.example.com"
        _result, request = self._ask(orders=order)
        self.assertEqual(request.contact_id, self.customer, "the order's")
        self.assertEqual(request.order_id, order)
        ben = self.env["res.partner"].create(
            {"name": "Ben", "parent_id": self.customer.id, "email": "ben@a.example.com"}
        )
        _result, request = self._ask(contacts=ben)
        self.assertEqual(request.contact_id, ben)

    def test_not_more_often_than_the_setting(self):
        _result, request = self._ask()
        self.assertEqual(len(self._why_not()), 1)
        # the same person under another customer
        twin = self._create_customer("Twin", email="ANNA@acme.example.com")
        profile = self._make_profiles(twin)
        self.assertEqual(len(self._why_not(profile)), 1)
        self.company.lifecycle_feedback_days = 30
        self.env.cr.execute(
            "UPDATE crm_feedback_request SET date = %s WHERE id = %s",
            [self.day(29), request.id],
        )
        self.env.invalidate_all()
        self.assertEqual(len(self._why_not()), 1)
        self.env.cr.execute(
            "UPDATE crm_feedback_request SET date = %s WHERE id = %s",
            [self.day(30), request.id],
        )
        self.env.invalidate_all()
        both = self.profile + profile
        result, requests = self._ask(both, user=self.user_manager)
        self.assertEqual(len(requests), 1, "one letter to one person")

    def test_who_answered_is_not_asked_again(self):
        self.Feedback.create(
            {
                "profile_id": self.profile.id,
                "contact_id": self.anna.id,
                "score": "9",
                "date": self.day(5),
            }
        )
        self.assertEqual(len(self._why_not()), 1)

    def test_refusals(self):
        consents = self.env["crm.contact.consent"]
        email = self.env.ref("crm_lifecycle.crm_touchpoint_channel_email")
        call = self.env.ref("crm_lifecycle.crm_touchpoint_channel_call")
        consents.create(
            [
                {"partner_id": self.anna.id, "channel_id": call.id},
                {
                    "partner_id": self.anna.id,
                    "channel_id": email.id,
                    "date": "2020-1-1",
                },
            ]
        )
        self.assertEqual(len(self._why_not()), 1)
        consents.create(
            {
                "partner_id": self.anna.id,
                "channel_id": email.id,
                "state": "given",
                "date": "2021-1-1",
            }
        )
        self.assertFalse(self.anna._get_feedback_refusals())
        whole = consents.create({"partner_id": self.customer.id})
        self.assertEqual(len(self._why_not()), 1)
        whole.unlink()
        self.env["mail.blacklist"]._add("anna@acme.example.com")
        self.anna.invalidate_recordset()
        self.assertEqual(len(self._why_not()), 1)
        self.env["mail.blacklist"]._remove("anna@acme.example.com")
        self.anna.invalidate_recordset()
        result, requests = self._ask()
        self.assertTrue(requests, result)

    def test_nobody_else_is_asked(self):
        self.anna.email = False
        self.assertEqual(len(self._why_not()), 1)
        self.anna.email = "anna@acme.example.com"
        self.Feedback.create({"profile_id": self.profile.id, "score": "2"})
        self.assertEqual(len(self._why_not()), 1)
        self._answers().action_resolve()
        self.profile.exclude("Lawyer")
        self.assertEqual(len(self._why_not()), 1)

    def test_server_action_of_playbooks(self):
        action = self.env.ref("crm_lifecycle.crm_lifecycle_action_ask_feedback")
        result = (
            action.with_user(self.user_salesman)
            .with_context(
                active_model="crm.lifecycle.profile",
                active_ids=self.profile.ids,
                active_id=self.profile.id,
            )
            .run()
        )
        self.assertEqual(result["tag"], "crm_lifecycle_result")
        self.assertTrue(self.Request.search([("profile_id", "=", self.profile.id)]))

    def test_dialog_confirms_the_letters(self):
        """The dialog says how many letters go out; nothing is sent before."""
        silent = self._make_profiles(
            self._create_customer("No Address"), user_id=self.user_salesman.id
        )
        profiles = self.profile | silent
        Action = self.env["crm.lifecycle.action"].with_user(self.user_salesman)
        dialog = Action.with_context(
            active_model=profiles._name,
            active_ids=profiles.ids,
            active_id=profiles.ids[0],
            default_kind="ask_feedback",
        ).create({})
        self.assertIn("Letters to be sent: 1", str(dialog.facts))
        self.assertIn("nobody there has an e-mail address: 1", str(dialog.facts))
        asked = Domain("profile_id", "in", profiles.ids)
        self.assertFalse(self.Request.search(asked))
        said = dialog.action_apply()["params"]
        self.assertEqual(self.Request.search(asked).profile_id, self.profile)
        self.assertEqual(said["skipped"]["domain"], [("id", "in", silent.ids)])

    def test_nothing_to_show_when_nobody_is_skipped(self):
        """An empty list is true in the browser: it would offer an empty screen."""
        result = self.profile.with_user(self.user_salesman).action_ask_feedback()
        self.assertIs(result["params"]["skipped"], False)

    # ------------------------------------------------------------
    # TOKENS
    # ------------------------------------------------------------

    def test_token(self):
        _result, request = self._ask()
        token = request._get_token()
        public = self.Request.with_user(self.user_public)
        self.assertEqual(public._from_token(token), request)
        for wrong in (
            *("", "x", "é", token[:-1], token + "A", token.swapcase(), token * 9),
            *(None, 5, [token], "A" * 60),
        ):
            with self.subTest(token=wrong):
                self.assertFalse(public._from_token(wrong))
        for position in range(0, len(token), 7):
            letter = "A" if token[position] != "A" else "B"
            forged = token[:position] + letter + token[position + 1 :]
            self.assertFalse(public._from_token(forged), position)

    def test_token_is_bound(self):
        order = self._create_order(self.anna, self.day(3))
        _result, request = self._ask(orders=order)
        token = request._get_token()
        order.copy()
        self.assertTrue(self.Request._from_token(token))
        request.sudo().order_id = False
        self.assertFalse(self.Request._from_token(token), "another order")
        request.sudo().order_id = order
        self.anna.action_archive()
        self.assertFalse(self.Request._from_token(token))
        self.anna.action_unarchive()
        self.assertTrue(self.Request._from_token(token))
        request.sudo().unlink()
        self.assertFalse(self.Request._from_token(token))

    def test_token_expires(self):
        _result, request = self._ask()
        request.sudo().expires_at = Datetime.now() - timedelta(seconds=1)
        self.assertFalse(self.Request._from_token(request._get_token()))
        old = request._get_token()
        request.sudo().expires_at = Datetime.now() + timedelta(days=1)
        self.assertFalse(self.Request._from_token(old), "longer by hand, not by link")
        self.assertTrue(self.Request._from_token(request._get_token()))

    def test_token_of_another_database(self):
        _result, request = self._ask()
        token = request._get_token()
        self.env["ir.config_parameter"].sudo().set_param("database.secret", "other")
        self.assertFalse(self.Request._from_token(token))

    # ------------------------------------------------------------
    # RESCUE
    # ------------------------------------------------------------

    def _say(self, score, **values):
        return self.Feedback.create(
            {"profile_id": self.profile.id, "score": score, **values}
        )

    def test_detractor_is_rescued(self):
        self._say("9")
        self.assertFalse(self._rescues())
        feedback = self._say("3")
        self.assertRecordValues(
            self._rescues(),
            [
                {
                    "user_id": self.user_salesman.id,
                    "date_deadline": self.today + timedelta(2),
                }
            ],
        )
        self._say(False, kind="complaint")
        self.assertEqual(len(self._rescues()), 1, "one task a customer")
        feedback.action_resolve()
        self.assertTrue(self._rescues(), "the complaint is open")
        (self._answers() - feedback).action_resolve()
        self.assertFalse(self._rescues())

    def test_worse_again(self):
        feedback = self._say("3")
        feedback.action_resolve()
        self.assertFalse(self._rescues())
        feedback.score = "8"
        self.assertFalse(feedback.is_open)
        feedback.score = "1"
        self.assertTrue(feedback.is_open)
        self.assertEqual(len(self._rescues()), 1)

    def _escalate(self):
        told = self.Feedback._escalate(self.company)
        self.env.invalidate_all()
        return told

    def test_leader_is_told_once(self):
        feedback = self._say("3")
        self.assertEqual(self._escalate(), 0, "within the deadline")
        feedback.sudo().rescue_deadline = self.day(0)
        self.assertEqual(self._escalate(), 0, "the last day")
        feedback.sudo().rescue_deadline = self.day(1)
        with patch.object(type(self.engine), "_commit_progress", lambda *_a, **_k: 0):
            self.engine._react()
        self.env.invalidate_all()
        self.assertEqual(self._rescues().user_id, self.user_salesman + self.user_leader)
        self.assertEqual(feedback.escalated_date, self.today)
        self.assertEqual(self._escalate(), 0, "once")
        feedback.action_resolve()
        self.assertFalse(self._rescues(), "both tasks are done")

    def test_nobody_answers_for_the_customer(self):
        self.profile._set_responsible(self.env["res.users"])
        feedback = self._say("3")
        self.assertFalse(self._rescues())
        feedback.sudo().rescue_deadline = self.day(1)
        self.assertEqual(self._escalate(), 1, "marked, though nobody is to be told")

    # ------------------------------------------------------------
    # REFERRALS
    # ------------------------------------------------------------

    def test_referral_of_a_lead(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Recommended",
                "partner_name": "New Works",
                "contact_name": "Nora",
                "lifecycle_referrer_id": self.anna.id,
            }
        )
        partner = lead._create_customer()
        company = partner.commercial_partner_id
        self.assertEqual(company.lifecycle_referrer_id, self.anna)
        self._create_order(company, self.day(2), 70)
        self._recompute(company)
        row = self.env["crm.referral.report"].search(
            [("referrer_customer_id", "=", self.customer.id)]
        )
        self.assertRecordValues(
            row,
            [
                {
                    "partner_id": company.id,
                    "referrer_id": self.anna.id,
                    "buyer_count": 1,
                    "lifetime_revenue": 70,
                }
            ],
        )
        with self.assertRaises(ValidationError):
            self.anna.lifecycle_referrer_id = self.customer

    # ------------------------------------------------------------
    # ACCESS, MERGE, ERASURE
    # ------------------------------------------------------------

    def test_access(self):
        _result, request = self._ask()
        for user, visible in (
            (self.user_salesman, request),
            (self.user_leader, request),
            (self.user_salesman_2, self.Request),
            (self.user_all, request),
            (self.user_manager_2, self.Request),
        ):
            with self.subTest(user=user.login):
                found = self.Request.with_user(user).search([("id", "=", request.id)])
                self.assertEqual(found, visible)
        for user in (self.user_internal, self.user_portal, self.user_public):
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                request.with_user(user).read(["email"])
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            request.with_user(self.user_manager).write({"email": "x"})
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self._ask(user=self.user_salesman_2)

    def test_merge(self):
        _result, request = self._ask()
        twin = self._create_customer("Twin", lifecycle_referrer_id=self.customer.id)
        other = self._make_profiles(twin)
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (twin + self.customer).ids, twin
        )
        self.env.invalidate_all()
        self.assertEqual(request.profile_id, other)
        self.assertFalse(twin.lifecycle_referrer_id)

    def test_erasure(self):
        _result, request = self._ask()
        self.anna.with_user(self.user_manager).action_erase_lifecycle_person()
        self.assertFalse(request.exists())


class TestNps(VoiceCommon):
    def test_of_groups(self):
        other = self._make_profiles(self._create_customer("Other"))
        other._write_people({"category_id": self.category("a").id})
        for profile, scores in (
            (self.profile, ("10", "9", "8", "0")),
            (other, ("6", "6", "6", "6", "9", "7")),
        ):
            for score in scores:
                self.Feedback.create({"profile_id": profile.id, "score": score})
        self.Feedback.create({"profile_id": other.id, "kind": "idea"})
        Report = self.env["crm.feedback.report"]
        domain = [("profile_id", "in", (self.profile + other).ids)]
        figures = ["answer_count:sum", "nps:avg", "score:avg"]
        by_category = {
            category.id: row
            for category, *row in Report._read_group(domain, ["category_id"], figures)
        }
        self.assertEqual(by_category[False], [4, 25, 6.75])
        number, nps, _score = by_category[self.category("a").id]
        self.assertEqual((number, round(nps)), (6, -50))
        [(number, nps, _score)] = Report._read_group(domain, [], figures)
        self.assertEqual((number, round(nps)), (10, -20), "not the mean of 25 and -50")
        seen = Report.with_user(self.user_salesman_2).search(domain)
        self.assertEqual(seen.profile_id, other, "nobody's")
