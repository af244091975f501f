# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import warmup
from odoo.tools import SQL

from .cadence_common import TestCadenceCommon

# What the list of the first page reads
LIST_FIELDS = (
    *("partner_id", "category_id", "category_color", "rule_id", "state", "due_date"),
    *("days_late", "last_text", "last_user_id", "last_touchpoint_id", "planned_text"),
    *("agenda_text", "contact_phone", "profile_id", "company_id"),
)
MINE = [("plan_group", "in", ("overdue", "today", "week"))]


class TestCadencePlan(TestCadenceCommon):
    """The screen a salesperson begins the day with."""

    def setUp(self):
        super().setUp()
        self.Status = self.env["crm.cadence.status"]
        self.rule = self._create_rule(number=10, unit="day", date_start=self.day(60))

    def _specification(self):
        names = {"partner_id", "category_id", "rule_id", "last_user_id"}
        return {
            name: {"fields": {"display_name": {}}} if name in names else {}
            for name in LIST_FIELDS
        }

    # ------------------------------------------------------------
    # WHAT A ROW SAYS
    # ------------------------------------------------------------

    def test_groups(self):
        """Overdue, today, this week, next week, later: weeks from Monday to Sunday."""
        clock = self._get_clock(self.rule)
        weekday = self.today.weekday()
        ahead = {-1: "overdue", 0: "today", 7 - weekday: "week_next"}
        ahead |= {13 - weekday: "week_next", 14 - weekday: "weeks_later"}
        if weekday < 6:
            ahead |= {6 - weekday: "week"}
        for days, group in ahead.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE crm_cadence_status SET due_date = %s WHERE id = %s",
                    self.day(-days),
                    clock.id,
                )
            )
            self.env.invalidate_all()
            self.assertEqual(clock.plan_group, group, days)
            self.assertEqual(
                self.Status.search([("plan_group", "=", group), ("id", "=", clock.id)]),
                clock,
            )
            self.assertEqual(self.profile.cadence_group, group)
            found = self.Profile.search([("cadence_group", "=", group)])
            self.assertIn(self.profile, found)

    def test_row(self):
        """Last contact with who made it, agenda, best hours, what is planned."""
        touchpoint = self._log(days=20)
        self.rule.agenda_ids = [Command.create({"text": "<p>New <b>prices</b></p>"})]
        self.env["crm.lifecycle.best.hours"].create(
            {"partner_id": self.anna.id, "hour_from": 9, "hour_to": 11}
        )
        self._create_activity(record=self.customer, date_deadline=self.day(-2))
        clock = self._get_clock(self.rule).with_user(self.user_salesman)
        self.assertEqual(clock.last_user_id, self.user_salesman)
        self.assertEqual(clock.action_open_touchpoint()["res_id"], touchpoint.id)
        self.assertEqual(clock.agenda_text, "New *prices*")
        self.assertIn("Anna: ", clock.best_hours_text)
        self.assertEqual(clock.planned_date, self.day(-2))
        self.assertEqual(clock.channel_id, self.call)

    def test_log_with_the_channel_of_the_norm(self):
        """Two clicks: the dialog brings channel and agenda; one norm turns green, the
        other stays red."""
        meetings = self._create_rule(number=10, unit="day", date_start=self.day(60))
        meetings.channel_ids = self.meeting
        meetings.agenda_ids = [Command.create({"text": "<p>Walk the plant</p>"})]
        self._recompute()
        clock = self._get_clock(meetings)
        action = clock.with_user(self.user_salesman).action_log_contact()
        self.assertEqual(action["context"]["default_channel_id"], self.meeting.id)
        wizard = (
            self.env["crm.touchpoint.log"]
            .with_user(self.user_salesman)
            .with_context(**action["context"])
            .create({})
        )
        self.assertIn("Walk the plant", wizard.agenda)
        wizard.action_log()
        self.assertEqual(self._get_clock(meetings).state, "ok")
        self.assertEqual(self._get_clock(self.rule).state, "overdue")

    def test_schedule(self):
        clock = self._get_clock(self.rule).with_user(self.user_salesman)
        action = clock.action_schedule()
        wizard = (
            self.env["mail.activity.schedule"]
            .with_user(self.user_salesman)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(wizard.activity_type_id, self.call_type)
        wizard.action_schedule_activities()
        clock.invalidate_recordset()
        self.assertTrue(clock.planned_date)

    def test_group_by_channel(self):
        visits = self._create_rule(number=10, unit="day", date_start=self.day(60))
        visits.channel_ids = self.visit
        self._recompute()
        groups = self.Status._read_group(
            [("profile_id", "=", self.profile.id)], ["channel_id"], ["__count"]
        )
        self.assertEqual(groups, [(self.call, 1), (self.visit, 1)])

    def test_on_contact_and_lead(self):
        """The way from the contact and the lead to its norms."""
        lead = self.env["crm.lead"].create(
            {"name": "Lead", "partner_id": self.anna.id, "user_id": False}
        )
        for record in (self.customer, self.anna, lead):
            action = record.with_user(self.user_salesman).action_view_contact_plan()
            self.assertEqual(action["domain"], [("profile_id", "=", self.profile.id)])
            self.assertEqual(
                record.lifecycle_next_contact_date, self.profile.next_contact_date
            )

    # ------------------------------------------------------------
    # WHO SEES WHAT
    # ------------------------------------------------------------

    def test_access(self):
        """Own, nobody's, teams led; all documents; never another company's."""
        clock = self._get_clock(self.rule)
        pause = self.env["crm.cadence.pause"].create(
            {
                "profile_id": self.profile.id,
                "date_to": self.day(-3),
                "reason": "Holiday",
            }
        )
        exception = self.env["crm.cadence.exception"].create(
            {"profile_id": self.profile.id, "kind": "exempt", "reason": "Ours"}
        )
        self.env["crm.cadence.exception"].browse(exception.id).date_to = self.today
        expected = {
            self.user_salesman: True,
            self.user_salesman_2: False,
            self.user_leader: True,
            self.user_all: True,
            self.user_manager: True,
            self.user_salesman_3: False,
            self.user_manager_2: False,
        }
        for user, seen in expected.items():
            for record in (pause, exception):
                found = record.with_user(user).search([("id", "=", record.id)])
                self.assertEqual(bool(found), seen, (user.name, record._name))
        self.assertFalse(clock.exists(), "exempt: the clock is gone")
        exception.unlink()
        clock = self._get_clock(self.rule)
        for user, seen in expected.items():
            found = clock.with_user(user).search([("id", "=", clock.id)])
            self.assertEqual(bool(found), seen, user.name)
        for user in (self.user_internal, self.user_portal, self.user_public):
            with self.assertRaises(AccessError):
                clock.with_user(user).read(["due_date"])

    def test_nobody_writes_the_clock(self):
        clock = self._get_clock(self.rule)
        for user in (self.user_salesman, self.user_manager):
            with self.assertRaises(AccessError):
                clock.with_user(user).write({"due_date": self.today})

    # ------------------------------------------------------------
    # SPEED
    # ------------------------------------------------------------

    def _fill(self, count):
        """Give the salesman so many customers with two norms each, all overdue."""
        partners = self._create_many_customers(count)
        self._make_profiles(
            partners,
            user_id=self.user_salesman.id,
            team_id=self.team_1.id,
            category_id=self._get_category("b").id,
            added_date=self.day(100),
        )
        other = self.rule.copy({"name": "Another norm", "active": False})
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_cadence_status (profile_id, rule_id, company_id, "
                "since_date, base_date, base_kind, due_date) "
                "SELECT p.id, norm.id, p.company_id, p.added_date, p.added_date, "
                "'since', %s - p.id %% 40 FROM crm_lifecycle_profile p, "
                "unnest(%s) AS norm (id) WHERE p.partner_id = ANY(%s)",
                self.today,
                [self.rule.id, other.id],
                partners.ids,
            )
        )

    def _open(self, user):
        """What the web client asks for when the plan is opened."""
        domain = [("user_id", "=", user.id), *MINE]
        return (
            self.Status.with_user(user).web_read_group(
                domain,
                ["plan_group"],
                ["__count"],
                auto_unfold=True,
                unfold_read_specification=self._specification(),
                unfold_read_default_limit=80,
            ),
            self.Status.with_user(user).web_search_read(
                domain, self._specification(), limit=80, order="due_date, id"
            ),
        )

    @warmup
    def test_queries_do_not_grow(self):
        """Opening the plan costs the same for three customers and for sixty."""
        counts = []
        for number in (3, 60):
            partners = self._create_customers(number, f"Number {number}")
            self._make_profiles(
                partners,
                user_id=self.user_salesman.id,
                category_id=self._get_category("b").id,
                added_date=self.day(100),
            )
            self._recompute()
            self.env.flush_all()
            self.env.invalidate_all()
            self._open(self.user_salesman)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            __, page = self._open(self.user_salesman)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertGreaterEqual(len(page["records"]), number)
        self.assertLessEqual(counts[1], counts[0] + 1, counts)
        self.assertLess(counts[1], 60)

    def test_first_page_of_two_thousand(self):
        """At most 1.2 times the SQL a developer would write, and 50 ms."""
        self._fill(2000)
        self.env.flush_all()
        self.env.cr.execute("ANALYZE crm_cadence_status")
        self.env.cr.execute("ANALYZE crm_lifecycle_profile")
        user = self.user_salesman
        week = self.day(self.today.weekday() - 6)
        query = SQL(
            """
            SELECT s.id, p.partner_id, partner.complete_name, p.category_id, s.rule_id,
                   s.due_date, s.last_date, t.user_id, partner.phone, a.date_deadline,
                   count(*) OVER () AS total
              FROM crm_cadence_status s
              JOIN crm_lifecycle_profile p ON p.id = s.profile_id
              JOIN res_partner partner ON partner.id = p.partner_id
              LEFT JOIN crm_touchpoint t ON t.id = s.last_touchpoint_id
              LEFT JOIN LATERAL (
                   SELECT min(date_deadline) AS date_deadline FROM mail_activity
                    WHERE active AND res_model = 'res.partner'
                      AND res_id = p.partner_id) a ON TRUE
             WHERE p.user_id = %s AND s.company_id = %s AND s.due_date <= %s
               AND NOT COALESCE(%s BETWEEN s.pause_from AND s.pause_until, FALSE)
             ORDER BY s.due_date, s.id LIMIT 80
            """,
            user.id,
            self.company.id,
            week,
            self.today,
        )

        def bare():
            self.env.cr.execute(query)
            return self.env.cr.fetchall()

        def ours():
            self.env.invalidate_all()
            domain = [("user_id", "=", user.id), *MINE]
            return self.Status.with_user(user).web_search_read(
                domain, self._specification(), limit=80, order="due_date, id"
            )

        def best(work):
            times = []
            for _turn in range(5):
                start = time.perf_counter()
                work()
                times.append(time.perf_counter() - start)
            return min(times)

        self.assertEqual(len(bare()), 80)
        self.assertEqual(len(ours()["records"]), 80)
        ours_time, bare_time = best(ours), best(bare)
        # a machine under load: three times the allowance, or it is another algorithm
        self.assertLess(ours_time, 3 * (1.2 * bare_time + 0.05))
