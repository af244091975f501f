# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from .figures import FIGURES_TABLE

CHUNK = 1000
CHUNKS_TABLE = "crm_lifecycle_chunks"


class CrmLifecycleEngine(models.AbstractModel):
    """Baseline and full re-read: documents once, then only what differs, in chunks."""

    _inherit = "crm.lifecycle.engine"

    def _recompute_all(self, parameters):
        """Everybody in the current transaction, settled; see ``_recompute``."""
        company = self.env["res.company"].sudo().browse(parameters.company_id)
        if not company.lifecycle_baseline_at and parameters.cause == "time":
            parameters = parameters.changed(cause="baseline")
        self._create_figures_table(parameters)
        figures = SQL.identifier(FIGURES_TABLE)
        limits = self._get_limits(
            parameters, self._sql_ranked_figures(parameters, figures)
        )
        result = self._write_rows(
            parameters, self._sql_rows(parameters, figures, limits=limits)
        )
        self._drop_tables()
        vals = {"lifecycle_limits": limits}
        if parameters.cause == "baseline":
            vals["lifecycle_baseline_at"] = self._now()
        company.write(vals)
        return result

    def _sql_ranked_figures(self, parameters, figures):
        """The customers that take part in the ranking, by their new figures."""
        return SQL(
            """
            SELECT r.partner_id, r.is_excluded, r.revenue, r.margin,
                   r.first_purchase_date, r.last_purchase_date,
                   r.window_purchase_count
              FROM (%s) r
             WHERE r.active
            """,
            self._sql_customers(parameters, figures, with_user=False),
        )

    def _full_read(self, parameters):
        """Read every document once and bring all profiles up to it, chunk by chunk.

        Commits. A customer with an undrained event is left to the drain, because its
        documents changed after they were read here.

        :return: ``(limits, number of rows that differed)``
        """
        self._prepare_transaction()
        self._create_figures_table(parameters)
        figures = SQL.identifier(FIGURES_TABLE)
        limits = self._get_limits(
            parameters, self._sql_ranked_figures(parameters, figures)
        )
        if not self._has_profiles(parameters):
            to_write = SQL(
                "SELECT r.partner_id FROM (%s) r",
                self._sql_customers(parameters, figures, with_user=False),
            )
        else:
            to_write = SQL(
                "SELECT r.partner_id FROM (%s) r "
                "LEFT JOIN crm_lifecycle_profile o ON o.id = r.profile_id WHERE %s",
                self._sql_rows(parameters, figures, limits=limits, with_user=False),
                self._sql_to_write(self._get_compared_columns(parameters)),
            )
        differing, chunks = self._create_chunks(to_write)
        undrained = self._sql_undrained(parameters)

        def write(scope):
            return self._write_rows(
                parameters,
                self._sql_rows(
                    parameters, figures, SQL("%s AND %s", scope, undrained), limits
                ),
            )

        self._write_chunks(parameters, chunks, write, differing)
        self._drop_tables()
        return limits, differing

    def _has_profiles(self, parameters):
        """Without any there is nothing to compare; a baseline that was cut off has."""
        self.env.cr.execute(
            SQL(
                "SELECT EXISTS (SELECT FROM crm_lifecycle_profile "
                "WHERE company_id = %s)",
                parameters.company_id,
            )
        )
        return self.env.cr.fetchone()[0]

    def _get_compared_columns(self, parameters):
        """The columns by which a full re-read finds what differs.

        The figures behind a reason repeat other columns and the settings, so they need
        comparing only after a change of settings; building them is dear.
        """
        return [
            name
            for name in self.WRITTEN_COLUMNS
            if name != "stage_figures" or parameters.cause == "settings"
        ]

    def _sql_undrained(self, parameters):
        """Condition on ``p.id``: no event of the customer waits to be drained."""
        return SQL(
            """
            NOT EXISTS (SELECT FROM crm_lifecycle_event e
                         WHERE e.partner_id = p.id AND e.company_id = %(company)s)
            AND NOT EXISTS (SELECT FROM res_partner m
                         JOIN crm_lifecycle_event e ON e.partner_id = m.id
                        WHERE m.commercial_partner_id = p.id
                          AND e.company_id = %(company)s)
            """,
            company=parameters.company_id,
        )

    def _settle(self, parameters):
        """Rank everybody as stored, then write what moved, chunk by chunk. Commits.

        :return: ``(limits, number of rows that differed)``
        """
        self._prepare_transaction()
        limits = self._get_limits(parameters, self._sql_ranked_profiles(parameters))
        differing, chunks = self._create_chunks(self._sql_unsettled(parameters, limits))

        def write(scope):
            return self._write_settled(
                parameters,
                limits,
                SQL("o.partner_id IN (SELECT p.id FROM res_partner p WHERE %s)", scope),
            )

        self._write_chunks(parameters, chunks, write, differing)
        self._drop_tables()
        return limits, differing

    # ------------------------------------------------------------------
    # CHUNKS
    # ------------------------------------------------------------------

    def _create_chunks(self, partner_ids):
        """Number the customers to write; the list lives in PostgreSQL, not here.

        :return: ``(customers, chunks)``
        """
        table = SQL.identifier(CHUNKS_TABLE)
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE %s ON COMMIT PRESERVE ROWS AS "
                "SELECT partner_id, "
                "(row_number() OVER (ORDER BY partner_id) - 1) / %s AS chunk "
                "FROM (%s) r",
                table,
                CHUNK,
                partner_ids,
            )
        )
        self.env.cr.execute(SQL("CREATE INDEX ON %s (chunk)", table))
        self.env.cr.execute(SQL("ANALYZE %s", table))
        self.env.cr.execute(
            SQL("SELECT count(*), COALESCE(max(chunk) + 1, 0) FROM %s", table)
        )
        return self.env.cr.fetchone()

    def _write_chunks(self, parameters, chunks, write, remaining):
        """Call ``write`` with the condition on ``p.id`` of each chunk, and commit."""
        # something is done: the documents are read (a job that never reports progress
        # counts as hanging once it was cut off three times)
        self._commit_progress(1, remaining)
        table = SQL.identifier(CHUNKS_TABLE)
        for chunk in range(chunks):
            partner_ids = SQL(
                "SELECT partner_id FROM %s WHERE chunk = %s", table, chunk
            )
            scope = SQL("p.id = ANY(ARRAY(%s))", partner_ids)
            if not self._attempt(write, scope):
                self._queue_again(parameters, partner_ids)
            remaining = max(remaining - CHUNK, 0)
            self._commit_progress(CHUNK, remaining)

    def _drop_tables(self):
        for name in (FIGURES_TABLE, CHUNKS_TABLE):
            self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(name)))
