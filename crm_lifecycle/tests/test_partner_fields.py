# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError

from .fields_common import TestLifecycleFieldsCommon


class TestPartnerFields(TestLifecycleFieldsCommon):
    def test_every_user_gets_consistent_answers(self):
        for user in (
            self.user_salesman,
            self.user_salesman_2,
            self.user_leader,
            self.user_all,
            self.user_manager,
            self.user_internal,
            self.user_manager_2,
            self.user_salesman_3,
        ):
            self.assertFieldsAgree(self._as(self.contacts, user))

    def test_consistent_in_each_company_of_one_user(self):
        for company in (self.company, self.company_2):
            self.assertFieldsAgree(self._as(self.contacts, self.user_both, company))

    def test_open_fields_are_open(self):
        """Stage, category, flags and responsible are read by every internal user."""
        for user in (self.user_salesman, self.user_internal, self.user_manager):
            other = self._as(self.other, user)
            self.assertEqual(other.lifecycle_stage_id, self.stage("vip"))
            self.assertEqual(other.lifecycle_category_id, self.category("vip"))
            self.assertEqual(other.lifecycle_user_id, self.user_salesman_2)
            self.assertTrue(other.lifecycle_is_vip)
            found = other.search([("lifecycle_stage_id.code", "=", "vip")])
            self.assertIn(other, found)

    def test_restricted_fields_follow_record_rules(self):
        """A hidden profile looks like none, one's own and nobody's are seen."""
        seen = {
            self.user_salesman: {"mine", "nobodys"},
            self.user_salesman_2: {"other", "nobodys"},
            self.user_leader: {"mine", "nobodys", "team"},
            self.user_all: {"mine", "other", "nobodys", "team"},
            self.user_manager: {"mine", "other", "nobodys", "team"},
            self.user_internal: set(),
            self.user_manager_2: {"other", "abroad"},
            self.user_salesman_3: {"other", "abroad"},
        }
        names = ("mine", "other", "nobodys", "team", "abroad", "stranger")
        for user, expected in seen.items():
            with self.subTest(user=user.name):
                customers = self._as(self.customers, user)
                visible = {
                    name
                    for name, customer in zip(names, customers, strict=True)
                    if customer.lifecycle_profile_id
                }
                self.assertEqual(visible, expected)
                found = customers.search(
                    [("id", "in", customers.ids), ("lifecycle_profile_id", "!=", False)]
                )
                self.assertEqual(
                    {names[customers.ids.index(id_)] for id_ in found.ids}, expected
                )

    def test_hidden_figures_do_not_leak(self):
        """Neither by search, order, group nor aggregate."""
        contacts = self._as(self.contacts, self.user_salesman)
        other = self._as(self.other, self.user_salesman)
        within = [("id", "in", contacts.ids)]
        self.assertEqual(other.lifecycle_revenue, 0)
        self.assertFalse(other.lifecycle_abc_class)
        self.assertFalse(contacts.search(within + [("lifecycle_revenue", ">", 500)]))
        self.assertIn(other, contacts.search(within + [("lifecycle_revenue", "=", 0)]))
        self.assertIn(
            other, contacts.search(within + [("lifecycle_abc_class", "=", False)])
        )
        best = contacts.search(within, order="lifecycle_revenue desc, id", limit=1)
        self.assertEqual(best, self._as(self.mine, self.user_salesman))
        [group] = contacts._read_group(within, [], ["lifecycle_revenue:max"])
        self.assertEqual(group, (500,))

    def test_sudo_does_not_fill_the_cache_of_others(self):
        other = self._as(self.other, self.user_salesman)
        self.assertEqual(other.sudo().lifecycle_revenue, 9000)
        self.assertEqual(other.lifecycle_revenue, 0)
        self.assertEqual(
            self._as(self.other, self.user_manager).lifecycle_revenue, 9000
        )
        self.assertEqual(other.lifecycle_revenue, 0)

    def test_users_of_customers_do_not_leak(self):
        """Users inherit the fields of their contact; the rules hold there too."""
        self.user_portal.partner_id.parent_id = self.other
        portal = self._as(self.user_portal, self.user_salesman)
        self.assertEqual(portal.sudo().lifecycle_revenue, 9000)
        self.assertEqual(portal.lifecycle_revenue, 0)
        self.assertEqual(portal.lifecycle_stage_id, self.stage("vip"))
        self.assertNotIn(portal, portal.search([("lifecycle_revenue", ">", 0)]))
        self.assertIn(
            portal,
            portal.search([("lifecycle_stage_id", "=", self.stage("vip").id)]),
        )

    def test_portal_and_public_have_no_fields(self):
        for user in (self.user_portal, self.user_public):
            partner = user.partner_id.with_user(user)
            self.assertNotIn("lifecycle_stage_id", partner.fields_get())
            for ask in (
                lambda p: p.read(["lifecycle_stage_id"]),
                lambda p: p.search([("lifecycle_stage_id", "!=", False)]),
                lambda p: p.search([], order="lifecycle_is_vip"),
                lambda p: p._read_group([], ["lifecycle_is_vip"]),
                lambda p: p._read_group([], [], ["lifecycle_revenue:sum"]),
            ):
                with self.assertRaises(AccessError):
                    ask(partner)

    def test_contacts_show_their_customer(self):
        child = self._as(self.child, self.user_salesman)
        self.assertEqual(child.lifecycle_stage_id, self.stage("working"))
        self.assertEqual(child.lifecycle_revenue, 500)
        found = child.search(
            [("lifecycle_revenue", "=", 500), ("id", "in", self.contacts.ids)]
        )
        self.assertIn(child, found)

    def test_reparenting_is_seen_at_once(self):
        """Before anything is flushed, in Python and in SQL alike."""
        contacts = self._as(self.contacts, self.user_manager)
        child, team = contacts[-1], contacts[3]
        self.assertEqual(child.lifecycle_revenue, 500)
        self.assertEqual(child.lifecycle_stage_id, self.stage("working"))
        child.parent_id = team
        self.assertEqual(child.lifecycle_stage_id, self.stage("regular"))
        child.parent_id = self.stranger
        domain = [("lifecycle_stage_id", "=", False), ("id", "=", child.id)]
        self.assertEqual(child.search(domain), child)

    def test_edited_record_shows_the_saved_customer(self):
        new = self.env["res.partner"].new(origin=self.mine)
        self.assertEqual(new.lifecycle_stage_id, self.stage("working"))
        self.assertEqual(new.lifecycle_revenue, 500)
        self.assertFalse(self.env["res.partner"].new({}).lifecycle_stage_id)

    def test_pending_profile_writes_are_flushed(self):
        self.env["crm.lifecycle.profile"].flush_model()
        profile = self._profile(self.mine)
        profile._fields["abc_class"].write(profile, "c")
        found = self.contacts.search([("lifecycle_abc_class", "=", "c")])
        self.assertEqual(found, self.mine + self.child)

    def test_stage_order_is_the_order_of_stages(self):
        ordered = self._as(self.customers, self.user_manager).search(
            [("id", "in", (self.mine + self.other + self.nobodys + self.team).ids)],
            order="lifecycle_stage_id",
        )
        self.assertEqual(
            ordered.lifecycle_stage_id.mapped("code"),
            ["potential", "working", "regular", "vip"],
        )
        self.assertEqual(
            ordered.ids, [self.nobodys.id, self.mine.id, self.team.id, self.other.id]
        )

    def test_client_offers_filters_groups_and_order(self):
        for user in (self.user_salesman, self.user_internal):
            description = self.env["res.partner"].with_user(user).fields_get()
            for name in self.FIELDS:
                for ability in ("searchable", "sortable", "groupable"):
                    self.assertTrue(description[name][ability], (name, ability))
            self.assertEqual(description["lifecycle_revenue"]["aggregator"], "sum")
            self.assertEqual(description["lifecycle_rhythm_days"]["aggregator"], "avg")
            self.assertTrue(description["lifecycle_stage_id"]["readonly"])

    def test_one_query_for_all_records(self):
        contacts = self._as(self.contacts, self.user_salesman)
        contacts.mapped("commercial_partner_id.name")
        contacts.mapped("lifecycle_stage_id")
        contacts.mapped("lifecycle_revenue")  # warms access rules
        contacts.invalidate_recordset(["lifecycle_stage_id", "lifecycle_revenue"])
        with self.assertQueryCount(2):
            contacts.mapped("lifecycle_stage_id")
            contacts.mapped("lifecycle_is_vip")
            contacts.mapped("lifecycle_revenue")
            contacts.mapped("lifecycle_last_purchase_date")

    def test_profile_is_joined_once(self):
        contacts = self._as(self.contacts, self.user_salesman)
        sql = contacts._search(
            [
                ("lifecycle_revenue", ">", 0),
                ("lifecycle_abc_class", "=", "a"),
                ("lifecycle_purchase_count", ">", 0),
            ],
            order="lifecycle_last_purchase_date desc",
        ).select()
        self.assertEqual(sql.code.count("LEFT JOIN (SELECT"), 1)

    def test_amounts_have_the_currency_of_the_company(self):
        self.assertEqual(self.mine.lifecycle_currency_id, self.company.currency_id)
        [(currencies,)] = self.contacts._read_group(
            [], [], ["lifecycle_currency_id:array_agg_distinct"]
        )
        self.assertEqual(currencies, self.company.currency_id.ids)
