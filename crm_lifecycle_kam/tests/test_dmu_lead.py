# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import ValidationError

from .dmu_common import TestDmuCommon


class TestDmuLead(TestDmuCommon):
    """An opportunity starts from the account's unit and keeps its own differences."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_lead()

    def _people(self, lead=None):
        lead = lead or self.lead
        return self.Member.search([("effective_lead_id", "=", lead.id)])

    def _differ(self, member):
        action = member.with_context(dmu_lead_id=self.lead.id).action_differ()
        return self.Member.browse(action["res_id"])

    def test_starts_from_the_account(self):
        self.assertEqual(self._people(), self.card.dmu_member_ids)
        self.assertEqual(self.lead.lifecycle_dmu_count, 3)
        newcomer = self._create_member("New Face")
        self.assertIn(newcomer, self._people())

    def test_differences(self):
        own = self._differ(self.boss)
        self.assertEqual(own.role_ids, self.decider)
        self.assertEqual(own.influence, 9)
        own.attitude = "opponent"
        self.assertEqual(self.boss.attitude, "unknown")
        self.assertEqual(self._people(), own + self.buyer + self.engineer)
        self.assertEqual(self._differ(self.boss), own, "one entry for one person")
        own.takes_part = False
        self.assertEqual(self._people(), self.buyer + self.engineer)
        other = self._create_lead()
        self.assertEqual(self._people(other), self.card.dmu_member_ids)
        own.unlink()
        self.assertEqual(self._people(), self.card.dmu_member_ids)

    def test_lead_of_another_customer(self):
        lead = self._create_lead(self._create_customer("Other"))
        with (
            self.assertRaisesRegex(ValidationError, "not one of Unit Customer"),
            self.env.cr.savepoint(),
        ):
            self.boss.lead_id = lead

    def test_parent_of_one_deal(self):
        own = self._differ(self.boss)
        with (
            self.assertRaisesRegex(ValidationError, "one opportunity only"),
            self.env.cr.savepoint(),
        ):
            self.engineer.parent_id = own

    def test_a_closed_deal_keeps_its_unit(self):
        own = self._differ(self.boss)
        own.decision = "Signed"
        out = self._differ(self.buyer)
        out.takes_part = False
        self.assertFalse(self.card.dmu_decision_ids)
        self.lead.action_set_won()
        people = self._people()
        self.assertEqual(
            people.contact_id, (self.boss + self.engineer).contact_id, "of that day"
        )
        self.assertEqual(self.card.dmu_decision_ids, people)
        self.engineer.influence = 1
        self.boss.action_leave()
        self.assertEqual(len(self._people()), 2)
        self.assertEqual(people.mapped("influence"), [9, 4])

    def test_a_lost_deal_keeps_its_unit(self):
        self.lead.action_set_lost()
        self.assertEqual(len(self._people()), 3)
        self.assertEqual(len(self.card.dmu_decision_ids), 3)
        self.lead.action_restore()
        self.assertEqual(len(self._people()), 3, "the entries of the deal stay its own")

    def test_action(self):
        action = self.lead.with_user(self.user_manager).action_view_dmu()
        self.assertEqual(self.Member.search(action["domain"]), self._people())
        action = self.card.action_view_dmu()
        self.assertEqual(self.Member.search(action["domain"]), self.card.dmu_member_ids)

    def test_merged_opportunities(self):
        own = self._differ(self.boss)
        other = self._create_lead()
        context = {"dmu_lead_id": other.id}
        same = self.boss.with_context(**context).action_differ()["res_id"]
        new = self.buyer.with_context(**context).action_differ()["res_id"]
        kept = (self.lead + other)._merge_opportunity(auto_unlink=True)
        gone = (self.lead + other) - kept
        self.assertFalse(gone.exists())
        people = kept.lifecycle_dmu_member_ids
        self.assertEqual(people.contact_id, (self.boss + self.buyer).contact_id)
        self.assertTrue({own.id, same} & set(people.ids))
        self.assertIn(new, people.ids)

    def test_the_tree_is_of_the_account(self):
        self._differ(self.engineer)
        for domain in (
            [("id", "=", self.boss.id)],
            [("profile_id", "=", self.card.id)],
        ):
            nodes = self.Member.hierarchy_read(
                domain, {"display_name": {}}, "parent_id", "child_ids"
            )
            ids = [node["id"] for node in nodes]
            self.assertIn(self.engineer.id, ids)
            self.assertFalse(self.Member.browse(ids).lead_id)

    def test_map(self):
        own = self._differ(self.boss)
        line = self._line(self.boss, self.buyer, strength="3")
        people = self.Member.with_user(self.user_salesman)
        unit = people.get_dmu_map([("effective_lead_id", "=", self.lead.id)])
        nodes = {node["name"]: node for node in unit["nodes"]}
        self.assertEqual(len(nodes), 3)
        self.assertEqual(nodes["Bea Boss"]["id"], own.id)
        self.assertEqual(nodes["Bea Boss"]["anchor_id"], self.boss.id)
        self.assertEqual(nodes["Ed Engineer"]["parent_id"], own.id)
        self.assertEqual(
            [(drawn["id"], drawn["from"], drawn["to"]) for drawn in unit["lines"]],
            [(line.id, own.id, self.buyer.id)],
        )
        people.set_map_places({str(self.buyer.id): [40, 70]})
        unit = people.get_dmu_map([("id", "=", self.buyer.id)])
        self.assertEqual(unit["nodes"][0]["place"], [40, 70])
        self.buyer.action_arrange()
        unit = people.get_dmu_map([("id", "=", self.buyer.id)])
        self.assertIsNone(unit["nodes"][0]["place"])
        others = self.Member.with_user(self.user_salesman_2)
        self.assertFalse(others.get_dmu_map([("id", "=", self.buyer.id)])["nodes"])

    def test_won_although_somebody_left_today_and_came_back(self):
        self.boss.action_leave()
        again = self.Member.create(
            {
                "profile_id": self.card.id,
                "contact_id": self.boss.contact_id.id,
                "attitude": "ally",
            }
        )
        self.lead.action_set_won()
        kept = self.lead.lifecycle_dmu_member_ids
        boss = kept.filtered(lambda one: one.contact_id == again.contact_id)
        self.assertEqual(boss.mapped("attitude"), ["ally"], "as it was last")
        self.assertEqual(len(kept), 3)
