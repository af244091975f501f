# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class CrmLifecycleEngine(models.AbstractModel):
    _name = "crm.lifecycle.engine"
    _description = "Lifecycle Engine"

    def _request_full_read(self, companies, cause):
        companies.write({"lifecycle_full_read_cause": cause})

    def _request_settle(self, companies):
        companies.write({"lifecycle_settle_asked": True})
