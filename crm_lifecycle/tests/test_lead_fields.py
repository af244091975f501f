# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .fields_common import TestLifecycleFieldsCommon


class TestLeadFields(TestLifecycleFieldsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leads = cls.env["crm.lead"].create(
            [
                {
                    "name": f"Inquiry of {contact.name}",
                    "type": "opportunity",
                    "partner_id": contact.id,
                    "user_id": False,
                    "team_id": False,
                    "company_id": False,
                }
                for contact in cls.contacts
            ]
            + [
                {
                    "name": "Inquiry of an unknown",
                    "type": "lead",
                    "user_id": False,
                    "team_id": False,
                    "company_id": False,
                }
            ]
        )

    def test_every_user_gets_consistent_answers(self):
        for user in (
            self.user_salesman,
            self.user_salesman_2,
            self.user_leader,
            self.user_all,
            self.user_manager,
            self.user_manager_2,
        ):
            self.assertFieldsAgree(self._as(self.leads, user))

    def test_leads_show_the_customer_of_their_contact(self):
        lead = self._as(self.leads[6], self.user_salesman)
        self.assertEqual(lead.partner_id.id, self.child.id)
        self.assertEqual(lead.lifecycle_stage_id, self.stage("working"))
        self.assertEqual(lead.lifecycle_revenue, 500)
        self.assertFalse(self.leads[7].lifecycle_stage_id)

    def test_lead_follows_a_change_of_contact_and_of_customer(self):
        lead = self._as(self.leads[6], self.user_manager)
        self.assertEqual(lead.lifecycle_stage_id, self.stage("working"))
        lead.partner_id = self.other
        self.assertEqual(lead.lifecycle_stage_id, self.stage("vip"))
        lead.partner_id = self.child
        self.assertEqual(lead.lifecycle_stage_id, self.stage("working"))
        self.child.parent_id = self.team
        self.assertEqual(lead.lifecycle_stage_id, self.stage("regular"))
        self.assertEqual(
            lead.search([("lifecycle_stage_id.code", "=", "regular")]) & lead, lead
        )

    def test_hidden_customer_of_a_visible_lead(self):
        lead = self._as(self.leads[1], self.user_salesman)
        self.assertEqual(lead.lifecycle_stage_id, self.stage("vip"))
        self.assertEqual(lead.lifecycle_revenue, 0)
        self.assertNotIn(lead, lead.search([("lifecycle_revenue", ">", 0)]))

    def test_contact_order_and_field_share_the_join(self):
        leads = self._as(self.leads, self.user_salesman)
        found = leads.search(
            [("id", "in", leads.ids), ("lifecycle_revenue", ">", 0)],
            order="partner_id, lifecycle_revenue",
        )
        self.assertEqual(set(found.partner_id.ids), {self.mine.id, self.child.id})

    def test_orders_and_invoices_show_stage_and_category(self):
        order = self._create_order(self.child, self.day(1))
        invoice = self._create_invoice(self.other, self.day(1), post=False)
        for document, code in ((order, "working"), (invoice, "vip")):
            self.assertEqual(document.lifecycle_stage_id, self.stage(code))
            self.assertTrue(document.lifecycle_category_id)
            self.assertEqual(
                document.search(
                    [
                        ("lifecycle_stage_id.code", "=", code),
                        ("id", "=", document.id),
                    ]
                ),
                document,
            )
            [(stage, count)] = document._read_group(
                [("id", "=", document.id)], ["lifecycle_stage_id"], ["__count"]
            )
            self.assertEqual((stage, count), (self.stage(code), 1))
