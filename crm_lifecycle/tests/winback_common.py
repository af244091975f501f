# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from .common import TestLifecycleCompanies


class WinbackCommon(TestLifecycleCompanies):
    """A customer lost by silence, and helpers to try and win it back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Attempt = cls.env["crm.winback.attempt"]
        cls.price = cls.env["crm.lifecycle.lost.reason"].create(
            {"name": "Price", "ended_by": "customer", "is_recoverable": True}
        )
        cls.we = cls.env["crm.lifecycle.lost.reason"].create(
            {"name": "We ended it", "ended_by": "we", "is_recoverable": True}
        )
        cls.closed = cls.env["crm.lifecycle.lost.reason"].create(
            {"name": "Closed down", "ended_by": "nobody", "is_recoverable": False}
        )
        cls.customer = cls._create_customer("Acme")
        case = cls()
        # the 100 lie a day too early to count as lost
        for ago, amount in ((765, 100), (764, 20), (430, 10), (400, 50)):
            case._create_order(cls.customer, case.day(ago), amount)
        cls.profile = case._recompute(cls.customer)
        cls.profile._set_responsible(cls.user_salesman)

    def _start(self, profiles=None, argument="Speed", user=None, **values):
        profiles = self.profile if profiles is None else profiles
        return profiles.with_user(user or self.user_manager).start_winback(
            argument, **values
        )

    def _attempts(self, profile=None):
        return self.Attempt.search(
            [("profile_id", "=", (profile or self.profile).id)], order="id"
        )

    def _react(self):
        """The step of the job, without its commits."""
        self.env.flush_all()
        with patch.object(type(self.engine), "_commit_progress", lambda *_a, **_k: 0):
            self.engine._do_for_companies(self.engine._close_winback_attempts)
        self.env.invalidate_all()

    def _buy(self, ago=0, amount=70.0):
        self._create_order(self.customer, self.day(ago), amount)
        self._recompute(self.customer)
