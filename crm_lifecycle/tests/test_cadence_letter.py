# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tools import mute_logger

from .control_common import ControlCommon


class TestCadenceLetter(ControlCommon):
    """Each leader hears of the violations of his teams, once a week."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        teams = cls.env["crm.team"].search([("id", "not in", cls.team_1.ids)])
        teams.user_id = False
        companies = cls.env["res.company"].search([("id", "!=", cls.company.id)])
        companies.lifecycle_letter = "none"
        cls.cron = cls.env.ref("crm_lifecycle.ir_cron_cadence_letter")

    def setUp(self):
        super().setUp()
        self.Letter = self.env["crm.cadence.letter"]
        self.monday = self.today - timedelta(days=self.today.weekday())

    def _run(self):
        """Run the job in this transaction."""
        self.env.flush_all()
        with patch.object(type(self.cron), "_commit_progress", lambda *_a, **_k: 0):
            self.Letter._cron_send()
        return self.Letter.search([])

    def _mails(self):
        return self.env["mail.mail"].search([("model", "=", "crm.cadence.letter")])

    def test_figures_of_own_teams(self):
        other = self._make_profiles(
            self._create_customer("Other team's"),
            user_id=self.user_leader.id,  # answers for it himself, in no team of his
            team_id=self.team_2.id,
        )
        self._add_status(self.profile, self.calls, 12)
        self._add_status(self.profile, self.meetings, 3)
        self._add_status(other, self.calls, 50)
        for ago, states in ((3, ("met", "met", "late")), (10, ("met", "missed"))):
            closed = self.monday - timedelta(ago)
            for number, state in enumerate(states):
                self._add_period(
                    self.profile,
                    self.calls,
                    closed - timedelta(number),
                    state,
                    closing_date=closed,
                )
        letter = self._run()
        self.assertRecordValues(
            letter,
            [
                {
                    "user_id": self.user_leader.id,
                    "week": self.monday,
                    "state": "sent",
                    "rule_count": 2,
                    "violation_count": 2,
                    "customer_count": 1,
                    "closed_count": 3,
                    "closed_before_count": 2,
                    "compliance_before": 0.5,
                }
            ],
        )
        self.assertAlmostEqual(letter.compliance, 2 / 3)
        mail = self._mails()
        self.assertEqual(mail.recipient_ids, self.user_leader.partner_id)
        self.assertIn("67 % (2 / 3)", mail.body_html)
        self.assertIn("50 % (1 / 2)", mail.body_html)
        self.assertNotIn("Other team", mail.body_html)
        url = f"/odoo/crm.lifecycle.profile/{self.profile.id}"
        self.assertIn(url, mail.body_html)
        body = str(mail.body_html)
        self.assertLess(body.index("A call a month"), body.index("A meeting a quarter"))

    def test_once_a_week(self):
        self._add_status(self.profile, self.calls, 12)
        letter = self._run()
        self.assertEqual(len(self._mails()), 1)
        self.assertEqual(self._run(), letter)
        self.assertEqual(len(self._mails()), 1)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.Letter.create(
                {
                    "user_id": self.user_leader.id,
                    "company_id": self.company.id,
                    "week": self.monday,
                    "state": "sent",
                }
            )
        letter.week -= timedelta(7)
        self.assertEqual(len(self._run()), 2)

    def test_a_killed_run_leaves_nothing_half(self):
        """Letter and e-mail are one: without the second there is not the first."""
        self._add_status(self.profile, self.calls, 12)
        template = type(self.env["mail.template"])
        with (
            patch.object(template, "send_mail", side_effect=ValueError("no paper")),
            self.assertLogs("odoo.addons.crm_lifecycle", "ERROR"),
        ):
            self.assertFalse(self._run())
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)])
        self.assertGreater(max(triggers.mapped("call_at")), fields.Datetime.now())
        self.assertEqual(self._run().state, "sent")
        self.assertEqual(len(self._mails()), 1)

    def test_nothing_to_tell(self):
        self._add_status(self.profile, self.calls, -12)
        letter = self._run()
        self.assertEqual(letter.state, "skipped")
        self.assertFalse(self._mails())
        self._add_status(self.profile, self.meetings, 3)
        self.assertEqual(self._run(), letter)  # that was this week's
        letter.unlink()
        self.env.cr.execute("DELETE FROM crm_cadence_status")
        self._add_status(self.profile, self.calls, -12)
        self.company.lifecycle_letter = "always"
        self.assertEqual(self._run().state, "sent")
        self.assertIn("All is in order", self._mails().body_html)

    def test_who_receives_none(self):
        self._add_status(self.profile, self.calls, 12)
        self.company.lifecycle_letter = "none"
        self.assertFalse(self._run())
        self.company.lifecycle_letter = "violations"
        self.user_leader.with_user(self.user_leader).lifecycle_weekly_letter = False
        self.assertFalse(self._run())
        self.user_leader.lifecycle_weekly_letter = True
        self.team_1.user_id = self.user_internal  # may not see customers
        self.assertFalse(self._run())
        self.team_1.user_id = self.user_manager_2  # of another company
        self.assertFalse(self._run())
        self.team_1.user_id = self.user_manager
        self.assertEqual(self._run().user_id, self.user_manager)

    def test_one_letter_for_two_teams(self):
        self.team_2.user_id = self.user_leader
        other = self._make_profiles(
            self._create_customer("Second team's"),
            user_id=self.user_salesman_2.id,
            team_id=self.team_2.id,
        )
        self._add_status(self.profile, self.calls, 12)
        self._add_status(other, self.calls, 50)
        self.user_salesman_2.active = False  # still named: somebody must take it
        letter = self._run()
        self.assertEqual((len(letter), letter.violation_count), (1, 2))
        self.assertIn(self.user_salesman_2.name, self._mails().body_html)

    def test_a_leader_without_an_address(self):
        """Nothing says that the letter was sent; the others receive theirs."""
        self.team_2.user_id = self.user_manager
        self.user_leader.email = False
        self._add_status(self.profile, self.calls, 12)
        self.company.lifecycle_letter = "always"
        letter = self._run()
        self.assertNotIn(self.user_leader, letter.user_id)

    def test_language_of_the_leader(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        template = self.env.ref("crm_lifecycle.crm_cadence_letter_template")
        template.with_context(lang="ru_RU").subject = "Просрочено"
        self.calls.with_context(lang="ru_RU").name = "Звонок в месяц"
        self.user_leader.lang = "ru_RU"
        self._add_status(self.profile, self.calls, 12)
        self._run()
        self.assertEqual(self._mails().subject, "Просрочено")
        self.assertIn("Звонок в месяц", self._mails().body_html)

    def test_a_deleted_template(self):
        self._add_status(self.profile, self.calls, 12)
        self.env.ref("crm_lifecycle.crm_cadence_letter_template").unlink()
        self.assertFalse(self._run())

    def test_preview(self):
        self._add_status(self.profile, self.calls, 12)
        as_manager = self._as(self.user_manager, "crm.cadence.letter")
        # as the button of the list calls it, without a row
        action = call_kw(as_manager, "action_preview", [[]], {})
        self.assertEqual(action["res_model"], "crm.cadence.letter")
        preview = as_manager.search([("state", "=", "preview")])
        self.assertEqual(preview.user_id, self.user_leader)
        self.assertIn("Acme", preview.body)
        self.assertIn("1", preview.subject)
        self.assertFalse(self._mails())
        as_manager.action_preview()  # the old ones go
        self.assertEqual(len(self.Letter.search([])), 1)
        sent = self._run() - self.Letter.search([("state", "=", "preview")])
        self.assertEqual(sent.state, "sent")  # a preview is no letter
        self.assertFalse(sent.body)
        for user in (self.user_salesman, self.user_leader, self.user_all):
            Letter = self._as(user, "crm.cadence.letter")
            with self.assertRaises(AccessError):
                Letter.action_preview()
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                Letter.search([])
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self._as(self.user_manager_2, "crm.cadence.letter").browse(sent.ids).read(
                ["violation_count"]
            )

    def test_old_previews_are_removed(self):
        as_manager = self._as(self.user_manager, "crm.cadence.letter")
        as_manager.action_preview()
        self.Letter._gc_previews()
        self.assertTrue(self.Letter.search([]))
        self.env.cr.execute(
            "UPDATE crm_cadence_letter "
            "SET create_date = create_date - interval '2 days'"
        )
        self.env.invalidate_all()
        self.Letter._gc_previews()
        self.assertFalse(self.Letter.search([]))

    def test_first_run_is_a_monday(self):
        self.assertEqual(self.cron.interval_type, "weeks")
        self.assertEqual(self.cron.code, "model._cron_send()")


class TestContactDigest(ControlCommon):
    """Contacts among the figures of the digest."""

    def _values(self, user=None):
        digest = self.env["digest.digest"].create(
            {
                "name": "Contacts",
                "periodicity": "weekly",
                "company_id": self.company.id,
                "kpi_lifecycle_contacts": True,
                "kpi_lifecycle_violations": True,
                "kpi_lifecycle_compliance": True,
            }
        )
        now = fields.Datetime.now()
        digest = digest.with_context(
            start_datetime=now - timedelta(7), end_datetime=now + timedelta(1)
        )
        digest = digest.with_user(user or self.user_manager)
        return [
            digest[f"kpi_lifecycle_{name}_value"]
            for name in ("contacts", "violations", "compliance")
        ]

    def test_values(self):
        for days in (2, 3, 20):
            self._add_touchpoint(self.profile, self.call, self.ago(days=days))
        for ago, state in ((1, "met"), (2, "met"), (3, "met"), (4, "late")):
            self._add_period(self.profile, self.calls, self.day(ago), state)
        self._add_period(self.profile, self.calls, self.day(20), "missed")
        self.assertEqual(self._values(), [2, 1, 75.0])
        with self.assertRaises(AccessError):
            self._values(self.user_internal)
