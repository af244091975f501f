# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.crm_lifecycle.tests.common import TestLifecycleCommon


class TestDmuCommon(TestLifecycleCommon):
    """A customer of the salesman with three people who decide."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer(
            "Unit Customer", user_id=cls.user_salesman.id
        )
        cls.engine._add_profiles(cls.company, cls.customer)
        cls.card = cls._find_card(cls.customer)
        cls.Member = cls.env["crm.dmu.member"]
        cls.Influence = cls.env["crm.dmu.influence"]
        cls.decider, cls.user_role = cls.env["crm.dmu.role"].create(
            [
                {"name": "Test: decider", "is_decider": True},
                {"name": "Test: user"},
            ]
        )
        cls.boss = cls._create_member("Bea Boss", roles=cls.decider, influence=9)
        cls.engineer = cls._create_member(
            "Ed Engineer", roles=cls.user_role, influence=4, parent_id=cls.boss.id
        )
        cls.buyer = cls._create_member("Bo Buyer", influence=6)

    @classmethod
    def _find_card(cls, customer, company=None):
        return cls.Profile.search(
            [
                ("partner_id", "=", customer.id),
                ("company_id", "=", (company or cls.company).id),
            ]
        )

    @classmethod
    def _create_contact(cls, name, customer=None):
        customer = customer or cls.customer
        return cls.env["res.partner"].create({"name": name, "parent_id": customer.id})

    @classmethod
    def _create_member(cls, name, card=None, roles=None, **values):
        card = card or cls.card
        contact = cls._create_contact(name, card.partner_id)
        return cls.Member.create(
            {
                "profile_id": card.id,
                "contact_id": contact.id,
                "role_ids": roles.ids if roles else [],
                **values,
            }
        )

    @classmethod
    def _create_lead(cls, customer=None, amount=1000, **values):
        return cls.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "partner_id": (customer or cls.customer).id,
                "company_id": cls.company.id,
                "expected_revenue": amount,
                **values,
            }
        )

    def _line(self, source, target, **values):
        return self.Influence.create(
            {"from_id": source.id, "to_id": target.id, **values}
        )
