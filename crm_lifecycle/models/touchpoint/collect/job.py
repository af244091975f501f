# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

from psycopg2 import DataError

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .marks import ID_OVERLAP, MOMENT_OVERLAP

_logger = logging.getLogger(__name__)

CHUNK_IDS = 10000
CHUNK_SECONDS = 7 * 24 * 3600
CHUNK_CUSTOMERS = 200
CHUNK_CHANGES = 1000
CUSTOMER_OVERLAP = 100  # see `ID_OVERLAP`: the base is written by few at a time
NEW_CUSTOMERS = "crm.lifecycle.profile"
BY_MOMENT = ("event", "phonecall")
UNWATCHED = ("crm.phonecall",)  # belongs to another add-on, and tells nobody
SWEEP_EVERY = timedelta(days=7)


class CrmLifecycleEngine(models.AbstractModel):
    """The step of the one job that collects touchpoints; every chunk commits."""

    _inherit = "crm.lifecycle.engine"

    def _collect_touchpoints(self):
        """Read what is new, of all sources, for all companies. Commits."""
        self.env.invalidate_all()
        self._attempt(self._open_collection)
        self._commit_progress()
        companies = self._get_collecting_companies()
        if not companies:
            return
        steps = [
            *(
                (self._collect_source, companies, model)
                for model in self._get_touchpoint_sources()
            ),
            (self._collect_new_customers, companies),
            (self._collect_changes, companies),
            (self._sweep_touchpoints, companies),
        ]
        for step, *arguments in steps:
            try:
                step(*arguments)
            except (UserError, DataError):
                # one source must not keep the others, nor the figures, from us
                self.env.cr.rollback()
                self.env.clear()
                _logger.exception("Touchpoints could not be collected")
        self.env["crm.touchpoint"].invalidate_model()
        self._invalidate_last_contact()

    def _open_collection(self):
        """Fix from which day on a company's past is collected, at its first time; and
        from which customer on they are new."""
        # sudo: the job's own list
        companies = (
            self.env["res.company"]
            .sudo()
            .search(
                [
                    ("lifecycle_enabled", "=", True),
                    ("lifecycle_baseline_at", "!=", False),
                    ("lifecycle_touchpoint_since", "=", False),
                ]
            )
            .filtered(self._has_day)
        )
        for company in companies:
            days = company.lifecycle_touchpoint_days
            company.lifecycle_touchpoint_since = self._today(company) - timedelta(days)
        companies.flush_recordset()
        source = self.env["crm.touchpoint.source"]._get(NEW_CUSTOMERS)
        self._rewind_customers(source, companies)
        if not source.marks:
            # the sources are about to be read for everybody who is a customer by now
            current = self._begin_pass(source, self._get_customer_bounds())
            self._end_pass(source, current)
            seen = self._get_customers_seen(current["safe"], current["pending"]["key"])
            source.marks = {**source.marks, "seen": seen}
            source.flush_recordset()

    def _rewind_customers(self, source, companies):
        """Customers of companies that begin only now count as new, also those that
        were passed by while their company was not yet classified."""
        if not companies:
            return
        [(first,)] = self.env.execute_query(
            SQL(
                "SELECT min(id) - 1 FROM crm_lifecycle_profile "
                "WHERE company_id = ANY(%s)",
                companies.ids,
            )
        )
        safe = (source.marks or {}).get("safe")
        if first is not None and safe is not None and first < safe:
            source.marks = {"safe": first, "pending": source.marks["pending"]}
            source.flush_recordset()

    def _get_customer_bounds(self):
        lowest, highest = self.env.execute_query(
            SQL(
                "SELECT COALESCE(min(id) - 1, 0), COALESCE(max(id), 0) "
                "FROM crm_lifecycle_profile"
            )
        )[0]
        return lowest, highest, max(lowest, highest - CUSTOMER_OVERLAP)

    def _get_customers_seen(self, low, high):
        """Tell which customers have a number up to the highest there is now: late
        ones, who come in between, change the sum."""
        [(total,)] = self.env.execute_query(
            SQL(
                "SELECT COALESCE(sum(id), 0)::bigint FROM crm_lifecycle_profile "
                "WHERE id > %s AND id <= %s",
                low,
                high,
            )
        )
        return [low, high, total]

    # ------------------------------------------------------------
    # SOURCES
    # ------------------------------------------------------------

    def _collect_source(self, companies, model):
        """Read one kind of source from its mark on."""
        source = self.env["crm.touchpoint.source"]._get(model)
        is_first = "safe" not in (source.marks or {})
        bounds = self._get_source_method("_bounds", model)(is_first)
        current = self._begin_pass(source, bounds)
        read = self._read_past if current["full"] else self._read_new
        if not read(companies, source, current):
            self._trigger()  # conflicts without end: later
            return
        self._attempt(self._end_pass, source, current)
        self._commit_progress()

    def _read_new(self, companies, source, current):
        """Read what has come since the last time. Commits.

        :return: False when conflicts do not end
        """
        model = source.name
        by_moment = self._is_by_moment(model)
        position = current["position"]
        if position is None:
            position = current["low"] - (MOMENT_OVERLAP if by_moment else ID_OVERLAP)

        def collect(low, top):
            ids = self._get_source_method("_range", model)(low, top)
            if model not in UNWATCHED:
                ids = self._sql_not_collected(model, ids)
            return self._sync_touchpoints(companies, model, ids)

        step = CHUNK_SECONDS if by_moment else CHUNK_IDS
        return self._read_chunks(source, current, position, step, collect)

    def _is_by_moment(self, model):
        return self._get_touchpoint_sources()[model] in BY_MOMENT

    def _read_chunks(self, source, current, position, step, collect):
        """Collect one span of keys after the other, and remember how far the pass is,
        together with the span or once it is committed. Commits.

        :param collect: gets a span and returns the number of sources in it
        :return: False when conflicts do not end
        """
        by_moment = self._is_by_moment(source.name)

        def read(low, top):
            count = collect(low, top)
            source.invalidate_recordset()
            self._keep_pass(source, {**current, "position": top})
            return count

        while position < current["high"]:
            top = min(position + step, current["high"])
            count = self._attempt(read, position, top)
            if count is False:
                return False
            if current["full"] and by_moment and count < CHUNK_IDS:
                step *= 2
            remaining = (current["high"] - top + step - 1) // step
            self._commit_progress(1, remaining)
            position = top
        return True

    def _sql_not_collected(self, model, ids):
        """Of some sources those that brought nothing so far: what has been collected
        is looked at again when somebody changes it.

        Time alone changes meetings: one collected early, by its activity, is over in
        the end; and a day ends for one company when it does not yet for another.
        """
        settled = SQL()
        if model == "calendar.event":
            settled = SQL(
                "JOIN calendar_event e ON e.id = t.source_id "
                "AND NOT COALESCE(e.allday, FALSE) AND t.recorded_at >= e.stop"
            )
        return SQL(
            "SELECT s.id FROM (%s) s (id) WHERE NOT EXISTS ("
            "SELECT FROM crm_touchpoint t %s "
            "WHERE t.source_model = %s AND t.source_id = s.id)",
            ids,
            settled,
            model,
        )

    # ------------------------------------------------------------
    # NEW CUSTOMERS, CHANGED SOURCES
    # ------------------------------------------------------------

    def _collect_new_customers(self, companies):
        """Who became a customer brings what was said and done before."""
        source = self.env["crm.touchpoint.source"]._get(NEW_CUSTOMERS)
        bounds = self._get_customer_bounds()
        current = self._begin_pass(source, bounds)
        position = current["position"]
        if position is None:
            position = current["low"]
            seen = (source.marks or {}).get("seen")
            if seen and seen == self._get_customers_seen(*seen[:2]):
                position = seen[1]  # all of them read with the sources just now
        while position < current["high"]:
            top = self._attempt(
                self._collect_customer_chunk, companies, source, current, position
            )
            if not top:
                self._trigger()
                return
            position = top
            self._commit_progress(1)
        self._attempt(self._end_pass, source, current)
        self._commit_progress()

    def _collect_customer_chunk(self, companies, source, current, low):
        rows = self.env.execute_query(
            SQL(
                "SELECT id, partner_id FROM crm_lifecycle_profile "
                "WHERE id > %s AND id <= %s ORDER BY id LIMIT %s",
                low,
                current["high"],
                CHUNK_CUSTOMERS,
            )
        )
        top = rows[-1][0] if len(rows) == CHUNK_CUSTOMERS else current["high"]
        contacts = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s)",
                [partner_id for __, partner_id in rows],
            )
        )
        self._collect_contacts(companies, [id_ for (id_,) in contacts])
        source.invalidate_recordset()
        self._keep_pass(source, {**current, "position": top})
        return top

    def _collect_contacts(self, companies, contact_ids):
        """Look at every source that concerns some contacts."""
        if contact_ids:
            documents = self._sql_documents_of_contacts(contact_ids)
            self._collect_concerned(companies, contact_ids, documents)

    def _collect_concerned(self, companies, contact_ids, documents):
        for model in self._get_touchpoint_sources():
            ids = self._get_source_method("_ids", model)(contact_ids, documents)
            self._sync_touchpoints(companies, model, ids)

    def _collect_changes(self, companies):
        """Look again at the sources that people changed."""
        handled = True
        while handled:
            handled = self._attempt(self._collect_change_chunk, companies)
            self._commit_progress(int(handled))
        if handled is False:
            self._trigger()

    def _collect_change_chunk(self, companies):
        """One transaction's worth of the queue; returns how many rows it handled."""
        rows = self.env.execute_query(
            SQL(
                "SELECT source_model, array_agg(id), array_agg(DISTINCT source_id) "
                "FROM (SELECT * FROM crm_touchpoint_change ORDER BY id LIMIT %s) c "
                "GROUP BY source_model ORDER BY source_model",
                CHUNK_CHANGES,
            )
        )
        handled = 0
        for model, change_ids, source_ids in rows:
            if model in self._get_touchpoint_sources():
                ids = SQL("SELECT unnest(%s)", source_ids)
                self._sync_touchpoints(companies, model, ids)
            elif model == "res.partner":
                self._collect_contacts(companies, source_ids)
            elif model in self._get_touchpoint_documents():
                documents = self._sql_given_documents(model, source_ids)
                self._collect_concerned(companies, [], documents)
            self.env.cr.execute(
                SQL("DELETE FROM crm_touchpoint_change WHERE id = ANY(%s)", change_ids)
            )
            handled += len(change_ids)
        return handled

    def _sweep_touchpoints(self, companies):
        """What was deleted behind Odoo's back, looked for now and then.

        What cannot be watched is looked for each time; it is little.
        """
        for model in self._get_touchpoint_sources():
            source = self.env["crm.touchpoint.source"]._get(model)
            marks = source.marks or {}
            day = str(self._now().date())
            due = str((self._now() - SWEEP_EVERY).date())
            if model not in UNWATCHED and marks.get("swept", "") > due:
                continue
            orphans = SQL(
                "SELECT t.source_id FROM crm_touchpoint t WHERE t.source_model = %s "
                "AND NOT EXISTS (SELECT FROM %s source WHERE source.id = t.source_id)",
                model,
                SQL.identifier(self.env[model]._table),
            )
            self._attempt(self._sync_touchpoints, companies, model, orphans)
            source.invalidate_recordset()
            source.write({"marks": {**(source.marks or {}), "swept": day}})
            self._commit_progress()
