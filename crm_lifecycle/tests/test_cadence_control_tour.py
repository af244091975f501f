# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .browser_common import BrowserCase
from .control_common import ControlCommon


@tagged("post_install", "-at_install")
class TestCadenceControlTour(ControlCommon, BrowserCase):
    """From the menu to the reminder, the ledger and the card; an answer logged."""

    def setUp(self):
        super().setUp()
        (self.user_leader + self.user_salesman).lang = "en_US"
        self.customer.name = "Tour Customer"

    def test_control(self):
        self._add_status(self.profile, self.calls, 12)
        self._add_period(self.profile, self.calls, self.day(12), "missed")
        self._add_touchpoint(self.profile, self.email, self.ago(days=3))
        self.start_tour("/odoo", "crm_cadence_control_tour", login="crm_lc_user_leader")
        activity = self.env["mail.activity"].search(
            [("lifecycle_profile_id", "=", self.profile.id)]
        )
        self.assertEqual(activity.user_id, self.user_salesman)
        self.assertEqual(len(activity), 1)

    def test_incoming(self):
        self._add_touchpoint(self.profile, self.email, self.ago(days=3), direction="in")
        self.start_tour(
            "/odoo/incoming-contacts",
            "crm_touchpoint_incoming_tour",
            login="crm_lc_user_salesman",
        )
        row = self.env["crm.touchpoint.incoming"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(row.answer_user_id, self.user_salesman)
