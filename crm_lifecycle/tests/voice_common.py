# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import TestLifecycleCompanies


class VoiceCommon(TestLifecycleCompanies):
    """A customer with a person who can be written to, and an order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Request = cls.env["crm.feedback.request"]
        cls.Feedback = cls.env["crm.feedback"]
        cls.customer = cls._create_customer("Acme Secret Works")
        cls.anna = cls.env["res.partner"].create(
            {
                "name": "Anna Hidden",
                "parent_id": cls.customer.id,
                "email": "Anna <anna@acme.example.com>",
            }
        )
        cls.profile = cls()._make_profiles(cls.customer)
        cls.profile._set_responsible(cls.user_salesman)

    def _ask(self, profiles=None, user=None, **values):
        """Ask; return the result and the requests made."""
        profiles = self.profile if profiles is None else profiles
        before = self.Request.search([])
        result = profiles.with_user(user or self.user_salesman)._ask_feedback(**values)
        return result, self.Request.search([]) - before

    def _why_not(self, profiles=None, **values):
        result, requests = self._ask(profiles, **values)
        self.assertFalse(requests)
        return [line["reason"] for line in result["skipped"]]

    def _answers(self):
        return self.Feedback.search([("profile_id", "=", self.profile.id)], order="id")

    def _rescues(self, partner=None):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "=", (partner or self.customer).id),
                ("activity_type_id", "=", self.Feedback._get_rescue_type().id),
            ]
        )
