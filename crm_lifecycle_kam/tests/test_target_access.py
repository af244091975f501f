# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .target_common import TestTargetCommon

FULL = {"growth": 5, "margin": 3, "region": 1, "service": 5}


class TestTargetAccess(TestTargetCommon):
    """A card is seen by whoever sees its customer or lead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.everybody = (
            cls.user_salesman
            + cls.user_salesman_2
            + cls.user_leader
            + cls.user_all
            + cls.user_manager
        )

    def _seeing(self, record):
        return [
            user.name
            for user in self.everybody
            if record.with_user(user).has_access("read")
        ]

    def test_cards_of_customers_and_leads(self):
        account = self._score(self.account, **FULL)
        lead = self._score(self.lead, budget=1, **FULL)
        names = ["Sam Salesman", "Lea Leader", "Al Documents", "Max Manager"]
        self.assertEqual(self._seeing(account), names)
        self.assertEqual(self._seeing(account.line_ids), names)
        # Odoo has no rule for leaders on leads
        names.remove("Lea Leader")
        self.assertEqual(self._seeing(lead), names)

    def test_nobody_scores_what_he_cannot_see(self):
        stranger = self.Card.with_user(self.user_salesman_2)
        with self.assertRaises(AccessError):
            stranger.create(
                {"profile_id": self.account.id, "target_id": self.target.id}
            )
        with self.assertRaises(AccessError):
            stranger.get_grid("crm.lifecycle.profile", self.account.ids)
        own = self._create_customer("Sue's", user_id=self.user_salesman_2.id)
        self.engine._add_profiles(self.company, own)
        card = stranger._begin(
            self.Profile.with_user(self.user_salesman_2).search(
                [("partner_id", "=", own.id)]
            )
        )
        with self.assertRaises(AccessError):
            card.profile_id = self.account

    def test_a_hidden_card_serves_nobody(self):
        self._score(self.account, **FULL)
        self.env.invalidate_all()
        growth = self.growth.with_user(self.user_salesman_2)
        self.assertEqual(growth.served_count, 0)
        self.assertEqual(growth.average_value, 0)

    def test_only_managers_make_target_profiles(self):
        with self.assertRaises(AccessError):
            self.Target.with_user(self.user_all).create({"name": "Mine"})
        self.assertTrue(self.Target.with_user(self.user_manager).create({"name": "Ok"}))
        for user in (self.user_internal, self.user_portal):
            with self.assertRaises(AccessError):
                self.Target.with_user(user).search([])
            with self.assertRaises(AccessError):
                self.Card.with_user(user).search([])

    def test_of_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            login="crm_lc_elsewhere",
            groups="sales_team.group_sale_manager",
            company_id=company.id,
            company_ids=company.ids,
        )
        card = self._score(self.account, **FULL)
        self.assertFalse(card.with_user(stranger).has_access("read"))
        self.target.write({"active": True})
        own = self.Target.create(self._target_values(company_id=self.company.id))
        self.assertFalse(own.with_user(stranger).has_access("read"))
        self.assertTrue(self.target.with_user(stranger).has_access("read"))

    def test_nobody_writes_the_result(self):
        """What counts are the scores: figures, state and name follow."""
        user = self.user_salesman
        faked = {
            "total_score": 99,
            "verdict": "fits",
            "is_latest": True,
            "state": "done",
            "user_id": self.user_leader.id,
        }
        card = self.Card.with_user(user).create(
            {"profile_id": self.account.id, "target_id": self.target.id, **faked}
        )
        self.assertRecordValues(
            card,
            [
                {
                    "total_score": 0,
                    "verdict": False,
                    "is_latest": False,
                    "state": "draft",
                    "user_id": user.id,
                }
            ],
        )
        for name, value in faked.items():
            with self.subTest(name), self.assertRaises(UserError):
                card.write({name: value})
        line = card.line_ids[0]
        for name, value in (("value", 100), ("user_id", self.user_leader.id)):
            with self.subTest(name), self.assertRaises(UserError):
                line.write({name: value})
        line.score = 3
        self.assertEqual((line.value, line.user_id), (50, user))

    def test_finished_card_keeps_its_scores(self):
        card = self._score(self.account, **FULL).with_user(self.user_salesman)
        with self.assertRaises(UserError):
            card.line_ids[0].unlink()
        card.action_reopen()
        card.line_ids[0].unlink()
        card.unlink()

    def test_scores_are_not_moved_out_of_sight(self):
        hidden = self._score(self.account, finish=False)
        hidden.line_ids.unlink()
        own = self._create_customer("Sue's", user_id=self.user_salesman_2.id)
        self.engine._add_profiles(self.company, own)
        account = self.Profile.search([("partner_id", "=", own.id)])
        line = self._score(account, finish=False).line_ids[0]
        with self.assertRaises(AccessError):
            line.with_user(self.user_salesman_2).scorecard_id = hidden
