# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from .common import TestLifecycleCommon


class TestCardCommon(TestLifecycleCommon):
    """A customer with two contacts, and the card as the web client reads it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer(
            "Card Customer", user_id=cls.user_salesman.id
        )
        cls.buyer, cls.engineer = cls.env["res.partner"].create(
            [
                {"name": name, "parent_id": cls.customer.id}
                for name in ("Bea Buyer", "Ed Engineer")
            ]
        )
        cls.other = cls._create_customer(
            "Other Customer", user_id=cls.user_salesman_2.id
        )

    def _card(self, partner, user=None):
        """Recompute one customer and return its card, as a user sees it."""
        profile = self._recompute(partner)
        return profile.with_user(user) if user else profile

    def _get_specification(self, model, user):
        """Return what the web client asks for when it opens the form."""
        arch = self.env[model].with_user(user).get_view(view_type="form")["arch"]
        return self._collect_fields(etree.fromstring(arch))

    def _collect_fields(self, node):
        """Return the fields under a node of a view, with those of embedded views."""
        fields = {}
        for child in node:
            if child.tag != "field":
                fields.update(self._collect_fields(child))
                continue
            name = child.get("name")
            inner = fields.setdefault(name, {}).setdefault("fields", {})
            for view in child:
                inner.update(self._collect_fields(view))
            if not inner and name.endswith(("_id", "_ids")):
                inner["display_name"] = {}
            if not inner:
                fields[name] = {}
        return fields
