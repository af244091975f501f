# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from hashlib import sha256
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.tools import SQL, ormcache


@dataclass(frozen=True)
class Norms:
    """The contact regulation of one company on one day, as plain values.

    ``rules``: (id, months, days, first day, right person wanted, is a reminder);
    ``places``: (rule id, category id); ``counted``: (rule id, channel id, direction).
    """

    company_id: int
    today: date
    tz: str
    grace_days: int
    rules: tuple
    places: tuple
    counted: tuple

    @property
    def until(self):
        """The moment (UTC) at which the company's day ends."""
        midnight = datetime.combine(
            self.today + timedelta(1), time(), ZoneInfo(self.tz)
        )
        return midnight.astimezone(timezone.utc).replace(tzinfo=None)

    @property
    def digest(self):
        """Tells whether anything but the day has changed."""
        text = repr((self.tz, self.rules, self.places, self.counted))
        return sha256(text.encode()).hexdigest()[:16]

    @property
    def wants_right_person(self):
        return any(right_person for *__, right_person, __ in self.rules)

    @property
    def has_reminders(self):
        return any(is_reminder for *__, is_reminder in self.rules)


class CrmLifecycleEngine(models.AbstractModel):
    """Contact regulation: the rules in force, as relations that SQL joins."""

    _inherit = "crm.lifecycle.engine"

    @api.model
    def _get_norms(self, company, today=None, archived=False):
        """Return the :class:`Norms` of a company on a day (default: its today).

        :param bool archived: with the rules that have been switched off since
        """
        today = today or self._today(company)
        company = company.sudo()  # what is due does not depend on who asks
        return self._read_norms(
            company.id,
            today,
            self._get_timezone(company),
            max(company.lifecycle_grace_days, 0),
            archived,
        )

    @api.model
    @ormcache("company_id", "today", "tz", "grace_days", "archived")
    def _read_norms(self, company_id, today, tz, grace_days, archived=False):
        """Cached until a rule or channel changes: clocks follow people's actions."""
        # sudo: what is due does not depend on who asks
        rules = (
            self.env["crm.cadence.rule"]
            .sudo()
            # the caller may look at archived ones
            .with_context(active_test=not archived)
            .search(
                [
                    ("company_id", "in", [False, company_id]),
                    ("date_start", "<=", today),
                ],
                order="id",
            )
            # contacts over a channel given up since still took place
            .with_context(active_test=False)
        )
        return Norms(
            company_id=company_id,
            today=today,
            tz=tz,
            grace_days=grace_days,
            rules=tuple(
                (
                    rule.id,
                    *rule._get_interval(
                        rule.times, rule.interval_number, rule.interval_unit
                    ),
                    rule.date_start,
                    rule.right_person,
                    rule.kind == "reminder",
                )
                for rule in rules
            ),
            places=tuple(
                (rule.id, category.id)
                for rule in rules
                for category in rule.category_ids.sorted("id")
            ),
            counted=tuple(
                counted for rule in rules for counted in rule._get_counted_contacts()
            ),
        )

    # ------------------------------------------------------------
    # RELATIONS
    # ------------------------------------------------------------

    def _sql_norms(self, norms):
        """Return a FROM item ``rule``: one row per rule in force."""
        columns = list(zip(*norms.rules, strict=True)) or [()] * 6
        return SQL(
            "unnest(%s::int[], %s::int[], %s::int[], %s::date[], %s::bool[], "
            "%s::bool[]) "
            "AS rule (id, months, days, date_start, right_person, is_reminder)",
            *map(list, columns),
        )

    def _sql_norm_places(self, norms):
        """Return a FROM item ``place``: the categories of the rules."""
        columns = list(zip(*norms.places, strict=True)) or [()] * 2
        return SQL(
            "unnest(%s::int[], %s::int[]) AS place (rule_id, category_id)",
            *map(list, columns),
        )

    def _sql_norm_counted(self, norms):
        """Return a FROM item ``counted``: which contacts fulfil which rule."""
        columns = list(zip(*norms.counted, strict=True)) or [()] * 3
        return SQL(
            "unnest(%s::int[], %s::int[], %s::text[]) "
            "AS counted (rule_id, channel_id, direction)",
            *map(list, columns),
        )

    def _sql_exception_interval(self, months, days):
        """Return months and days of the exception ``e``, as ``_get_interval`` of a
        rule does.

        :param SQL months: name of the resulting column of months
        """
        number, times = SQL("e.interval_number"), SQL("e.times")
        return SQL(
            """
            CASE WHEN e.interval_unit = 'month' AND e.times = 1
                 THEN %(number)s ELSE 0 END AS %(months)s,
            CASE WHEN e.interval_unit = 'month' AND e.times = 1 THEN 0
                 ELSE GREATEST(1, CASE e.interval_unit
                    WHEN 'month' THEN %(number)s * 365 / (12 * %(times)s)
                    WHEN 'week' THEN %(number)s * 7 / %(times)s
                    ELSE %(number)s / %(times)s END) END AS %(days)s
            """,
            number=number,
            times=times,
            months=months,
            days=days,
        )
