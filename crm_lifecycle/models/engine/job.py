# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

from psycopg2 import DataError
from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .full_read import CHUNK

_logger = logging.getLogger(__name__)

ATTEMPTS = 5
FULL_READ_EVERY = timedelta(days=7)


class CrmLifecycleEngine(models.AbstractModel):
    """The one job: its ir.cron row is the only mutex, each chunk a transaction."""

    _inherit = "crm.lifecycle.engine"

    @api.model
    def _cron_run(self):
        """All steps for all companies; commits. Safe to be cut off at any moment."""
        self._forget_disabled_companies()
        companies = (
            self.env["res.company"].sudo().search([("lifecycle_enabled", "=", True)])
        )
        for company in companies:
            try:
                self._run_company(company)
            except (UserError, DataError) as error:
                # one company's data must not keep the others from their figures
                self.env.cr.rollback()
                self.env.clear()
                self._note(company, {"lifecycle_pass_message": str(error)})
                _logger.info("Customer base of %s: %s", company.name, error)
        for step in (
            self._collect_touchpoints,
            self._run_cadence,
            self._plan_due_contacts,
            self._react,
        ):
            self._do_step(step)
        self._commit_progress(0, 0)

    def _do_step(self, step):
        """Do one step of the job; one that fails keeps none of the others."""
        try:
            step()
        except Exception:
            self.env.cr.rollback()
            self.env.clear()
            _logger.exception("Customer base: the step %s failed", step.__name__)

    def _do_for_companies(self, work, companies=None):
        """Do ``work`` for one company after the other. What the settings or the data
        of one refuse keeps none of the others waiting.

        :param companies: None: all that keep a customer base
        """
        if companies is None:
            # sudo: the job's own list
            companies = self.env["res.company"].sudo()
            companies = companies.search([("lifecycle_enabled", "=", True)])
        for company in companies.filtered(self._has_day):
            try:
                work(company)
            except (UserError, DataError) as error:
                self.env.cr.rollback()
                self.env.clear()
                _logger.info(
                    "Customer base of %s, %s: %s", company.name, work.__name__, error
                )

    def _run_company(self, company):
        """Bring one company up to date: full re-read when asked for, queue, and once
        a day what the date alone changes, ranking, and the weekly check."""
        self.env.invalidate_all()  # what others committed since
        parameters = self._get_parameters(company)
        request = company.lifecycle_request_number
        if company.lifecycle_failed_chunks:
            self._note(company, {"lifecycle_failed_chunks": 0})
        cause = company.lifecycle_full_read_cause
        if not company.lifecycle_baseline_at:
            cause = "baseline"
        elif cause == "baseline" or company.lifecycle_pass_tz not in (
            False,
            parameters.tz,  # that of the calendar or the address may have changed
        ):
            cause = "settings"
        if cause:
            self._run_full_read(company, parameters, cause, request)
        self._drain_all(parameters)
        is_new_day = company.lifecycle_last_pass_date != parameters.today
        if is_new_day:
            self._recompute_due(parameters)
        if not cause and (is_new_day or company.lifecycle_settle_asked):
            self._run_settle(company, parameters, request)
        if is_new_day and not cause:
            self._check_weekly(company, parameters)
        if is_new_day or cause:
            self._note(
                company,
                {
                    "lifecycle_last_pass_at": self._now(),
                    "lifecycle_last_pass_date": parameters.today,
                    "lifecycle_pass_tz": parameters.tz,
                    "lifecycle_pass_message": self._get_pass_message(company),
                },
            )
            self._trigger_on(company, parameters.today + timedelta(days=1))
        self._invalidate()
        self._commit_progress()

    def _run_full_read(self, company, parameters, cause, request):
        """Full re-read with its cause, then the customers it left to the queue."""
        pass_cause = "time" if cause == "demand" else cause
        parameters = parameters.changed(cause=pass_cause)
        limits, differing = self._full_read(parameters)
        if self._drain_all(parameters, limits):
            # their figures are newer than the ranking just made
            limits, _moved = self._settle(parameters)
        vals = {"lifecycle_full_read_at": self._now(), "lifecycle_limits": limits}
        if cause == "baseline":
            vals["lifecycle_baseline_at"] = self._now()
        if cause == "demand":
            vals["lifecycle_rows_corrected"] = differing
        done = {"lifecycle_full_read_cause": False, "lifecycle_settle_asked": False}
        self._note(company, vals, request, done)
        _logger.info(
            "Customer base of %s: full re-read (%s), %s customers written",
            company.name,
            cause,
            differing,
        )

    def _run_settle(self, company, parameters, request):
        cause = "settings" if company.lifecycle_settle_asked else "time"
        limits, _differing = self._settle(parameters.changed(cause=cause))
        done = {"lifecycle_settle_asked": False}
        self._note(company, {"lifecycle_limits": limits}, request, done)

    def _check_weekly(self, company, parameters):
        """The safety net: nothing should be left to correct."""
        last = company.lifecycle_full_read_at
        if last and self.env.cr.now() - last < FULL_READ_EVERY:
            return
        limits, differing = self._full_read(parameters)
        self._note(
            company,
            {
                "lifecycle_limits": limits,
                "lifecycle_full_read_at": self._now(),
                "lifecycle_rows_corrected": differing,
            },
        )
        if differing:
            _logger.info(
                "Customer base of %s: the weekly check corrected %s customers",
                company.name,
                differing,
            )

    def _note(self, company, vals, request=None, done=None):
        """Keep on the company how the pass went, and commit.

        :param int request: number of the latest request this pass has met; ``done``,
            which marks requests as met, is left out when a later one has come since
        """

        def write():
            company.invalidate_recordset()
            met = done and company.lifecycle_request_number == request
            company.write({**vals, **(done if met else {})})
            company.flush_recordset()

        self._attempt(write)
        self._commit_progress()

    def _recompute_due(self, parameters):
        """Customers for whom the date alone changes something today."""
        last_id = 0
        while True:
            self.env.cr.execute(
                SQL(
                    """
                    SELECT id, partner_id FROM crm_lifecycle_profile
                     WHERE company_id = %s AND active AND id > %s
                       AND next_evaluation_date <= %s
                     ORDER BY id LIMIT %s
                    """,
                    parameters.company_id,
                    last_id,
                    parameters.today,
                    CHUNK,
                )
            )
            due = self.env.cr.fetchall()
            if not due:
                return
            last_id = due[-1][0]
            partner_ids = [partner_id for _id, partner_id in due]
            if not self._attempt(self._write_customers, parameters, partner_ids):
                self._queue_again(parameters, SQL("SELECT unnest(%s)", partner_ids))
            self._commit_progress(len(due))

    # ------------------------------------------------------------------
    # QUEUE
    # ------------------------------------------------------------------

    @api.model
    def _drain(self, limit=None):
        """Recompute the customers in the queue of every enabled company; no commit.

        :param int limit: customers at most; None: all
        :return: number of events handled
        """
        self.env.flush_all()
        handled = 0
        companies = (
            self.env["res.company"].sudo().search([("lifecycle_enabled", "=", True)])
        )
        for company in companies:
            left = None if limit is None else limit - handled
            if left is None or left > 0:
                handled += self._drain_company(self._get_parameters(company), left)
        self._invalidate()
        return handled

    def _drain_company(self, parameters, limit=None, limits=None):
        """One transaction's worth of the queue of one company.

        :param limits: of the pass this drain belongs to; None between passes
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT cause, date, user_id, without_reaction, array_agg(id),
                       array_agg(DISTINCT partner_id)
                  FROM (SELECT * FROM crm_lifecycle_event
                         WHERE company_id = %s ORDER BY id %s) e
                 GROUP BY cause, date, user_id, without_reaction
                 ORDER BY cause = 'manual' DESC, min(id)
                """,
                parameters.company_id,
                SQL("LIMIT %s", limit) if limit is not None else SQL(),
            )
        )
        handled = 0
        for cause, day, user_id, silent, ids, partner_ids in self.env.cr.fetchall():
            if cause == "manual" or parameters.cause == "time":
                group = parameters.changed(
                    cause=cause, day=day, user_id=user_id, react=not silent
                )
            else:  # the first pass after a change of settings, or the baseline
                group = parameters
            self._write_customers(group, partner_ids, limits)
            self.env.cr.execute(
                SQL("DELETE FROM crm_lifecycle_event WHERE id = ANY(%s)", ids)
            )
            handled += len(ids)
        return handled

    def _drain_all(self, parameters, limits=None):
        """Drain chunk by chunk, and commit; a chunk that keeps failing stays queued.

        :return: number of events handled
        """
        total, handled = 0, True
        while handled:
            handled = self._attempt(self._drain_company, parameters, CHUNK, limits)
            total += handled
            self._commit_progress(int(handled))
        if handled is False:
            self._count_failure(parameters.company_id)
            self._trigger()
        return total

    def _queue_again(self, parameters, partner_ids):
        """Leave customers of a failed chunk to the next drain."""
        self._attempt(
            self.env.cr.execute,
            SQL(
                """
                INSERT INTO crm_lifecycle_event (
                    partner_id, company_id, cause, recorded_at)
                SELECT id, %s, 'event', %s FROM res_partner
                 WHERE id IN (%s)
                """,
                parameters.company_id,
                self._now(),
                partner_ids,
            ),
        )
        self._commit_progress()
        self._count_failure(parameters.company_id)

    def _count_failure(self, company_id):
        company = self.env["res.company"].sudo().browse(company_id)

        def write():
            company.invalidate_recordset()  # another connection may count as well
            company.lifecycle_failed_chunks += 1
            company.flush_recordset()

        self._attempt(write)
        self._commit_progress()

    def _forget_disabled_companies(self):
        """Events of companies that keep no customer base."""
        self._attempt(
            self.env.cr.execute,
            SQL(
                "DELETE FROM crm_lifecycle_event e USING res_company c "
                "WHERE c.id = e.company_id AND c.lifecycle_enabled IS NOT TRUE"
            ),
        )
        self._commit_progress()

    # ------------------------------------------------------------------
    # TRANSACTIONS
    # ------------------------------------------------------------------

    def _attempt(self, work, *args):
        """Do ``work`` and return its result; False when it keeps meeting conflicts.

        Someone else's transaction comes first: on a conflict ours is rolled back and
        repeated with a new snapshot.
        """
        for _attempt in range(ATTEMPTS):
            try:
                self._prepare_transaction()
                return work(*args)
            except (SerializationFailure, DeadlockDetected):
                self.env.cr.rollback()
                self.env.clear()
        return False

    def _commit_progress(self, processed=0, remaining=None):
        self.env["ir.cron"]._commit_progress(processed, remaining=remaining)

    # ------------------------------------------------------------------
    # AFTER THE PASS
    # ------------------------------------------------------------------

    @api.model
    def _react(self):
        """Hook: what was recorded may now cause something, outside the computation."""
