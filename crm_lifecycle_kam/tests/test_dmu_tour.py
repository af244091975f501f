# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from odoo.addons.crm_lifecycle.tests.browser_common import BrowserCase

from .dmu_common import TestDmuCommon


@tagged("post_install", "-at_install")
class TestDmuTour(TestDmuCommon, BrowserCase):
    """A person and a line, added on the map."""

    def test_map(self):
        self.buyer.unlink()
        self._create_contact("Nina New")
        self.start_tour(
            f"/odoo/customer-base/{self.card.id}",
            "crm_dmu_tour",
            login=self.user_salesman.login,
        )
        nina = self.card.dmu_member_ids.filtered(
            lambda member: member.display_name == "Nina New"
        )
        self.assertEqual(nina.influence, 8)
        line = self.card.dmu_influence_ids
        self.assertEqual((line.from_id, line.to_id), (nina, self.boss))
        self.assertEqual(line.reason, "Her right hand")
