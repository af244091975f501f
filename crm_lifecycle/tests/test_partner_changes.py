# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .events_common import TestLifecycleEventsCommon


class TestPartnerEvents(TestLifecycleEventsCommon):
    def setUp(self):
        super().setUp()
        self.account = self._create_customer("Account")
        self.contact = self._create_customer(
            "Contact", is_company=False, parent_id=self.account.id
        )
        self.person = self._create_customer("Person", is_company=False)
        self.other = self._create_customer("Other")
        self._make_profiles(self.account + self.person)

    def test_new_contacts_are_no_events(self):
        with self.assertQueued():
            self._create_customer("New")
            self._create_customer(
                "New Contact", is_company=False, parent_id=self.account.id
            )

    def test_rank(self):
        with self.assertQueued(self.other):
            self.other.customer_rank = 1
        with self.assertQueued():
            self.other.supplier_rank = 1
        self._clear_queue()
        ranked = self._create_customer("Ranked", customer_rank=1)
        self.assertIn((ranked, self.company), self._queued())

    def test_archive_and_company(self):
        for change in (
            lambda: self.account.action_archive(),
            lambda: self.account.action_unarchive(),
            lambda: self.account.write({"company_id": self.company_2.id}),
            lambda: self.account.write({"company_id": False}),
        ):
            self._clear_queue()
            change()
            self.assertIn((self.account, self.company), self._queued())
            self.assertIn((self.account, self.company_2), self._queued())

    def test_customer_becomes_a_contact(self):
        """The old profile is put aside, the account takes over."""
        with self.assertQueued(self.person, self.account):
            self.person.parent_id = self.account
        with self.assertQueued(self.person, self.account):
            self.person.is_company = True
        with self.assertQueued():
            self.person.comment = "Not our business"

    def test_contact_changes_account(self):
        with self.assertQueued(self.account, self.other):
            self.contact.parent_id = self.other

    def test_account_of_an_account(self):
        """Contacts deep below move with the account."""
        subsidiary = self._create_customer(
            "Department", is_company=False, parent_id=self.other.id
        )
        below = self._create_customer(
            "Below", is_company=False, parent_id=subsidiary.id
        )
        self.env.flush_all()
        with self.assertQueued(self.other, self.account):
            subsidiary.parent_id = self.account
        self.assertEqual(below.commercial_partner_id, self.account)

    def test_deleted_contact(self):
        with self.assertQueued(self.account):
            self.contact.unlink()

    def test_nothing_makes_a_customer_undeletable(self):
        profile = self._profile(self.account)
        self.env["crm.lifecycle.event"]._gather(self.account.ids)
        self.env.cr.flush()
        self.env.cr.execute(
            "INSERT INTO crm_lifecycle_transition "
            "(profile_id, date, recorded_at, cause) VALUES (%s, now(), now(), 'time')",
            [profile.id],
        )
        profile._set_responsible(self.user_salesman)
        self.env.flush_all()
        self.env.invalidate_all()
        self.contact.unlink()
        self.account.unlink()
        for model in ("crm.lifecycle.transition", "crm.lifecycle.responsible"):
            history = self.env[model].search([("profile_id", "=", profile.id)])
            self.assertFalse(history)
        self.assertFalse(profile.exists())
        self.assertFalse(self._queued())

    def test_salesperson_is_the_responsible_with_one_company(self):
        self._leave_one_company()
        self.account.user_id = self.user_salesman
        self.assertEqual(self._profile(self.account).user_id, self.user_salesman)
        self.company_2.active = True
        self.account.user_id = self.user_salesman_2
        self.assertEqual(self._profile(self.account).user_id, self.user_salesman)


