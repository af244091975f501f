# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo import Command

from .cadence_common import TestCadenceCommon


class PlannerCommon(TestCadenceCommon):
    """A company that plans, a call every ten days, overdue for fifty."""

    def setUp(self):
        super().setUp()
        self.company.write(
            {
                "lifecycle_plan_enabled": True,
                "lifecycle_plan_days": 3,
                "lifecycle_plan_limit": 5,
                "lifecycle_escalation_days": 0,
            }
        )
        # every day is a working day, so that the weekday of the test does not matter
        calendar = self.env["resource.calendar"].create({"name": "Always"})
        calendar.attendance_ids = [Command.clear()]
        self.company.resource_calendar_id = calendar
        self.rule = self._create_rule(number=10, unit="day", date_start=self.day(60))

    def _plan(self):
        """Run the nightly step as on a new day."""
        self.company.lifecycle_plan_date = False
        self.env.flush_all()
        with patch.object(type(self.engine), "_commit_progress", lambda *_a, **_k: 0):
            self.engine._plan_due_contacts()
        self.env.invalidate_all()
        return self._activities()

    def _activities(self):
        return self.env["mail.activity"].search(
            [("lifecycle_due_date", "!=", False), ("res_model", "=", "res.partner")],
            order="date_deadline, id",
        )

    def _add_customers(self, count, **values):
        partners = self._create_customers(count, "Planned")
        values = {
            "user_id": self.user_salesman.id,
            "team_id": self.team_1.id,
            "category_id": self._get_category("b").id,
            "added_date": self.day(100),
            **values,
        }
        profiles = self._make_profiles(partners, **values)
        self._recompute()
        return profiles
