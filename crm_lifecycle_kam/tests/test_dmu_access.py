# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user

from .dmu_common import TestDmuCommon


class TestDmuAccess(TestDmuCommon):
    """Whoever sees the customer's card sees who decides there."""

    def _seen(self, user, model=None):
        model = self.Member if model is None else model
        domain = [("profile_id", "=", self.card.id)]
        return model.with_user(user).search(domain).sudo()

    def test_who_sees_a_unit(self):
        line = self._line(self.boss, self.buyer)
        step = self.env["crm.purchase.step"].create(
            {"name": "Test", "profile_id": self.card.id}
        )
        unit = self.card.dmu_member_ids
        for user in (
            self.user_salesman,
            self.user_leader,
            self.user_all,
            self.user_manager,
        ):
            self.assertEqual(self._seen(user), unit, user.name)
            self.assertEqual(self._seen(user, self.Influence), line, user.name)
            self.assertEqual(self._seen(user, step), step, user.name)
        for records in (unit, line, step):
            self.assertFalse(self._seen(self.user_salesman_2, records.browse()))
            for user in (self.user_internal, self.user_portal, self.user_public):
                with self.assertRaises(AccessError):
                    self._seen(user, records.browse())
        self.card.user_id = False
        self.assertEqual(self._seen(self.user_salesman_2), unit, "nobody's customer")

    def test_another_company(self):
        company = self.env["res.company"].create({"name": "Second"})
        user = new_test_user(
            self.env,
            login="crm_lc_second",
            groups="sales_team.group_sale_manager",
            company_id=company.id,
            company_ids=company.ids,
        )
        self.assertFalse(self._seen(user))
        self.engine._add_profiles(company, self.customer)
        card = self._find_card(self.customer, company)
        own = self.Member.create(
            {"profile_id": card.id, "contact_id": self.boss.contact_id.id}
        )
        seen = self.Member.with_user(user).search(
            [("contact_id", "=", self.boss.contact_id.id)]
        )
        self.assertEqual(seen.sudo(), own, "each company keeps its own unit")

    def test_writing(self):
        boss = self.boss.with_user(self.user_salesman)
        boss.influence = 8
        with self.assertRaises(AccessError):
            self.boss.with_user(self.user_salesman_2).influence = 1
        mine = self._create_customer("Mine", user_id=self.user_salesman_2.id)
        self.engine._add_profiles(self.company, mine)
        card = self._find_card(mine)
        member = self._create_member("Mia Mine", card).with_user(self.user_salesman_2)
        with self.assertRaises(AccessError):
            member.profile_id = self.card.id
        with self.assertRaises(AccessError):
            self.Influence.with_user(self.user_salesman_2).create(
                {"from_id": self.boss.id, "to_id": self.buyer.id}
            )
        line = self._line(self.boss, self.buyer)
        with self.assertRaises(AccessError):
            line.with_user(self.user_salesman_2).strength = "3"

    def test_configuration(self):
        with self.assertRaises(AccessError):
            self.decider.with_user(self.user_salesman).name = "Mine"
        self.decider.with_user(self.user_manager).name = "Says yes"
        self.assertEqual(self.decider.with_user(self.user_salesman_2).member_count, 0)
        self.assertEqual(self.decider.with_user(self.user_salesman).member_count, 1)

    def test_export(self):
        export = self.env.ref("base.group_allow_export")
        for user in (self.user_all, self.user_manager):
            user.group_ids += export
        for records in (self.boss, self._line(self.boss, self.buyer)):
            with self.assertRaises(AccessError):
                records.with_user(self.user_all).export_data(["id"])
            self.assertTrue(
                records.with_user(self.user_manager).export_data(["id"])["datas"]
            )

    def test_names_out_of_sight_are_not_told(self):
        """A check that refuses says nothing of what the user may not see."""
        other = self._create_customer("Secret", user_id=self.user_salesman_2.id)
        lead = self._create_lead(
            other, name="Secret Deal", user_id=self.user_salesman_2.id
        )
        company = self.env["res.company"].create({"name": "Second"})
        alien = self._create_contact("Al Alien")
        alien.write({"parent_id": False, "company_id": company.id})
        member = self.boss.with_user(self.user_salesman)
        self.env.invalidate_all()
        with self.assertRaises(ValidationError) as refusal, self.env.cr.savepoint():
            member.lead_id = lead.id
        self.assertNotIn("Secret", str(refusal.exception))
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            member.contact_id = alien.id
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            member.create({"profile_id": self.card.id, "contact_id": alien.id})

    def test_places_on_the_map(self):
        members = self.Member.with_user(self.user_salesman)
        members.set_map_places({str(self.boss.id): [10, -20.5]})
        self.assertEqual((self.boss.map_x, self.boss.map_y), (10, -20.5))
        for places in (
            [1],
            {str(self.boss.id): [1]},
            {"x": [1, 2]},
            {str(self.boss.id): ["a", None]},
            {str(self.boss.id): [float("nan"), 1]},
            {str(self.boss.id): [float("inf"), 1]},
        ):
            with self.subTest(places), self.assertRaises(UserError):
                members.set_map_places(places)
