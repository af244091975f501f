# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class CrmLifecycleEngine(models.AbstractModel):
    """The documents behind the figures, for reports: the same sources, not summed."""

    _inherit = "crm.lifecycle.engine"

    @api.model
    def _sql_history(self, companies, partner_ids=None):
        """Return the SELECT of the documents of ``companies``, up to their today.

        Columns: ``company_id``, ``partner_id`` (the customer), ``source`` and
        ``document_id``, ``place`` (sorts by day, source and document), ``day``,
        ``is_purchase``, ``amount`` (in company currency; NULL: none). It is no access
        check: whoever shows the rows joins them with profiles and restricts those.

        :param SQL partner_ids: an ``int[]`` of customers; None: everybody.
        """
        sources = [
            self._sql_history_of_company(self._get_parameters(company))
            for company in companies
        ]
        return SQL(
            "WITH members AS NOT MATERIALIZED (%s) %s",
            self._sql_members(partner_ids),
            SQL(" UNION ALL ").join(sources),
        )

    @api.model
    def _sql_history_of_company(self, parameters):
        return SQL(
            """
            SELECT %(company)s AS company_id, partner_id, source, document_id,
                   %(place)s AS place, day,
                   COALESCE(is_purchase, units IS NOT NULL) AS is_purchase,
                   %(amount)s AS amount
              FROM (%(sources)s) every_source
             WHERE day <= %(today)s
            """,
            company=parameters.company_id,
            place=self._sql_place(SQL("day"), SQL("source"), SQL("document_id")),
            amount=self._sql_amount(parameters, SQL("units")),
            sources=SQL(" UNION ALL ").join(
                SQL("(%s)", source) for source in self._get_document_sources(parameters)
            ),
            today=parameters.today,
        )
