# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

SCORES = {
    "recency": ("recency_score", SQL("last_purchase_date"), SQL("date")),
    "frequency": ("frequency_score", SQL("window_purchase_count"), SQL("int")),
    "monetary": ("monetary_score", SQL("value"), SQL("numeric")),
}


class CrmLifecycleEngine(models.AbstractModel):
    """Step 2, value: ABC, RFM, potential class, category, rung.

    The expressions take ``row``, a function from column name to SQL, so that the same
    definition serves new figures, stored profiles and the what-if.
    """

    _inherit = "crm.lifecycle.engine"

    # ------------------------------------------------------------------
    # LIMITS: carried from the ranking to the rows
    # ------------------------------------------------------------------

    def _get_limits(self, parameters, source):
        """Rank everybody and return where the classes and scores begin.

        :param SQL source: SELECT of partner_id, is_excluded, revenue, margin,
            first_purchase_date, last_purchase_date, window_purchase_count of all
            active customers
        :return: JSON-able ``{"total", "b", "c", "recency", "frequency", "monetary"}``:
            total value; (value, partner id) of the first B and first C customer; for
            each score the smallest figures that earn 2, 3, 4 and 5. Figures are texts,
            so that amounts stay exact.
        """
        limits = {"total": "0", "b": None, "c": None}
        limits.update({score: [None] * 4 for score in SCORES})
        for kind, place, value, partner_id in self.env.execute_query(
            self._sql_limits(parameters, source)
        ):
            if kind in SCORES:
                limits[kind][place] = value
            elif kind == "total":
                limits["total"] = value or "0"
            else:
                limits[kind] = [value, partner_id]
        return limits

    def _sql_limits(self, parameters, source):
        row = SQL.identifier
        a = Decimal(str(parameters.abc_a_limit)) / 100
        b = Decimal(str(parameters.abc_b_limit)) / 100
        return SQL(
            """
            WITH base AS MATERIALIZED (
                SELECT r.partner_id, r.is_excluded, r.first_purchase_date,
                       r.last_purchase_date, r.window_purchase_count,
                       %(value)s AS value
                  FROM (%(source)s) r
                 WHERE r.window_purchase_count > 0 OR %(value)s > 0
            ),
            ranked AS MATERIALIZED (
                SELECT partner_id, value,
                       sum(value) OVER (
                           ORDER BY value DESC, partner_id ROWS UNBOUNDED PRECEDING
                       ) AS reached
                  FROM base
                 WHERE value > 0 AND NOT is_excluded AND NOT %(newcomer)s
            ),
            whole AS MATERIALIZED (
                SELECT total, total * %(a)s AS first_b, total * %(b)s AS first_c
                  FROM (SELECT max(reached) AS total FROM ranked) r
            )
            SELECT 'total', 0, total::text, NULL::int FROM whole
            UNION ALL
            (SELECT 'b', 0, value::text, partner_id FROM ranked, whole
              WHERE reached - value >= first_b AND reached - value < first_c
              ORDER BY reached LIMIT 1)
            UNION ALL
            (SELECT 'c', 0, value::text, partner_id FROM ranked, whole
              WHERE reached - value >= first_c
              ORDER BY reached LIMIT 1)
            UNION ALL
            %(scores)s
            """,
            value=self._sql_abc_value(parameters, lambda name: row("r", name)),
            source=source,
            newcomer=self._sql_is_abc_newcomer(parameters, row),
            a=a,
            b=max(a, b),
            scores=SQL(" UNION ALL ").join(
                self._sql_cut_points(kind, column)
                for kind, (_field, column, _type) in SCORES.items()
            ),
        )

    def _sql_cut_points(self, kind, column):
        """The smallest figures that earn the scores 2 to 5.

        score = 1 + floor(5 x strictly worse / all), which reaches k where
        5 x worse >= (k - 1) x all: so many figures are smaller that the one at the
        place (k - 1) x all / 5, rounded up, is among them.
        """
        firsts = SQL(", ").join(
            SQL("min(%s) FILTER (WHERE %s > cuts[%s])", column, column, place)
            for place in range(1, 5)
        )
        return SQL(
            """
            (SELECT %(kind)s, place - 1, first::text, NULL::int
               FROM (SELECT percentile_disc(ARRAY[0.2, 0.4, 0.6, 0.8])
                                WITHIN GROUP (ORDER BY %(column)s) AS cuts
                       FROM base WHERE window_purchase_count > 0) c
              CROSS JOIN LATERAL (
                     SELECT ARRAY[%(firsts)s] AS firsts
                       FROM base WHERE window_purchase_count > 0) f
              CROSS JOIN LATERAL unnest(firsts) WITH ORDINALITY AS cut (first, place))
            """,
            kind=kind,
            column=column,
            firsts=firsts,
        )

    # ------------------------------------------------------------------
    # EXPRESSIONS OVER ONE ROW
    # ------------------------------------------------------------------

    def _sql_abc_value(self, parameters, row):
        """What ABC and the monetary score rank."""
        name = "margin" if parameters.abc_value == "margin" else "revenue"
        return SQL("COALESCE(%s, 0)", row(name))

    def _sql_is_abc_newcomer(self, parameters, row):
        if not parameters.abc_newcomer_days:
            return SQL("FALSE")
        return SQL(
            "(%s - %s <= %s)",
            parameters.today,
            row("first_purchase_date"),
            parameters.abc_newcomer_days,
        )

    def _sql_ranked_class(self, parameters, limits, row):
        """The class the limits of the pass give this customer."""
        value = self._sql_abc_value(parameters, row)

        def from_limit(limit):
            if limit is None:
                return SQL("FALSE")
            return SQL(
                "(%(value)s < %(limit)s "
                "OR %(value)s = %(limit)s AND %(id)s >= %(first)s)",
                value=value,
                limit=SQL("%s::numeric", limit[0]),
                id=row("partner_id"),
                first=limit[1],
            )

        return SQL(
            "CASE WHEN %(value)s <= 0 OR %(excluded)s THEN NULL "
            "WHEN %(newcomer)s THEN 'n' "
            "WHEN %(c)s THEN 'c' WHEN %(b)s THEN 'b' ELSE 'a' END",
            value=value,
            excluded=SQL("(%s OR NOT %s)", row("is_excluded"), row("active")),
            newcomer=self._sql_is_abc_newcomer(parameters, row),
            c=from_limit(limits["c"]),
            b=from_limit(limits["b"]),
        )

    def _sql_abc_goes_down(self, row):
        """The ranking gives a lower class than the one kept (a < b < c)."""
        return SQL(
            "(%(old)s IN ('a', 'b') AND %(ranked)s IN ('b', 'c') "
            "AND %(ranked)s > %(old)s)",
            old=row("old_abc_class"),
            ranked=row("ranked_class"),
        )

    def _sql_abc_below_since(self, parameters, row):
        """Since when the customer ranks below its class, while that is tolerated."""
        if not parameters.abc_down_days:
            return SQL("NULL::date")
        return SQL(
            "CASE WHEN %(down)s "
            "AND %(today)s - COALESCE(%(since)s, %(today)s) < %(days)s "
            "THEN COALESCE(%(since)s, %(today)s) END",
            down=self._sql_abc_goes_down(row),
            since=row("old_abc_below_since"),
            today=parameters.today,
            days=parameters.abc_down_days,
        )

    def _sql_abc_class(self, row):
        """The old class while the lower one is not yet due, else the ranked one."""
        return SQL(
            "CASE WHEN %(since)s IS NOT NULL THEN %(old)s ELSE %(ranked)s END",
            since=row("abc_below_since"),
            old=row("old_abc_class"),
            ranked=row("ranked_class"),
        )

    def _sql_score(self, kind, limits, row, parameters):
        _field, _column, sql_type = SCORES[kind]
        figure = {
            "recency": row("last_purchase_date"),
            "frequency": row("window_purchase_count"),
            "monetary": self._sql_abc_value(parameters, row),
        }[kind]
        points = SQL(" + ").join(
            SQL("(%s >= %s::%s)::int", figure, cut, sql_type)
            for cut in limits[kind]
            if cut is not None
        )
        return SQL(
            "CASE WHEN %s > 0 AND %s THEN 1 %s END",
            row("window_purchase_count"),
            row("active"),
            SQL("+ %s", points) if any(limits[kind]) else SQL(),
        )

    def _sql_potential_is_known(self, parameters, row):
        """Estimated, and not so long ago that the estimate went stale."""
        return SQL(
            "(%(date)s IS NOT NULL AND %(today)s - %(date)s <= %(days)s)",
            date=row("potential_date"),
            today=parameters.today,
            days=parameters.potential_stale_days,
        )

    def _sql_potential_class(self, parameters, row):
        """By hand, else by what the customer could still buy in a year."""
        by_amount = SQL("NULL")
        if parameters.potential_high or parameters.potential_medium:
            left = SQL(
                "(%s - %s * 365 / %s)",
                row("potential_amount"),
                row("revenue"),
                parameters.window_days,
            )
            classes = [
                SQL("WHEN %s >= %s THEN %s", left, Decimal(str(limit)), name)
                for name, limit in (
                    ("high", parameters.potential_high),
                    ("medium", parameters.potential_medium),
                )
                if limit
            ]
            by_amount = SQL(
                "CASE WHEN %s IS NULL THEN NULL %s ELSE 'low' END",
                row("potential_amount"),
                SQL(" ").join(classes),
            )
        return SQL(
            "CASE WHEN %s THEN COALESCE(%s, %s) END",
            self._sql_potential_is_known(parameters, row),
            row("potential_class_manual"),
            by_amount,
        )

    def _sql_category(self, parameters, row, abc_class):
        """The first rule that holds; at the end the cell of the matrix."""
        stages, categories = parameters.stage_ids, parameters.category_ids
        cells = [
            SQL("WHEN %s THEN %s", f"{abc}{potential}", category_id)
            for (abc, potential), category_id in parameters.cells.items()
        ]
        matrix = SQL(
            "CASE (CASE WHEN %(abc)s IN ('a', 'b', 'c') THEN %(abc)s ELSE 'none' END) "
            "|| COALESCE(%(potential)s, 'unknown') %(cells)s END",
            abc=abc_class,
            potential=row("potential_class"),
            cells=SQL(" ").join(cells) if cells else SQL("WHEN NULL THEN NULL::int"),
        )
        return SQL(
            """
            CASE WHEN %(excluded)s OR %(stage)s = %(lost)s THEN NULL
                 WHEN %(key)s THEN %(c_key)s
                 WHEN %(vip)s THEN %(c_vip)s
                 WHEN %(count)s = 0 THEN %(c_prospect)s
                 WHEN %(stage)s = %(lost_recoverable)s THEN %(c_lost)s
                 WHEN %(today)s - %(first)s <= %(newcomer_days)s THEN %(c_new)s
                 ELSE %(matrix)s END
            """,
            excluded=row("is_excluded"),
            stage=row("stage_id"),
            lost=stages["lost"],
            lost_recoverable=stages["lost_recoverable"],
            key=row("is_key_account"),
            vip=row("is_vip"),
            count=row("purchase_count"),
            first=row("first_purchase_date"),
            today=parameters.today,
            newcomer_days=parameters.newcomer_days,
            matrix=matrix,
            **{f"c_{code}": id_ for code, id_ in categories.items()},
        )

    def _sql_feedback_is(self, row, band, at_once):
        """Condition: the customer's last feedback is in a band; hook of what collects
        it.

        :param str band: "promoter" or "detractor"
        :param bool at_once: for everybody, else for few customers
        """
        return SQL("FALSE")

    def _sql_loyalty_rung(self, parameters, row, at_once=False):
        """The rung of the loyalty ladder: a name for the stage and the feedback."""
        stages = parameters.stage_ids
        return SQL(
            """
            CASE WHEN %(stage)s = ANY(%(lost)s) THEN 'former'
                 WHEN %(stage)s = ANY(%(loyal)s) AND %(unhappy)s
                 THEN 'loyal_unhappy'
                 WHEN %(stage)s = ANY(%(loyal)s || %(regular)s) AND %(promoter)s
                 THEN 'promoter'
                 WHEN %(stage)s = ANY(%(loyal)s) THEN 'loyal'
                 WHEN %(stage)s = %(regular)s THEN 'customer'
                 WHEN %(stage)s = %(working)s THEN 'buyer'
                 WHEN %(stage)s = %(active)s THEN 'opportunity'
                 ELSE 'prospect' END
            """,
            stage=row("stage_id"),
            unhappy=self._sql_feedback_is(row, "detractor", at_once),
            promoter=self._sql_feedback_is(row, "promoter", at_once),
            lost=[stages["lost"], stages["lost_recoverable"]],
            loyal=[stages["partner"], stages["vip"], stages["key"]],
            regular=stages["regular"],
            working=stages["working"],
            active=stages["active"],
        )
