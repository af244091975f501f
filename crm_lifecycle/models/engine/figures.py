# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

FIGURES_TABLE = "crm_lifecycle_figures"
# day and length of a gap in one bigint
GAP_UNIT = 2**32
# the time before a silence that tells what a lost customer was worth
YEAR_DAYS = 365
# added to the place of what is no purchase
AFTER_PURCHASES = 2**62


class CrmLifecycleEngine(models.AbstractModel):
    """Step 1, continued: documents aggregated to figures, one row per customer."""

    _inherit = "crm.lifecycle.engine"

    def _sql_members(self, partner_ids=None, parameters=None):
        """The contacts whose documents are read, each with its customer.

        :param SQL partner_ids: an ``int[]`` of customers; None: everybody, or those in
            the share of ``parameters``
        """
        if partner_ids is None:
            customer_id = SQL("COALESCE(commercial_partner_id, id)")
            return SQL(
                "SELECT id, %s AS customer_id FROM res_partner WHERE %s",
                customer_id,
                self._sql_is_own(customer_id, parameters.share, parameters.shares)
                if parameters
                else SQL("TRUE"),
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
            WITH %(documents)s,
            numbered AS (
                SELECT *,
                       row_number() OVER customer_days AS number,
                       day - lag(day) OVER customer_days AS gap
                  FROM documents
                WINDOW customer_days AS (
                    PARTITION BY partner_id ORDER BY turn
                )
            )
            SELECT partner_id, %(columns)s
              FROM numbered
             GROUP BY partner_id
            """,
            documents=self._sql_documents(parameters, partner_ids),
            columns=SQL(", ").join(columns),
        )

    def _sql_documents(self, parameters, partner_ids=None):
        """The common table expression ``documents``: those of all sources, placed."""
        return SQL(
            """
            members AS %(materialized)s (%(members)s),
            documents AS (
                SELECT partner_id, day,
                       COALESCE(is_purchase, units IS NOT NULL) AND day <= %(today)s
                           AS is_purchase,
                       %(place)s AS place, %(period)s AS period,
                       -- purchases first, so that they are numbered among themselves
                       %(place)s + CASE WHEN COALESCE(is_purchase, units IS NOT NULL)
                           AND day <= %(today)s THEN 0 ELSE %(after)s END AS turn,
                       units, margin_units, evidence, change_day
                  FROM (%(sources)s) every_source
            )
            """,
            # few customers: their contacts first, then their documents by index;
            # everybody: the planner may read in parallel
            materialized=SQL("MATERIALIZED" if partner_ids else "NOT MATERIALIZED"),
            members=self._sql_members(partner_ids, parameters),
            today=parameters.today,
            place=self._sql_place(SQL("day"), SQL("source"), SQL("document_id")),
            after=SQL(str(AFTER_PURCHASES)),
            period=self._sql_period(parameters),
            sources=SQL(" UNION ALL ").join(
                SQL("(%s)", source) for source in self._get_document_sources(parameters)
            ),
        )

    def _sql_period(self, parameters):
        """0: after today; 1: in the window; 2: in the window before; 3: older."""
        today, window = parameters.today, parameters.window_days
        return SQL(
            "CASE WHEN day > %s THEN 0 WHEN day > %s THEN 1 WHEN day > %s THEN 2 "
            "ELSE 3 END",
            today,
            self._days(today, -window),
            self._days(today, -2 * window),
        )

    def _get_figure_columns(self, parameters):
        """Return ``{column: aggregate}`` over the numbered documents of a customer."""
        window = parameters.window_days

        def total(units, period):
            sum_ = SQL("sum(%s) FILTER (WHERE %s)", units, period)
            return self._sql_amount(parameters, SQL("COALESCE(%s, 0)", sum_))

        in_window, before = SQL("period = 1"), SQL("period = 2")
        columns = {
            "purchase_count": SQL("count(*) FILTER (WHERE is_purchase)"),
            "first_purchase_date": SQL("min(day) FILTER (WHERE is_purchase)"),
            "last_purchase_date": SQL("max(day) FILTER (WHERE is_purchase)"),
            "last_document_date": SQL("max(day) FILTER (WHERE period > 0)"),
            "turn_number": SQL(
                "count(*) FILTER (WHERE is_purchase AND gap IS DISTINCT FROM 0)"
            ),
            "rhythm_days": SQL(
                "CASE WHEN count(*) FILTER (WHERE is_purchase AND gap > 0) >= 2 "
                "THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) "
                "FILTER (WHERE is_purchase AND gap > 0) END"
            ),
            "window_purchase_count": SQL(
                "count(*) FILTER (WHERE is_purchase AND period = 1)"
            ),
            "lifetime_revenue": total(SQL("units"), SQL("period > 0")),
            "revenue": total(SQL("units"), in_window),
            "revenue_previous": total(SQL("units"), before),
            "margin": SQL("NULL::numeric"),
            "margin_previous": SQL("NULL::numeric"),
        }
        if parameters.has_margin:
            for name, period in (("margin", in_window), ("margin_previous", before)):
                columns[name] = total(
                    SQL("margin_units"), SQL("%s AND is_purchase", period)
                )
        columns.update(self._get_milestone_columns(parameters))
        with_units = SQL("FILTER (WHERE units IS NOT NULL AND period > 0)")
        columns["unit_days"] = SQL("array_agg(day) %s", with_units)
        columns["unit_amounts"] = SQL("array_agg(units) %s", with_units)
        columns["evidence"] = SQL("min(evidence) FILTER (WHERE NOT is_purchase)")
        columns["documents_hash"] = self._sql_documents_hash()
        columns["next_document_date"] = SQL(
            "LEAST(min(day) FILTER (WHERE period = 0), "
            "min(day) FILTER (WHERE period = 1 AND units IS NOT NULL) + %(window)s, "
            "min(day) FILTER (WHERE period = 2 AND units IS NOT NULL) + %(twice)s, "
            "min(change_day))",
            window=window,
            twice=2 * window,
        )
        return columns

    def _get_milestone_columns(self, parameters):
        """The purchases that reached each count, and the long silences between."""
        columns = {}
        for stage in ("working", "regular", "partner"):
            columns[f"{stage}_reached"] = SQL(
                "max(place) FILTER (WHERE number = %s AND is_purchase)",
                getattr(parameters, f"{stage}_count"),
            )
        columns["long_gaps"] = SQL(
            "array_agg((day - DATE '1970-01-01') * %s + gap) "
            "FILTER (WHERE gap > %s AND is_purchase)",
            SQL(str(GAP_UNIT)),
            parameters.shortest_allowed_silence,
        )
        return columns

    def _sql_last_year_revenue(self, parameters, row):
        """What came in during the year that ends with the last purchase.

        That year is another one for each customer, so that no aggregate knows it; few
        are asked about, which a window over all documents would cost more than.
        """
        return SQL(
            "(SELECT %(amount)s FROM unnest(%(days)s, %(units)s) document (day, units)"
            " WHERE %(last)s - day BETWEEN 0 AND %(most)s)",
            amount=self._sql_amount(parameters, SQL("COALESCE(SUM(units), 0)")),
            days=row("unit_days"),
            units=row("unit_amounts"),
            last=row("last_purchase_date"),
            most=YEAR_DAYS - 1,
        )

    def _sql_resumed(self, long_gaps, allowed):
        """First purchase after the latest gap longer than ``allowed`` days."""
        return SQL(
            # few have any; looking into none costs more than asking
            "CASE WHEN %(gaps)s IS NOT NULL THEN ("
            "SELECT max(DATE '1970-01-01' + (gap / %(unit)s)::int) "
            "FROM unnest(%(gaps)s) gap WHERE gap %% %(unit)s > %(allowed)s) END",
            unit=SQL(str(GAP_UNIT)),
            gaps=long_gaps,
            allowed=allowed,
        )

    @staticmethod
    def _days(day, number):
        """``day`` shifted by ``number`` days, as a SQL date."""
        return SQL("(%s::date + %s)", day, number)

    def _create_figures_table(self, parameters):
        """Aggregate every document once, into a temporary table of this connection."""
        self._drop_table(FIGURES_TABLE)
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
        self.env.cr.execute(
            SQL("ANALYZE %s (partner_id)", SQL.identifier(FIGURES_TABLE))
        )
