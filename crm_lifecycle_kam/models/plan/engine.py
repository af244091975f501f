# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

CHUNK = 200


class CrmLifecycleEngine(models.AbstractModel):
    """The health of account plans follows the day; chunks commit."""

    _inherit = "crm.lifecycle.engine"

    @api.model
    def _react(self):
        self._do_for_companies(self._update_account_plans)
        return super()._react()

    def _update_account_plans(self, company):
        # sudo: the job's own work
        plans = self.env["crm.account.plan"].sudo()
        running = [
            ("state", "=", "running"),
            ("profile_id.company_id", "=", company.id),
        ]
        ids = plans.search(running).ids
        for index in range(0, len(ids), CHUNK):
            self._attempt(self._update_account_plan_chunk, ids[index : index + CHUNK])
            self._commit_progress()

    def _update_account_plan_chunk(self, ids):
        self.env["crm.account.plan"].sudo().browse(ids).exists()._update_health()
        self.env.flush_all()
        return True
