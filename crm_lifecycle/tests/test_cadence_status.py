# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, timedelta

from odoo import Command

from .cadence_common import TestCadenceCommon


class TestCadenceStatus(TestCadenceCommon):
    """The clock of a rule at a customer."""

    def test_counted_from_the_latest_day(self):
        """Due is one interval after the latest of contact, coming under the rule,
        start of the rule."""
        rule = self._create_rule(date_start=self.day(20), number=10, unit="day")
        clock = self._get_clock(rule)
        self.assertEqual(clock.base_kind, "start")
        self.assertEqual(clock.base_date, self.day(20))
        self.assertEqual(clock.due_date, self.day(10))
        self.assertTrue(clock.is_never)
        self.assertEqual((clock.state, clock.days_late), ("overdue", 10))
        touchpoint = self._log(days=6)
        clock = self._get_clock(rule)
        self.assertEqual(clock.base_kind, "touchpoint")
        self.assertEqual(clock.last_touchpoint_id, touchpoint)
        self.assertEqual(clock.due_date, self.day(-4))
        self.assertEqual((clock.state, clock.days_late), ("ok", 0))
        self.assertEqual(self.profile.next_contact_date, self.day(-4))

    def test_states(self):
        """Overdue from the day after the due day; soon within the lead time."""
        rule = self._create_rule(date_start=self.day(60), number=10, unit="day")
        rule.lead_days = 2
        for ago, state in ((7, "ok"), (8, "soon"), (10, "today"), (11, "overdue")):
            with self.subTest(ago=ago):
                touchpoint = self._log(days=ago)
                self.assertEqual(self._get_clock(rule).state, state)
                touchpoint.set_ignored("Wrong customer")
        self.assertTrue(self._get_clock(rule).is_never)

    def test_direction(self):
        """The channel decides which direction counts, unless the rule does."""
        rule = self._create_rule(date_start=self.day(60), number=10, unit="day")
        rule.channel_ids = self.call + self.email
        cases = (
            # direction of the rule, channel, who began it, counts
            ("channel", self.call, "in", True),
            ("channel", self.email, "in", False),
            ("channel", self.email, "out", True),
            ("any", self.email, "in", True),
            ("out", self.call, "in", False),
            ("out", self.call, "out", True),
        )
        for direction, channel, began, counts in cases:
            with self.subTest(direction=direction, channel=channel.name, began=began):
                rule.direction = direction
                touchpoint = self._log(days=2, channel_id=channel.id, direction=began)
                self._recompute()
                self.assertEqual(bool(self._get_clock(rule).last_date), counts)
                touchpoint.unlink()

    def test_other_channel_does_not_count(self):
        """An e-mail is no call."""
        rule = self._create_rule(date_start=self.day(60), number=10, unit="day")
        self._log(days=1, channel_id=self.email.id)
        self.assertFalse(self._get_clock(rule).last_date)

    def test_whoever_made_it(self):
        """A colleague's contact restarts the clock."""
        rule = self._create_rule(date_start=self.day(60), number=10, unit="day")
        self._log(days=1, user_id=self.user_salesman_2.id)
        self.assertEqual(self._get_clock(rule).last_date, self.day(1))

    def test_month_end(self):
        """31.01. and a month is 28.02."""
        self._set_category("a", date(2025, 1, 1))
        self._set_category("b", date(2025, 1, 2))
        rule = self._create_rule(date_start=date(2026, 1, 31), number=1, unit="month")
        clock = self._get_clock(rule, today=date(2026, 2, 10))
        self.assertEqual(clock.due_date, date(2026, 2, 28))

    def test_several_per_period(self):
        """They are spread evenly, in whole days."""
        rule = self._create_rule(
            date_start=self.day(0), number=1, unit="month", times=4
        )
        self.assertEqual(self._get_clock(rule).due_date, self.day(-7))

    def test_exceptions(self):
        """Other interval, no rule at all, and the day after it."""
        rule = self._create_rule(date_start=self.day(60), number=10, unit="day")
        exception = self.env["crm.cadence.exception"].create(
            {
                "profile_id": self.profile.id,
                "rule_id": rule.id,
                "kind": "interval",
                "interval_number": 90,
                "interval_unit": "day",
                "date_from": self.day(3),
                "reason": "Sleeps in winter",
            }
        )
        self.assertEqual(self._get_clock(rule).due_date, self.day(-30))
        exception.write({"kind": "exempt", "date_from": self.day(30)})
        self.assertFalse(self._get_clock(rule))
        self.assertFalse(self.profile.next_contact_date)
        exception.date_to = self.day(4)
        clock = self._get_clock(rule)
        self.assertEqual(clock.since_date, self.day(3))
        self.assertEqual(clock.due_date, self.day(-7))
        exception.unlink()
        self.assertEqual(self._get_clock(rule).due_date, self.day(50))

    def test_pauses(self):
        """Only approved ones that have begun; the last day belongs to them."""
        rule = self._create_rule(date_start=self.day(60), number=10, unit="day")
        pause = self.env["crm.cadence.pause"].create(
            {
                "profile_id": self.profile.id,
                "date_from": self.day(5),
                "date_to": self.day(0),
                "reason": "Moves house",
            }
        )
        clock = self._get_clock(rule)
        self.assertEqual((clock.state, clock.days_late), ("paused", 0))
        self.assertEqual(clock.due_date, self.day(-10))
        pause.date_to = self.day(1)
        clock = self._get_clock(rule)
        self.assertEqual((clock.state, clock.base_kind), ("ok", "pause"))
        self.assertEqual(clock.due_date, self.day(-9))
        pause.state = "waiting"
        self.assertEqual(self._get_clock(rule).state, "overdue")
        pause.write(
            {
                "state": "approved",
                "date_from": self.day(-1),
                "date_to": self.day(-9),
            }
        )
        self.assertEqual(self._get_clock(rule).state, "overdue")

    def test_category(self):
        """Who leaves the rule's categories has no clock; who comes back begins anew."""
        rule = self._create_rule(date_start=self.day(60), number=10, unit="day")
        self._set_category("a", self.day(40))
        self.assertFalse(self._get_clock(rule))
        self._set_category("b", self.day(4))
        clock = self._get_clock(rule)
        self.assertEqual((clock.since_date, clock.base_kind), (self.day(4), "since"))
        self.assertEqual(clock.due_date, self.day(-6))

    def test_inactive_excluded_archived(self):
        """No clock for customers and rules that are not in force."""
        rule = self._create_rule(date_start=self.day(60), number=10, unit="day")
        self.assertTrue(self._get_clock(rule))
        self.profile._write_people({"is_excluded": True})
        self._recompute()
        self.assertFalse(self._get_clock(rule))
        self.profile._write_people({"is_excluded": False})
        self._recompute()
        self.assertTrue(self._get_clock(rule))
        rule.active = False
        self._recompute()
        self.assertFalse(self._get_clock(rule))
        rule.active = True
        self._recompute()
        self.assertEqual(self._get_clock(rule).base_date, self.day(0))
        rule.date_start = self.day(-1)
        self._recompute()
        self.assertFalse(self._get_clock(rule))

    def test_own_day(self):
        """The same moment is another day in another time zone."""
        self.company.lifecycle_tz = "Pacific/Kiritimati"  # 14 hours ahead
        rule = self._create_rule(date_start=self.day(60), number=10, unit="day")
        moment = self.ago(days=3).replace(hour=11, minute=0, second=0, microsecond=0)
        self._log(date=moment)
        ahead = self._get_clock(rule).last_date
        self.company.lifecycle_tz = "UTC"
        self._recompute()
        self.assertEqual(ahead - self._get_clock(rule).last_date, timedelta(1))

    def test_reminder(self):
        """A mailing fulfils a reminder, and never a personal rule."""
        personal = self._create_rule(date_start=self.day(60), number=10, unit="day")
        reminder = personal.copy({"kind": "reminder"})
        self.env["mail.message"].search([]).flush_recordset()
        self._send_mailing(days=2)
        self._recompute()
        self.assertEqual(self._get_clock(reminder).last_date, self.day(2))
        self.assertFalse(self._get_clock(reminder).last_touchpoint_id)
        self.assertFalse(self._get_clock(personal).last_date)
        self.assertEqual(
            self.profile.next_contact_date, self._get_clock(personal).due_date
        )

    def test_second_run_writes_nothing(self):
        """What is as it should be is left alone."""
        self._create_rule(date_start=self.day(60), number=10, unit="day")
        self._create_rule(date_start=self.day(60), number=1, unit="month")
        self._log(days=3)
        self._recompute()
        self.assertEqual(self.engine._recompute_cadence(self.company), 0)
        self.assertEqual(self.engine._recompute_cadence(self.company, self.profile), 0)

    def test_merge(self):
        """Clocks, pauses and exceptions of two customers that are one."""
        rule = self._create_rule(
            date_start=self.day(60), number=10, unit="day", category="prospect"
        )
        self._set_category("prospect", self.day(50))
        twin = self._create_customer("Acme again")
        profile = self._make_profiles(twin, user_id=self.user_salesman.id)
        self._set_category("prospect", self.day(50), profile)
        self._log(days=2, partner_id=twin.id)
        for one in profile + self.profile:
            self.env["crm.cadence.pause"].create(
                {
                    "profile_id": one.id,
                    "date_from": self.day(5),
                    "date_to": self.day(4),
                    "reason": "Holidays",
                }
            )
        self._merge(twin, self.customer)
        self.assertFalse(profile.exists())
        self.assertEqual(len(self.profile.cadence_pause_ids), 2)
        self.assertEqual(self._get_clock(rule).last_date, self.day(2))

    def test_agenda(self):
        """What to talk about: of the customer's stage, else of all."""
        rule = self._create_rule(date_start=self.day(60), number=10, unit="day")
        get = self.env["crm.touchpoint"]._get_agenda
        self.assertFalse(get(self.profile, self.call))
        self.env["crm.cadence.agenda"].create(
            {"rule_id": rule.id, "text": "<p>News</p>"}
        )
        self.assertIn("News", get(self.profile, self.call))
        self.assertFalse(get(self.profile, self.email))
        self.env["crm.cadence.agenda"].create(
            {
                "rule_id": rule.id,
                "stage_id": self.profile.stage_id.id,
                "text": "<p>First order</p>",
            }
        )
        agenda = get(self.profile, self.call)
        self.assertIn("First order", agenda)
        self.assertNotIn("News", agenda)

    def test_worst_rule(self):
        """The customer's state is that of its worst rule."""
        self._create_rule(date_start=self.day(60), number=90, unit="day")
        self.assertEqual(self.profile.cadence_state, "ok")
        late = self._create_rule(date_start=self.day(60), number=10, unit="day")
        self._recompute()
        self.profile.invalidate_recordset()
        self.assertEqual(self.profile.cadence_state, "overdue")
        found = self.Profile.search([("cadence_state", "=", "overdue")])
        self.assertIn(self.profile, found)
        [overdue] = self.profile._get_overdue_norms()
        self.assertEqual(overdue["rule"], late)
        self.assertEqual((overdue["due"], overdue["days"]), (self.day(50), 50))

    def test_queue(self):
        """What the collection finds is looked at by the job."""
        rule = self._create_rule(date_start=self.day(60), number=10, unit="day")
        self._run_job()
        self.assertEqual(self._get_clock(rule).due_date, self.day(50))
        self._create_message(date=self.ago(days=3))
        rule.channel_ids = self.email
        self._run_job()
        self.assertEqual(self._get_clock(rule).last_date, self.day(3))
        self.assertFalse(self.env["crm.cadence.event"].search([]))

    def test_done_activity_at_once(self):
        """Whoever does an activity sees the clock restart."""
        rule = self._create_rule(date_start=self.day(60), number=10, unit="day")
        activity = self._create_activity()
        activity.with_user(self.user_salesman).action_done()
        self.assertEqual(self._get_clock(rule).last_date, self.day(0))

    def test_rule_with_history_is_archived(self):
        """A rule with rows in the ledger cannot be deleted."""
        rule = self._create_rule(date_start=self.day(60), number=10, unit="day")
        self.env.cr.execute(
            "INSERT INTO crm_cadence_period (profile_id, rule_id, company_id, "
            "opening_date, due_date, missed_date, state) "
            "VALUES (%s, %s, %s, %s, %s, %s, 'met') ON CONFLICT DO NOTHING",
            [
                *(self.profile.id, rule.id, self.company.id),
                *(self.day(90), self.day(80), self.day(70)),
            ],
        )
        with self.assertRaisesRegex(Exception, "Archive"):
            rule.unlink()

    def test_company_rule(self):
        """A rule of another company does not hold here."""
        rule = self._create_rule(date_start=self.day(60), number=10, unit="day")
        rule.company_id = self.company_2
        self._recompute()
        self.assertFalse(self._get_clock(rule))
        rule.company_id = self.company
        self._recompute()
        self.assertTrue(self._get_clock(rule))

    def test_right_person(self):
        """Contacts with others show as touched, not covered."""
        rule = self._create_rule(date_start=self.day(60), number=10, unit="day")
        rule.right_person = True
        self._log(days=3, contact_id=self.anna.id)
        with self._right_people([]):
            self._recompute()
            self.assertEqual(self._get_clock(rule).last_date, self.day(3))
        with self._right_people([(self.profile, self.ben)]):
            self._recompute()
            clock = self._get_clock(rule)
            self.assertFalse(clock.last_date)
            self.assertEqual(clock.uncovered_date, self.day(3))
            self._log(
                days=2,
                contact_id=self.anna.id,
                contact_ids=[Command.set(self.ben.ids)],
            )
            clock = self._get_clock(rule)
            self.assertEqual(clock.last_date, self.day(2))
            self.assertFalse(clock.uncovered_date)
