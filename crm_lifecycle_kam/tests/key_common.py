# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.crm_lifecycle.tests.common import TestLifecycleCommon


class TestKeyCommon(TestLifecycleCommon):
    """A customer of the salesman who could become a key account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.lifecycle_key_approval = False
        cls.company.lifecycle_key_cap = 0
        cls.Key = cls.env["crm.key.account"]
        cls.customer = cls._create_customer(
            "Key Customer", user_id=cls.user_salesman.id
        )
        cls.engine._add_profiles(cls.company, cls.customer)
        cls.card = cls._find_card(cls.customer)

    @classmethod
    def _find_card(cls, customer, company=None):
        return cls.Profile.search(
            [
                ("partner_id", "=", customer.id),
                ("company_id", "=", (company or cls.company).id),
            ]
        )

    @classmethod
    def _create_card(cls, name, **values):
        customer = cls._create_customer(name, **values)
        cls.engine._add_profiles(cls.company, customer)
        return cls._find_card(customer)

    def _nominate(self, card=None, user=None, **values):
        """Nominate a customer who is no proven partner."""
        return self.Key.with_user(user or self.user_salesman).create(
            {
                "profile_id": (card or self.card).id,
                "reason": "Opens a market",
                "despite_reason": "Agreed with the management",
                **values,
            }
        )

    def _mark(self, card=None, user=None):
        """Mark a key account by the base's action; return its record."""
        card = card or self.card
        card.with_user(user or self.user_manager).mark_key_account("Big", "Agreed")
        return self.Key.search(
            [("profile_id", "=", card.id), ("state", "=", "running")]
        )
