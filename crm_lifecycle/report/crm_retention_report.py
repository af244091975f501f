# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from .crm_lifecycle_report_mixin import CUSTOMER_DEPENDS, DOCUMENT_DEPENDS

# So many month ends back customers are counted as kept or not
MONTHS = 24
# A row's id is made of what it counts, of whom, and of which day or record
KINDS = [
    ("kept", "Kept or not"),
    ("revenue", "Revenue of a day"),
    ("move", "Lost or reactivated"),
    ("score", "Score"),
    ("attempt", "Win-back"),
]
KINDS_IN_ID, DAYS_IN_ID = 2**3, 2**16


class CrmRetentionReport(models.Model):
    """Who stays, who leaves and who comes back, month by month."""

    _name = "crm.retention.report"
    _inherit = ["crm.lifecycle.report.mixin"]
    _description = "Retention"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        **CUSTOMER_DEPENDS,
        **DOCUMENT_DEPENDS,
        "crm.lifecycle.stage": ["zone"],
        "crm.lifecycle.transition": [
            *("profile_id", "date", "cause", "from_stage_id", "to_stage_id"),
            "figures",
        ],
        "crm.feedback": ["profile_id", "score", "band", "date"],
        "crm.winback.attempt": ["profile_id", "state", "result", "date_end"],
        "res.company": ["lifecycle_window_days"],
    }

    # asked for, it spares the database the documents behind the other rows
    kind = fields.Selection(selection=KINDS, string="What Is Counted", readonly=True)
    date = fields.Date(
        readonly=True,
        help="Of who was kept: the month's last day, or today. Else its own day.",
    )
    base_count = fields.Integer(
        string="Customers of the Window Before",
        readonly=True,
        help="Bought in the window before the window that ends that day. Over several "
        "months each month's customers are counted.",
    )
    retained_count = fields.Integer(
        string="Retained", readonly=True, help="Of them bought again in the window."
    )
    retention = fields.Float(
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Kept of those who had bought in the window before.",
    )
    lost_count = fields.Integer(
        string="Lost", readonly=True, help="Customers who departed, each counted once."
    )
    reactivated_count = fields.Integer(
        string="Reactivated",
        readonly=True,
        help="Customers who came back from the zone of departure because they bought, "
        "each counted once.",
    )
    revenue = fields.Monetary(readonly=True)
    existing_revenue = fields.Monetary(
        string="Repeat Revenue",
        readonly=True,
        help="From customers after the day of their first purchase.",
    )
    existing_share = fields.Float(
        string="Share of Repeat Revenue",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
    )
    answer_count = fields.Integer(string="Answers", readonly=True)
    nps = fields.Float(
        string="Net Promoter Score",
        readonly=True,
        aggregator="avg",
        digits=(16, 0),
        help="Share of promoters less share of detractors, of all answers together.",
    )
    winback_count = fields.Integer(string="Win-Backs Ended", readonly=True)
    won_back_count = fields.Integer(string="Won Back", readonly=True)
    won_back_share = fields.Float(
        string="Share Won Back", readonly=True, aggregator="avg", digits=(16, 1)
    )

    FIGURES = (
        *("base_count", "retained_count", "lost_count", "reactivated_count"),
        *("revenue", "existing_revenue", "answer_count", "nps"),
        *("winback_count", "won_back_count"),
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT d.id, d.kind, d.date, d.base_count, d.retained_count, d.lost_count,
                   d.reactivated_count, d.revenue * company.rate AS revenue,
                   d.existing_revenue * company.rate AS existing_revenue,
                   d.answer_count, d.nps, d.winback_count, d.won_back_count,
                   d.retained_count::float8 / NULLIF(d.base_count, 0) AS retention,
                   (d.existing_revenue / NULLIF(d.revenue, 0))::float8
                       AS existing_share,
                   d.won_back_count::float8 / NULLIF(d.winback_count, 0)
                       AS won_back_share,
                   %(customer)s
              FROM (%(rows)s) d
              JOIN (%(customers)s) ON p.id = d.profile_id
            """,
            rows=SQL(" UNION ALL ").join(
                SQL("(%s)", rows) for rows in self._get_rows()
            ),
            customer=self._sql_customer_columns(),
            customers=self._sql_customers(),
        )

    @api.model
    def _get_rows(self):
        """Return the SELECTs of what is counted; an add-on adds its own."""
        return [
            self._sql_kept(),
            self._sql_day_revenue(),
            self._sql_moves(),
            self._sql_scores(),
            self._sql_attempts(),
        ]

    @api.model
    def _sql_row(self, kind, number, date, **figures):
        """Return the columns of one kind of row, over ``p`` or ``profile_id``.

        :param str kind: one of ``KINDS``
        :param SQL number: what tells the rows of this kind apart
        """
        columns = [
            SQL(
                "%s AS %s",
                figures.get(name, SQL("NULL::numeric")),
                SQL.identifier(name),
            )
            for name in self.FIGURES
        ]
        return SQL(
            "(%s)::bigint * %s + %s AS id, %s::varchar AS kind, profile_id, "
            "%s AS date, %s",
            number,
            KINDS_IN_ID,
            list(dict(KINDS)).index(kind),
            kind,
            date,
            SQL(", ").join(columns),
        )

    @api.model
    def _sql_day_number(self):
        """A number for a customer's day; documents of centuries ago share one."""
        return SQL(
            "(profile_id::bigint * %s + GREATEST(date - DATE '1970-01-01', 0))",
            DAYS_IN_ID,
        )

    @api.model
    def _get_company_columns(self, company):
        window = company.sudo().lifecycle_window_days or 365
        return {**super()._get_company_columns(company), "days": SQL("%s", window)}

    @api.model
    def _sql_kept(self):
        """At the end of each month: who had bought before, and who bought again.

        On a day the last purchase that is older than the window is one of each
        customer, and counts until it leaves the window before: so each purchase stands
        for the months from the one until the other, and the next one says whether the
        customer was kept. That spares a look at each purchase for each month.
        """
        return SQL(
            """
            WITH spell AS MATERIALIZED (%(spells)s),
            month_end AS MATERIALIZED (
                SELECT company.id AS company_id, LEAST(company.today, (
                       date_trunc('month', company.today)
                       + (1 - m) * INTERVAL '1 month' - INTERVAL '1 day'
                       )::date) AS date
                  FROM (%(companies)s) company, generate_series(0, %(months)s - 1) m)
            SELECT %(row)s
              FROM (
                SELECT spell.profile_id, e.date,
                       COALESCE(spell.next_day <= e.date, FALSE) AS is_kept
                  FROM spell
                  JOIN month_end e ON e.company_id = spell.company_id
                   AND e.date >= spell.first AND e.date < spell.past
              ) kept
            """,
            row=self._sql_row(
                "kept",
                self._sql_day_number(),
                SQL("date"),
                base_count=SQL("1"),
                retained_count=SQL("is_kept::int"),
            ),
            spells=self._sql_spells(),
            companies=self._sql_companies(),
            months=MONTHS,
        )

    @api.model
    def _sql_spells(self):
        """The days from ``first`` until before ``past`` for which a purchase is the
        last one older than the window; only those with an end of a month among them."""
        return SQL(
            """
            SELECT profile_id, company_id, next_day, first, past
              FROM (
                SELECT profile_id, company_id, next_day, today, day + days AS first,
                       LEAST(next_day + days, day + 2 * days) AS past
                  FROM (
                    SELECT p.id AS profile_id, p.company_id, h.day, company.days,
                           company.today,
                           lead(h.day) OVER (PARTITION BY p.id ORDER BY h.day)
                               AS next_day
                      FROM (%(history)s) h
                      JOIN crm_lifecycle_profile p ON p.partner_id = h.partner_id
                       AND p.company_id = h.company_id
                      JOIN (%(companies)s) company ON company.id = p.company_id
                     WHERE h.is_purchase
                  ) bought
              ) spell
             WHERE first <= today AND past > today - %(oldest)s
               AND LEAST(today, (date_trunc('month', first)
                   + INTERVAL '1 month' - INTERVAL '1 day')::date) < past
            """,
            history=self._sql_history(),
            companies=self._sql_companies(),
            oldest=MONTHS * 31,
        )

    @api.model
    def _sql_day_revenue(self):
        return SQL(
            """
            SELECT %(row)s
              FROM (
                SELECT p.id AS profile_id, h.day AS date,
                       SUM(h.amount) AS revenue,
                       COALESCE(SUM(h.amount) FILTER (
                           WHERE h.day > p.first_purchase_date), 0) AS existing
                  FROM (%(history)s) h
                  JOIN crm_lifecycle_profile p ON p.partner_id = h.partner_id
                   AND p.company_id = h.company_id
                 WHERE h.amount <> 0
                 GROUP BY p.id, h.day
              ) bought
            """,
            row=self._sql_row(
                "revenue",
                self._sql_day_number(),
                SQL("date"),
                revenue=SQL("revenue"),
                existing_revenue=SQL("existing"),
            ),
            history=self._sql_history(),
        )

    @api.model
    def _sql_moves(self):
        """Departures, and returns because of a purchase; not what a first run, a change
        of settings or a merge moved.

        The stage that a customer returns to may have begun long ago, where the silence
        has become usual for it; the return is of the day of the purchase.
        """
        return SQL(
            """
            SELECT %(row)s
              FROM crm_lifecycle_transition t
              JOIN crm_lifecycle_stage s ON s.id = t.to_stage_id
              JOIN crm_lifecycle_stage f ON f.id = t.from_stage_id
             WHERE (s.zone = 'departure') <> (f.zone = 'departure')
               AND t.cause NOT IN ('baseline', 'settings', 'merge')
               AND (s.zone = 'departure' OR t.cause = 'purchase')
            """,
            row=self._sql_row(
                "move",
                SQL("t.id"),
                SQL(
                    "CASE WHEN s.zone = 'departure' THEN t.date ELSE GREATEST(t.date, "
                    "(t.figures->>'last_purchase_date')::date) END"
                ),
                lost_count=SQL("(s.zone = 'departure')::int"),
                reactivated_count=SQL("(s.zone <> 'departure')::int"),
            ),
        )

    @api.model
    def _sql_scores(self):
        return SQL(
            "SELECT %s FROM crm_feedback f WHERE f.score IS NOT NULL",
            self._sql_row(
                "score",
                SQL("f.id"),
                SQL("f.date"),
                answer_count=SQL("1"),
                nps=SQL(
                    "100 * ((f.band = 'promoter')::int - (f.band = 'detractor')::int)"
                ),
            ),
        )

    @api.model
    def _sql_attempts(self):
        return SQL(
            "SELECT %s FROM crm_winback_attempt a WHERE a.state = 'won_back' "
            "OR a.state = 'given_up' AND a.result NOT IN ('merged', 'before')",
            self._sql_row(
                "attempt",
                SQL("a.id"),
                SQL("a.date_end"),
                winback_count=SQL("1"),
                won_back_count=SQL("(a.state = 'won_back')::int"),
            ),
        )

    @api.model
    def _get_group_figures(self):
        def share(part, whole):
            return lambda column: SQL(
                "(SUM(%s) / NULLIF(SUM(%s), 0))::float8", column(part), column(whole)
            )

        def count_customers(name):
            return lambda column: self._sql_distinct_customers(
                column, SQL("%s = 1", column(name))
            )

        return {
            **super()._get_group_figures(),
            "retention:avg": share("retained_count", "base_count"),
            "existing_share:avg": share("existing_revenue", "revenue"),
            "won_back_share:avg": share("won_back_count", "winback_count"),
            "lost_count:sum": count_customers("lost_count"),
            "reactivated_count:sum": count_customers("reactivated_count"),
        }
