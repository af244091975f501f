# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError

from .winback_common import WinbackCommon


class TestWinbackAccess(WinbackCommon):
    def test_who_sees_and_starts(self):
        colleague = self._create_customer("Of a colleague")
        self._create_order(colleague, self.day(500))
        other = self._recompute(colleague)
        other._set_responsible(self.user_salesman_2)
        self._start(other)
        self._start()
        attempts = self._attempts() + self._attempts(other)
        for user, visible in (
            (self.user_salesman, attempts[0]),
            (self.user_leader, attempts[0]),
            (self.user_all, attempts),
            (self.user_manager, attempts),
            (self.user_manager_2, self.Attempt),
        ):
            with self.subTest(user=user.login):
                seen = self.Attempt.with_user(user).search(
                    [("id", "in", attempts.ids)], order="id"
                )
                self.assertEqual(seen, visible)
        with self.assertRaises(AccessError):
            self._start(other, user=self.user_salesman, argument="z")
        with self.assertRaises(AccessError):
            self._start(other, user=self.user_internal, argument="z")

    def test_owner_without_the_card(self):
        self._start(user_id=self.user_salesman_2.id)
        attempt = self._attempts().with_user(self.user_salesman_2)
        self.assertEqual(attempt.partner_id.name, "Acme")
        self.assertTrue(attempt.lead_id.has_access("write"))
        with self.assertRaises(UserError):
            self._start(argument="z", user_id=self.user_salesman_3.id)

    def test_people_write_words_not_results(self):
        self._start()
        attempt = self._attempts().with_user(self.user_salesman)
        attempt.write({"note": "Called", "argument": "Own lorry"})
        for vals in ({"state": "won_back"}, {"value_at_stake": 9}):
            with self.assertRaises(UserError):
                attempt.write(vals)
        with self.assertRaises(UserError):
            self.Attempt.with_user(self.user_manager).sudo(False).create(
                {"profile_id": self.profile.id, "argument": "x"}
            )
        with self.assertRaises(AccessError):
            attempt.unlink()
        self.profile.with_user(self.user_salesman).write(
            {"winback_expectation": "Two days", "winback_date": self.today}
        )
        with self.assertRaises(UserError):
            self.profile.with_user(self.user_salesman).write({"lost_value": 1})

    def test_two_companies(self):
        self._create_order(self.customer, self.day(500), 40, company=self.company_2)
        there = self._recompute(self.customer, company=self.company_2)
        self._start(there, user=self.user_manager_2)
        self.assertEqual(there.lost_value, 40)
        self.assertFalse(self._attempts())
        self.assertEqual(self._attempts(there).lead_id.company_id, self.company_2)
        self._buy()
        self._react()
        self.assertEqual(self._attempts(there).state, "running")


class TestWinbackMerge(WinbackCommon):
    def _merge(self, source, destination):
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (source + destination).ids, destination
        )
        self.env.invalidate_all()
        self.assertFalse(source.exists())

    def test_collision_in_one_company_and_none_in_the_other(self):
        twin = self._create_customer("Acme twice")
        self._create_order(twin, self.day(500), 7)
        self._create_order(twin, self.day(500), 8, company=self.company_2)
        double = self._recompute(twin)
        alone = self._recompute(twin, company=self.company_2)
        double.winback_expectation = "Quality"
        self._start()
        self._start(double)
        self._start(alone, user=self.user_manager_2)
        mine, theirs, there = (
            self._attempts(profile) for profile in (self.profile, double, alone)
        )
        self._merge(twin, self.customer)
        self.assertEqual(self._attempts(), mine + theirs)
        self.assertRecordValues(
            mine + theirs + there,
            [
                {"state": "running", "result": False},
                {"state": "given_up", "result": "merged"},
                {"state": "running", "result": False},
            ],
        )
        self.assertEqual(there.partner_id, self.customer)
        self.assertEqual(self.profile.winback_expectation, "Quality")
        self.assertEqual(self.profile.lost_value, 87, "7 of the merged one")

    def test_erasure(self):
        self._start(expectation="His wife's birthday")
        self.profile.give_up_winback("Angry")
        self.customer.with_user(self.user_manager).action_erase_lifecycle_person()
        attempt = self._attempts()
        self.assertFalse(attempt.expectation or attempt.note)
        self.assertFalse(self.profile.winback_expectation)

    def test_deleted_with_the_customer(self):
        self._start()
        attempt = self._attempts()
        self.env["sale.order"].search(
            [("partner_id", "=", self.customer.id)]
        )._action_cancel()
        partner = self._create_customer("Gone")
        profile = self._make_profiles(partner, stage="lost_recoverable")
        self._start(profile)
        gone = self._attempts(profile)
        gone.lead_id.unlink()
        self.assertFalse(gone.lead_id)
        partner.unlink()
        self.assertFalse(gone.exists())
        self.assertTrue(attempt.exists())
