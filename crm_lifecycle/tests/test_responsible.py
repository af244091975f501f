# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError

from .common import TestLifecycleCommon, TestLifecycleCompanies


class TestResponsible(TestLifecycleCommon):
    """Assigning, the team that follows, and the history."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls._create_customers(3)

    def setUp(self):
        super().setUp()
        self.profiles = self._make_profiles(self.partners)
        self.managed = self.profiles.with_user(self.user_manager)

    def _history(self, profile):
        rows = self.env["crm.lifecycle.responsible"].search(
            [("profile_id", "=", profile.id)], order="id"
        )
        return [(row.user_id, row.date_from, row.date_to) for row in rows]

    def _date_back(self, days):
        """Make the open stretches begin some days earlier."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lifecycle_responsible SET date_from = date_from - %s::int "
            "WHERE profile_id = ANY(%s) AND date_to IS NULL",
            [days, self.profiles.ids],
        )
        self.env.invalidate_all()

    def test_assign(self):
        result = self.managed.assign_responsible(self.user_salesman.id)
        self.assertEqual(result["done"], self.profiles.ids)
        self.assertEqual(self.profiles.user_id, self.user_salesman)
        self.assertEqual(self.profiles.team_id, self.team_1)
        self.assertEqual(
            self._history(self.profiles[0]), [(self.user_salesman, self.today, False)]
        )
        self.assertEqual(
            self.profiles[0].responsible_ids.changed_by_id, self.user_manager
        )
        again = self.managed.assign_responsible(self.user_salesman.id)
        self.assertFalse(again["done"])
        self.assertEqual(len(again["skipped"]), 3)
        self.assertEqual(len(self._history(self.profiles[0])), 1)

    def test_list_edit_goes_the_same_way(self):
        self.managed.write({"user_id": self.user_salesman_2.id})
        self.assertEqual(self.profiles.team_id, self.team_2)
        self.assertEqual(len(self._history(self.profiles[2])), 1)
        with self.assertRaises(AccessError):
            self.profiles.with_user(self.user_salesman_2).write({"user_id": False})

    def test_history(self):
        one = self.profiles[0]
        self.managed.assign_responsible(self.user_salesman.id)
        self._date_back(10)
        self.managed.assign_responsible(self.user_salesman_2.id)
        self.assertEqual(
            self._history(one),
            [
                (self.user_salesman, self.day(10), self.day(1)),
                (self.user_salesman_2, self.today, False),
            ],
        )
        self.managed.assign_responsible(self.user_leader.id)
        self.assertEqual(
            self._history(one)[1:],
            [
                (self.user_salesman_2, self.today, self.today),
                (self.user_leader, self.today, False),
            ],
        )
        self._date_back(5)
        self.managed.assign_responsible(False)
        self.assertEqual(
            self._history(one)[-1], (self.user_leader, self.day(5), self.day(1))
        )
        self.assertFalse(self.profiles.team_id)

    def test_recording_twice_changes_nothing(self):
        self.managed.assign_responsible(self.user_salesman.id)
        before = self._history(self.profiles[0])
        self.Profile._record_responsibles(self.company)
        self.assertEqual(self._history(self.profiles[0]), before)

    def test_team_follows_memberships(self):
        self.managed.assign_responsible(self.user_salesman.id)
        member = self.user_salesman.crm_team_member_ids
        member.active = False
        self.assertFalse(self.profiles.team_id)
        self.env["crm.team.member"].create(
            {"user_id": self.user_salesman.id, "crm_team_id": self.team_2.id}
        )
        self.assertEqual(self.profiles.team_id, self.team_2)
        self.user_salesman.crm_team_member_ids.unlink()
        self.assertFalse(self.profiles.team_id)

    def test_the_team_is_deleted(self):
        self.managed.assign_responsible(self.user_salesman.id)
        self.team_1.unlink()
        self.env.invalidate_all()
        self.assertFalse(self.profiles.team_id)
        self.assertEqual(self.profiles.user_id, self.user_salesman)

    def test_the_user_is_deleted(self):
        user = self._create_user(
            "leaver", "Lou Leaver", "sales_team.group_sale_salesman"
        )
        self.env["crm.team.member"].create(
            {"user_id": user.id, "crm_team_id": self.team_1.id}
        )
        self.managed.assign_responsible(user.id)
        self.assertEqual(self.profiles.team_id, self.team_1)
        user.unlink()
        self.env.invalidate_all()
        self.assertFalse(self.profiles.user_id)
        self.assertFalse(self.profiles.team_id)

    def test_only_who_works_here(self):
        for user in (self.user_portal, self.user_public):
            with (
                self.subTest(user=user.login),
                self.assertRaisesRegex(UserError, "Responsible Manager.*internal"),
            ):
                self.managed.assign_responsible(user.id)
        self.user_salesman_2.active = False
        with self.assertRaisesRegex(UserError, "active internal user"):
            self.managed.assign_responsible(self.user_salesman_2.id)
        self.assertFalse(self.profiles.user_id)

    def test_what_a_salesman_may(self):
        one = self.profiles[0].with_user(self.user_salesman)
        with self.assertRaisesRegex(AccessError, "one by one"):
            one.assign_responsible(self.user_salesman_2.id)  # not his to give away
        self.assertTrue(one.assign_responsible(self.user_salesman.id)["done"])
        with self.assertRaisesRegex(AccessError, "one by one"):
            self.profiles.with_user(self.user_salesman).assign_responsible(
                self.user_salesman.id
            )
        self.assertTrue(one.assign_responsible(self.user_salesman_2.id)["done"])
        self.assertEqual(self.profiles[0].user_id, self.user_salesman_2)
        with self.assertRaises(AccessError):
            one.assign_responsible(self.user_salesman.id)  # no longer his

    def test_what_a_leader_may(self):
        self.managed[:2].assign_responsible(self.user_salesman.id)
        self.managed[2].assign_responsible(self.user_salesman_2.id)
        team = self.profiles[:2].with_user(self.user_leader)
        result = team.assign_responsible(self.user_leader.id)
        self.assertEqual(result["done"], team.ids)
        with self.assertRaises(AccessError):
            self.profiles.with_user(self.user_leader).assign_responsible(
                self.user_leader.id
            )

    def test_one_company_mirrors_both_ways(self):
        if self.env["res.company"].search_count([]) > 1:
            self.skipTest("this database has several companies")
        self.managed.assign_responsible(self.user_salesman.id)
        self.assertEqual(self.partners.user_id, self.user_salesman)
        self.partners.write({"user_id": self.user_salesman_2.id})
        self.Profile._responsible_from_partner(self.partners)
        self.assertEqual(self.profiles.user_id, self.user_salesman_2)
        self.assertEqual(self.profiles.team_id, self.team_2)
        self.assertEqual(len(self._history(self.profiles[0])), 2)
        self.partners[0].user_id = False
        self.Profile._responsible_from_partner(self.partners)
        self.assertFalse(self.profiles[0].user_id)
        self.assertEqual(self.profiles[1].user_id, self.user_salesman_2)

    def _write_contact(self, profile, user, responsible):
        """Change the salesperson of a contact in a database with one company."""
        Engine = self.env.registry["crm.lifecycle.engine"]
        with patch.object(Engine, "_is_one_company", lambda engine: True):
            profile.partner_id.with_user(user).write({"user_id": responsible.id})
        self.env.invalidate_all()
        self.assertEqual(profile.partner_id.user_id, responsible)

    def test_the_contact_is_no_way_to_hidden_customers(self):
        hidden = self.profiles[0]
        self.managed[0].assign_responsible(self.user_salesman.id)
        thief = self.user_salesman_2
        thief.group_ids += self.env.ref("base.group_partner_manager")
        for user in (thief, self.env["res.users"]):
            self._write_contact(hidden, thief, user)
            self.assertEqual(hidden.user_id, self.user_salesman)
            self.assertFalse(
                self.Profile.with_user(thief).search([("id", "=", hidden.id)])
            )
        self.assertEqual(len(self._history(hidden)), 1)
        # Seeing all documents is not assigning them
        self._write_contact(hidden, self.user_all, self.user_all)
        self.assertEqual(hidden.user_id, self.user_salesman)
        # A leader sees his own team only
        self.managed[1].assign_responsible(thief.id)
        self._write_contact(self.profiles[1], self.user_leader, self.user_leader)
        self.assertEqual(self.profiles[1].user_id, thief)

    def test_the_contact_of_ones_own_customers(self):
        me = self.user_salesman
        own, free, given = self.profiles
        self.managed[0].assign_responsible(me.id)
        self._write_contact(own, me, self.user_salesman_2)
        self.assertEqual(own.user_id, self.user_salesman_2)
        self._write_contact(free, me, me)
        self.assertEqual(free.user_id, me)
        self._write_contact(given, me, self.user_salesman_2)
        self.assertFalse(given.user_id, "not his to give away")

    def test_leaders_and_managers_use_the_contact(self):
        one = self.profiles[0]
        self.managed[0].assign_responsible(self.user_salesman.id)
        self._write_contact(one, self.user_leader, self.user_leader)
        self.assertEqual(one.user_id, self.user_leader)
        self._write_contact(one, self.user_manager, self.user_salesman_2)
        self.assertEqual(one.user_id, self.user_salesman_2)
        self.assertEqual(one.team_id, self.team_2)
        self.assertEqual(len(self._history(one)), 3)

    def test_no_active_responsible(self):
        self.managed[0].assign_responsible(self.user_salesman.id)
        self.managed[1].assign_responsible(self.user_salesman_2.id)
        self.user_salesman_2.active = False
        domain = [("id", "in", self.profiles.ids), ("has_no_responsible", "=", True)]
        self.assertEqual(self.Profile.search(domain), self.profiles[1:].sorted("id"))
        self.assertEqual(
            self.profiles.mapped("has_no_responsible"), [False, True, True]
        )


