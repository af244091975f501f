# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from .job import CHUNK_IDS, CHUNK_SECONDS

# Of the past, more at a time: planning statements for few rows costs more than these.
FIRST_FACTOR = 8


class CrmLifecycleEngine(models.AbstractModel):
    """The past of a source: read once, by several connections, with more at a time."""

    _inherit = "crm.lifecycle.engine"

    def _read_past(self, companies, source, current):
        """Read all there is of a source, and then everybody's last contact. Commits.

        :return: False when conflicts do not end
        """
        model = source.name
        position = current["position"]
        if position is None:
            position = current["low"]
            # what has never been read cannot have left anything behind
            current["fresh"] = not self._has_touchpoints(model)
        step = CHUNK_SECONDS if self._is_by_moment(model) else CHUNK_IDS
        with self._take_hands() as hands:
            pairs = self._attempt(self._match_past, source, hands)
            self._commit_progress()
            if pairs is False:
                return False

            def collect(low, top):
                arguments = companies, model, low, top, pairs, len(hands.engines)
                return sum(
                    hands.do(
                        lambda engine, share: engine._collect_share(share, *arguments)
                    )
                )

            step *= FIRST_FACTOR
            if not self._read_chunks(source, current, position, step, collect):
                return False
            self._forget_past(source, hands)
        self._finish_first_reading(source)
        return True

    def _match_past(self, source, hands):
        """Hook: find out what belongs to the sources, once for all hands.

        :return: ``pairs`` as ``_touchpoints_of_activity`` takes them
        """
        return self._match_sources(source.name)

    def _forget_past(self, source, hands):
        """Hook: what was found out for the hands is not needed any more."""

    def _collect_share(self, share, companies, model, low, top, pairs, shares):
        """Collect what one hand has to of a span of keys. Commits if there are others:
        who waits for them must not hold what they may wait for. That the span is read
        is remembered only when all of them have ended.

        :return: number of sources
        """
        if share:
            self._prepare_transaction()
        span = self._get_source_method("_range", model)(low, top)
        ids = SQL(
            "SELECT s.id FROM (%s) s (id) WHERE %s",
            span,
            self._sql_is_own(SQL("s.id"), share, shares),
        )
        companies = companies.with_env(self.env).sudo()  # the job's own list
        count = self._sync_touchpoints(companies, model, ids, pairs=pairs, follow=False)
        if shares > 1:
            self._commit_progress()
        return count

    def _finish_first_reading(self, source):
        """Everybody's last contact, once: when the last source has been read."""
        models = list(self._get_touchpoint_sources())
        later = models[models.index(source.name) + 1 :]
        Source = self.env["crm.touchpoint.source"]
        if any(not Source._get(model).is_complete for model in later):
            return
        lowest, highest, __ = self._get_customer_bounds()
        for low in range(lowest, highest, CHUNK_IDS):
            self._attempt(
                self._write_last_contact,
                SQL("profile.id > %s AND profile.id <= %s", low, low + CHUNK_IDS),
            )
            self._commit_progress()
