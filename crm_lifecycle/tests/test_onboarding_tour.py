# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import tagged

from .browser_common import BrowserCase
from .common import TestLifecycleCommon

TOUR = "crm_lifecycle_onboarding_tour"


@tagged("post_install", "-at_install")
class TestOnboardingTour(TestLifecycleCommon, BrowserCase):
    """The way through the application that new users are shown."""

    def setUp(self):
        super().setUp()
        self.tour = self.env.ref(f"crm_lifecycle.{TOUR}")
        self.user = self._create_user(
            "newcomer", "Nora Newcomer", "sales_team.group_sale_manager"
        )

    def _prepare_customer(self):
        if "odoobot_state" in self.user._fields:
            self.user.odoobot_state = "disabled"
        self.company.lifecycle_baseline_at = "2020-01-01"
        customer = self._create_customer("Tour Customer", user_id=self.user.id)
        self._create_orders(customer, (5, 40, 70), amount=9e8)
        self._recompute(customer)

    def test_desktop(self):
        self._prepare_customer()
        touchpoints = self.env["crm.touchpoint"].search_count([])
        self.start_tour("/odoo", TOUR, login="crm_lc_newcomer")
        self.assertEqual(self.env["crm.touchpoint"].search_count([]), touchpoints)

    def test_phone(self):
        """The same way with a thumb: board first, no dialog, no search bar."""
        self._prepare_customer()
        self._use_phone()
        self.start_tour("/odoo", TOUR, login="crm_lc_newcomer")

    def _current(self):
        """Name of the tour that the web client would begin with now."""
        tour = self.env["web_tour.tour"].with_user(self.user).get_current_tour()
        return tour and tour["name"]

    def test_only_for_those_who_want_it(self):
        others = self.env["web_tour.tour"].search([("id", "!=", self.tour.id)])
        others.user_consumed_ids = [Command.link(self.user.id)]
        self.user.tour_enabled = False
        self.assertFalse(self._current())
        self.user.tour_enabled = True
        self.assertEqual(self._current(), TOUR)
        self.env["web_tour.tour"].with_user(self.user).consume(TOUR)
        self.assertFalse(self._current())

    def test_comes_after_the_pipeline(self):
        """The tour of the pipeline is the first one; ours has its own message."""
        self.assertGreater(self.tour.sequence, self.env.ref("crm.crm_tour").sequence)
        self.assertIn("customer base", self.tour.rainbow_man_message)