class TestPartnerChanges(TestLifecycleEventsCommon):
    """End to end: what the drain makes of changes of contacts."""

    def setUp(self):
        super().setUp()
        self.account = self._create_customer("Account")
        self.person = self._create_customer("Person", is_company=False)
        self._create_orders(self.account, [30])
        self._create_orders(self.person, [60, 40, 20], amount=50)
        self._drain()

    def _drain(self):
        self.env.cr.flush()
        self.engine._drain()
        self.env.invalidate_all()

    def test_reparenting_is_reversible(self):
        profile = self._profile(self.person)
        self.assertRecordValues(
            profile, [{"active": True, "purchase_count": 3, "revenue": 150}]
        )
        self.assertEqual(self.person.lifecycle_revenue, 150)
        self.person.parent_id = self.account
        self._drain()
        self.assertFalse(profile.active)
        self.assertEqual(self._profile(self.account).purchase_count, 4)
        self.assertEqual(self._profile(self.account).revenue, 250)
        self.assertEqual(self.person.lifecycle_revenue, 250)
        self.person.parent_id = False
        self._drain()
        self.assertRecordValues(
            profile, [{"active": True, "purchase_count": 3, "revenue": 150}]
        )
        self.assertEqual(self._profile(self.account).purchase_count, 1)
        self.assertEqual(self.person.lifecycle_revenue, 150)

    def test_archived_customer_keeps_figures(self):
        self.account.action_archive()
        self._drain()
        profile = self._profile(self.account)
        self.assertFalse(profile.active)
        self.assertEqual(profile.purchase_count, 1)
        self.account.action_unarchive()
        self._drain()
        self.assertTrue(profile.active)

    def test_bound_to_another_company(self):
        self.person.company_id = self.company
        self._drain()
        self.assertTrue(self._profile(self.person).active)
        bound = self._create_customer("Bound")
        self._create_orders(bound, [5])
        self._create_order(bound, self.day(5), company=self.company_2)
        self._drain()
        self.assertTrue(self._profile(bound, self.company_2).active)
        # Written in SQL: Odoo refuses it while the other company has orders.
        self.env.cr.execute(
            "UPDATE res_partner SET company_id = %s WHERE id = %s",
            [self.company.id, bound.id],
        )
        self.env.invalidate_all()
        self.env["crm.lifecycle.event"]._gather(bound.ids)
        self._drain()
        self.assertFalse(self._profile(bound, self.company_2).active)
        self.assertTrue(self._profile(bound).active)

    def test_deleted_contact_of_an_account(self):
        contact = self._create_customer(
            "Contact", is_company=False, parent_id=self.account.id
        )
        self.env["crm.lead"].create(
            {"name": "Inquiry", "partner_id": contact.id, "company_id": self.company.id}
        )
        self._drain()
        self.assertEqual(self._profile(self.account).last_document_date, self.day(0))
        contact.unlink()
        self._drain()
        self.assertEqual(self._profile(self.account).last_document_date, self.day(30))

    def test_contacts_of_a_deleted_account_are_customers(self):
        """Whoever bought or asked under an account that is deleted stays in the base
        on his own."""
        group = self._create_customer("Group")
        buyer, asker, other = (
            self._create_customer(name, is_company=False, parent_id=group.id)
            for name in ("Buyer", "Asker", "Other")
        )
        below = self._create_customer("Below", is_company=False, parent_id=asker.id)
        self._create_orders(buyer, [10])
        self.env["crm.lead"].create(
            {"name": "Inquiry", "partner_id": below.id, "company_id": self.company.id}
        )
        self._drain()
        self.assertEqual(self._profile(group).purchase_count, 1)
        group.unlink()
        self._drain()
        self.assertEqual(below.commercial_partner_id, asker)
        self.assertEqual(self._profile(buyer).purchase_count, 1)
        self.assertEqual(self._profile(asker).last_document_date, self.day(0))
        self.assertFalse(self._profile(other))

    def test_order_changes_hands(self):
        order = self.env["sale.order"].search([("partner_id", "=", self.account.id)])
        order.partner_id = self.person
        self._drain()
        self.assertEqual(self._profile(self.account).purchase_count, 0)
        self.assertEqual(self._profile(self.person).purchase_count, 4)

    def test_queue_is_empty_after_the_drain(self):
        self.assertFalse(self._queued())
