# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import tagged

from .browser_common import BrowserCase
from .cadence_common import TestCadenceCommon


@tagged("post_install", "-at_install")
class TestCadenceTour(TestCadenceCommon, BrowserCase):
    """From the contact plan, in the browser."""

    def setUp(self):
        super().setUp()
        self.customer.name = "Tour Customer"
        start = {"number": 10, "unit": "day", "date_start": self.day(60)}
        self.calls = self._create_rule(name="Tour calls", **start)
        self.calls.agenda_ids = [
            Command.create({"text": "<p>Ask about the summer</p>"})
        ]
        self.meetings = self._create_rule(
            name="Tour meetings",
            channel_ids=[Command.set(self.meeting.ids)],
            **start,
        )

    def test_log_from_the_plan(self):
        """One norm turns green, the other stays red."""
        self.start_tour(
            "/odoo/contact-plan",
            "crm_cadence_plan_tour",
            login="crm_lc_user_salesman",
        )
        self.assertEqual(self._get_clock(self.calls).state, "ok")
        self.assertEqual(self._get_clock(self.meetings).state, "overdue")

    def test_pause_without_end_is_refused(self):
        self.start_tour(
            "/odoo/contact-plan",
            "crm_cadence_pause_tour",
            login="crm_lc_user_salesman",
        )
        pause = self.profile.cadence_pause_ids
        self.assertEqual(pause.reason, "On holiday")
        self.assertEqual(pause.date_to, self.day(-5))
