# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tools import SQL, mute_logger

from .control_common import ControlCommon


class TestBusinessHours(ControlCommon):
    """Working hours in SQL equal those of the calendar in Python."""

    def _hours(self, start, end):
        schedule = SQL(", ").join(
            SQL("%s AS %s", value, SQL.identifier(name))
            for name, value in self.engine._get_work_schedule(self.company).items()
        )
        [(hours,)] = self.env.execute_query(
            SQL(
                "SELECT %s FROM (SELECT %s) s",
                self.engine._sql_business_hours(
                    SQL("%s::timestamp", start), SQL("%s::timestamp", end), SQL("s")
                ),
                schedule,
            )
        )
        return float(hours)

    def _check(self, calendar, seed):
        self.company.resource_calendar_id = calendar
        random = Random(seed)
        for __ in range(25):
            start = datetime(2026, 3, 1) + timedelta(minutes=random.randrange(60000))
            end = start + timedelta(minutes=random.randrange(40000))
            self.assertAlmostEqual(
                self._hours(start, end),
                calendar.get_work_hours_count(start, end),
                places=4,
                msg=f"{start} to {end}",
            )

    def _create_calendar(self, **values):
        return self.env["resource.calendar"].create(
            {
                "name": "Shop",
                "tz": "Europe/Berlin",  # the clock changes on 29.03.2026
                "company_id": self.company.id,
                "attendance_ids": [
                    Command.create(
                        {
                            "name": "Slot",
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": end,
                            "day_period": period,
                        }
                    )
                    for day in range(6)
                    for start, end, period in (
                        (8.5, 12, "morning"),
                        (12, 13, "lunch"),
                        (13, 17, "afternoon"),
                    )
                ],
                **values,
            }
        )

    def _close(self, calendar, start, end):
        zone = ZoneInfo(calendar.tz)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": calendar.id,
                "company_id": self.company.id,
                "date_from": start.replace(tzinfo=zone)
                .astimezone(ZoneInfo("UTC"))
                .replace(tzinfo=None),
                "date_to": end.replace(tzinfo=zone)
                .astimezone(ZoneInfo("UTC"))
                .replace(tzinfo=None),
            }
        )

    def test_week_with_holidays(self):
        calendar = self._create_calendar()
        self._close(calendar, datetime(2026, 3, 10), datetime(2026, 3, 12))
        self._close(calendar, datetime(2026, 3, 11, 9), datetime(2026, 3, 13, 10))
        self._close(calendar, datetime(2026, 3, 20, 15), datetime(2026, 3, 20, 16))
        self._check(calendar, 1)

    def test_two_weeks(self):
        calendar = self._create_calendar()
        calendar.switch_calendar_type()
        calendar.attendance_ids.filtered(
            lambda line: line.week_type == "1" and line.dayofweek in ("0", "3")
        ).unlink()
        self._check(calendar, 2)

    def test_around_the_clock(self):
        start = datetime(2026, 3, 1, 5)
        flexible = self._create_calendar(flexible_hours=True)
        for calendar in (flexible, self.env["resource.calendar"]):
            self.company.resource_calendar_id = calendar
            hours = self._hours(start, start + timedelta(days=40, minutes=30))
            self.assertAlmostEqual(hours, 40 * 24 + 0.5)


