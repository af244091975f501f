# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

LEDGER_COLUMNS = (
    *("due_date", "missed_date", "state", "closing_date", "days_late"),
    *("touchpoint_id", "user_id", "team_id", "category_id"),
)


class CrmLifecycleEngine(models.AbstractModel):
    """The compliance ledger: what was due, and whether it was done.

    The ledger of a customer and rule follows from dated things: categories, contacts,
    pauses, exceptions. It is told anew from the last row that stays as it is, and what
    differs is written: so a job that did not run for days, or a contact collected late,
    leads where running every day would have led.
    """

    _inherit = "crm.lifecycle.engine"

    def _write_cadence(self, norms, scope):
        written = super()._write_cadence(norms, scope)
        return written + self._write_ledger(norms, scope)

    def _write_ledger(self, norms, scope):
        """Write the rows of the ledger that differ.

        PostgreSQL cannot tell how many rows a CTE gives, takes them for few and would
        compare each of one with each of another.

        :return: number of rows inserted and changed
        """
        tables = {
            **self._get_timeline(norms, scope),
            **self._get_walk(norms),
            "turn": self._sql_turns(norms),
        }
        self.env.cr.execute("SET LOCAL enable_nestloop = off")
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE %(tables)s,
                put AS (%(put)s), undone AS (%(undone)s), ended AS (%(ended)s)
                SELECT (SELECT count(*) FROM put) + (SELECT count(*) FROM undone)
                       + (SELECT count(*) FROM ended)
                """,
                tables=SQL(", ").join(
                    SQL("%s AS MATERIALIZED (%s)", SQL.identifier(name), select)
                    if name != "walk"
                    else SQL("walk AS (%s)", select)
                    for name, select in tables.items()
                ),
                put=self._sql_put_turns(norms),
                undone=self._sql_undo_turns(norms),
                ended=self._sql_end_turns(norms, scope),
            ),
            log_exceptions=False,
        )
        written = self.env.cr.fetchone()[0]
        self.env.cr.execute("SET LOCAL enable_nestloop = on")
        return written

    def _sql_turns(self, norms):
        """The rows as they should be, with who answered for the customer."""
        return SQL(
            """
            SELECT turn.*, answered.user_id, u.sale_team_id AS team_id
              FROM (
                    SELECT DISTINCT ON (w.profile_id, w.rule_id, w.opening_date)
                           w.profile_id, w.rule_id, w.opening_date, w.due_date,
                           w.missed_date, w.event AS state,
                           w.event_date AS closing_date,
                           CASE WHEN w.event = 'late'
                                THEN w.event_date - w.due_date END AS days_late,
                           w.touchpoint_id, w.category_id,
                           LEAST(w.due_date, w.event_date, %(today)s) AS day
                      FROM walk w
                     WHERE w.event NOT IN ('waiting', 'changed')
                       AND NOT EXISTS (
                           SELECT FROM held
                            WHERE held.is_final AND held.profile_id = w.profile_id
                              AND held.rule_id = w.rule_id
                              AND held.opening_date = w.opening_date)
                     ORDER BY w.profile_id, w.rule_id, w.opening_date, w.step DESC
                   ) turn
              JOIN card ON card.profile_id = turn.profile_id
             CROSS JOIN LATERAL (
                    SELECT CASE WHEN turn.day = %(today)s THEN card.user_id ELSE (
                        SELECT r.user_id FROM crm_lifecycle_responsible r
                         WHERE r.profile_id = turn.profile_id
                           AND r.date_from <= turn.day
                           AND (r.date_to IS NULL OR r.date_to >= turn.day)
                         ORDER BY r.date_from DESC, r.id DESC LIMIT 1) END AS user_id
                   ) answered
              LEFT JOIN res_users u ON u.id = answered.user_id
            """,
            today=norms.today,
        )

    def _sql_put_turns(self, norms):
        """Insert and correct; a row that was closed keeps what it was before."""
        names = [SQL.identifier(name) for name in LEDGER_COLUMNS]
        held, fresh = (
            SQL(", ").join(SQL("%s.%s", SQL(table), name) for name in names)
            for table in ("crm_cadence_period", "EXCLUDED")
        )
        corrected = SQL(
            "crm_cadence_period.state IN ('met', 'late', 'missed') "
            "AND (crm_cadence_period.state, crm_cadence_period.closing_date) "
            "IS DISTINCT FROM (EXCLUDED.state, EXCLUDED.closing_date)"
        )
        return SQL(
            """
            INSERT INTO crm_cadence_period (
                profile_id, rule_id, opening_date, company_id, %(columns)s)
            SELECT profile_id, rule_id, opening_date, %(company)s, %(columns)s
              FROM turn ORDER BY profile_id, rule_id, opening_date
                ON CONFLICT (profile_id, rule_id, opening_date) DO UPDATE
               SET (%(columns)s, corrected_at, corrected_from) = ROW(
                       %(fresh)s,
                       CASE WHEN %(corrected)s THEN %(now)s
                            ELSE crm_cadence_period.corrected_at END,
                       CASE WHEN %(corrected)s THEN crm_cadence_period.state
                            ELSE crm_cadence_period.corrected_from END)
             WHERE (%(held)s) IS DISTINCT FROM (%(fresh)s)
            RETURNING id
            """,
            columns=SQL(", ").join(names),
            company=norms.company_id,
            fresh=fresh,
            held=held,
            corrected=corrected,
            now=self._now(),
        )

    def _sql_undo_turns(self, norms):
        """Void what is no longer so: it would have been another row."""
        return SQL(
            """
            UPDATE crm_cadence_period p
               SET state = 'void', days_late = NULL, touchpoint_id = NULL,
                   closing_date = COALESCE(p.closing_date, %(today)s),
                   corrected_at = CASE WHEN p.state = 'open' THEN p.corrected_at
                                       ELSE %(now)s END,
                   corrected_from = CASE WHEN p.state = 'open' THEN p.corrected_from
                                         ELSE p.state END
              FROM held
             WHERE held.id = p.id AND NOT held.is_final AND held.state <> 'void'
               AND NOT EXISTS (SELECT FROM turn
                                WHERE turn.profile_id = held.profile_id
                                  AND turn.rule_id = held.rule_id
                                  AND turn.opening_date = held.opening_date)
            RETURNING p.id
            """,
            today=norms.today,
            now=self._now(),
        )

    def _sql_end_turns(self, norms, scope):
        """End what is open of customers who left the base and of rules out of force."""
        return SQL(
            """
            UPDATE crm_cadence_period p
               SET state = CASE WHEN p.due_date > %(today)s THEN 'void'
                                ELSE 'missed' END,
                   closing_date = CASE WHEN p.due_date > %(today)s THEN %(today)s
                                       ELSE p.missed_date END
             WHERE p.company_id = %(company)s AND p.state = 'open' AND %(scope)s
               AND (p.due_date > %(today)s OR p.missed_date <= %(today)s)
               AND NOT EXISTS (SELECT FROM pair
                                WHERE pair.profile_id = p.profile_id
                                  AND pair.rule_id = p.rule_id)
            RETURNING p.id
            """,
            today=norms.today,
            company=norms.company_id,
            scope=scope(SQL("p.profile_id")),
        )

    # ------------------------------------------------------------
    # WHOSE LEDGER TO LOOK AT
    # ------------------------------------------------------------

    def _sql_differing(self, norms):
        """Also who has a clock without an open row, or an open row without a rule."""
        return SQL(
            """
            %(clocks)s
            UNION
            SELECT clock.profile_id FROM crm_cadence_status clock
             WHERE clock.company_id = %(company)s
               AND NOT EXISTS (SELECT FROM crm_cadence_period p
                                WHERE p.profile_id = clock.profile_id
                                  AND p.rule_id = clock.rule_id AND p.state = 'open')
            UNION
            SELECT p.profile_id FROM crm_cadence_period p
             WHERE p.company_id = %(company)s AND p.state = 'open'
               AND (p.missed_date <= %(today)s
                    OR NOT EXISTS (SELECT FROM crm_cadence_status clock
                                    WHERE clock.profile_id = p.profile_id
                                      AND clock.rule_id = p.rule_id))
            """,
            clocks=super()._sql_differing(norms),
            company=norms.company_id,
            today=norms.today,
        )

    def _sql_due_profiles(self, norms, last):
        return SQL(
            "%s UNION SELECT p.profile_id FROM crm_cadence_period p "
            "WHERE p.company_id = %s AND p.state = 'open' AND p.missed_date <= %s",
            super()._sql_due_profiles(norms, last),
            norms.company_id,
            norms.today,
        )

    @api.model
    def _invalidate_cadence(self):
        res = super()._invalidate_cadence()
        self.env["crm.cadence.period"].invalidate_model()
        return res
