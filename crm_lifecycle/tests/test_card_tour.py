# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .browser_common import BrowserCase
from .card_common import TestCardCommon


@tagged("post_install", "-at_install")
class TestCardTour(TestCardCommon, BrowserCase):
    def setUp(self):
        super().setUp()
        self.env["crm.lifecycle.requirement"].search([]).action_archive()
        self.env["crm.lifecycle.requirement"].create(
            {"name": "Tour requirement", "target": "profile.own_volume"}
        )
        self.buyer.name = "Tour Buyer"
        self.env["crm.lifecycle.best.hours"].create({"partner_id": self.buyer.id})
        self._create_orders(self.customer, [70, 40, 10], user_id=self.user_salesman.id)
        self.card = self._card(self.customer)
        self.env["crm.lifecycle.fact"].create(
            {"partner_id": self.buyer.id, "kind": "like", "note": "Green tea"}
        )

    def _read_card(self):
        self.start_tour(
            f"/odoo/customer-base/{self.card.id}",
            "crm_lifecycle_card_tour",
            login=self.user_salesman.login,
        )
        self.assertEqual(self.card.own_volume, "300 cakes")

    def test_at_a_desk(self):
        self._read_card()

    def test_in_a_narrow_window(self):
        self._use_phone()
        self._read_card()
