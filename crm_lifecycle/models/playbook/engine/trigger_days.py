# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import models
from odoo.tools import SQL


class CrmLifecycleEngine(models.AbstractModel):
    """Days that come round: birthdays, professional days, holidays."""

    _inherit = "crm.lifecycle.engine"

    def _get_scanned_years(self, scan):
        """The years whose days may be meant, when one prepares for them before."""
        before = timedelta(scan.playbook.days_before)
        first, last = scan.since + before, scan.today + before
        return list(range(first.year, last.year + 1))

    def _sql_trigger_fact(self, scan, kind, suffix=""):
        """Informal facts with a day, once for each person and year."""
        # 29 February is kept on the 28th where there is none
        day = SQL(
            "((fact.date + make_interval(years => "
            "year - date_part('year', fact.date)::int))::date - %s)",
            scan.playbook.days_before,
        )
        return SQL(
            """
            SELECT %(event)s
              FROM crm_lifecycle_fact fact
              JOIN crm_lifecycle_profile p ON p.id = fact.profile_id
              JOIN res_partner person ON person.id = fact.partner_id AND person.active
             CROSS JOIN unnest(%(years)s::int[]) year
             WHERE %(scanned)s AND fact.kind = %(kind)s AND fact.date IS NOT NULL
               AND (fact.is_yearly OR date_part('year', fact.date) = year)
               AND %(in_time)s
            """,
            event=self._sql_event(
                SQL("fact.partner_id || ' ' || year || %s", suffix),
                day,
                SQL("NULLIF(fact.partner_id, p.partner_id)"),
                "crm.lifecycle.fact",
                SQL("fact.id"),
            ),
            years=self._get_scanned_years(scan),
            scanned=self._sql_scanned(scan),
            kind=kind,
            in_time=self._sql_in_time(scan, day),
        )

    def _sql_trigger_birthday(self, scan):
        return self._sql_trigger_fact(scan, "birthday")

    def _sql_trigger_professional_day(self, scan):
        return self._sql_trigger_fact(scan, "professional_day", " professional")

    def _sql_trigger_holiday(self, scan):
        """The same day for all customers; once a year."""
        playbook = scan.playbook
        # from the first of the month on: 29 February is 1 March elsewhere
        day = SQL(
            "(make_date(year, %s, 1) + %s - %s)",
            int(playbook.holiday_month or 1),
            playbook.holiday_day - 1,
            playbook.days_before,
        )
        return SQL(
            """
            SELECT %(event)s
              FROM crm_lifecycle_profile p
             CROSS JOIN unnest(%(years)s::int[]) year
             WHERE %(scanned)s AND %(in_time)s
            """,
            event=self._sql_event(SQL("year"), day),
            years=self._get_scanned_years(scan),
            scanned=self._sql_scanned(scan),
            in_time=self._sql_in_time(scan, day),
        )
