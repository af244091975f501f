# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import common, no_retry, tagged

from odoo.addons.web.tests import test_js as web_test_js


@tagged("post_install", "-at_install")
class TestLifecycleJs(web_test_js.HOOTCommon):
    """The components of this add-on, without the tests of the web client itself."""

    def setUp(self):
        self._test_params = [("+", "@crm_lifecycle")]
        super().setUp()
        # see test_tours
        self.patch(common, "CHECK_BROWSER_ITERATIONS", 900)

    @no_retry
    def test_unit_desktop(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            f"{self.hoot_filters}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=web_test_js.unit_test_error_checker,
        )
