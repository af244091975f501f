# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command

from odoo.addons.crm_lifecycle.tests.common import TestLifecycleCommon


class TestTargetCommon(TestLifecycleCommon):
    """A target profile in force: two goals, one opportunity, one resource, readiness.

    Weights: goals 2 (growth 3, margin 1), opportunities 1 (region), resources 1
    (service), readiness 1 (budget). Scale 1 to 5.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Target = cls.env["crm.target.profile"]
        cls.Card = cls.env["crm.scorecard"]
        cls.Target.search([("state", "=", "in_force")]).action_close()
        cls.target = cls.Target.create(cls._target_values())
        cls.target.action_put_in_force()
        cls.growth, cls.margin, cls.region, cls.service, cls.budget = (
            cls.target.criterion_ids.sorted("id")
        )
        cls.customer = cls._create_customer(
            "Scored Customer", user_id=cls.user_salesman.id
        )
        cls.engine._add_profiles(cls.company, cls.customer)
        cls.account = cls.Profile.search([("partner_id", "=", cls.customer.id)])
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Scored Lead",
                "type": "lead",
                "user_id": cls.user_salesman.id,
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def _target_values(cls, **values):
        def dimension(kind, weight, *criteria):
            return Command.create(
                {
                    "kind": kind,
                    "name": kind,
                    "weight": weight,
                    "criterion_ids": [
                        Command.create({"name": name, "weight": criterion_weight})
                        for name, criterion_weight in criteria
                    ],
                }
            )

        return {
            "name": "Test target",
            "scale": 5,
            "dimension_ids": [
                dimension("goals", 2, ("growth", 3), ("margin", 1)),
                dimension("opportunities", 1, ("region", 1)),
                dimension("resources", 1, ("service", 1)),
                dimension("readiness", 1, ("budget", 1)),
            ],
            **values,
        }

    def _score(self, subject, finish=True, date=None, **scores):
        name = "lead_id" if subject._name == "crm.lead" else "profile_id"
        card = self.Card.create(
            {
                name: subject.id,
                "target_id": self.target.id,
                "date": date or self.today,
            }
        )
        for line in card.line_ids:
            line.score = scores.get(line.criterion_id.name, 0)
        if finish:
            card.action_finish()
        return card
