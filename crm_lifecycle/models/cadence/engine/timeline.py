# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL


class CrmLifecycleEngine(models.AbstractModel):
    """Ledger, first half: what held for a rule at a customer, day by day.

    Each method returns the SELECT of one CTE, over those before it:

    ``card`` the customers; ``piece`` stretches of days in one category; ``pair``
    customers with the rules they are or were under; ``excepted`` and ``paused`` what
    was decided about them; ``held`` their rows of the ledger, with those that stay as
    they are; ``begun`` the day from which the ledger is told anew; ``regime`` what
    held from a day on; ``touched`` the days of contacts that fulfil the rule.
    """

    _inherit = "crm.lifecycle.engine"

    def _get_timeline(self, norms, scope):
        """Return ``{name of the CTE: its SELECT}``."""
        return {
            "card": self._sql_ledger_cards(norms, scope),
            "kept": self._sql_ledger_moves(norms, scope),
            "piece": self._sql_ledger_pieces(),
            "pair": self._sql_ledger_pairs(norms),
            "came": self._sql_ledger_came(norms),
            "excepted": self._sql_ledger_exceptions(norms, scope),
            "paused": self._sql_ledger_pauses(norms, scope),
            "held": self._sql_ledger_held(norms, scope),
            "begun": self._sql_ledger_begun(),
            "regime": self._sql_ledger_regimes(norms),
            "touched": self._sql_ledger_touched(norms, scope),
        }

    def _sql_ledger_cards(self, norms, scope):
        return SQL(
            """
            SELECT p.id AS profile_id, p.category_id, p.added_date, p.reactivated_date,
                   p.user_id
              FROM crm_lifecycle_profile p
             WHERE p.company_id = %s AND p.active AND %s
            """,
            norms.company_id,
            scope(SQL("p.id")),
        )

    # ------------------------------------------------------------
    # CATEGORIES
    # ------------------------------------------------------------

    def _sql_ledger_moves(self, norms, scope):
        """Changes of category that lead, one into the next, to the category of today;
        those of another customer that was merged into this one do not."""
        return SQL(
            """
            SELECT chain.*
              FROM (
                    SELECT move.*,
                           count(*) FILTER (WHERE move.is_break) OVER later AS breaks,
                           first_value(move.to_category_id) OVER (
                               PARTITION BY move.profile_id ORDER BY move.id DESC
                           ) AS last_category_id
                      FROM (
                            SELECT t.profile_id, t.id, t.date, t.from_category_id,
                                   t.to_category_id,
                                   row_number() OVER earlier > 1
                                   AND lag(t.to_category_id) OVER earlier
                                       IS DISTINCT FROM t.from_category_id AS is_break
                              FROM crm_lifecycle_transition t
                              JOIN card ON card.profile_id = t.profile_id
                             WHERE t.to_category_id IS DISTINCT FROM t.from_category_id
                               AND t.date <= %s AND %s
                            WINDOW earlier AS (PARTITION BY t.profile_id ORDER BY t.id)
                           ) move
                    WINDOW later AS (PARTITION BY move.profile_id ORDER BY move.id DESC
                                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                   ) chain
              JOIN card ON card.profile_id = chain.profile_id
             WHERE chain.breaks = 0
               AND chain.last_category_id IS NOT DISTINCT FROM card.category_id
            """,
            norms.today,
            scope(SQL("t.profile_id")),
        )

    def _sql_ledger_pieces(self):
        """Stretches of days; of changes with crossing days the one recorded last."""
        return SQL(
            """
            SELECT piece.*, lag(piece.category_id) OVER (
                       PARTITION BY piece.profile_id ORDER BY piece.start) AS before_id
              FROM (
                    SELECT profile_id, to_category_id AS category_id, date AS start,
                           COALESCE(min(date) OVER (
                               PARTITION BY profile_id ORDER BY id
                               ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING),
                               'infinity') AS stop
                      FROM kept
                    UNION ALL
                    SELECT card.profile_id,
                           CASE WHEN first.profile_id IS NULL THEN card.category_id
                                ELSE first.from_category_id END,
                           '-infinity', COALESCE(first.date, 'infinity')
                      FROM card
                      LEFT JOIN (
                           SELECT profile_id, min(date) AS date,
                                  (array_agg(from_category_id ORDER BY id))[1]
                                      AS from_category_id
                             FROM kept GROUP BY profile_id
                           ) first ON first.profile_id = card.profile_id
                   ) piece
             WHERE piece.start < piece.stop
            """
        )

    def _sql_ledger_pairs(self, norms):
        return SQL(
            """
            SELECT DISTINCT piece.profile_id, rule.id AS rule_id, rule.months,
                   rule.days, rule.date_start, rule.right_person, rule.is_reminder
              FROM piece
              JOIN %(places)s ON place.category_id = piece.category_id
              JOIN %(rules)s ON rule.id = place.rule_id
             WHERE piece.stop > rule.date_start
            """,
            places=self._sql_norm_places(norms),
            rules=self._sql_norms(norms),
        )

    def _sql_ledger_came(self, norms):
        """Days on which a customer came under a rule from outside its categories."""
        places = self._sql_norm_places(norms)
        return SQL(
            """
            SELECT piece.profile_id, place.rule_id, piece.start AS day
              FROM piece
              JOIN %(places)s ON place.category_id = piece.category_id
             WHERE piece.start > '-infinity'
               AND NOT EXISTS (SELECT FROM (SELECT * FROM %(places)s) inside
                                WHERE inside.rule_id = place.rule_id
                                  AND inside.category_id = piece.before_id)
            """,
            places=places,
        )

    # ------------------------------------------------------------
    # DECISIONS: in force since their first day, but not before they were taken
    # ------------------------------------------------------------

    def _sql_ledger_exceptions(self, norms, scope):
        return SQL(
            """
            SELECT e.profile_id, pair.rule_id, e.id, e.kind, e.date_to, e.months,
                   e.days, GREATEST(e.date_from, %(decided)s) AS day,
                   %(changed)s AS changed_day
              FROM (SELECT e.*, %(interval)s FROM crm_cadence_exception e
                     WHERE %(scope)s) e
              JOIN pair ON pair.profile_id = e.profile_id
               AND (e.rule_id = pair.rule_id OR e.rule_id IS NULL)
            """,
            decided=self._sql_norm_day(norms, SQL("e.create_date")),
            changed=self._sql_norm_day(norms, SQL("e.write_date")),
            interval=self._sql_exception_interval(SQL("months"), SQL("days")),
            scope=scope(SQL("e.profile_id")),
        )

    def _sql_ledger_pauses(self, norms, scope):
        return SQL(
            """
            SELECT pause.profile_id, pair.rule_id, pause.date_to,
                   GREATEST(pause.date_from, %(decided)s) AS day,
                   %(changed)s AS changed_day
              FROM crm_cadence_pause pause
              JOIN pair ON pair.profile_id = pause.profile_id
               AND (pause.rule_id = pair.rule_id OR pause.rule_id IS NULL)
             WHERE pause.state = 'approved' AND %(scope)s
            """,
            scope=scope(SQL("pause.profile_id")),
            decided=self._sql_norm_day(
                norms, SQL("COALESCE(pause.approval_date, pause.create_date)")
            ),
            changed=self._sql_norm_day(norms, SQL("pause.write_date")),
        )

    # ------------------------------------------------------------
    # WHERE TO BEGIN
    # ------------------------------------------------------------

    def _sql_ledger_held(self, norms, scope):
        """Rows of the ledger. Closed ones stay as they are when the grace time is over
        or something was decided since."""
        return SQL(
            """
            SELECT p.id, p.profile_id, p.rule_id, p.opening_date, p.due_date, p.state,
                   p.closing_date, p.touchpoint_id,
                   p.state IN ('met', 'late', 'missed')
                   AND (%(is_past_grace)s
                        OR p.closing_date <= decided.day) AS is_final
              FROM crm_cadence_period p
              JOIN (
                    SELECT pair.profile_id, pair.rule_id,
                           GREATEST(pair.date_start, card.reactivated_date,
                                    norm.changed_date, excepted.day, paused.day) AS day
                      FROM pair
                      JOIN card ON card.profile_id = pair.profile_id
                      JOIN crm_cadence_rule norm ON norm.id = pair.rule_id
                      LEFT JOIN (SELECT profile_id, rule_id, max(changed_day) AS day
                                   FROM excepted GROUP BY profile_id, rule_id) excepted
                        ON excepted.profile_id = pair.profile_id
                       AND excepted.rule_id = pair.rule_id
                      LEFT JOIN (SELECT profile_id, rule_id, max(changed_day) AS day
                                   FROM paused GROUP BY profile_id, rule_id) paused
                        ON paused.profile_id = pair.profile_id
                       AND paused.rule_id = pair.rule_id
                   ) decided
                ON decided.profile_id = p.profile_id AND decided.rule_id = p.rule_id
             WHERE %(scope)s
            """,
            scope=scope(SQL("p.profile_id")),
            is_past_grace=self._sql_is_past_grace(norms),
        )

    def _sql_is_past_grace(self, norms):
        """Condition: the row ``p`` closed too long ago to be corrected."""
        return SQL("p.closing_date < %s - %s::int", norms.today, norms.grace_days)

    def _sql_ledger_begun(self):
        """Begin with the last row that stays, else with the rule."""
        return SQL(
            """
            SELECT pair.*,
                   GREATEST(pair.date_start, card.reactivated_date, last.closing_date)
                       AS day,
                   CASE WHEN last.closing_date >= GREATEST(
                             pair.date_start, card.reactivated_date)
                        THEN last.next_date END AS opening_date
              FROM pair
              JOIN card ON card.profile_id = pair.profile_id
              LEFT JOIN (
                   SELECT DISTINCT ON (profile_id, rule_id) profile_id, rule_id,
                          closing_date,
                          CASE state WHEN 'missed' THEN due_date ELSE closing_date END
                              AS next_date
                     FROM held WHERE is_final
                    ORDER BY profile_id, rule_id, closing_date DESC, opening_date DESC
                   ) last
                ON last.profile_id = pair.profile_id AND last.rule_id = pair.rule_id
            """
        )

    # ------------------------------------------------------------
    # WHAT HELD, WHAT WAS DONE
    # ------------------------------------------------------------

    def _sql_ledger_changes(self, norms):
        """Days on which something may have changed, after the beginning."""
        days = {
            "piece": SQL("x.start"),
            "excepted": SQL("x.day"),
            "excepted over": SQL("x.date_to + 1"),
            "paused": SQL("x.day"),
        }
        return SQL(" UNION ").join(
            [
                SQL("SELECT profile_id, rule_id, day FROM begun"),
                *(
                    SQL(
                        "SELECT begun.profile_id, begun.rule_id, %(day)s FROM begun "
                        "JOIN %(table)s x ON x.profile_id = begun.profile_id "
                        "AND %(same_rule)s "
                        "WHERE %(day)s > begun.day AND %(day)s <= %(today)s",
                        day=day,
                        table=SQL.identifier(name.split()[0]),
                        same_rule=SQL("TRUE")
                        if name == "piece"
                        else SQL("x.rule_id = begun.rule_id"),
                        today=norms.today,
                    )
                    for name, day in days.items()
                ),
            ]
        )

    def _sql_ledger_regimes(self, norms):
        """From each of these days on: does the rule hold, from which day is Due counted
        without contacts, and which interval."""
        in_force = SQL(
            "excepted.id IS NOT NULL "
            "AND (excepted.date_to IS NULL OR excepted.date_to >= change.day)"
        )
        latest = SQL("excepted.kind = 'interval' AND %s", in_force)
        return SQL(
            """
            SELECT change.profile_id, change.rule_id, change.day,
                   min(piece.category_id) AS category_id,
                   count(place.rule_id) > 0 AND NOT COALESCE(bool_or(
                       excepted.kind = 'exempt' AND %(in_force)s), FALSE) AS is_under,
                   GREATEST(
                       COALESCE(max(came.day), min(card.added_date)),
                       min(card.reactivated_date), min(begun.date_start),
                       max(paused.date_to),
                       max(excepted.date_to) FILTER (
                           WHERE excepted.kind = 'exempt'
                             AND excepted.date_to < change.day) + 1) AS base_date,
                   COALESCE((array_agg(excepted.months ORDER BY excepted.id DESC)
                             FILTER (WHERE %(latest)s))[1], min(begun.months))
                       AS months,
                   COALESCE((array_agg(excepted.days ORDER BY excepted.id DESC)
                             FILTER (WHERE %(latest)s))[1], min(begun.days)) AS days
              FROM (%(changes)s) change
              JOIN begun ON begun.profile_id = change.profile_id
               AND begun.rule_id = change.rule_id
              JOIN card ON card.profile_id = change.profile_id
              JOIN piece ON piece.profile_id = change.profile_id
               AND change.day >= piece.start AND change.day < piece.stop
              LEFT JOIN %(places)s ON place.rule_id = change.rule_id
               AND place.category_id = piece.category_id
              LEFT JOIN came ON came.profile_id = change.profile_id
               AND came.rule_id = change.rule_id AND came.day <= change.day
              LEFT JOIN excepted ON excepted.profile_id = change.profile_id
               AND excepted.rule_id = change.rule_id AND excepted.day <= change.day
              LEFT JOIN paused ON paused.profile_id = change.profile_id
               AND paused.rule_id = change.rule_id AND paused.day <= change.day
             GROUP BY change.profile_id, change.rule_id, change.day
            """,
            in_force=in_force,
            latest=latest,
            changes=self._sql_ledger_changes(norms),
            places=self._sql_norm_places(norms),
        )

    def _sql_ledger_touched(self, norms, scope):
        """Days with a contact that fulfils the rule, and the first of that day.

        Whoever decides today: a contact that has closed a row was with the right
        people then.
        """
        closing, right, mailings = SQL(), SQL("TRUE"), SQL()
        if norms.wants_right_person:
            closing = SQL(
                "LEFT JOIN held closed ON closed.touchpoint_id = t.id "
                "AND closed.rule_id = begun.rule_id"
            )
            right = SQL(
                "(NOT begun.right_person OR closed.id IS NOT NULL OR %s)",
                self._sql_is_covered(norms),
            )
        if norms.has_reminders:
            mailings = SQL(
                "UNION ALL SELECT begun.profile_id, begun.rule_id, sent.day, "
                "NULL, NULL FROM begun JOIN (%s) sent "
                "ON sent.profile_id = begun.profile_id "
                "WHERE begun.is_reminder AND sent.day >= begun.day",
                self._sql_mailings(norms),
            )
        return SQL(
            """
            SELECT made.profile_id, made.rule_id, made.day,
                   (array_agg(made.id ORDER BY made.date, made.id))[1] AS touchpoint_id
              FROM (
                    SELECT begun.profile_id, begun.rule_id, %(day)s AS day, t.id, t.date
                      FROM begun
                      JOIN crm_touchpoint t ON t.profile_id = begun.profile_id
                       -- the first of all days at once; then each one's own
                       AND t.date >= (SELECT min(day) FROM begun)::timestamp
                                     AT TIME ZONE %(tz)s AT TIME ZONE 'UTC'
                       AND t.date >= begun.day::timestamp
                                     AT TIME ZONE %(tz)s AT TIME ZONE 'UTC'
                      JOIN %(counted)s
                        ON counted.rule_id = begun.rule_id
                       AND counted.channel_id = t.channel_id
                       AND counted.direction = t.direction
                      %(closing)s
                     WHERE %(made)s AND %(right)s
                    %(mailings)s
                   ) made
             GROUP BY made.profile_id, made.rule_id, made.day
            """,
            day=self._sql_norm_day(norms, SQL("t.date")),
            tz=norms.tz,
            counted=self._sql_norm_counted(norms),
            made=self._sql_made(norms, scope),
            closing=closing,
            right=right,
            mailings=mailings,
        )
