# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .cadence_common import TestCadenceCommon


class TestCadenceDecisions(TestCadenceCommon):
    """Pausing, resuming, excepting: rules, rights, and what the dialogs say."""

    def setUp(self):
        super().setUp()
        self.rule = self._create_rule(
            number=10, unit="day", date_start=self.day(60)
        )  # overdue for 50 days
        self.Pause = self.env["crm.cadence.pause"]

    def _dialog(self, kind, records, user, **values):
        """Open the dialog of a decision on records, fill it in and confirm."""
        context = {
            "default_kind": kind,
            "active_model": records._name,
            "active_ids": records.ids,
        }
        Action = self.env["crm.lifecycle.action"].with_user(user)
        with Form(Action.with_context(**context)) as form:
            for name, value in values.items():
                form[name] = value
        return form.record.action_apply()

    # ------------------------------------------------------------
    # PAUSE
    # ------------------------------------------------------------

    def test_pause_stops_the_clock(self):
        """From today on, the last day included; the clock then runs from its end."""
        sam = self.profile.with_user(self.user_salesman)
        result = sam.pause_contacts(self.day(-5).isoformat(), "On holiday")
        self.assertEqual(result["done"], self.profile.ids)
        pause = self.Pause.search([("profile_id", "=", self.profile.id)])
        self.assertEqual(pause.state, "approved")
        self.assertEqual((pause.days, pause.user_id), (6, self.user_salesman))
        clock = self._get_clock(self.rule)
        self.assertEqual((clock.state, clock.plan_group), ("paused", "x_paused"))
        self.assertEqual(clock.due_date, self.day(-15))

    def test_pause_needs_end_and_reason(self):
        sam = self.profile.with_user(self.user_salesman)
        with self.assertRaises(UserError):
            sam.pause_contacts(reason="On holiday")
        with self.assertRaises(UserError):
            sam.pause_contacts(self.day(-5), " ")
        with self.assertRaises(UserError):
            sam.pause_contacts(self.day(1), "It ended yesterday")
        with self.assertRaises(UserError):
            sam.pause_contacts(days=0, reason="No day at all")
        self.assertFalse(self.Pause.search([("profile_id", "=", self.profile.id)]))

    def test_long_pause_waits_for_the_leader(self):
        self.company.lifecycle_pause_days = 10
        sam = self.profile.with_user(self.user_salesman)
        sam.pause_contacts(self.day(-9), "Ten days are still mine")
        sam.resume_contacts()
        sam.pause_contacts(self.day(-10), "Eleven are not")
        pause = self.Pause.search([("profile_id", "=", self.profile.id)])
        self.assertEqual(pause.mapped("state"), ["waiting"])
        self.assertEqual(self._get_clock(self.rule).state, "overdue")
        mine = pause.with_user(self.user_salesman)
        self.assertFalse(mine.may_decide)
        with self.assertRaises(AccessError):
            mine.action_approve()
        with self.assertRaises(UserError):
            mine.state = "approved"
        with self.assertRaises(UserError):
            mine.date_to = self.day(-3)
        pause.with_user(self.user_leader).action_approve()
        self.assertEqual(
            (pause.state, pause.approver_id.name), ("approved", "Lea Leader")
        )
        self.assertEqual(self._get_clock(self.rule).state, "paused")

    def test_short_pauses_in_a_row_are_a_long_one(self):
        self.company.lifecycle_pause_days = 10
        sam = self.profile.with_user(self.user_salesman)

        def pause(first, last):
            return self.Pause.with_user(self.user_salesman).create(
                {
                    "profile_id": sam.id,
                    "date_from": self.day(-first),
                    "date_to": self.day(-last),
                    "reason": "They rebuild",
                }
            )

        self.assertEqual(pause(0, 4).state, "approved")
        self.assertEqual(pause(6, 9).state, "approved", "a day lies between")
        self.assertEqual(pause(20, 29).state, "approved")
        self.assertEqual(pause(10, 10).state, "approved", "five days in a row")
        self.assertEqual(pause(5, 5).state, "waiting", "it joins eleven days")

    def test_pauses_asked_for_together(self):
        """Two short ones in one call are a long one."""
        self.company.lifecycle_pause_days = 10
        vals = {"profile_id": self.profile.id, "reason": "They rebuild"}
        pauses = self.Pause.with_user(self.user_salesman).create(
            [
                {**vals, "date_from": self.today, "date_to": self.day(-9)},
                {**vals, "date_from": self.day(-10), "date_to": self.day(-19)},
                {**vals, "date_from": self.day(-40), "date_to": self.day(-49)},
            ]
        )
        self.assertEqual(pauses.mapped("state"), ["approved", "waiting", "approved"])

    def test_refused_pause_changes_nothing(self):
        self.company.lifecycle_pause_days = 1
        self.profile.with_user(self.user_salesman).pause_contacts(
            days=60, reason="They are slow"
        )
        pause = self.Pause.search([("profile_id", "=", self.profile.id)])
        pause.with_user(self.user_manager).action_refuse()
        self.assertEqual(pause.state, "refused")
        self.assertEqual(self._get_clock(self.rule).state, "overdue")

    def test_who_may_pause_for_long(self):
        """Whoever approves does not wait; what the caller says does not matter."""
        self.company.lifecycle_pause_days = 1
        for user, state in (
            (self.user_leader, "approved"),
            (self.user_manager, "approved"),
            (self.user_all, "waiting"),
        ):
            with self.subTest(user=user.name):
                pause = self.Pause.with_user(user).create(
                    {
                        "profile_id": self.profile.id,
                        "date_from": self.today,
                        "date_to": self.day(-20),
                        "reason": "Rebuilding",
                        "state": "approved",
                    }
                )
                self.assertEqual(pause.state, state)
        with self.assertRaises(AccessError):
            self.profile.with_user(self.user_salesman_2).pause_contacts(
                days=1, reason="Not my customer"
            )

    def test_pause_of_a_rule_leaves_the_others(self):
        other = self._create_rule(number=20, unit="day", date_start=self.day(60))
        self.profile.pause_contacts(days=7, reason="No calls", rule_id=self.rule.id)
        self.assertEqual(self._get_clock(self.rule).state, "paused")
        self.assertEqual(self._get_clock(other).state, "overdue")

    # ------------------------------------------------------------
    # RESUME
    # ------------------------------------------------------------

    def test_resume_ends_yesterday(self):
        """The clock runs from today on: yesterday is the last day of the pause."""
        pause = self.Pause.create(
            {
                "profile_id": self.profile.id,
                "date_from": self.day(8),
                "date_to": self.day(-8),
                "reason": "On holiday",
            }
        )
        sam = self.profile.with_user(self.user_salesman)
        self.assertEqual(sam.resume_contacts()["done"], self.profile.ids)
        self.assertEqual(pause.date_to, self.day(1))
        clock = self._get_clock(self.rule)
        self.assertEqual((clock.base_kind, clock.due_date), ("pause", self.day(-9)))
        self.assertEqual(sam.resume_contacts()["skipped"][0]["id"], self.profile.id)

    def test_resume_withdraws_what_has_not_lasted(self):
        sam = self.profile.with_user(self.user_salesman)
        sam.pause_contacts(days=7, reason="By mistake")
        sam.pause_contacts(self.day(-30), "Later", self.day(-20))
        sam.resume_contacts()
        self.assertFalse(self.Pause.search([("profile_id", "=", self.profile.id)]))
        self.assertEqual(self._get_clock(self.rule).state, "overdue")

    def test_resume_one_rule(self):
        """The others stay paused, by whom and as long as they were."""
        other = self._create_rule(number=20, unit="day", date_start=self.day(60))
        self.profile.with_user(self.user_salesman).pause_contacts(
            days=7, reason="They rebuild"
        )
        self.profile.resume_contacts(rule_id=self.rule.id)
        self.assertEqual(self._get_clock(self.rule).state, "overdue")
        clock = self._get_clock(other)
        self.assertEqual((clock.state, clock.pause_until), ("paused", self.day(-6)))
        pause = self.Pause.search([("profile_id", "=", self.profile.id)])
        self.assertEqual((pause.rule_id, pause.user_id), (other, self.user_salesman))

    # ------------------------------------------------------------
    # EXCEPTIONS
    # ------------------------------------------------------------

    def test_exempt(self):
        """For leaders and managers; nothing is due while it lasts."""
        with self.assertRaises(AccessError):
            self.profile.with_user(self.user_salesman).exempt_contacts("I am busy")
        result = self.profile.with_user(self.user_leader).exempt_contacts(
            "A branch of ours", date_to=self.day(-30)
        )
        self.assertEqual(result["done"], self.profile.ids)
        self.assertFalse(self._get_clock(self.rule))
        exception = self.profile.cadence_exception_ids
        self.assertEqual(exception.user_id, self.user_leader)

    def test_other_interval(self):
        self.profile.with_user(self.user_manager).set_contact_interval(
            self.rule.id, 1, 100, "day", "Asked for less"
        )
        self.assertEqual(self._get_clock(self.rule).due_date, self.day(-40))

    def test_an_exception_is_made_in_its_form(self):
        """Before a customer is chosen there is nothing to end."""
        Exceptions = self.env["crm.cadence.exception"].with_user(self.user_manager)
        with Form(Exceptions) as form:
            self.assertFalse(form.may_end)
            form.profile_id = self.profile
            form.kind = "exempt"
            form.reason = "A branch"
        self.assertTrue(form.record.may_end)

    def test_an_exception_is_ended(self):
        """By whoever decides it, from today on; what has been in force stays known."""
        self.profile.exempt_contacts("A branch", date_from=self.day(20))
        exception = self.profile.cadence_exception_ids
        self.assertFalse(self._get_clock(self.rule))
        for user in (self.user_salesman, self.user_all):
            mine = exception.with_user(user)
            self.assertFalse(mine.may_end)
            with self.assertRaises(AccessError):
                mine.action_end()
        with self.assertRaises(UserError):
            exception.with_user(self.user_manager).unlink()
        leader = exception.with_user(self.user_leader)
        self.assertTrue(leader.may_end)
        leader.action_end()
        self.assertEqual(exception.date_to, self.day(1))
        self.assertFalse(leader.may_end)
        clock = self._get_clock(self.rule)
        self.assertEqual(
            (clock.since_date, clock.due_date), (self.today, self.day(-10))
        )
        self.profile.exempt_contacts("By mistake")
        (self.profile.cadence_exception_ids - exception).action_end()
        self.assertEqual(self.profile.cadence_exception_ids, exception)

    def test_a_pause_that_lasted_is_not_deleted(self):
        pauses = self.Pause.create(
            [
                {
                    "profile_id": self.profile.id,
                    "date_from": self.day(first),
                    "date_to": self.day(-8),
                    "reason": "On holiday",
                    "state": state,
                }
                for first, state in ((8, "approved"), (0, "approved"), (8, "waiting"))
            ]
        ).with_user(self.user_manager)
        with self.assertRaises(UserError):
            pauses[0].unlink()
        pauses[1:].unlink()
        self.assertEqual(self.profile.cadence_pause_ids, pauses[0].with_env(self.env))

    def test_leader_decides_for_his_team_alone(self):
        others = self._make_profiles(
            self._create_customer("Other"), user_id=None, team_id=self.team_2.id
        )
        both = self.profile + others
        result = both.with_user(self.user_leader).exempt_contacts("Ours")
        self.assertEqual(result["done"], self.profile.ids)
        self.assertEqual([line["id"] for line in result["skipped"]], others.ids)

    # ------------------------------------------------------------
    # DIALOGS
    # ------------------------------------------------------------

    def test_dialog_from_the_plan(self):
        """Rows of one customer are one customer."""
        other = self._create_rule(number=20, unit="day", date_start=self.day(60))
        rows = self._get_clock(self.rule) + self._get_clock(other)
        result = self._dialog(
            "pause",
            rows,
            self.user_salesman,
            cadence_to=self.day(-3),
            reason="Stock-taking",
        )
        self.assertEqual(result["tag"], "crm_lifecycle_result")
        self.assertEqual(
            self.Pause.search([("profile_id", "=", self.profile.id)]).reason,
            "Stock-taking",
        )
        self._dialog("resume", rows[:1], self.user_salesman)
        self.assertFalse(self.Pause.search([("profile_id", "=", self.profile.id)]))

    def test_dialog_refuses_a_pause_without_end(self):
        with self.assertRaises(AssertionError):
            self._dialog("pause", self.profile, self.user_salesman, reason="Never")

    def test_dialog_says_that_a_pause_will_wait(self):
        self.company.lifecycle_pause_days = 5
        context = {
            "default_kind": "pause",
            "active_model": "res.partner",
            "active_ids": self.anna.ids,
        }
        for user, waits in ((self.user_salesman, True), (self.user_leader, False)):
            Action = self.env["crm.lifecycle.action"].with_user(user)
            form = Form(Action.with_context(**context))
            self.assertNotIn("fa-exclamation-triangle", str(form.facts).split("6")[-1])
            before = str(form.facts)
            form.cadence_to = self.day(-5)
            self.assertEqual(str(form.facts) != before, waits, user.name)

    def test_dialog_on_many(self):
        """What is skipped is told with the reason."""
        excluded = self._make_profiles(
            self._create_customer("Lawyer"),
            is_excluded=True,
            user_id=self.user_salesman.id,
        )
        result = self._dialog(
            "pause",
            self.profile + excluded,
            self.user_salesman,
            cadence_to=self.day(-3),
            reason="Stock-taking",
        )
        self.assertEqual(
            result["params"]["skipped"]["domain"], [("id", "in", excluded.ids)]
        )

    def test_dialog_for_exceptions_opens_for_leaders(self):
        with self.assertRaises(AccessError):
            self._dialog("exempt", self.profile, self.user_salesman, reason="Busy")
        self._dialog(
            "interval",
            self.profile,
            self.user_leader,
            cadence_rule_id=self.rule,
            cadence_number=2,
            reason="Quiet",
        )
        self.assertEqual(self.profile.cadence_exception_ids.interval_number, 2)

    def test_server_actions(self):
        """What automation rules and playbooks call."""

        def run(name):
            action = self.env.ref(f"crm_lifecycle.crm_cadence_server_action_{name}")
            action.with_context(
                active_model="crm.lifecycle.profile", active_ids=self.profile.ids
            ).run()

        run("pause")
        self.assertEqual(self._get_clock(self.rule).state, "paused")
        run("resume")
        self.assertEqual(self._get_clock(self.rule).state, "overdue")
        run("plan")
        activity = self.env["mail.activity"].search(
            [("lifecycle_profile_id", "=", self.profile.id)]
        )
        self.assertEqual(activity.user_id, self.user_salesman)
        run("exempt")
        self.assertFalse(self._get_clock(self.rule))
        self.assertFalse(activity.exists())
