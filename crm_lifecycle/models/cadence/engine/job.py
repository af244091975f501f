# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import time

from odoo import models
from odoo.tools import SQL

from ...engine.full_read import CHUNK
from .status import some

_logger = logging.getLogger(__name__)

CHUNKS_TABLE = "crm_cadence_chunks"
COUNTED_TABLES = (
    *("crm_lifecycle_profile", "crm_lifecycle_transition", "crm_touchpoint"),
)
# Planning the statements of a chunk takes as long as writing some hundred customers: on
# a quick machine chunks grow, as long as nobody has to wait for them.
LARGEST_CHUNK = 4 * CHUNK
SHORT_CHUNK = 1  # seconds


class CrmLifecycleEngine(models.AbstractModel):
    """The step of the one job that keeps the contact regulation; chunks commit."""

    _inherit = "crm.lifecycle.engine"

    def _run_cadence(self):
        """Bring clocks and ledger of all companies up to date. Commits."""
        self.env.invalidate_all()
        self._do_for_companies(
            self._run_company_cadence, self._get_collecting_companies()
        )
        self._invalidate_cadence()

    def _run_company_cadence(self, company):
        """All customers when the rules have changed; else those in the queue, and once
        a day those for whom the date alone changes something."""
        digest, last = company.lifecycle_cadence_digest, company.lifecycle_cadence_date
        if not digest and not self._is_collection_complete():
            return
        norms = self._get_norms(company)
        done = True
        if digest != norms.digest:
            done = self._fill_cadence(norms)
        elif last != norms.today:
            done = self._write_cadence_chunks(
                norms, self._sql_due_profiles(norms, last)
            )
        self._drain_cadence(norms)
        if done and (digest != norms.digest or last != norms.today):
            self._note_cadence(company, norms, digest)

    def _note_cadence(self, company, norms, digest):
        """Remember for which rules and day everything is done, unless somebody asked
        for more while we were at it."""

        def write():
            company.invalidate_recordset()
            if company.lifecycle_cadence_digest == digest:
                company.write(
                    {
                        "lifecycle_cadence_digest": norms.digest,
                        "lifecycle_cadence_date": norms.today,
                    }
                )
                company.flush_recordset()

        self._attempt(write)
        self._commit_progress()

    def _is_collection_complete(self):
        """Without the past every clock would say that nobody ever called."""
        # sudo: the job's own memory
        return (
            not self.env["crm.touchpoint.source"]
            .sudo()
            .search_count(
                [("name", "!=", "crm.lifecycle.profile"), ("is_complete", "=", False)],
                limit=1,
            )
        )

    def _fill_cadence(self, norms):
        """Look at everybody once, and write who differs, chunk by chunk. Commits.

        :return: whether all chunks could be written
        """
        self._count_new_tables()
        if not self._is_first_fill(norms):
            return self._write_cadence_chunks(norms, self._sql_differing(norms))
        with self._take_hands() as hands:
            shares = len(hands.engines)
            done = hands.do(
                lambda engine, share: engine._write_cadence_chunks(
                    norms, engine._sql_everybody(norms, share, shares)
                )
            )
        return all(done)

    def _sql_everybody(self, norms, share, shares):
        """Return the SELECT of a share of the profiles that rules may concern."""
        return SQL(
            "SELECT p.id FROM crm_lifecycle_profile p WHERE p.company_id = %s "
            "AND p.active AND p.category_id IS NOT NULL AND %s",
            norms.company_id,
            self._sql_is_own(SQL("p.id"), share, shares),
        )

    def _is_first_fill(self, norms):
        """Where there is nothing yet, nothing has to be compared."""
        return not self.env.execute_query(
            SQL(
                "(SELECT FROM crm_cadence_status WHERE company_id = %(id)s LIMIT 1) "
                "UNION ALL "
                "(SELECT FROM crm_cadence_period WHERE company_id = %(id)s LIMIT 1)",
                id=norms.company_id,
            )
        )

    def _count_new_tables(self):
        """Have PostgreSQL count the rows of what the first runs have just filled: it
        would take large tables for small until its own housekeeping comes round."""
        self.env.cr.execute(
            "SELECT relname FROM pg_class WHERE oid = ANY(%s::regclass[]) "
            "AND reltuples <= 0",
            [list(COUNTED_TABLES)],
        )
        for (name,) in self.env.cr.fetchall():
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(name)))

    def _sql_differing(self, norms):
        """Return the SELECT of the profiles that are not as they should be."""
        return self._sql_differing_clocks(norms)

    def _sql_due_profiles(self, norms, last):
        """Return the SELECT of the profiles for which the date alone changes something.

        :param date last: the day this was done last
        """
        span = {"last": last, "today": norms.today, "company": norms.company_id}
        due = [
            SQL(
                "SELECT e.profile_id FROM crm_cadence_exception e "
                "WHERE (e.date_from > %(last)s AND e.date_from <= %(today)s) "
                "OR (e.date_to >= %(last)s AND e.date_to < %(today)s)",
                **span,
            ),
            SQL(
                "SELECT pause.profile_id FROM crm_cadence_pause pause "
                "WHERE pause.date_from > %(last)s AND pause.date_from <= %(today)s",
                **span,
            ),
        ]
        if norms.has_reminders:
            due.append(
                SQL(
                    "SELECT sent.profile_id FROM (%s) sent WHERE sent.day >= %s",
                    self._sql_mailings(norms),
                    last,
                )
            )
        return SQL(" UNION ").join(due)

    # ------------------------------------------------------------
    # CHUNKS
    # ------------------------------------------------------------

    def _write_cadence_chunks(self, norms, profiles):
        """Write clocks and ledger of some profiles of the company, and commit.

        :param SQL profiles: SELECT of ``profile_id``
        :return: whether all chunks could be written
        """
        self._prepare_transaction()
        table = SQL.identifier(CHUNKS_TABLE)
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE %(table)s ON COMMIT PRESERVE ROWS AS
                SELECT p.id AS profile_id, row_number() OVER (ORDER BY p.id) AS place
                  FROM crm_lifecycle_profile p
                 WHERE p.company_id = %(company)s AND p.id IN (%(profiles)s)
                """,
                table=table,
                company=norms.company_id,
                profiles=profiles,
            )
        )
        remaining = self.env.cr.rowcount
        self.env.cr.execute(SQL("CREATE INDEX ON %s (place)", table))
        self._commit_progress(1, remaining)
        done, low, size = True, 0, CHUNK
        while remaining > 0:
            ids = SQL(
                "SELECT profile_id FROM %s WHERE place > %s AND place <= %s",
                table,
                low,
                low + size,
            )
            begun = time.monotonic()
            written = self._attempt(self._write_cadence_chunk, norms, ids)
            done = done and written is not False
            remaining, low = max(remaining - size, 0), low + size
            self._commit_progress(size, remaining)
            if time.monotonic() - begun < SHORT_CHUNK:
                size = min(2 * size, LARGEST_CHUNK)
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
        if not done:
            self._trigger()  # conflicts without end: later
        self._commit_progress()  # whoever ends first keeps no transaction open
        return done

    def _write_cadence_chunk(self, norms, ids):
        profile_ids = [profile_id for (profile_id,) in self.env.execute_query(ids)]
        self._write_cadence(norms, some(profile_ids))
        return True

    def _drain_cadence(self, norms):
        """Write the customers in the queue of one company, chunk by chunk. Commits."""
        handled = True
        while handled:
            handled = self._attempt(self._drain_cadence_chunk, norms)
            self._commit_progress(int(handled))
        if handled is False:
            self._trigger()

    def _drain_cadence_chunk(self, norms):
        """One transaction's worth of the queue; returns the rows it handled."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT e.id, p.id FROM crm_cadence_event e
                  LEFT JOIN crm_lifecycle_profile p ON p.id = e.profile_id
                 WHERE p.id IS NULL OR p.company_id = %s
                 ORDER BY e.id LIMIT %s
                """,
                norms.company_id,
                CHUNK,
            )
        )
        profile_ids = {profile_id for __, profile_id in rows if profile_id}
        if profile_ids:
            self._write_cadence(norms, some(sorted(profile_ids)))
        self.env.cr.execute(
            SQL(
                "DELETE FROM crm_cadence_event WHERE id = ANY(%s)",
                [id_ for id_, __ in rows],
            )
        )
        return len(rows)
