# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from .winback_common import WinbackCommon


class TestWinbackReturn(WinbackCommon):
    def test_purchase_closes_the_attempt(self):
        self._start()
        attempt = self._attempts()
        attempt.sudo().date_start = self.day(20)
        self._react()
        self.assertEqual(attempt.state, "running", "nothing bought")
        self._buy(7)
        self._buy(2)
        self._react()
        closed = {
            "state": "won_back",
            "result": "purchase",
            "return_date": self.day(7),
            "date_end": self.day(7),
        }
        self.assertRecordValues(attempt, [closed])
        written = attempt.write_date
        self._react()
        attempt.invalidate_recordset()
        self.assertRecordValues(attempt, [{**closed, "write_date": written}])

    def test_whatever_made_the_engine_look(self):
        """A purchase noticed in an action of people has the cause “by hand”."""
        self._start()
        self._create_order(self.customer, self.today)
        self.profile.set_potential(amount=100)
        self.assertEqual(self._transitions(self.customer)[-1].cause, "manual")
        self._react()
        self.assertEqual(self._attempts().state, "won_back")

    def test_postponed_attempts_are_won_back_too(self):
        self._start()
        self.profile.postpone_winback(self.today + timedelta(30))
        self._buy()
        self._react()
        self.assertRecordValues(
            self._attempts(), [{"state": "won_back", "postponed_until": False}]
        )

    def test_a_purchase_entered_late_is_nobodys_success(self):
        self._start()
        self._buy(3)
        self._react()
        self.assertRecordValues(
            self._attempts(),
            [
                {
                    "state": "given_up",
                    "result": "before",
                    "return_date": self.day(3),
                    "date_end": self.today,
                }
            ],
        )

    def test_a_flag_brings_nobody_back(self):
        self._start()
        self.profile.name_vip(self.user_manager.id, "Brand", despite_reason="Brand")
        self._react()
        self.assertEqual(self._attempts().state, "running")

    def test_closed_with_the_customer(self):
        self._start()
        self.profile.exclude("Lawyer")
        self._react()
        self.assertRecordValues(
            self._attempts(), [{"state": "given_up", "result": "excluded"}]
        )

    def test_declared_lost_elsewhere(self):
        self._start()
        self.profile.declare_lost(self.closed.id)
        self._react()
        self.assertRecordValues(
            self._attempts(), [{"state": "given_up", "result": "lost"}]
        )

    def test_step_of_the_job(self):
        self._start()
        self._buy()
        with patch.object(type(self.engine), "_commit_progress", lambda *_a, **_k: 0):
            self.engine._react()
        self.env.invalidate_all()
        self.assertEqual(self._attempts().state, "won_back")
