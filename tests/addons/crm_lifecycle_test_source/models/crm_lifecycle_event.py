# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

from .crm_lifecycle_test_sale import SOURCE


class CrmLifecycleEvent(models.Model):
    _inherit = "crm.lifecycle.event"

    @api.model
    def _get_touched_sql(self, source, ids):
        if source == SOURCE:
            return SQL(
                "SELECT partner_id, company_id FROM crm_lifecycle_test_sale "
                "WHERE id = ANY(%s)",
                list(ids),
            )
        return super()._get_touched_sql(source, ids)
