# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

COUNTER = 15


class CrmLifecycleEngine(models.AbstractModel):
    _inherit = "crm.lifecycle.engine"

    def _get_document_sources(self, parameters):
        return [*super()._get_document_sources(parameters), self._sql_sales(parameters)]

    def _sql_sales(self, parameters):
        """Sales over the counter: a purchase each, whatever the basis."""
        return SQL(
            """
            SELECT m.customer_id AS partner_id, %(source)s AS source,
                   s.id AS document_id, s.sold_on AS day, s.amount > 0 AS is_purchase,
                   %(units)s AS units, NULL::bigint AS margin_units,
                   NULL::bigint AS evidence, NULL::date AS change_day
              FROM crm_lifecycle_test_sale s
              JOIN members m ON m.id = s.partner_id
             WHERE s.company_id = %(company)s
            """,
            source=COUNTER,
            units=self._sql_units(parameters, SQL("s.amount::numeric")),
            company=parameters.company_id,
        )

    def _sql_document_name(self, source, document_id):
        return SQL(
            "CASE WHEN %(source)s = %(counter)s "
            "THEN (SELECT name FROM crm_lifecycle_test_sale WHERE id = %(id)s) "
            "ELSE %(other)s END",
            source=source,
            counter=COUNTER,
            id=document_id,
            other=super()._sql_document_name(source, document_id),
        )
