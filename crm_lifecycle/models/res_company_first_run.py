# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models

# How long a company with a history waits for somebody to choose its limits.
FIRST_RUN_WAIT = timedelta(days=1)


class ResCompany(models.Model):
    """Where a company is between the installation and its first classification."""

    _inherit = "res.company"

    lifecycle_first_run_until = fields.Datetime(
        string="Waits for the First Run Until",
        readonly=True,
        help="Until then the job leaves the first classification to the person who "
        "chooses the limits; afterwards it makes it with the limits as they are.",
        groups="sales_team.group_sale_manager",
    )
    lifecycle_first_run_at = fields.Datetime(
        string="First Run Started At",
        readonly=True,
        groups="sales_team.group_sale_manager",
    )
    # The run of the job (ir.cron.progress, which Odoo deletes after a week) that is
    # reading all documents of this company, and what it had done before; 0: none
    lifecycle_read_progress_id = fields.Integer(
        string="Progress of the Job",
        readonly=True,
        export_string_translation=False,
        groups="sales_team.group_sale_manager",
    )
    lifecycle_read_progress_from = fields.Integer(
        string="Progress of the Job at the Beginning",
        readonly=True,
        export_string_translation=False,
        groups="sales_team.group_sale_manager",
    )

    def _lifecycle_await_first_run(self):
        """Leave the first classification of companies with a history to a person.

        Nobody who looks at the application the day after finds it empty: then the job
        goes on with the limits as they are. A company without purchases has nothing
        to decide.
        """
        engine = self.env["crm.lifecycle.engine"]
        waiting = self.filtered(engine._has_purchases)
        if waiting:
            until = fields.Datetime.now() + FIRST_RUN_WAIT
            waiting.lifecycle_first_run_until = until
            engine._trigger(until + timedelta(minutes=1))

    def _lifecycle_start_first_run(self, values):
        """Take over the chosen settings and have the job do what they need.

        :param dict values: company fields (``lifecycle_*``)
        """
        self.ensure_one()
        self._lifecycle_check_manager()
        self.write(values)
        company = self.sudo()  # checked above; what the job reads about the company
        if not company.lifecycle_baseline_at:
            company.write(
                {
                    "lifecycle_first_run_until": False,
                    "lifecycle_first_run_at": fields.Datetime.now(),
                }
            )
            self.env["crm.lifecycle.engine"]._request_full_read(company, "baseline")

    def _lifecycle_first_run_state(self):
        """Return ``todo`` (nobody started it), ``running`` or ``done``."""
        self.ensure_one()
        company = self.sudo()  # tells nothing of customers
        if company.lifecycle_baseline_at:
            return "done"
        return "running" if company.lifecycle_first_run_at else "todo"
