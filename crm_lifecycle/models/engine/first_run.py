# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from .parameters import FAR_DAY


class CrmLifecycleEngine(models.AbstractModel):
    """What the first run needs: what is there, how far the job is, and a job that
    waits for the person who chooses the limits."""

    _inherit = "crm.lifecycle.engine"

    # ------------------------------------------------------------------
    # WHAT IS THERE
    # ------------------------------------------------------------------

    def _get_found(self, company):
        """Count the purchases of a company, whichever way they are counted.

        :return: ``{"sale": found, "invoice": found, None: found}``; found is
            ``(customers, documents, first day, last day)``, None those of either way;
            a way without any purchase is missing
        """
        self.env.flush_all()
        self._prepare_transaction()
        rows = self.env.execute_query(
            SQL(
                """
                WITH %(members)s
                SELECT basis, count(*), sum(documents)::bigint, min(first), max(last)
                  FROM (SELECT basis, partner_id, count(*) AS documents,
                               min(day) AS first, max(day) AS last
                          FROM (%(purchases)s) d
                         GROUP BY GROUPING SETS ((basis, partner_id), (partner_id))) c
                 GROUP BY basis
                """,
                members=self._sql_all_members(),
                purchases=self._sql_found_purchases(company),
            )
        )
        return {basis: tuple(found) for basis, *found in rows}

    def _has_purchases(self, company):
        """Whether the company has anything to classify."""
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                "WITH %s SELECT EXISTS (SELECT FROM (%s) d)",
                self._sql_all_members(),
                self._sql_found_purchases(company),
            )
        )[0][0]

    def _sql_all_members(self):
        return SQL("members AS NOT MATERIALIZED (%s)", self._sql_members())

    def _sql_found_purchases(self, company):
        """Every purchase up to today, by the engine's sources, once for each basis."""
        found = []
        saved = self._get_parameters(company).changed(has_margin=False)
        for basis in ("sale", "invoice"):
            parameters = saved.changed(basis=basis)
            found += [
                SQL(
                    "SELECT %s AS basis, partner_id, day FROM (%s) s "
                    "WHERE COALESCE(is_purchase, units IS NOT NULL) "
                    "AND day <= LEAST(%s, %s)",
                    basis,
                    source,
                    parameters.today,
                    FAR_DAY,
                )
                for source in self._get_document_sources(parameters)
            ]
        return SQL(" UNION ALL ").join(found)

    # ------------------------------------------------------------------
    # THE JOB
    # ------------------------------------------------------------------

    def _waits_for_first_run(self, company):
        """Whether the scheduled job leaves this company to the person who will choose
        its limits: for a day after the installation. A direct call waits for nobody.
        """
        until = company.lifecycle_first_run_until
        return bool(
            self.env.context.get("cron_id")
            and until
            and until > self.env.cr.now()
            and not company.lifecycle_baseline_at
        )

    def _run_company(self, company):
        if self._waits_for_first_run(company):
            return None
        return super()._run_company(company)

    def _run_full_read(self, company, parameters, cause, request):
        """Say that this company's documents are being read, and from where the job's
        own progress counts for it."""
        # sudo: the job's own record, like in `_commit_progress`
        progress = (
            self.env["ir.cron.progress"]
            .sudo()
            .browse(self.env.context.get("ir_cron_progress_id"))
        )
        self._note(
            company,
            {
                "lifecycle_read_progress_id": progress.id,
                "lifecycle_read_progress_from": progress.done,
            },
        )
        result = super()._run_full_read(company, parameters, cause, request)
        self._note(
            company,
            {"lifecycle_read_progress_id": 0, "lifecycle_read_progress_from": 0},
        )
        return result

    def _get_progress(self, company):
        """How far the full re-read of a company is.

        :return: ``(done, left)`` in customers, None while the documents are being
            read; False when it has not begun
        """
        company = company.sudo()  # the progress of the job, whoever may start it
        progress = (
            self.env["ir.cron.progress"]
            .sudo()
            .browse(company.lifecycle_read_progress_id)
            .exists()
        )
        if not progress:
            return False
        done = progress.done - company.lifecycle_read_progress_from
        # the first step reported is the reading of the documents itself
        return (done - 1, progress.remaining) if done > 0 else None
