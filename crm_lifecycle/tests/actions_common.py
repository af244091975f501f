# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import TestLifecycleCommon


class ActionsBase(TestLifecycleCommon):
    """A proven partner, a buyer of two orders and a prospect."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lost_reason = cls.env["crm.lifecycle.lost.reason"].create(
            {"name": "Better offer", "is_recoverable": True}
        )
        cls.lost_for_good = cls.env["crm.lifecycle.lost.reason"].create(
            {"name": "We ended it", "ended_by": "we", "is_recoverable": False}
        )
        cls.loyal = cls._create_customer("Loyal")
        cls.buyer = cls._create_customer("Buyer")
        cls.prospect = cls._create_customer("Prospect")

    def setUp(self):
        super().setUp()
        self._create_orders(self.loyal, range(30, 430, 40))
        self._create_orders(self.buyer, [100, 20])
        self._create_order(self.prospect, self.day(5), state="draft")
        everybody = self.loyal + self.buyer + self.prospect
        self._recompute(everybody)
        self.p_loyal = self._profile(self.loyal)
        self.p_buyer = self._profile(self.buyer)
        self.p_prospect = self._profile(self.prospect)
        self.all = (self.p_loyal + self.p_buyer + self.p_prospect).with_user(
            self.user_manager
        )

    def _as(self, profiles, user):
        return profiles.with_user(user)
