# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .dmu_common import TestDmuCommon


class TestDmuMerge(TestDmuCommon):
    """Merging contacts and customers keeps members, lines and steps."""

    def _merge(self, partners, kept):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(partners.ids, kept)
        self.env.invalidate_all()

    def test_two_entries_of_one_person(self):
        twin = self._create_member("Bea Boss (old)", roles=self.user_role)
        twin.write({"motives": "The new plant", "influence": 10, "attitude": "ally"})
        self.buyer.parent_id = twin
        self._line(twin, self.buyer)
        self._line(self.boss, self.buyer)
        self._line(self.engineer, twin)
        self._line(twin, self.boss)
        step = self.env["crm.purchase.step"].create(
            {"name": "Test", "profile_id": self.card.id, "member_ids": twin.ids}
        )
        self._merge(twin.contact_id + self.boss.contact_id, self.boss.contact_id)
        self.assertFalse(twin.exists())
        self.assertEqual(self.boss.motives, "The new plant")
        self.assertEqual(self.boss.influence, 10)
        self.assertEqual(self.boss.attitude, "ally")
        self.assertEqual(self.boss.role_ids, self.decider + self.user_role)
        self.assertEqual(self.buyer.parent_id, self.boss)
        self.assertEqual(step.member_ids, self.boss)
        lines = self.card.dmu_influence_ids
        pairs = {(line.from_id, line.to_id) for line in lines}
        self.assertEqual(pairs, {(self.boss, self.buyer), (self.engineer, self.boss)})

    def test_a_contact_without_an_entry_stays(self):
        twin = self._create_contact("Bea Boss (new)")
        self._merge(twin + self.boss.contact_id, twin)
        self.assertEqual(self.boss.contact_id, twin)
        self.assertEqual(len(self.card.dmu_member_ids), 3)

    def test_two_customers(self):
        other = self._create_customer("Unit Customer (old)")
        self.engine._add_profiles(self.company, other)
        card = self._find_card(other)
        stranger = self._create_member("Stella Stranger", card)
        moved = self._create_member("Moe Moved", card)
        line = self._line(stranger, moved)
        # Known to both: moved from one to the other in the past
        moved.contact_id.parent_id = self.customer
        known = self.Member.create(
            {"profile_id": self.card.id, "contact_id": moved.contact_id.id}
        )
        self._merge(other + self.customer, self.customer)
        self.assertFalse(moved.exists())
        self.assertEqual(stranger.profile_id, self.card)
        self.assertEqual(line.to_id, known)
        self.assertEqual(line.profile_id, self.card)
        self.assertEqual(len(self.card.dmu_member_ids), 5)

    def test_nobody_reports_in_a_circle(self):
        """Two who were above and below a third are one."""
        self.boss.parent_id = self.buyer
        self._merge(
            self.engineer.contact_id + self.buyer.contact_id, self.engineer.contact_id
        )
        self.assertFalse(self.engineer.parent_id)
        self.assertEqual(self.boss.parent_id, self.engineer)
