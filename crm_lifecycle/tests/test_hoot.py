# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import new_test_user, tagged

from odoo.addons.web.tests.test_js import HOOTCommon, unit_test_error_checker

from .browser_common import BrowserCase


@tagged("post_install", "-at_install")
class TestHoot(BrowserCase, HOOTCommon):
    """The unit tests of this add-on's own JavaScript (``static/tests/**``)."""

    # Odoo's own tests of the filter need not run a second time
    test_generate_hoot_hash = None
    test_get_hoot_filter = None

    def setUp(self):
        self._test_params = [("+", "@crm_lifecycle")]
        super().setUp()
        new_test_user(self.env, "crm_lc_hoot", "base.group_system")

    def _run(self, preset):
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset={preset}&timeout=30000"
            f"{self.hoot_filters}",
            "",
            "",
            login="crm_lc_hoot",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=unit_test_error_checker,
        )

    def test_components(self):
        self._run("desktop")

    def test_components_on_a_phone(self):
        self._use_phone()
        self._run("mobile")
