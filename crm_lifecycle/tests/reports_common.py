# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools import SQL

from .common import TestLifecycleCompanies

REPORTS = (
    "crm.lifecycle.funnel.report",
    "crm.lifecycle.phase.report",
    "crm.lifecycle.forecast.report",
)


class ReportsCommon(TestLifecycleCompanies):
    """Small bases with a known past, and the figures of their groups (keys and values
    are tuples; None: no figure)."""

    report = None

    def _move(self, profile, code_from, code_to, ago, cause="event", **columns):
        """Write a transition from one stage to another straight into the table."""
        row = {
            "profile_id": profile.id,
            "date": self.day(ago),
            "recorded_at": self.env.cr.now(),
            "cause": cause,
            "from_stage_id": code_from and self.stage(code_from).id,
            "to_stage_id": code_to and self.stage(code_to).id,
            **columns,
        }
        [(transition_id,)] = self.env.execute_query(
            SQL(
                "INSERT INTO crm_lifecycle_transition (%s) VALUES (%s) RETURNING id",
                SQL(", ").join(SQL.identifier(name) for name in row),
                SQL(", ").join(SQL("%s", value or None) for value in row.values()),
            )
        )
        return transition_id

    def _figures(self, domain, groupby, aggregates, user=None, companies=None):
        """Return the figures by group, as a user with companies sees them (without
        user: as the system does, of every company); groups of
        records by the names of the records."""
        Report = self.env[self.report]
        if user:
            Report = Report.with_user(user)
        companies = companies or self.company
        Report = Report.with_context(allowed_company_ids=companies.ids)
        return {
            tuple(map(self._label, row[: len(groupby)])): tuple(
                None if value is False else round(float(value), 6)
                for value in row[len(groupby) :]
            )
            for row in Report._read_group(domain, groupby, aggregates)
        }

    @staticmethod
    def _label(value):
        """What a group is called here: a stage by its code, a record by its name."""
        if getattr(value, "_name", None) == "crm.lifecycle.stage":
            return value.code
        return getattr(value, "name", value)

    def _make_euro_company(self):
        """Return a company whose currency is worth half of the first one's."""
        currency = self.env["res.currency"].create(
            {"name": "QZX", "symbol": "Q", "rounding": 0.01}
        )
        company = self.env["res.company"].create(
            {"name": "Third Company", "currency_id": currency.id}
        )
        self.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "company_id": self.company.id,
                "name": self.day(1000),
                "rate": 2.0,
            }
        )
        self.user_both.company_ids += company
        return company
