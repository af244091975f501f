# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields

from .touchpoint_common import TestTouchpointCommon


class TestPromise(TestTouchpointCommon):
    """What is overdue, for whoever works in several companies."""

    def test_late_on_the_day_of_the_company(self):
        """East of the date line it is tomorrow, or west of it still yesterday."""
        now = fields.Datetime.now()
        self.company_2.lifecycle_tz = "Etc/GMT-14" if now.hour >= 10 else "Etc/GMT+12"
        self.company.lifecycle_tz = "UTC"
        there = self.engine._today(self.company_2)
        self.assertNotEqual(there, now.date())
        promises = self.env["crm.promise"].create(
            [
                {
                    "name": "Samples",
                    "profile_id": profile.id,
                    "date_due": max(there, now.date()) - timedelta(days=1),
                }
                for profile in (
                    self.profile,
                    self._make_profiles(self.customer, company=self.company_2),
                )
            ]
        )
        late = promises.filtered("is_late")
        self.assertEqual(len(late), 1)
        domain = [("id", "in", promises.ids)]
        Promise = promises.browse()
        self.assertEqual(Promise.search([*domain, ("is_late", "=", True)]), late)
        self.assertEqual(
            Promise.search([*domain, ("is_late", "=", False)]), promises - late
        )
