# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import SQL

from .cadence_common import TestCadenceCommon


class TestCadencePeriodPlan(TestCadenceCommon):
    """A frozen plan, what was made of it; the work the rules ask for."""

    def setUp(self):
        super().setUp()
        self.rule = self._create_rule(number=10, unit="day", date_start=self.day(60))
        self.Plan = self.env["crm.cadence.plan"]
        self.first = self.today.replace(day=1)

    def _freeze(self, user=None, **values):
        plan = self.Plan.with_user(user or self.user_leader).create(
            {
                "team_id": self.team_1.id,
                "period": "month",
                "date_from": self.first,
                **values,
            }
        )
        plan.action_freeze()
        return plan

    def _expect(self, first_due, step, first, last):
        """The contacts of one norm, counted by hand."""
        day, days = max(first_due, first), []
        while day <= last:
            days.append(day)
            day = date.fromordinal(day.toordinal() + step)
        return days

    # ------------------------------------------------------------
    # PLAN
    # ------------------------------------------------------------

    def test_lines(self):
        """Due now, so due on the first day; then every interval."""
        plan = self._freeze(period="quarter")
        due = self._get_clock(self.rule).due_date
        expected = {}
        for day in self._expect(due, 10, plan.date_from, plan.date_to):
            month = day.replace(day=1)
            expected[month] = expected.get(month, 0) + 1
        lines = plan.line_ids
        self.assertEqual({line.month: line.planned for line in lines}, expected)
        self.assertEqual(plan.planned_count, sum(expected.values()))
        self.assertEqual(lines.user_id, self.user_salesman)
        self.assertEqual(plan.frozen_user_id, self.user_leader)

    def test_pauses_and_exceptions(self):
        last = self.Plan.new({"date_from": self.first, "period": "month"})
        last = last._get_last_day()
        self.profile.pause_contacts(last, "All month", self.first)
        self.assertFalse(self._freeze().line_ids)
        self.env["crm.cadence.pause"].search([]).unlink()
        self.profile.set_contact_interval(self.rule.id, 1, 365, "day", "Rarely")
        self.assertLessEqual(self._freeze().planned_count, 1)

    def test_after_a_pause(self):
        """The next is due an interval after the last day of all pauses in a row."""
        self._log(days=2)
        for first, last in ((-12, -15), (-14, -20), (-45, -46)):
            self.profile.pause_contacts(self.day(last), "Away", self.day(first))
        plan = self._freeze(period="half_year")
        days = [
            self.day(-8),
            *(self.day(-30), self.day(-40)),
            *self._expect(self.day(-56), 10, self.today, plan.date_to),
        ]
        expected = {}
        for day in days:
            month = day.replace(day=1)
            expected[month] = expected.get(month, 0) + 1
        self.assertEqual({ln.month: ln.planned for ln in plan.line_ids}, expected)

    def test_frozen(self):
        """What changes afterwards changes nothing but what was made."""
        plan = self._freeze()
        planned = plan.planned_count
        self.rule.active = False
        self._recompute()
        self.assertEqual(plan.planned_count, planned)
        with self.assertRaises(UserError):
            plan.period = "quarter"
        with self.assertRaises(UserError):
            plan.unlink()
        for vals in ({"state": "draft"}, {"frozen_user_id": self.user_manager.id}):
            with self.assertRaises(UserError):
                plan.with_user(self.user_leader).write(vals)
        plan.action_reopen()
        self.assertFalse(plan.line_ids)
        plan.action_freeze()
        self.assertFalse(plan.line_ids)
        made_up = {"state": "frozen", "frozen_user_id": self.user_manager.id}
        plan = plan.with_user(self.user_leader).create(
            {"team_id": self.team_1.id, **made_up}
        )
        self.assertEqual((plan.state, plan.frozen_user_id.id), ("draft", False))

    def _freeze_last_month(self):
        """A plan whose days all lie behind us; its only line."""
        first = (self.first - timedelta(1)).replace(day=1)
        [line] = self._freeze(date_from=first).line_ids
        self.assertGreater(line.planned, 1)
        return line

    def _log_in(self, line, *days, **values):
        """Log contacts on days of the line's month, noted today."""
        for day in days:
            self._log((self.today - line.month.replace(day=day)).days, **values)
        self.env.invalidate_all()

    def test_made(self):
        """Over a channel of the rule, in the month; never more than planned."""
        line = self._freeze_last_month()
        plan = line.plan_id
        self.assertEqual((line.made, line.missing), (0, line.planned))
        self._log_in(line, 3, channel_id=self.email.id)
        self._log(days=(self.today - line.month).days + 1)
        self.env.invalidate_all()
        self.assertEqual(plan.made_count, 0)
        self._log_in(line, 5, 5)
        self.assertEqual(line.made, 1, "the ledger counts a day once")
        self._log_in(line, *range(10, 12 + line.planned))
        self.assertEqual((line.made, line.missing), (line.planned, 0))
        self.assertEqual(plan.progress, 1.0)
        total = self.env["crm.cadence.plan.line"]._read_group(
            [("plan_id", "=", plan.id)], [], ["planned:sum", "made:sum", "missing:sum"]
        )
        self.assertEqual(total, [(line.planned, line.planned, 0)])

    def test_made_is_what_fulfils_the_rule(self):
        """Begun by whom the rule asks, with the right people, and for good."""
        self.rule.direction = "out"
        self.rule.right_person = True
        line = self._freeze_last_month()
        self._log_in(line, 4, direction="in", contact_id=self.anna.id)
        with self._right_people([(self.profile, self.anna)]):
            self._log_in(line, 5, contact_id=self.ben.id)
            self.assertEqual(line.made, 0)
            self._log_in(line, 6, contact_id=self.anna.id)
            self.assertEqual(line.made, 1)
            self.rule.active = False
            self.env.invalidate_all()
            self.assertEqual(line.made, 1, "a rule given up since was kept then")
            made = self.Touchpoint.search([("profile_id", "=", self.profile.id)])
            made.set_ignored("No")
            self.env.invalidate_all()
            self.assertEqual(line.made, 0)

    def test_made_by_a_mailing(self):
        """Mailings fulfil reminders, and nothing else."""
        self.rule.active = False
        reminder = self._create_rule(
            number=10, unit="day", date_start=self.day(60), kind="reminder"
        )
        line = self._freeze_last_month()
        self.assertEqual(line.rule_id, reminder)
        self._send_mailing((self.today - line.month.replace(day=7)).days)
        self.env.invalidate_all()
        self.assertEqual(line.made, 1)
        reminder.kind = "personal"
        self.env.invalidate_all()
        self.assertEqual(line.made, 0)

    def test_who_plans(self):
        """The leader for his team; the team reads its own lines."""
        plan = self._freeze()
        for user in (self.user_salesman, self.user_salesman_2):
            with self.assertRaises(AccessError):
                self._freeze(user)
        self.assertEqual(
            plan.with_user(self.user_salesman).search([("id", "=", plan.id)]), plan
        )
        with self.assertRaises(AccessError):
            plan.with_user(self.user_salesman).action_reopen()
        self.assertTrue(plan.with_user(self.user_salesman).line_ids)
        plan.line_ids.sudo().write({"user_id": self.user_leader.id})
        self.env.invalidate_all()
        self.assertFalse(plan.with_user(self.user_salesman).line_ids)
        self.assertFalse(
            plan.with_user(self.user_salesman_2).search([("id", "=", plan.id)])
        )
        self.assertFalse(
            plan.with_user(self.user_manager_2).search([("id", "=", plan.id)])
        )
        draft = self.Plan.with_user(self.user_leader).create(
            {"team_id": self.team_1.id}
        )
        with self.assertRaises(AccessError):
            draft.team_id = self.team_2
        self._freeze(self.user_manager)

    def test_printed(self):
        plan = self._freeze()
        report = self.env["ir.actions.report"].with_user(self.user_leader)
        html, __ = report._render_qweb_html(
            "crm_lifecycle.report_period_plan", plan.ids
        )
        self.assertIn(b"Acme", html)
        self.assertIn(b"Sam Salesman", html)

    def test_regulation_printed(self):
        """The instruction: categories, norms, channels, agenda."""
        self.rule.agenda_ids = [Command.create({"text": "<p>New prices</p>"})]
        report = self.env["ir.actions.report"].with_user(self.user_salesman)
        html, __ = report._render_qweb_html(
            "crm_lifecycle.report_contact_regulation", self.rule.ids
        )
        for text in (self.rule.name, self.call.name, "New prices"):
            self.assertIn(text.encode(), html)

    # ------------------------------------------------------------
    # LOAD
    # ------------------------------------------------------------

    def test_load_of_a_rule_before_it_is_saved(self):
        """Contacts, hours and who is loaded most, as typed in."""
        calendar = self.env["resource.calendar"].create(
            {"name": "Little time", "hours_per_week": 7.0}
        )
        self.env["resource.resource"].create(
            {
                "name": "Sam",
                "user_id": self.user_salesman.id,
                "calendar_id": calendar.id,
                "company_id": self.company.id,
            }
        )
        calendar.hours_per_week = 7.0
        self.rule.minutes = 0
        Rule = self.Rule.with_user(self.user_manager)
        form = Form(Rule)
        form.name = "Visits"
        form.category_ids.add(self._get_category("b"))
        form.channel_ids.add(self.visit)
        form.times = 1
        form.interval_number = 1
        form.interval_unit = "day"
        form.minutes = 60
        mine = self.env["crm.lifecycle.profile"].search_count(
            [
                ("category_id", "=", self._get_category("b").id),
                ("is_excluded", "=", False),
            ]
        )
        contacts = round(mine * 365 / 12)
        self.assertIn(f"Asks for {contacts} contacts a month", form.load_html)
        # an hour a day against an hour a day
        self.assertIn("Sam Salesman: contacts take 100 %", form.load_html)
        form.interval_number = 2
        self.assertIn("Sam Salesman: contacts take 50 %", form.load_html)
        form.active = False
        self.assertFalse(form.load_html)

    def test_workload(self):
        """Hours asked for by working hours; of a group, by all working hours."""
        self.rule.minutes = 60
        self.env.flush_all()
        Report = self.env["crm.cadence.load.report"]
        row = Report.search([("user_id", "=", self.user_salesman.id)])
        hours = self.company.resource_calendar_id.hours_per_week * 365 / 12 / 7
        self.assertAlmostEqual(row.contacts, 365 / 12 / 10, places=3)
        self.assertAlmostEqual(row.hours, 365 / 12 / 10, places=1)
        self.assertAlmostEqual(row.working_hours, hours, places=1)
        self.assertAlmostEqual(row.load, 365 / 12 / 10 / hours, places=3)
        self.assertEqual(row.customer_count, 1)
        self.profile.set_contact_interval(self.rule.id, 1, 20, "day", "Less")
        self.env.invalidate_all()
        self.assertAlmostEqual(row.contacts, 365 / 12 / 20, places=3)
        [(load, hours_all, working)] = Report._read_group(
            [], [], ["load:avg", "hours:sum", "working_hours:sum"]
        )
        self.assertAlmostEqual(load, hours_all / working, places=4)
        for user, seen in (
            (self.user_salesman, True),
            (self.user_salesman_2, False),
            (self.user_leader, True),
            (self.user_all, True),
            (self.user_manager_2, False),
        ):
            found = Report.with_user(user).search(
                [("user_id", "=", self.user_salesman.id)]
            )
            self.assertEqual(bool(found), seen, user.name)

    def test_exceptions_hold_on_the_companys_day(self):
        """East of the date line it is tomorrow, or west of it still yesterday."""
        now = fields.Datetime.now()
        self.company.lifecycle_tz = "Etc/GMT-14" if now.hour >= 10 else "Etc/GMT+12"
        today = self.engine._today(self.company)
        self.assertNotEqual(today, now.date())
        self._recompute()
        self.env["crm.cadence.exception"].create(
            {
                "profile_id": self.profile.id,
                "rule_id": self.rule.id,
                "interval_number": 20,
                "interval_unit": "day",
                "date_from": today,
                "date_to": today,
                "reason": "One day",
            }
        )
        self.env.flush_all()
        row = self.env["crm.cadence.load.report"].search(
            [("user_id", "=", self.user_salesman.id)]
        )
        self.assertAlmostEqual(row.contacts, 365 / 12 / 20, places=3)

    def test_rate_is_that_of_the_interval(self):
        """SQL and Python agree on how often a norm asks."""
        for times, number, unit in (
            *((1, 1, "month"), (2, 1, "month"), (1, 3, "month"), (3, 1, "week")),
            *((1, 2, "week"), (1, 1, "day"), (7, 1, "week"), (5, 4, "month")),
        ):
            self.rule.write(
                {"times": times, "interval_number": number, "interval_unit": unit}
            )
            self.env.flush_all()
            months, days = self.Rule._get_interval(times, number, unit)
            interval = self.Rule._sql_interval_of("rule")
            [(rate, in_months, in_days)] = self.env.execute_query(
                SQL(
                    "SELECT %s, extract(month from %s)::integer, "
                    "extract(day from %s)::integer "
                    "FROM crm_cadence_rule rule WHERE id = %s",
                    self.Rule._sql_rate("rule"),
                    interval,
                    interval,
                    self.rule.id,
                )
            )
            self.assertEqual((in_months, in_days), (months, days), (times, number))
            self.assertAlmostEqual(float(rate), self.rule._get_monthly_rate(), places=6)
