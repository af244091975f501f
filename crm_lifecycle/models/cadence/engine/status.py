# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

STATUS_COLUMNS = (
    *("since_date", "last_touchpoint_id", "last_date", "uncovered_date"),
    *("base_date", "base_kind", "due_date", "pause_from", "pause_until"),
)
# What the planner did about a due day: of another day it has done nothing yet, nor of
# the same one when it comes back.
PLANNER_MARKS = ("planned_due_date", "escalated_due_date")
DATE_BITS = 20  # of days since EPOCH_DAY, below a transition's number
EPOCH_DAY = "1900-01-01"


def everybody(_column):
    return SQL("TRUE")


def some(profile_ids):
    """Return the scope of some profiles."""
    return lambda column: SQL("%s = ANY(%s)", column, list(profile_ids))


class CrmLifecycleEngine(models.AbstractModel):
    """Contact regulation: the clock of every rule at every customer.

    One SELECT says what the clocks should be, for one, some and all customers; what
    differs is written.
    """

    _inherit = "crm.lifecycle.engine"

    # ------------------------------------------------------------
    # WHAT THE CLOCKS SHOULD BE
    # ------------------------------------------------------------

    def _sql_pairs(self, norms, scope):
        """Return the SELECT of profiles with the rules that hold for them."""
        return SQL(
            """
            SELECT profile.id AS profile_id, profile.added_date,
                   profile.reactivated_date, rule.*
              FROM crm_lifecycle_profile profile
              JOIN %(places)s ON place.category_id = profile.category_id
              JOIN %(rules)s ON rule.id = place.rule_id
             WHERE profile.company_id = %(company)s AND profile.active
               AND profile.is_excluded IS NOT TRUE AND %(scope)s
            """,
            places=self._sql_norm_places(norms),
            rules=self._sql_norms(norms),
            company=norms.company_id,
            scope=scope(SQL("profile.id")),
        )

    def _sql_came_under(self, norms, scope):
        """Return the SELECT of the day customers last came into a rule's categories
        from outside them; of several changes the one recorded last."""
        packed = SQL("(t.id::bigint << %s) | (t.date - %s::date)", DATE_BITS, EPOCH_DAY)
        return SQL(
            """
            SELECT t.profile_id, place.rule_id,
                   %(epoch)s::date + (max(%(packed)s) & %(mask)s)::int AS day
              FROM crm_lifecycle_transition t
              JOIN %(places)s ON place.category_id = t.to_category_id
             WHERE t.to_category_id IS DISTINCT FROM t.from_category_id
               AND %(scope)s AND t.date <= %(today)s
               AND NOT EXISTS (SELECT FROM %(inside)s
                                WHERE place.rule_id = inside.rule_id
                                  AND inside.category_id = t.from_category_id)
             GROUP BY t.profile_id, place.rule_id
            """,
            epoch=EPOCH_DAY,
            packed=packed,
            mask=2**DATE_BITS - 1,
            places=self._sql_norm_places(norms),
            inside=SQL(
                "(SELECT * FROM %s) inside (rule_id, category_id)",
                self._sql_norm_places(norms),
            ),
            scope=scope(SQL("t.profile_id")),
            today=norms.today,
        )

    def _sql_exceptions(self, norms, scope):
        """Return the SELECT of exceptions begun, per profile and rule.

        ``is_exempt``: no rule today; ``months`` and ``days``: the interval of the
        exception decided last; ``freed_until``: last day of an exemption that is over.
        """
        in_force = SQL("(e.date_to IS NULL OR e.date_to >= %s)", norms.today)
        latest = SQL("e.kind = 'interval' AND %s", in_force)
        return SQL(
            """
            SELECT e.profile_id, rule.id AS rule_id,
                   bool_or(e.kind = 'exempt' AND %(in_force)s) AS is_exempt,
                   max(e.date_to) FILTER (WHERE e.kind = 'exempt'
                                            AND e.date_to < %(today)s) AS freed_until,
                   (array_agg(e.months ORDER BY e.id DESC) FILTER (WHERE %(latest)s))[1]
                       AS months,
                   (array_agg(e.days ORDER BY e.id DESC) FILTER (WHERE %(latest)s))[1]
                       AS days
              FROM (SELECT e.*, %(interval)s FROM crm_cadence_exception e
                     WHERE %(scope)s AND e.date_from <= %(today)s) e
              JOIN %(rules)s ON rule.id = e.rule_id OR e.rule_id IS NULL
             GROUP BY e.profile_id, rule.id
            """,
            in_force=in_force,
            latest=latest,
            interval=self._sql_exception_interval(SQL("months"), SQL("days")),
            today=norms.today,
            scope=scope(SQL("e.profile_id")),
            rules=self._sql_norms(norms),
        )

    def _sql_pauses(self, norms, scope):
        """Return the SELECT of the pause that ends last, of those begun, per profile
        and rule."""
        return SQL(
            """
            SELECT DISTINCT ON (pause.profile_id, rule.id)
                   pause.profile_id, rule.id AS rule_id, pause.date_from, pause.date_to
              FROM crm_cadence_pause pause
              JOIN %(rules)s ON rule.id = pause.rule_id OR pause.rule_id IS NULL
             WHERE %(scope)s AND pause.state = 'approved'
               AND pause.date_from <= %(today)s
             ORDER BY pause.profile_id, rule.id, pause.date_to DESC, pause.date_from
            """,
            rules=self._sql_norms(norms),
            scope=scope(SQL("pause.profile_id")),
            today=norms.today,
        )

    def _sql_clocks(self, norms, scope):
        """Return the SELECT of the rows of ``crm.cadence.status`` as they should be."""
        return SQL(
            """
            SELECT c.profile_id, c.rule_id, c.is_reminder, c.since_date,
                   c.last_touchpoint_id, c.last_date, c.uncovered_date, c.base_date,
                   CASE WHEN c.base_date = c.pause_until THEN 'pause'
                        WHEN c.base_date = c.last_date THEN 'touchpoint'
                        WHEN c.base_date = c.since_date THEN 'since'
                        ELSE 'start' END AS base_kind,
                   (c.base_date + make_interval(months => c.months, days => c.days)
                   )::date AS due_date,
                   CASE WHEN c.base_date = c.pause_until THEN c.pause_from END
                       AS pause_from,
                   CASE WHEN c.base_date = c.pause_until THEN c.pause_until END
                       AS pause_until
              FROM (
                    SELECT g.*, GREATEST(g.last_date, g.since_date, g.date_start,
                                         g.pause_until) AS base_date
                      FROM (%(gathered)s OFFSET 0) g
                   ) c
            """,
            gathered=self._sql_gathered(norms, scope),
        )

    def _sql_gathered(self, norms, scope):
        """Everything a clock depends on, one row per profile and rule."""
        last_day = self._sql_unpacked_day(norms, SQL("contact.latest"))
        other_day = self._sql_unpacked_day(norms, SQL("contact.other"))
        return SQL(
            """
            SELECT pair.profile_id, pair.id AS rule_id, pair.is_reminder,
                   pair.date_start,
                   COALESCE(excepted.months, pair.months) AS months,
                   COALESCE(excepted.days, pair.days) AS days,
                   GREATEST(COALESCE(came.day, pair.added_date),
                            pair.reactivated_date, excepted.freed_until + 1)
                       AS since_date,
                   GREATEST(%(last_day)s, mailing.day) AS last_date,
                   CASE WHEN mailing.day > %(last_day)s THEN NULL
                        ELSE %(last_id)s END AS last_touchpoint_id,
                   CASE WHEN contact.other > COALESCE(contact.latest, 0)
                        THEN %(other_day)s END AS uncovered_date,
                   pause.date_from AS pause_from, pause.date_to AS pause_until
              FROM (%(pairs)s) pair
              LEFT JOIN (%(contacts)s) contact
                ON contact.profile_id = pair.profile_id AND contact.rule_id = pair.id
              LEFT JOIN (%(mailings)s) mailing
                ON mailing.profile_id = pair.profile_id AND pair.is_reminder
              LEFT JOIN (%(came)s) came
                ON came.profile_id = pair.profile_id AND came.rule_id = pair.id
              LEFT JOIN (%(exceptions)s) excepted
                ON excepted.profile_id = pair.profile_id AND excepted.rule_id = pair.id
              LEFT JOIN (%(pauses)s) pause
                ON pause.profile_id = pair.profile_id AND pause.rule_id = pair.id
             WHERE excepted.is_exempt IS NOT TRUE
            """,
            last_day=last_day,
            last_id=self._sql_unpacked_id(SQL("contact.latest")),
            other_day=other_day,
            pairs=self._sql_pairs(norms, scope),
            contacts=self._sql_latest_contacts(norms, scope),
            mailings=self._sql_latest_mailings(norms, scope),
            came=self._sql_came_under(norms, scope),
            exceptions=self._sql_exceptions(norms, scope),
            pauses=self._sql_pauses(norms, scope),
        )

    # ------------------------------------------------------------
    # WRITING
    # ------------------------------------------------------------

    def _write_clocks(self, norms, scope):
        """Write the clocks that differ, and the profiles' next contact.

        :return: number of clocks inserted, changed and deleted
        """
        names = [SQL.identifier(name) for name in STATUS_COLUMNS]
        held, fresh = (
            SQL(", ").join(SQL("%s.%s", SQL(table), name) for name in names)
            for table in ("crm_cadence_status", "EXCLUDED")
        )
        self.env.cr.execute(
            SQL(
                """
                WITH clock AS MATERIALIZED (%(clocks)s),
                gone AS (
                    DELETE FROM crm_cadence_status s
                     WHERE s.company_id = %(company)s AND %(scope)s
                       AND NOT EXISTS (SELECT FROM clock
                                        WHERE clock.profile_id = s.profile_id
                                          AND clock.rule_id = s.rule_id)
                    RETURNING s.id
                ), put AS (
                    INSERT INTO crm_cadence_status (
                        profile_id, rule_id, company_id, %(columns)s)
                    SELECT profile_id, rule_id, %(company)s, %(columns)s
                      FROM clock ORDER BY profile_id, rule_id
                        ON CONFLICT (profile_id, rule_id) DO UPDATE
                       SET (%(columns)s, %(marks)s) = ROW(%(fresh)s, %(kept)s)
                     WHERE (%(held)s) IS DISTINCT FROM (%(fresh)s)
                    RETURNING id
                ), next AS (%(next)s)
                SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM put)
                """,
                clocks=self._sql_clocks(norms, scope),
                company=norms.company_id,
                scope=scope(SQL("s.profile_id")),
                columns=SQL(", ").join(names),
                fresh=fresh,
                held=held,
                marks=SQL(", ").join(map(SQL.identifier, PLANNER_MARKS)),
                kept=SQL(", ").join(
                    SQL(
                        "CASE WHEN EXCLUDED.due_date = crm_cadence_status.due_date "
                        "THEN crm_cadence_status.%s END",
                        SQL.identifier(name),
                    )
                    for name in PLANNER_MARKS
                ),
                next=self._sql_write_next_contact(norms, scope),
            ),
            log_exceptions=False,
        )
        return self.env.cr.fetchone()[0]

    def _sql_write_next_contact(self, norms, scope):
        """Return the UPDATE of the day of the next personal contact, over ``clock``."""
        return SQL(
            """
            UPDATE crm_lifecycle_profile profile
               SET next_contact_date = next.day
              FROM (
                    SELECT p.id, min(clock.due_date) AS day
                      FROM crm_lifecycle_profile p
                      LEFT JOIN clock
                        ON clock.profile_id = p.id AND NOT clock.is_reminder
                     WHERE p.company_id = %(company)s AND %(scope)s
                     GROUP BY p.id
                   ) next
             WHERE profile.id = next.id
               AND profile.next_contact_date IS DISTINCT FROM next.day
            """,
            company=norms.company_id,
            scope=scope(SQL("p.id")),
        )

    def _sql_differing_clocks(self, norms):
        """Return the SELECT of the profiles with clocks not as they should be."""
        names = [SQL.identifier(name) for name in STATUS_COLUMNS]
        return SQL(
            """
            SELECT DISTINCT COALESCE(clock.profile_id, s.profile_id) AS profile_id
              FROM (%(clocks)s) clock
              FULL JOIN (SELECT * FROM crm_cadence_status
                          WHERE company_id = %(company)s) s
                ON s.profile_id = clock.profile_id AND s.rule_id = clock.rule_id
             WHERE (%(held)s) IS DISTINCT FROM (%(fresh)s)
                OR clock.profile_id IS NULL OR s.id IS NULL
            """,
            clocks=self._sql_clocks(norms, everybody),
            company=norms.company_id,
            held=SQL(", ").join(SQL("s.%s", name) for name in names),
            fresh=SQL(", ").join(SQL("clock.%s", name) for name in names),
        )

    @api.model
    def _recompute_cadence(self, company, profiles=None, today=None):
        """Bring the clocks of one company up to date; no commit.

        :param profiles: ``crm.lifecycle.profile`` records or ids; None: everybody
        :param date today: the company's day; default: now in its time zone
        :return: number of clocks written
        """
        norms = self._get_norms(company, today)
        ids = None
        if profiles is not None:
            ids = profiles if isinstance(profiles, list | tuple) else profiles.ids
        self.env.flush_all()
        self._prepare_transaction()
        written = self._write_cadence(norms, everybody if ids is None else some(ids))
        self._invalidate_cadence()
        return written

    def _write_cadence(self, norms, scope):
        """One transaction's worth of the regulation: clocks, and what hangs on them."""
        return self._write_clocks(norms, scope)

    @api.model
    def _invalidate_cadence(self):
        self.env["crm.cadence.status"].invalidate_model()
        self.env["crm.lifecycle.profile"].invalidate_model(
            [
                *("next_contact_date", "cadence_status_ids"),
                *("cadence_rank", "cadence_state", "cadence_color"),
            ]
        )
        for model in ("res.partner", "crm.lead"):
            self.env[model].invalidate_model(["lifecycle_next_contact_date"])
