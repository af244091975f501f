# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# A Monday on which Odoo begins the first of two weeks
ANCHOR = datetime(2000, 1, 10)
WEEK = 7 * 24


class CrmLifecycleEngine(models.AbstractModel):
    """Working time between two moments, in SQL, so that reports can sort, group and
    take medians of it.

    Hours worked since a fixed Monday are a sum over the slots of the calendar; the
    time between two moments is the difference, less public holidays.
    """

    _inherit = "crm.lifecycle.engine"

    @api.model
    def _get_work_schedule(self, company):
        """Return what `_sql_business_hours` needs of a company, as ``{name: SQL}``.

        A company without fixed hours works around the clock.
        """
        company = company.sudo()  # when it works is no secret
        calendar = company.resource_calendar_id
        slots = [] if calendar.flexible_hours else self._get_work_slots(calendar)
        holidays = self._get_holidays(company, calendar) if slots else []
        zone = calendar.tz if slots else "UTC"  # whose days all have 24 hours
        slots = slots or [(0, WEEK)]
        weeks = 2 if calendar.two_weeks_calendar else 1
        return {
            "work_tz": SQL("%s::text", zone),
            "work_period": SQL("%s::float8", weeks * WEEK),
            "work_starts": SQL("%s::float8[]", [start for start, __ in slots]),
            "work_lengths": SQL("%s::float8[]", [length for __, length in slots]),
            "holiday_starts": SQL("%s::timestamp[]", [start for start, __ in holidays]),
            "holiday_ends": SQL("%s::timestamp[]", [end for __, end in holidays]),
        }

    @api.model
    def _get_work_slots(self, calendar):
        """Return [(hours since Monday of the first week, length in hours)]."""
        slots = []
        for attendance in calendar.attendance_ids.filtered(
            lambda line: not line.display_type and line.day_period != "lunch"
        ):
            start = int(attendance.dayofweek) * 24 + attendance.hour_from
            if calendar.two_weeks_calendar:
                start += int(attendance.week_type or 0) * WEEK
            slots.append((start, attendance.hour_to - attendance.hour_from))
        return sorted(slots)

    @api.model
    def _get_holidays(self, company, calendar):
        """Return [(start, end)] of public holidays in local time, none overlapping."""
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                Domain("resource_id", "=", False)
                & Domain("time_type", "=", "leave")
                & Domain("calendar_id", "in", (calendar.id, False))
                & Domain("company_id", "in", (company.id, False)),
                order="date_from, id",
            )
        )
        zone = ZoneInfo(calendar.tz)
        holidays = []
        for leave in leaves:
            start, end = (
                moment.replace(tzinfo=ZoneInfo("UTC"))
                .astimezone(zone)
                .replace(tzinfo=None)
                for moment in (leave.date_from, leave.date_to)
            )
            if holidays and start <= holidays[-1][1]:
                holidays[-1][1] = max(end, holidays[-1][1])
            else:
                holidays.append([start, end])
        return holidays

    @api.model
    def _sql_business_hours(self, start, end, schedule):
        """Hours the company worked between two stored moments.

        :param SQL start, end: UTC timestamps
        :param SQL schedule: alias of a row with the columns of `_get_work_schedule`
        """
        worked, local = self._sql_worked, self._sql_local
        return SQL(
            "(%(whole)s - (SELECT COALESCE(SUM(%(holiday)s), 0) FROM "
            "unnest(%(s)s.holiday_starts, %(s)s.holiday_ends) AS off (since, until) "
            "WHERE off.since < %(end)s AND off.until > %(start)s))",
            s=schedule,
            start=local(start, schedule),
            end=local(end, schedule),
            whole=SQL(
                "%s - %s",
                worked(local(end, schedule), schedule),
                worked(local(start, schedule), schedule),
            ),
            holiday=SQL(
                "%s - %s",
                worked(SQL("LEAST(off.until, %s)", local(end, schedule)), schedule),
                worked(
                    SQL("GREATEST(off.since, %s)", local(start, schedule)), schedule
                ),
            ),
        )

    @api.model
    def _sql_local(self, moment, schedule):
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s.work_tz)", moment, schedule)

    @api.model
    def _sql_worked(self, local, schedule):
        """Hours worked from the anchor to a local time."""
        return SQL(
            "(SELECT SUM(w.length * h.periods + LEAST(GREATEST("
            "h.hours - %(period)s * h.periods - w.start, 0), w.length)) FROM ("
            "SELECT hours, floor(hours / %(period)s) AS periods FROM ("
            "SELECT EXTRACT(EPOCH FROM %(local)s - %(anchor)s)::float8 / 3600 AS hours"
            ") e) h, unnest(%(s)s.work_starts, %(s)s.work_lengths) "
            "AS w (start, length))",
            period=SQL("%s.work_period", schedule),
            local=local,
            anchor=SQL("%s::timestamp", ANCHOR),
            s=schedule,
        )

    @api.model
    def _sql_moment_of_day(self, day, zone):
        """The UTC moment at which a day begins in a time zone."""
        return SQL(
            "((%s)::timestamp AT TIME ZONE %s AT TIME ZONE 'UTC')",
            day,
            zone,
        )
