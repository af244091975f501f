# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from psycopg2 import DataError

from odoo import api, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class CrmLifecycleEngine(models.AbstractModel):
    """Hand-overs come first in the job: somebody waits for them."""

    _inherit = "crm.lifecycle.engine"

    @api.model
    def _cron_run(self):
        self._do_step(self._run_handovers)
        return super()._cron_run()

    @api.model
    def _run_handovers(self):
        """Begin the returns that are due, and work off what was begun; commits."""
        # sudo: the job works for everybody; each batch moves what its decider may
        Handover = self.env["crm.handover"].sudo()
        self._attempt(Handover._begin_due_returns)
        self._commit_progress()
        running = [("state", "in", ("running", "returning"))]
        for handover in Handover.search(running, order="id"):
            try:
                self._run_handover(handover)
            except Exception as error:
                # one hand-over must keep neither the others nor the figures waiting
                self.env.cr.rollback()
                self.env.clear()
                handover.problem = str(error)
                self._commit_progress()
                is_told = isinstance(error, UserError | DataError)
                _logger.log(
                    logging.INFO if is_told else logging.ERROR,
                    "Hand-over %s: %s",
                    handover.id,
                    error,
                    exc_info=not is_told,
                )

    def _run_handover(self, handover):
        """Batch after batch, each a transaction that a kill leaves undone or done."""
        handled = True
        while handled:
            self.env.invalidate_all()  # what others committed, and our memory
            handled = self._attempt(handover._run_batch)
            self._commit_progress(int(handled))
        if handled is False:
            self._trigger()
