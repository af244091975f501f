# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .cadence_common import TestCadenceCommon


class TestHandoverNorms(TestCadenceCommon):
    """What a deputy does while the owner is away counts for the owner's norms."""

    def test_contacts_of_the_deputy(self):
        self.profile._set_responsible(self.user_salesman)
        rule = self._create_rule(date_start=self.day(20))
        cover = (
            self.env["crm.handover"]
            .with_user(self.user_manager)
            .with_context(allowed_company_ids=self.company.ids)
            .create(
                {
                    "from_user_id": self.user_salesman.id,
                    "to_user_id": self.user_salesman_2.id,
                    "kind": "temporary",
                    "return_date": self.day(-7),
                }
            )
        )
        cover.action_prepare()
        cover.action_hand_over()
        self.assertEqual(self.profile.user_id, self.user_salesman_2)
        self._log(days=5, user_id=self.user_salesman_2.id)
        self._recompute()
        cover.action_undo()
        self._recompute()
        self.assertEqual(self.profile.user_id, self.user_salesman)
        status = self.env["crm.cadence.status"].search([("rule_id", "=", rule.id)])
        self.assertEqual(status.last_date, self.day(5))
        self.assertEqual(status.user_id, self.user_salesman)
        periods = self.env["crm.cadence.period"].search(
            [("rule_id", "=", rule.id)], order="opening_date"
        )
        self.assertEqual(periods.mapped("state"), ["met", "open"])
        self.assertEqual(periods.user_id, self.user_salesman)
