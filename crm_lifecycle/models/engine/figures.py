# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

FIGURES_TABLE = "crm_lifecycle_figures"


class CrmLifecycleEngine(models.AbstractModel):
    """Step 1, continued: documents aggregated to figures, one row per customer."""

    _inherit = "crm.lifecycle.engine"

    def _sql_members(self, partner_ids=None):
        """The contacts whose documents are read, each with its customer.

        :param SQL partner_ids: an ``int[]`` of customers; None: everybody.
        """
        if partner_ids is None:
            return SQL(
                "SELECT id, COALESCE(commercial_partner_id, id) AS customer_id "
                "FROM res_partner"
            )
        return SQL(
            "SELECT id, commercial_partner_id AS customer_id FROM res_partner "
            "WHERE commercial_partner_id = ANY(%s)",
            partner_ids,
        )

    def _sql_figures(self, parameters, partner_ids=None):
        """Return the SELECT of all figures that come from documents.

        Columns: ``partner_id`` and those of :meth:`_get_figure_columns`. One sort of
        the documents by customer and day serves the numbering, the gaps and the
        grouping.
        """
        columns = [
            SQL("%s AS %s", expression, SQL.identifier(name))
            for name, expression in self._get_figure_columns(parameters).items()
        ]
        return SQL(
            """
            WITH members AS %(materialized)s (%(members)s),
            documents AS (
                SELECT partner_id, source, document_id, day,
                       is_purchase AND day <= %(today)s AS is_purchase,
                       amount, margin, evidence, change_day
                  FROM (%(sources)s) every_source
            ),
            numbered AS (
                SELECT *,
                       row_number() OVER customer_days AS number,
                       day - lag(day) OVER customer_days AS gap
                  FROM documents
                WINDOW customer_days AS (
                    PARTITION BY partner_id, is_purchase
                    ORDER BY day, source, document_id
                )
            )
            SELECT partner_id, %(columns)s
              FROM numbered
             GROUP BY partner_id
            """,
            materialized=SQL("MATERIALIZED") if partner_ids is not None else SQL(),
            members=self._sql_members(partner_ids),
            today=parameters.today,
            sources=SQL(" UNION ALL ").join(
                SQL("(%s)", source) for source in self._get_document_sources(parameters)
            ),
            columns=SQL(", ").join(columns),
        )

    def _get_figure_columns(self, parameters):
        """Return ``{column: aggregate}`` over the numbered documents of a customer."""
        today = parameters.today
        window = parameters.window_days
        in_window = SQL("day > %s AND day <= %s", self._days(today, -window), today)
        before = SQL(
            "day > %s AND day <= %s",
            self._days(today, -2 * window),
            self._days(today, -window),
        )
        columns = {
            "purchase_count": SQL("count(*) FILTER (WHERE is_purchase)"),
            "first_purchase_date": SQL("min(day) FILTER (WHERE is_purchase)"),
            "last_purchase_date": SQL("max(day) FILTER (WHERE is_purchase)"),
            "last_document_date": SQL("max(day) FILTER (WHERE day <= %s)", today),
            "turn_number": SQL(
                "count(*) FILTER (WHERE is_purchase AND gap IS DISTINCT FROM 0)"
            ),
            "rhythm_days": SQL(
                "CASE WHEN count(*) FILTER (WHERE is_purchase AND gap > 0) >= 2 "
                "THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) "
                "FILTER (WHERE is_purchase AND gap > 0) END"
            ),
            "window_purchase_count": SQL(
                "count(*) FILTER (WHERE is_purchase AND %s)", in_window
            ),
            "lifetime_revenue": SQL(
                "COALESCE(sum(amount) FILTER (WHERE day <= %s), 0)", today
            ),
            "revenue": SQL("COALESCE(sum(amount) FILTER (WHERE %s), 0)", in_window),
            "revenue_previous": SQL("COALESCE(sum(amount) FILTER (WHERE %s), 0)", before),
            "margin": SQL("NULL::numeric"),
            "margin_previous": SQL("NULL::numeric"),
        }
        if parameters.has_margin:
            columns["margin"] = self._sql_round(
                parameters, SQL("COALESCE(sum(margin) FILTER (WHERE %s), 0)", in_window)
            )
            columns["margin_previous"] = self._sql_round(
                parameters, SQL("COALESCE(sum(margin) FILTER (WHERE %s), 0)", before)
            )
        columns.update(self._get_milestone_columns(parameters))
        columns["evidence"] = SQL("min(evidence)")
        columns["next_document_date"] = SQL(
            "LEAST(min(day) FILTER (WHERE day > %(today)s), "
            "min(day) FILTER (WHERE amount IS NOT NULL AND %(in_window)s) + %(window)s, "
            "min(day) FILTER (WHERE amount IS NOT NULL AND %(before)s) + %(twice)s, "
            "min(change_day))",
            today=today,
            in_window=in_window,
            before=before,
            window=window,
            twice=2 * window,
        )
        return columns

    def _get_milestone_columns(self, parameters):
        """The purchases that reached each count, and the long silences between."""
        columns = {}
        for stage in ("working", "regular", "partner"):
            number = getattr(parameters, f"{stage}_count")
            reached = SQL("is_purchase AND number = %s", number)
            columns[f"{stage}_day"] = SQL("max(day) FILTER (WHERE %s)", reached)
            columns[f"{stage}_document"] = SQL(
                "max(document_id) FILTER (WHERE %s)", reached
            )
            columns[f"{stage}_source"] = SQL("max(source) FILTER (WHERE %s)", reached)
        long_gap = SQL("is_purchase AND gap > %s", parameters.shortest_allowed_silence)
        columns["gap_days"] = SQL("array_agg(day) FILTER (WHERE %s)", long_gap)
        columns["gap_lengths"] = SQL("array_agg(gap) FILTER (WHERE %s)", long_gap)
        return columns

    @staticmethod
    def _days(day, number):
        """``day`` shifted by ``number`` days, as a SQL date."""
        return SQL("(%s::date + %s)", day, number)

    def _create_figures_table(self, parameters):
        """Aggregate every document once, into a temporary table of this connection."""
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(FIGURES_TABLE)))
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE %s ON COMMIT PRESERVE ROWS AS (%s)",
                SQL.identifier(FIGURES_TABLE),
                self._sql_figures(parameters),
            )
        )
        self.env.cr.execute(
            SQL(
                "ALTER TABLE %(table)s ADD PRIMARY KEY (partner_id)",
                table=SQL.identifier(FIGURES_TABLE),
            )
        )
        self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(FIGURES_TABLE)))
