# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from .figures import FIGURES_TABLE

CHUNK = 1000
CHUNKS_TABLE = "crm_lifecycle_chunks"
RANKED_TABLE = "crm_lifecycle_ranked"


class CrmLifecycleEngine(models.AbstractModel):
    """Baseline and full re-read: documents once, then only what differs, in chunks."""

    _inherit = "crm.lifecycle.engine"

    def _recompute_all(self, parameters):
        """Everybody in the current transaction, settled; see ``_recompute``."""
        # sudo: what the job keeps about the company
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
        """Read every document once and bring all profiles up to it. Commits.

        Under unchanged rules the documents are compared with what the profiles were
        computed from; else, or when much has changed, everything is computed anew.

        :return: ``(limits, number of rows that differed)``
        """
        # sudo: what the job keeps about the company
        company = self.env["res.company"].sudo().browse(parameters.company_id)
        rules = self._get_rules_hash(parameters)
        if parameters.cause == "time" and company.lifecycle_rules_hash == rules:
            result = self._verify(parameters)
            if result:
                return result
        result = self._read_everything(parameters)
        self._note(company, {"lifecycle_rules_hash": rules})
        return result

    def _read_everything(self, parameters):
        """Compute all figures once, then write what differs, chunk by chunk. Commits.

        A customer with an undrained event is left to the drain, because its documents
        changed after they were read here.

        :return: ``(limits, number of rows that differed)``
        """
        with self._take_hands() as hands:
            count = len(hands.engines)
            shares = [
                parameters.changed(share=share, shares=count) for share in range(count)
            ]
            hands.do(lambda engine, share: engine._read_share(shares[share]))
            limits = self._rank_shares(parameters, hands)
            written = hands.do(
                lambda engine, share: engine._write_share(shares[share], limits)
            )
        self._commit_progress(0, 0)
        return limits, sum(written)

    def _read_share(self, parameters):
        """Aggregate the documents of a share of the customers, and what ranks them."""
        self._prepare_transaction()
        self._create_figures_table(parameters)
        self._drop_table(RANKED_TABLE)
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE %s ON COMMIT PRESERVE ROWS AS (%s)",
                SQL.identifier(RANKED_TABLE),
                self._sql_ranked_figures(parameters, SQL.identifier(FIGURES_TABLE)),
            )
        )

    def _rank_shares(self, parameters, hands):
        """The limits that follow from everybody, whichever hand has read them."""
        table = SQL.identifier(RANKED_TABLE)
        for other in hands.engines[1:]:
            self._copy_table(table, other)
        return self._get_limits(parameters, SQL("SELECT * FROM %s", table))

    def _write_share(self, parameters, limits):
        """Write what differs of a share, chunk by chunk. Commits.

        :return: number of rows that differed
        """
        # asked in the transaction that has read the documents
        create = (
            self._create_differing
            if self._has_profiles(parameters)
            else self._create_first_chunks
        )
        differing, chunks, write = create(parameters, limits)
        self._write_chunks(parameters, chunks, write, differing)
        self._drop_tables()
        self._commit_progress()  # whoever ends first keeps no transaction open
        return differing

    def _create_differing(self, parameters, limits):
        """Chunks of the customers whose profile is not as it should be.

        :return: ``(customers, chunks, write)``, see ``_write_chunks``
        """
        figures = SQL.identifier(FIGURES_TABLE)
        undrained = self._sql_undrained(parameters)
        rows = self._sql_rows(parameters, figures, limits=limits, with_user=False)

        def write(scope, _chunk):
            scope = SQL("%s AND %s", scope, undrained)
            rows = self._sql_rows(parameters, figures, scope, limits)
            return self._write_rows(parameters, rows)

        return *self._create_chunks(
            SQL(
                "SELECT r.partner_id FROM (%s) r "
                "LEFT JOIN crm_lifecycle_profile o ON o.id = r.profile_id WHERE %s",
                rows,
                self._sql_to_write(self._get_compared_columns(parameters)),
            )
        ), write

    def _create_first_chunks(self, parameters, limits):
        """The same when nobody has a profile, so that nobody has decided anything: the
        rows are finished at once, and only inserting them takes the chunks."""
        rows = self._sql_rows(parameters, SQL.identifier(FIGURES_TABLE), limits=limits)

        def write(_scope, chunk):
            fresh = SQL(
                # looked up one by one: no plan may read every contact here
                "SELECT f.* FROM %s f CROSS JOIN LATERAL ("
                "SELECT p.id FROM res_partner p WHERE p.id = f.partner_id OFFSET 0"
                ") p WHERE f.chunk = %s AND %s",
                SQL.identifier(CHUNKS_TABLE),
                chunk,
                self._sql_undrained(parameters),
            )
            return self._write_fresh(parameters, fresh)

        fresh = self._sql_fresh(parameters, rows, SQL("TRUE"))
        return *self._create_chunks(fresh), write

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
        # few wait, so that they are looked up once and not customer by customer
        return SQL(
            """
            p.id NOT IN (
                SELECT e.partner_id FROM crm_lifecycle_event e
                 WHERE e.company_id = %(company)s
                 UNION
                SELECT m.commercial_partner_id FROM crm_lifecycle_event e
                  JOIN res_partner m ON m.id = e.partner_id
                 WHERE e.company_id = %(company)s
                   AND m.commercial_partner_id IS NOT NULL)
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

        def write(scope, _chunk):
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

    def _create_chunks(self, rows):
        """Number the customers to write; the list lives in PostgreSQL, not here.

        :param SQL rows: a SELECT with ``partner_id``, and whatever ``write`` wants
        :return: ``(customers, chunks)``
        """
        table = SQL.identifier(CHUNKS_TABLE)
        self._drop_table(CHUNKS_TABLE)
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE %s ON COMMIT PRESERVE ROWS AS "
                "SELECT r.*, "
                # in no order of its own: sorting finished rows would take long
                "(row_number() OVER () - 1) / %s AS chunk "
                "FROM (%s) r",
                table,
                CHUNK,
                rows,
            )
        )
        self.env.cr.execute(SQL("CREATE INDEX ON %s (chunk)", table))
        self.env.cr.execute(SQL("ANALYZE %s (partner_id, chunk)", table))
        self.env.cr.execute(
            SQL("SELECT count(*), COALESCE(max(chunk) + 1, 0) FROM %s", table)
        )
        return self.env.cr.fetchone()

    def _write_chunks(self, parameters, chunks, write, remaining):
        """Call ``write`` with the condition on ``p.id`` and the number of each chunk,
        and commit."""
        shares = parameters.shares  # the others get on as fast, and report nothing
        others = shares - 1  # something is left until they have ended, too
        # something is done: the documents are read (a job that never reports progress
        # counts as hanging once it was cut off three times)
        self._commit_progress(1, remaining * shares or others)
        table = SQL.identifier(CHUNKS_TABLE)
        for chunk in range(chunks):
            partner_ids = SQL(
                "SELECT partner_id FROM %s WHERE chunk = %s", table, chunk
            )
            scope = SQL("p.id = ANY(ARRAY(%s))", partner_ids)
            if not self._attempt(write, scope, chunk):
                self._queue_again(parameters, partner_ids)
            done = min(CHUNK, remaining)
            remaining -= done
            self._commit_progress(done * shares, remaining * shares or others)

    def _drop_tables(self):
        for name in (FIGURES_TABLE, RANKED_TABLE, CHUNKS_TABLE):
            self._drop_table(name)

    def _drop_table(self, name):
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(name)))
