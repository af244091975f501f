# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import TestLifecycleCompanies

WIZARD = "crm.lifecycle.first.run"


class FirstRunCommon(TestLifecycleCompanies):
    """A second company that nobody has classified, and its purchases."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._forget_baseline(cls.company_2)
        cls.customers = cls._create_customers(3)

    @classmethod
    def _forget_baseline(cls, company):
        company.write(
            {
                "lifecycle_baseline_at": False,
                "lifecycle_first_run_at": False,
                "lifecycle_first_run_until": False,
                "lifecycle_full_read_cause": False,
                "lifecycle_settle_asked": False,
            }
        )

    def setUp(self):
        super().setUp()
        self.own = {"company": self.company_2, "user_id": False}

    def _sell(self, customer=0, ago=10, count=1, **values):
        days = range(ago, ago + 30 * count, 30)
        return self._create_orders(
            self.customers[customer], days, **{**self.own, **values}
        )

    def _open(self, user):
        """What the application opens with for a user of the second company."""
        company = self.company_2
        env = self.env(user=user, context={"allowed_company_ids": company.ids})
        return env["crm.lifecycle.profile"]._action_open_base()

    def _start(self, **values):
        """Make the first run as the manager of the second company."""
        wizard = (
            self.env[WIZARD]
            .with_user(self.user_manager_2)
            .with_company(self.company_2)
            .create(values)
        )
        wizard.action_start()
        return wizard
