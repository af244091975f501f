# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, common


class BrowserCase(HttpCase):
    """Tests in a real browser."""

    def setUp(self):
        super().setUp()
        # A busy machine may take longer than Odoo's ten seconds to start the browser,
        # and Odoo then skips the test.
        self.patch(common, "CHECK_BROWSER_ITERATIONS", 900)

    def start_tour(self, *args, **kwargs):
        """However wide the fonts of the machine are, no menu is folded away."""
        if self.browser_size == HttpCase.browser_size:
            self.browser_size = "1920x1080"
        return super().start_tour(*args, **kwargs)

    def _use_phone(self):
        """Have the browser be one of a phone."""
        self.browser_size = "375x667"
        self.touch_enabled = True
