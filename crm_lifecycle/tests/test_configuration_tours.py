# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .browser_common import BrowserCase
from .common import TestLifecycleCommon


@tagged("post_install", "-at_install")
class TestLifecycleConfigurationTours(TestLifecycleCommon, BrowserCase):
    """First run, what-if and matrix in the browser."""

    def setUp(self):
        super().setUp()
        self.manager = self._create_user(
            "tour_manager",
            "Mona Manager",
            "sales_team.group_sale_manager",
            lang="en_US",
        )
        if "odoobot_state" in self.manager._fields:
            self.manager.odoobot_state = "disabled"  # its chat would cover a phone
        self.company.lifecycle_regular_count = 3
        self.customer = self._create_customer("Tour Customer", user_id=self.manager.id)
        self._create_orders(self.customer, (5, 40), amount=9e8)

    def _await_first_run(self):
        """As right after the installation; the job runs as soon as it is woken."""
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM crm_lifecycle_profile WHERE company_id = %s",
            [self.company.id],
        )
        self.env.invalidate_all()
        self.company.write(
            {"lifecycle_baseline_at": False, "lifecycle_first_run_at": False}
        )
        self.env["crm.lifecycle.preset"].create(
            {"name": "Tour Set", "sequence": -1, "lifecycle_regular_count": 2}
        )

        def run_at_once(engine, at=None):
            company = engine.env.company.sudo()
            if company.lifecycle_first_run_at and not company.lifecycle_baseline_at:
                engine.sudo()._run_company(company)

        self.patch(type(self.engine), "_trigger", run_at_once)

    def test_first_run(self):
        self._await_first_run()
        self.start_tour(
            "/odoo", "crm_lifecycle_first_run_tour", login="crm_lc_tour_manager"
        )
        self.assertTrue(self.company.lifecycle_baseline_at)
        self.assertEqual(self.company.lifecycle_regular_count, 2)
        self.assertStage(self.customer, "regular")
        self.assertEqual(self._transitions(self.customer).cause, "baseline")

    def test_what_if_in_the_settings(self):
        self._recompute()
        self.manager.group_ids += self.env.ref("base.group_system")
        self.start_tour(
            "/odoo", "crm_lifecycle_what_if_tour", login="crm_lc_tour_manager"
        )
        self.assertEqual(self.company.lifecycle_regular_count, 3, "nothing was saved")
        self.assertStage(self.customer, "working")

    def test_what_if_of_the_limits_on_a_phone(self):
        self._recompute()
        self._use_phone()
        self.start_tour(
            "/odoo/customer-base-limits",
            "crm_lifecycle_limits_what_if_tour",
            login="crm_lc_tour_manager",
        )
        self.assertEqual(self.company.lifecycle_regular_count, 3)

    def test_leaving_the_limits_asks(self):
        self.company.lifecycle_lost_days = 365
        self.start_tour(
            "/odoo/customer-base-limits",
            "crm_lifecycle_limits_leave_tour",
            login="crm_lc_tour_manager",
        )
        self.assertEqual(self.company.lifecycle_regular_count, 3, "was discarded")
        self.assertEqual(self.company.lifecycle_lost_days, 400, "was saved")

    def test_matrix(self):
        self.start_tour(
            "/odoo/customer-base-matrix",
            "crm_lifecycle_matrix_tour",
            login="crm_lc_tour_manager",
        )
        cells = self.env["crm.lifecycle.category.cell"]._ids_by_place()
        self.assertEqual(cells["b", "low"], self.category("c").id)
