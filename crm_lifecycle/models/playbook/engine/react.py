# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.full_read import CHUNK
from .scan import Scan

_logger = logging.getLogger(__name__)

# Answered as soon as the change is written; the other triggers once a day
BY_TRANSITION = frozenset({"stage_entered", "stage_left", "category_entered"})
PROMPT = frozenset({"feedback", "promise_broken", "lead"})
# How far back an event may lie that was not noticed on its day
BACK_DAYS = 90
# A greeting that comes later is none
BACK_DAYS_OF_DAYS = 3
DAYS = frozenset({"birthday", "professional_day", "holiday"})
RUNS_AT_ONCE = 5000


class CrmLifecycleEngine(models.AbstractModel):
    """Step 6: playbooks and automation rules answer what was recorded.

    Noticing and doing are apart: events become runs in SQL, unique; then each run does
    its work in a transaction of its own. Cut off anywhere, the next job goes on.
    """

    _inherit = "crm.lifecycle.engine"

    @api.model
    def _after_action(self, profiles, today=None, react=True):
        state = super()._after_action(profiles, today, react)
        if (
            react
            and state == "recomputed"
            and self.env["crm.lifecycle.playbook"]._has_reactions()
        ):
            self._trigger()  # what a person decided is answered soon, not at night
        return state

    @api.model
    def _react(self):
        res = super()._react()
        self.env.invalidate_all()
        self._react_to_transitions()
        self._do_for_companies(self._react_in_company, self._get_playbook_companies())
        return res

    def _get_playbook_companies(self):
        # sudo: the job's own list
        return (
            self.env["res.company"]
            .sudo()
            .search(
                [
                    ("lifecycle_enabled", "=", True),
                    ("lifecycle_baseline_at", "!=", False),
                ]
            )
            .filtered(self._has_day)
        )

    def _get_playbooks(self, company):
        """The running playbooks of a company."""
        # sudo: rules of the house, whoever is looked after
        playbooks = self.env["crm.lifecycle.playbook"].sudo()
        return playbooks.search(
            [("is_on", "=", True), ("company_id", "in", (False, company.id))]
        )

    def _react_in_company(self, company):
        parameters = self._get_parameters(company)
        is_new_day = company.lifecycle_playbook_date != parameters.today
        for playbook in self._get_playbooks(company):
            by_transition = playbook.trigger in BY_TRANSITION
            if not by_transition and (is_new_day or playbook.trigger in PROMPT):
                scan = self._get_scan(playbook, parameters)
                self._notice_all(scan)
        if is_new_day:
            self._note(company, {"lifecycle_playbook_date": parameters.today})
        self._fire_due(company, parameters)

    # ------------------------------------------------------------
    # NOTICING
    # ------------------------------------------------------------

    def _get_scan(self, playbook, parameters, **values):
        """What counts for a running playbook: nothing older than its activation."""
        company = self.env["res.company"].browse(parameters.company_id)
        activated = self._get_company_day(playbook.activated_at, company)
        back = BACK_DAYS_OF_DAYS if playbook.trigger in DAYS else BACK_DAYS
        since = max(activated, parameters.today - timedelta(back))
        return Scan(playbook, parameters, since, playbook.activated_at, **values)

    def _notice_all(self, scan):
        """Make the runs of all new events, so many at a time. Commits."""
        noticed = RUNS_AT_ONCE
        while noticed == RUNS_AT_ONCE:
            noticed = self._attempt(self._notice, scan)
            self._commit_progress(int(noticed))

    def _get_company_day(self, moment, company):
        """The day of a moment (UTC) where the company is."""
        zone = ZoneInfo(self._get_timezone(company))
        return moment.replace(tzinfo=timezone.utc).astimezone(zone).date()

    def _notice(self, scan):
        """Make a run of each new event; no commit. A playbook that cannot look for
        events, because its filter asks for a field that is gone, say, keeps none of the
        others from theirs.

        :return: number of runs made, at most ``RUNS_AT_ONCE``
        """
        try:
            with self.env.cr.savepoint():
                return self._make_runs(scan)
        except (SerializationFailure, DeadlockDetected):
            raise  # for `_attempt`
        except Exception:
            _logger.exception("Playbook %s cannot look for events", scan.playbook.id)
            return 0

    def _make_runs(self, scan):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_lifecycle_playbook_run (
                    playbook_id, profile_id, event_key, event_date, due_date,
                    contact_id, source_model, source_id, state, recorded_at)
                SELECT %(playbook)s, e.profile_id, e.event_key, e.event_date,
                       e.event_date + %(delay)s, e.contact_id, e.source_model,
                       e.source_id, 'planned', %(now)s
                  FROM (%(new)s) e
                 ORDER BY e.event_date, e.profile_id LIMIT %(limit)s
                ON CONFLICT (playbook_id, profile_id, event_key) DO NOTHING
                """,
                playbook=scan.playbook.id,
                delay=scan.playbook.delay_days,
                now=self._now(),
                new=self._sql_new_events(scan),
                limit=RUNS_AT_ONCE,
            ),
            log_exceptions=False,
        )
        return self.env.cr.rowcount

    def _sql_new_events(self, scan):
        """The events of a playbook that have no run yet, of customers that fit."""
        return SQL(
            """
            SELECT DISTINCT ON (e.profile_id, e.event_key) e.*
              FROM (%(events)s) e
             WHERE e.profile_id IN %(fitting)s
               AND NOT EXISTS (
                   SELECT FROM crm_lifecycle_playbook_run run
                    WHERE run.playbook_id = %(playbook)s
                      AND run.profile_id = e.profile_id
                      AND run.event_key = e.event_key)
             ORDER BY e.profile_id, e.event_key, e.event_date
            """,
            events=self._sql_trigger(scan),
            fitting=self._sql_fitting(scan),
            playbook=scan.playbook.id,
        )

    def _sql_fitting(self, scan):
        """Subselect of the profiles the filter lets through."""
        company_id = scan.parameters.company_id
        # sudo: everybody who fits, whoever looks
        profiles = self.env["crm.lifecycle.profile"].sudo()
        profiles = profiles.with_context(allowed_company_ids=[company_id])
        domain = scan.playbook._get_filter() & Domain("company_id", "=", company_id)
        return profiles._search(domain).subselect()

    def _react_to_transitions(self):
        """Answer every transition that nobody has answered yet, chunk by chunk."""
        ids = True
        while ids:
            ids = self._attempt(self._notice_transitions)
            self._commit_progress(len(ids or ()))
            if ids and self._has_automation():
                # all, also when one keeps meeting conflicts: then later
                told = [self._automate_one(id_) for id_ in ids]
                ids = all(told)
        if ids is False:
            self._trigger()

    def _notice_transitions(self):
        """Make the runs of a chunk of transitions; no commit.

        :return: ids of the chunk. They count as answered, unless automation rules are
            still to be told of each.
        """
        ids = self._get_unanswered()
        if not ids:
            return []
        for company in self._get_playbook_companies():
            playbooks = self._get_playbooks(company).filtered(
                lambda playbook: playbook.trigger in BY_TRANSITION
            )
            if not playbooks:
                continue
            try:
                parameters = self._get_parameters(company)
            except UserError as error:  # its settings; the others go on
                _logger.info("Playbooks of %s: %s", company.name, error)
                continue
            for playbook in playbooks:
                self._notice(
                    self._get_scan(playbook, parameters, transition_ids=tuple(ids))
                )
        if not self._has_automation():
            self._set_answered(ids)
        return ids

    def _get_unanswered(self):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM crm_lifecycle_transition WHERE reacted_at IS NULL "
                "ORDER BY id LIMIT %s",
                CHUNK,
            )
        )
        return [id_ for (id_,) in self.env.cr.fetchall()]

    def _set_answered(self, ids):
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lifecycle_transition SET reacted_at = %s "
                "WHERE id = ANY(%s)",
                self._now(),
                list(ids),
            ),
            log_exceptions=False,
        )
        self.env["crm.lifecycle.transition"].invalidate_model(["reacted_at"])

    # ------------------------------------------------------------
    # DOING
    # ------------------------------------------------------------

    def _fire_due(self, company, parameters):
        """Do what is due, each in its own transaction. Commits."""
        left = []
        while True:
            ids = self._get_due_runs(parameters, left)
            if not ids:
                return
            for position, id_ in enumerate(ids):
                if self._fire_one(id_) == "planned":
                    left.append(id_)  # somebody else holds it: later
                self._commit_progress(1, len(ids) - position - 1)

    def _get_due_runs(self, parameters, left):
        """Ids of runs whose day has come, within the daily limits, oldest first."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT id FROM (
                    SELECT run.id, run.due_date, pb.daily_limit,
                           row_number() OVER (PARTITION BY run.playbook_id
                               ORDER BY run.due_date, run.id) AS place,
                           (SELECT count(*) FROM crm_lifecycle_playbook_run done
                              JOIN crm_lifecycle_profile card
                                ON card.id = done.profile_id
                             WHERE pb.daily_limit > 0 AND done.state = 'done'
                               AND done.playbook_id = run.playbook_id
                               AND done.fired_date = %(today)s
                               AND card.company_id = %(company)s) AS fired
                      FROM crm_lifecycle_playbook_run run
                      JOIN crm_lifecycle_playbook pb ON pb.id = run.playbook_id
                      JOIN crm_lifecycle_profile p ON p.id = run.profile_id
                     WHERE run.state = 'planned' AND run.due_date <= %(today)s
                       AND p.company_id = %(company)s AND run.id <> ALL(%(left)s)
                     ) due
                 WHERE COALESCE(daily_limit, 0) = 0 OR place + fired <= daily_limit
                 ORDER BY due_date, id LIMIT %(limit)s
                """,
                today=parameters.today,
                company=parameters.company_id,
                left=left,
                limit=CHUNK,
            )
        )
        return [id_ for (id_,) in self.env.cr.fetchall()]

    def _fire_one(self, run_id):
        """Do one run, and commit; what goes wrong stays with its customer.

        :return: the state of the run afterwards
        """
        # sudo: the job does what the company decided, whoever's customer it is
        run = self.env["crm.lifecycle.playbook.run"].sudo().browse(run_id)

        def fire():
            state = run._fire()
            self.env.flush_all()
            return state

        try:
            return self._attempt(fire) or "planned"
        except Exception as error:
            self.env.cr.rollback()
            self.env.clear()
            is_told = isinstance(error, UserError)
            _logger.info(
                "Playbook run %s failed: %s", run_id, error, exc_info=not is_told
            )
            self._attempt(self._set_failed, run, str(error) or repr(error))
            return "failed"

    def _set_failed(self, run, message):
        run.write({"state": "failed", "message": message, **run._prepare_fired()})
        run.flush_recordset()

    def _is_event_current(self, run):
        """Whether what a run answers still holds: the trigger, asked again."""
        self.env.flush_all()
        parameters = self._get_parameters(run.company_id)
        scan = Scan(
            run.playbook_id, parameters, run.event_date, profile_id=run.profile_id.id
        )
        self.env.cr.execute(
            SQL(
                "SELECT EXISTS (SELECT FROM (%s) e WHERE e.event_key = %s)",
                self._sql_trigger(scan),
                run.event_key,
            )
        )
        return self.env.cr.fetchone()[0]

    # ------------------------------------------------------------
    # DRY RUN
    # ------------------------------------------------------------

    def _get_dry_run(self, playbook, company, days):
        """Return ``{profile id: day}`` of whom a playbook would answer; reads only.

        :param int days: events of so many days up to today
        """
        self.env.flush_all()
        parameters = self._get_parameters(company)
        scan = Scan(playbook, parameters, parameters.today - timedelta(days))
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT e.profile_id, max(e.event_date) FROM (%s) e "
                    "WHERE e.profile_id IN %s GROUP BY e.profile_id",
                    self._sql_trigger(scan),
                    self._sql_fitting(scan),
                )
            )
        )