class TestTouchpointIncoming(ControlCommon):
    """Who waits for an answer, and how long others waited."""

    def setUp(self):
        super().setUp()
        self.Incoming = self.env["crm.touchpoint.incoming"]
        self.company.resource_calendar_id = False  # around the clock
        self.domain = [("partner_id", "=", self.customer.id)]

    def _came(self, hours, channel=None, **columns):
        """The customer began a contact so many hours ago."""
        return self._add_touchpoint(
            self.profile,
            channel or self.email,
            self.ago(hours=hours),
            direction="in",
            **columns,
        )

    def _went(self, hours, channel=None, **columns):
        channel = channel or self.email
        return self._add_touchpoint(
            self.profile, channel, self.ago(hours=hours), **columns
        )

    def _waits(self, *states):
        domain = [*self.domain, ("state", "in", states)] if states else self.domain
        return self.Incoming.search(domain, order="date")

    def test_answered(self):
        self._came(30)
        answer = self._went(25.5, user_id=self.user_leader.id)
        self._went(20)
        row = self._waits()
        self.assertEqual(row.state, "answered")
        self.assertEqual(row.answer_id.id, answer)
        self.assertEqual(row.answer_user_id, self.user_leader)
        self.assertEqual(row.user_id, self.user_salesman)
        self.assertAlmostEqual(row.reply_hours, 4.5, places=2)
        self.assertFalse(row.waiting_hours)
        self.assertFalse(row.is_late)

    def test_waiting(self):
        self._went(50)
        first = self._came(30)
        self._came(20)  # asks again: the same wait
        row = self._waits()
        self.assertEqual((row.id, row.state), (first, "waiting"))
        self.assertAlmostEqual(row.waiting_hours, 30, places=1)
        self.assertTrue(row.is_late)
        self.company.lifecycle_reply_hours = 31
        row.invalidate_recordset()
        self.assertFalse(row.is_late)

    def test_a_conversation_is_an_answer_and_waits_for_none(self):
        self._came(30)
        call = self._came(29, self.call)
        row = self._waits()
        self.assertEqual(row.answer_id.id, call)
        self._came(20, self.meeting)
        self.assertEqual(self._waits(), row)

    def test_channels_wait_by_setting(self):
        self._came(30, self.message)
        self.assertEqual(self._waits().state, "waiting")
        self.message.waits_for_answer = False
        self.env.invalidate_all()
        self.assertFalse(self._waits())
        self.assertFalse(self.call.waits_for_answer)

    def test_each_wait_is_one_row(self):
        for hours in (90, 80, 60):
            self._came(hours)
        self._went(50)
        self._came(40)
        self._went(39)
        rows = self._waits()
        self.assertEqual([round(row.reply_hours, 1) for row in rows], [40.0, 1.0])

    def test_what_does_not_count(self):
        self._came(30, is_ignored=True)
        self.assertFalse(self._waits())
        self._came(20)
        self._went(19, is_ignored=True)
        self.assertEqual(self._waits().state, "waiting")

    def test_needs_no_answer(self):
        self._came(30)
        self._came(25)
        row = self._waits().with_user(self.user_salesman)
        result = row.action_needs_no_answer()["params"]
        self.assertEqual(result["next"]["infos"]["lifecycle_done"], 1)
        self.assertEqual(row.state, "closed")
        self.assertFalse(self._waits("waiting"))
        self.assertEqual(row.touchpoint_id.no_answer_user_id, self.user_salesman)
        again = row.action_needs_no_answer()["params"]
        self.assertTrue(again["reasons"])
        asked = self._came(3)  # a new question begins a new wait
        self.assertEqual(self._waits("waiting").id, asked)
        row.action_needs_answer()
        self.assertEqual(row.state, "waiting")

    def test_a_customer_who_left_the_base(self):
        """Waits for nothing, and was not left waiting too long."""
        self._add_touchpoint(
            self.profile, self.email, self.ago(days=30), direction="in"
        )
        Incoming = self._as(self.user_manager, "crm.touchpoint.incoming")
        domain = [("profile_id", "=", self.profile.id)]
        self.assertEqual(Incoming.search(domain).state, "waiting")
        self.env.cr.execute(
            "UPDATE crm_lifecycle_profile SET active = FALSE WHERE id = %s",
            [self.profile.id],
        )
        self.env.invalidate_all()
        row = Incoming.search(domain)
        self.assertEqual(
            (row.state, row.is_late, row.waiting_count), ("closed", False, 0)
        )

    def test_median_and_share(self):
        for back, hours in ((900, 1), (800, 2), (700, 30)):
            self._came(back)
            self._went(back - hours)
        self._came(20)  # waiting for too long
        [figures] = self.Incoming._read_group(
            self.domain,
            [],
            [
                "reply_hours:avg",
                "in_time_share:avg",
                "incoming_count:sum",
                "waiting_count:sum",
            ],
        )
        self.assertAlmostEqual(figures[0], 2, places=2)
        self.assertEqual(float(figures[1]), 0.5)
        self.assertEqual(figures[2:], (4, 1))

    def test_answered_from_the_row(self):
        self._came(30)
        row = self._waits()
        action = row.action_log_contact()
        self.assertEqual(action["res_model"], "crm.touchpoint.log")
        context = action["context"]
        log = self.env["crm.touchpoint.log"].with_context(**context).create({})
        self.assertEqual(log.partner_id, self.customer)

    def test_who_sees_whom(self):
        profiles = self._make_owned()
        for profile in profiles.values():
            moment = self.ago(days=9)
            self._add_touchpoint(profile, self.email, moment, direction="in")
        ids = [profile.id for profile in profiles.values()]
        domain = [("profile_id", "in", ids)]
        for user, names in self._get_visible().items():
            with self.subTest(user=user.login):
                Incoming = self._as(user, "crm.touchpoint.incoming")
                rows = Incoming.search(domain)
                self.assertEqual(set(rows.partner_id.mapped("name")), names)
                [(count,)] = Incoming._read_group(domain, [], ["waiting_count:sum"])
                self.assertEqual(count, len(names))
        hidden = self.Incoming.search(
            [("profile_id", "=", profiles["of_colleague"].id)]
        ).with_user(self.user_salesman)
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            hidden.action_needs_no_answer()
        for user in (self.user_internal, self.user_portal, self.user_public):
            for model in ("crm.touchpoint.incoming", "crm.touchpoint.result"):
                with self.assertRaises(AccessError), mute_logger("odoo.models"):
                    self.env[model].with_user(user).search_count(domain)
