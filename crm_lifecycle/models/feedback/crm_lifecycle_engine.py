# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class CrmLifecycleEngine(models.AbstractModel):
    """The last feedback leads to the rungs “promoter” and “loyal, unhappy”."""

    _inherit = "crm.lifecycle.engine"

    def _sql_feedback_is(self, row, band, at_once):
        return self.env["crm.feedback"]._sql_last_band(row("profile_id"), band, at_once)