class TestResponsibleOfCompanies(TestLifecycleCompanies):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._create_customer()

    def setUp(self):
        super().setUp()
        self.one = self._make_profiles(self.partner)
        self.two = self._make_profiles(self.partner, company=self.company_2)

    def test_nobody_of_another_company(self):
        with self.assertRaisesRegex(UserError, "may not work in Second Company"):
            self.two.with_user(self.user_manager_2).assign_responsible(
                self.user_salesman.id
            )
        both = (self.one + self.two).with_user(self.user_both)
        both = both.with_context(
            allowed_company_ids=[self.company.id, self.company_2.id]
        )
        with self.assertRaisesRegex(UserError, "may not work"):
            both.assign_responsible(self.user_salesman_3.id)
        self.assertTrue(both.assign_responsible(self.user_both.id)["done"])

    def test_several_companies_do_not_mirror(self):
        self.one.with_user(self.user_manager).assign_responsible(self.user_salesman.id)
        self.assertFalse(self.partner.user_id)
        self.partner.user_id = self.user_salesman_2
        self.Profile._responsible_from_partner(self.partner)
        self.assertEqual(self.one.user_id, self.user_salesman)

    def test_nobody_takes_the_proposal_with_the_next_computation(self):
        self.partner.user_id = self.user_salesman_3
        self.Profile._responsible_from_partner(self.partner)
        self.env.cr.precommit.run()
        events = self.env["crm.lifecycle.event"].search(
            [("partner_id", "=", self.partner.id)]
        )
        self.assertIn(self.company_2, events.company_id)
        self._recompute(self.partner, company=self.company_2)
        self.assertEqual(self.two.user_id, self.user_salesman_3)
        self._recompute(self.partner)
        self.assertFalse(self.one.user_id, "he may not work in this company")
