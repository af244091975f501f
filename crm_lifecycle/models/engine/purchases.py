# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

# As many purchase days as a chart can show apart
CHART_DAYS = 150


class CrmLifecycleEngine(models.AbstractModel):
    """The latest purchases of some customers, for their cards."""

    _inherit = "crm.lifecycle.engine"

    @api.model
    def _get_purchase_days(self, parameters, partner_ids, limit=CHART_DAYS):
        """Return when customers bought and for how much, newest ``limit`` days each.

        The documents are those the figures are made of (``_get_document_sources``).

        :param parameters: those of one company
        :param list partner_ids: customers (commercial partners)
        :return: ``{customer id: [(day, amount in company currency, purchases)]}``,
            oldest first
        """
        self.env.flush_all()
        days = {}
        for partner_id, *row in self.env.execute_query(
            self._sql_purchase_days(parameters, list(partner_ids), limit)
        ):
            days.setdefault(partner_id, []).append(tuple(row))
        return days

    def _sql_purchase_days(self, parameters, partner_ids, limit):
        return SQL(
            """
            WITH members AS MATERIALIZED (%(members)s),
            days AS (
                SELECT partner_id, day, SUM(units) AS units, COUNT(*) AS purchases,
                       row_number() OVER (
                           PARTITION BY partner_id ORDER BY day DESC) AS place
                  FROM (%(sources)s) document
                 WHERE COALESCE(is_purchase, units IS NOT NULL) AND day <= %(today)s
                 GROUP BY partner_id, day
            )
            SELECT partner_id, day, %(amount)s::float8, purchases
              FROM days WHERE place <= %(limit)s
             ORDER BY partner_id, day
            """,
            members=self._sql_members(SQL("%s::int[]", partner_ids)),
            sources=SQL(" UNION ALL ").join(
                SQL("(%s)", source) for source in self._get_document_sources(parameters)
            ),
            today=parameters.today,
            amount=self._sql_amount(parameters, SQL("COALESCE(units, 0)")),
            limit=limit,
        )

    @api.model
    def _get_silence_limits(self, parameters, profiles):
        """Return ``{profile id: last day without a purchase that is allowed}``."""
        lost_on = self._sql_lost_on(
            parameters, lambda name: SQL.identifier("card", name)
        )
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT id, %s - 1 FROM crm_lifecycle_profile card "
                    "WHERE id = ANY(%s) AND last_purchase_date IS NOT NULL",
                    lost_on,
                    profiles.ids,
                )
            )
        )
