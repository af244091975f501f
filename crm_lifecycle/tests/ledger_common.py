# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .cadence_common import TestCadenceCommon


class LedgerCommon(TestCadenceCommon):
    """One rule, ten days, since forty days ago."""

    def setUp(self):
        super().setUp()
        self.company.lifecycle_grace_days = 14
        self.rule = self._create_rule(date_start=self.day(40), number=10, unit="day")

    def _forget(self):
        self.env.cr.execute("DELETE FROM crm_cadence_period")
        self.env.invalidate_all()

    def _retell(self):
        """As if the job had never run since the rule began."""
        self.env.cr.execute("DELETE FROM crm_cadence_period")
        self.env.invalidate_all()
        self._recompute()

    def _live(self, first, last=0):
        """Run the job every day, from ``first`` to ``last`` days ago."""
        for ago in range(first, last - 1, -1):
            self._recompute(today=self.day(ago))

    def _rows(self, rule=None, profile=None, states=None):
        """Return (opened, due, state, closed, days late), days ago, in order."""
        rows = self.env["crm.cadence.period"].search(
            [
                ("profile_id", "=", (profile or self.profile).id),
                ("rule_id", "=", (rule or self.rule).id),
                *([("state", "in", states)] if states else []),
            ],
            order="opening_date",
        )
        return [
            (
                self._ago(row.opening_date),
                self._ago(row.due_date),
                row.state,
                self._ago(row.closing_date),
                row.days_late,
            )
            for row in rows
        ]

    def _ago(self, day):
        return (self.today - day).days if day else None
