# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

# What is carried along: the days of what held and of contacts, in order.
CARRIED = SQL(
    "%s",
    SQL(", ").join(
        SQL.identifier("w", name)
        for name in (
            *("profile_id", "rule_id", "touched", "touchpoint_ids", "changed"),
            *("is_under", "bases", "intervals", "category_ids"),
        )
    ),
)


class CrmLifecycleEngine(models.AbstractModel):
    """Ledger, second half: walk through the days of each customer and rule.

    A row of the walk is one turn of the ledger in one state, with what happens to it
    next: ``met``, ``late``, ``missed`` and ``void`` end the turn, ``changed`` gives it
    another due date, ``open`` is how it stands today; ``waiting`` is no turn: the rule
    does not hold until ``event_date``. What changes does so at the beginning of a day,
    a missed turn ends there too, contacts are made during the day.
    """

    _inherit = "crm.lifecycle.engine"

    def _get_walk(self, norms):
        """Return ``{name of the CTE: its SELECT}``, over those of the timeline.

        ``OFFSET 0`` keeps what a step is made of from being computed again wherever it
        is used.
        """
        return {
            "course": self._sql_walk_courses(),
            "walk": SQL(
                """
                SELECT w.*, event.*
                  FROM (%(first)s OFFSET 0) w CROSS JOIN LATERAL (%(event)s) event
                UNION ALL
                SELECT w.*, event.*
                  FROM (%(next)s OFFSET 0) w CROSS JOIN LATERAL (%(event)s) event
                """,
                first=self._sql_walk_first(),
                next=self._sql_walk_next(),
                event=self._sql_walk_event(norms),
            ),
        }

    def _sql_walk_courses(self):
        """One row per customer and rule, with everything in arrays."""
        return SQL(
            """
            SELECT begun.profile_id, begun.rule_id, begun.opening_date AS given_date,
                   COALESCE(made.touched, '{}') AS touched, made.touchpoint_ids,
                   course.*
              FROM begun
              JOIN (
                    SELECT profile_id AS course_profile_id, rule_id AS course_rule_id,
                           array_agg(day ORDER BY day) AS changed,
                           array_agg(is_under ORDER BY day) AS is_under,
                           array_agg(base_date ORDER BY day) AS bases,
                           array_agg(make_interval(months => months, days => days)
                                     ORDER BY day) AS intervals,
                           array_agg(category_id ORDER BY day) AS category_ids
                      FROM regime GROUP BY profile_id, rule_id
                   ) course
                ON course.course_profile_id = begun.profile_id
               AND course.course_rule_id = begun.rule_id
              LEFT JOIN (
                    SELECT profile_id, rule_id, array_agg(day ORDER BY day) AS touched,
                           array_agg(touchpoint_id ORDER BY day) AS touchpoint_ids
                      FROM touched GROUP BY profile_id, rule_id
                   ) made
                ON made.profile_id = begun.profile_id AND made.rule_id = begun.rule_id
            """
        )

    def _sql_walk_first(self):
        """The state on the first day."""
        return SQL(
            """
            SELECT %(carried)s, 1 AS step, w.changed[1] AS seen_date,
                   w.category_ids[1] AS category_id, turn.*
              FROM course w CROSS JOIN LATERAL (%(turn)s) turn
            """,
            carried=CARRIED,
            turn=self._sql_walk_turn(
                SQL("1"), SQL("GREATEST(w.given_date, w.bases[1])")
            ),
        )

    def _sql_walk_next(self):
        """The state after what happened."""
        opening = SQL(
            """
            CASE w.event WHEN 'changed' THEN w.opening_date
                         WHEN 'missed' THEN GREATEST(w.due_date, w.bases[at.place])
                         WHEN 'met' THEN GREATEST(w.event_date, w.bases[at.place])
                         WHEN 'late' THEN GREATEST(w.event_date, w.bases[at.place])
                         ELSE w.bases[at.place] END
            """
        )
        return SQL(
            """
            SELECT %(carried)s, w.step + 1 AS step, w.event_date AS seen_date,
                   w.category_ids[at.place] AS category_id, turn.*
              FROM walk w
             CROSS JOIN LATERAL (SELECT width_bucket(w.event_date, w.changed) AS place
                   ) at
             CROSS JOIN LATERAL (%(turn)s) turn
             WHERE w.event <> 'open' AND w.event_date IS NOT NULL
            """,
            carried=CARRIED,
            turn=self._sql_walk_turn(SQL("at.place"), opening),
        )

    def _sql_walk_turn(self, place, opening):
        """Return the SELECT of the turn that is open; of nothing, while the rule does
        not hold.

        :param SQL place: which of the things that held
        """
        return SQL(
            """
            SELECT o.day AS opening_date,
                   (o.day + w.intervals[%(place)s])::date AS due_date,
                   ((o.day + w.intervals[%(place)s])::date
                    + w.intervals[%(place)s])::date AS missed_date
              FROM (SELECT CASE WHEN w.is_under[%(place)s] THEN %(opening)s END
                           AS day) o
            """,
            place=place,
            opening=opening,
        )

    def _sql_walk_event(self, norms):
        """Return the SELECT of what happens next to the state ``w``, and when."""
        return SQL(
            """
            SELECT e.event,
                   CASE WHEN e.event = 'waiting' THEN (
                        SELECT min(later.day)
                          FROM unnest(w.changed, w.is_under) AS later (day, is_under)
                         WHERE later.is_under AND later.day > w.seen_date)
                        WHEN e.event IN ('void', 'changed') THEN ahead.change_date
                        WHEN e.event = 'missed'
                        -- a shorter interval can find it missed already
                        THEN GREATEST(w.missed_date, w.seen_date)
                        WHEN e.event <> 'open' THEN ahead.touch_date END AS event_date,
                   CASE WHEN e.event IN ('met', 'late')
                        THEN w.touchpoint_ids[ahead.touch_place] END AS touchpoint_id
              FROM (%(ahead)s) ahead
             CROSS JOIN LATERAL (
                    SELECT CASE
                        WHEN w.opening_date IS NULL THEN 'waiting'
                        WHEN ahead.change_date < w.due_date
                         AND (ahead.touch_date IS NULL
                              OR ahead.change_date <= ahead.touch_date)
                        THEN CASE
                            WHEN NOT w.is_under[ahead.change_place]
                              OR w.bases[ahead.change_place] > w.opening_date
                            THEN 'void' ELSE 'changed' END
                        WHEN ahead.touch_date <= w.due_date THEN 'met'
                        WHEN ahead.touch_date < w.missed_date THEN 'late'
                        WHEN w.missed_date <= %(today)s THEN 'missed'
                        ELSE 'open' END AS event
                    OFFSET 0
                   ) e
            """,
            ahead=self._sql_walk_ahead(),
            today=norms.today,
        )

    def _sql_walk_ahead(self):
        """Return the SELECT of the next contact and the next change.

        ``width_bucket`` counts the days of an ordered list up to a given one.
        """
        return SQL(
            """
            SELECT n.touch_place, w.touched[n.touch_place] AS touch_date,
                   n.change_place, w.changed[n.change_place] AS change_date
              FROM (SELECT width_bucket(w.opening_date, w.touched) + 1 AS touch_place,
                           width_bucket(w.seen_date, w.changed) + 1 AS change_place
                    OFFSET 0) n
            OFFSET 0
            """
        )
