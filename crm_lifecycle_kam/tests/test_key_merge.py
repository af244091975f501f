# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from .key_common import TestKeyCommon


class TestKeyMerge(TestKeyCommon):
    """Merged customers keep their way, team, group and bench."""

    def _merge(self, gone, kept):
        partners = (gone + kept).partner_id
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(partners.ids, kept.partner_id)
        self.env.invalidate_all()

    def test_two_key_accounts(self):
        other = self._create_card("Old Name")
        plant, bench = self._create_card("Plant"), self._create_card("Bench")
        key, old = self._mark(), self._mark(other)
        old.write(
            {
                "account_ids": plant.ids,
                "member_ids": [Command.create({"user_id": self.user_leader.id})],
                "successor_ids": [Command.create({"profile_id": bench.id})],
            }
        )
        self._merge(other, self.card)
        self.assertEqual(old.state, "left")
        self.assertEqual(old.profile_id, self.card)
        self.assertEqual(key.state, "running")
        self.assertEqual(key.account_ids, plant)
        self.assertEqual(key.member_ids.user_id, self.user_leader)
        self.assertEqual(key.successor_ids.profile_id, bench)
        self.assertTrue(self.card.is_key_account)
        self.assertEqual(self.card.key_manager_id, self.user_salesman)

    def test_only_the_source_is_one(self):
        other = self._create_card("Old Name", user_id=self.user_leader.id)
        key = self._mark(other)
        nomination = self._nominate()
        self._merge(other, self.card)
        self.assertEqual(key.profile_id, self.card)
        self.assertEqual(key.state, "running")
        self.assertEqual(nomination.state, "left")
        self.assertTrue(self.card.is_key_account)
        self.assertEqual(self.card.key_manager_id, self.user_leader)

    def test_accounts_and_bench(self):
        one, two = self._create_card("One"), self._create_card("Two")
        key = self._mark()
        key.account_ids = one + two
        key.successor_ids = [
            Command.create({"profile_id": one.id, "preparedness": 70}),
            Command.create({"profile_id": two.id, "preparedness": 20}),
        ]
        self._merge(two, one)
        self.assertEqual(key.account_ids, one)
        self.assertEqual(key.successor_ids.mapped("preparedness"), [70])
        self._merge(one, self.card)
        self.assertFalse(key.account_ids)
        self.assertFalse(key.successor_ids)
        self.assertEqual(key.account_count, 1)
