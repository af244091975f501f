# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.crm_lifecycle.tests.cadence_common import TestCadenceCommon


class TestRightPeople(TestCadenceCommon):
    """The contact regulation may ask for a talk with whoever decides."""

    def _row(self, people):
        rows = self.env.execute_query(self.engine._sql_right_people())
        return {partner for profile, partner in rows if profile == people.profile_id.id}

    def test_right_people(self):
        Role = self.env["crm.dmu.role"]
        decider = Role.create({"name": "Test: decider", "is_decider": True})
        champion = Role.create({"name": "Test: champion", "is_champion": True})
        contacts = self.env["res.partner"].create(
            [
                {"name": name, "parent_id": self.customer.id}
                for name in ("Decider", "Champion", "User")
            ]
        )
        members = self.env["crm.dmu.member"].create(
            [
                {"profile_id": self.profile.id, "contact_id": contact.id}
                for contact in contacts
            ]
        )
        self.assertEqual(self._row(members), set())
        members[0].role_ids = decider
        members[1].role_ids = champion
        self.assertEqual(self._row(members), set(contacts[:2].ids))
        members[1].action_leave()
        self.assertEqual(self._row(members), set(contacts[:1].ids))
        contacts[0].active = False
        self.assertEqual(self._row(members), set())

    def test_a_rule_that_asks_for_them(self):
        contacts = self.env["res.partner"].create(
            [
                {"name": name, "parent_id": self.customer.id}
                for name in ("Decider", "User")
            ]
        )
        decider = self.env["crm.dmu.role"].create(
            {"name": "Test: decider", "is_decider": True}
        )
        rule = self._create_rule(right_person=True)
        self.env["crm.touchpoint"].create(
            {
                "partner_id": contacts[1].id,
                "channel_id": self.call.id,
                "date": self.noon(self.day(3)),
            }
        )
        status = self.env["crm.cadence.status"].search(
            [("rule_id", "=", rule.id), ("profile_id", "=", self.profile.id)]
        )
        self.assertEqual(status.last_date, self.day(3), "nobody is known: all count")
        members = self.env["crm.dmu.member"].create(
            [
                {"contact_id": contacts[0].id, "role_ids": decider.ids},
                {"contact_id": contacts[1].id},
            ]
        )
        status.invalidate_recordset()
        self.assertFalse(status.last_date, "the decider was not spoken to")
        members[1].role_ids = decider
        status.invalidate_recordset()
        self.assertEqual(status.last_date, self.day(3))
        decides_not = self.env["crm.dmu.role"].create({"name": "Test: user"})
        members[1].role_ids = decides_not
        status.invalidate_recordset()
        self.assertFalse(status.last_date)
        decides_not.is_champion = True
        status.invalidate_recordset()
        self.assertEqual(status.last_date, self.day(3), "the role means more now")
        decides_not.is_champion = False
        contacts[0].active = False
        status.invalidate_recordset()
        self.assertEqual(status.last_date, self.day(3), "nobody decides any more")
