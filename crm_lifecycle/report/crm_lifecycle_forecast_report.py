# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..models.engine.parameters import MAX_DAYS
from .crm_lifecycle_report_mixin import CUSTOMER_DEPENDS, DOCUMENT_DEPENDS

# Months shown before and after the current one.
HORIZON = 12
# Distinct purchase days from which on a customer has a rhythm.
RHYTHM_DAYS = 3


class CrmLifecycleForecastReport(models.Model):
    """Forecast: per customer and month, what its rhythm lets expect and what came.

    Expected are purchases from the next one on, every ``rhythm`` days, each of the
    customer's average purchase. A month up to the current one is seen from its first
    day: with the purchases before it, though with the rhythm and average of today; a
    month to come is seen from today. A purchase that is late by then is expected at
    once. Nothing is expected of a customer that was declared lost or had fallen out of
    its rhythm by then: silent for longer than its rhythm times the company's factor for
    lost customers (three by default).
    """

    _name = "crm.lifecycle.forecast.report"
    _inherit = ["crm.lifecycle.report.mixin"]
    _description = "Forecast of Purchases"
    _auto = False
    _order = "date, amount desc, id"
    _rec_name = "partner_id"
    _depends = {**CUSTOMER_DEPENDS, **DOCUMENT_DEPENDS}

    date = fields.Date(string="Month", readonly=True)
    kind = fields.Selection(
        selection=[("expected", "Expected"), ("came", "Came")],
        string="Expected or Came",
        readonly=True,
    )
    period = fields.Selection(
        selection=[
            ("past", "Past months"),
            ("current", "This month"),
            ("future", "Months to come"),
        ],
        readonly=True,
    )
    has_rhythm = fields.Boolean(
        string="Had a Rhythm",
        readonly=True,
        help="The customer had bought on three days or more before the month began "
        "(for months to come: before today). Purchases of the others cannot be "
        "expected from a rhythm.",
    )
    purchase_count = fields.Integer(string="Purchases", readonly=True)
    customer_count = fields.Integer(
        string="Customers",
        readonly=True,
        help="Customers of whom a purchase is expected or came, each counted once.",
    )
    amount = fields.Monetary(
        readonly=True,
        help="Expected: purchases times the customer's average purchase. Came: the "
        "revenue, credit notes deducted.",
    )
    fulfilment = fields.Float(
        string="Came of Expected",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Revenue of customers with a rhythm divided by what was expected of them, "
        "without the months to come.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH company AS MATERIALIZED (%(companies)s),
            monthly AS MATERIALIZED (%(monthly)s),
            customers AS (%(customers)s)
            SELECT ((r.profile_id::bigint * 100000
                     + EXTRACT(year FROM r.month)::int * 12
                     + EXTRACT(month FROM r.month)::int) * 2
                    + (r.kind = 'came')::int) AS id,
                   r.month AS date, r.kind, r.has_rhythm,
                   CASE WHEN r.month < company.month THEN 'past'
                        WHEN r.month = company.month THEN 'current'
                        ELSE 'future' END AS period,
                   r.purchase_count, (r.purchase_count > 0)::int AS customer_count,
                   r.amount * company.rate AS amount, NULL::numeric AS fulfilment,
                   %(columns)s
              FROM (%(expected)s UNION ALL %(to_come)s UNION ALL %(came)s) r
              JOIN crm_lifecycle_profile p ON p.id = r.profile_id
              JOIN res_partner c ON c.id = p.partner_id
              JOIN company ON company.id = p.company_id
            """,
            companies=self._sql_companies(),
            monthly=self._sql_monthly(),
            customers=self._sql_regulars(),
            columns=self._sql_customer_columns(),
            expected=self._sql_expected(),
            to_come=self._sql_to_come(),
            came=self._sql_came(),
        )

    @api.model
    def _get_company_columns(self, company):
        parameters = self.env["crm.lifecycle.engine"]._get_parameters(company)
        return {
            **super()._get_company_columns(company),
            "month": SQL("%s::date", parameters.today.replace(day=1)),
            "lost_factor": SQL(
                "%s::numeric", Decimal(str(parameters.lost_rhythm_factor))
            ),
        }

    @api.model
    def _sql_monthly(self):
        """Purchases per customer and month, and how many came up to its end; the months
        before the horizon in one, which stands for what was known when it began."""
        return SQL(
            """
            SELECT monthly.*, SUM(days) OVER by_month AS days_so_far,
                   MAX(last_day) OVER by_month AS last_so_far,
                   LEAD(month) OVER by_month AS next_month
              FROM (
                SELECT daily.profile_id,
                       GREATEST(
                           date_trunc('month', daily.day)::date,
                           (company.month - %(before)s * INTERVAL '1 month')::date
                       ) AS month,
                       SUM(daily.purchase_count) AS purchase_count,
                       COUNT(*) FILTER (WHERE daily.purchase_count > 0) AS days,
                       MAX(daily.day) FILTER (WHERE daily.purchase_count > 0)
                           AS last_day,
                       SUM(daily.amount) AS amount
                  FROM (%(daily)s) daily
                  JOIN company ON company.id = daily.company_id
                 GROUP BY 1, 2
              ) monthly
            WINDOW by_month AS (PARTITION BY profile_id ORDER BY month)
            """,
            before=HORIZON + 1,
            daily=self._sql_daily(),
        )

    @api.model
    def _sql_daily(self):
        """Distinct days by grouping: counting them would sort every document."""
        return SQL(
            """
            SELECT p.id AS profile_id, p.company_id, h.day,
                   COUNT(*) FILTER (WHERE h.is_purchase) AS purchase_count,
                   COALESCE(SUM(h.amount), 0) AS amount
              FROM (%(history)s) h
              JOIN crm_lifecycle_profile p
                ON p.partner_id = h.partner_id AND p.company_id = h.company_id
             WHERE (h.is_purchase OR h.amount <> 0) AND NOT p.is_excluded
             GROUP BY 1, 2, 3
            """,
            history=self._sql_history(),
        )

    @api.model
    def _sql_regulars(self):
        """Active customers with a rhythm, and what the expectation is made of.

        A rhythm is a number of half days, which floats divide exactly enough."""
        return SQL(
            """
            SELECT p.id, p.lost_date, p.last_purchase_date,
                   p.rhythm_days::float8 AS rhythm,
                   LEAST(floor(p.rhythm_days), %(most)s)::int AS step,
                   COALESCE(p.average_purchase,
                            p.lifetime_revenue / NULLIF(p.purchase_count, 0), 0)
                       AS average,
                   floor(LEAST(company.lost_factor * p.rhythm_days::numeric, %(most)s)
                   )::int AS allowed,
                   company.month, company.today
              FROM crm_lifecycle_profile p
              JOIN company ON company.id = p.company_id
             WHERE p.active AND NOT p.is_excluded AND p.rhythm_days > 0
            """,
            most=MAX_DAYS,
        )

    @api.model
    def _sql_expected(self):
        """Each month up to the current one, as its first day could know it.

        What is known changes only with a month in which something came, and holds until
        the next such month or the end of patience."""
        return self._sql_expectation(
            SQL(
                """
                SELECT r.*, m.month::date AS seen_on, m.month::date AS month_start,
                       known.last_so_far AS last_day
                  FROM monthly known
                  JOIN customers r ON r.id = known.profile_id
                 CROSS JOIN LATERAL generate_series(
                           known.month + INTERVAL '1 month',
                           LEAST(known.next_month, r.month,
                                 known.last_so_far + r.allowed),
                           INTERVAL '1 month') AS m(month)
                 WHERE known.days_so_far >= %s
                """,
                RHYTHM_DAYS,
            )
        )

    @api.model
    def _sql_to_come(self):
        """Each month after the current one, as today knows it."""
        return self._sql_expectation(
            SQL(
                """
                SELECT r.*, r.today AS seen_on, m.month::date AS month_start,
                       r.last_purchase_date AS last_day
                  FROM customers r
                 CROSS JOIN LATERAL generate_series(
                           r.month + INTERVAL '1 month',
                           r.month + %s * INTERVAL '1 month',
                           INTERVAL '1 month') AS m(month)
                 WHERE r.today - r.last_purchase_date <= r.allowed
                """,
                HORIZON,
            )
        )

    @api.model
    def _sql_came(self):
        return SQL(
            """
            SELECT came.profile_id, came.month, 'came' AS kind,
                   came.days_so_far - came.days >= %(rhythm_days)s AS has_rhythm,
                   came.purchase_count::int, came.amount
              FROM monthly came
              JOIN crm_lifecycle_profile p ON p.id = came.profile_id
              JOIN company ON company.id = p.company_id
             WHERE came.month >= company.month - %(shown)s * INTERVAL '1 month'
            """,
            rhythm_days=RHYTHM_DAYS,
            shown=HORIZON,
        )

    @api.model
    def _sql_expectation(self, seen):
        """Purchases expected in a month: those of the series that begins with the next
        one, at once if it is late, and goes on by the rhythm. Nothing of a customer
        declared lost by then.

        :param SQL seen: customers by month, as known on a day (``seen_on``)
        """
        # OFFSET keeps PostgreSQL from computing an expression once for each mention; in
        # quotes, see `_sql_layers` of the engine, it may still read in parallel
        return SQL(
            """
            SELECT id AS profile_id, month_start AS month, 'expected' AS kind,
                   TRUE AS has_rhythm, number AS purchase_count,
                   number * average AS amount
              FROM (
                SELECT id, month_start, average,
                       (GREATEST(ceil(days_to_end / rhythm), 0)
                        - GREATEST(ceil(days_to_start / rhythm), 0))::int AS number
                  FROM (
                    SELECT id, month_start, average, rhythm,
                           month_start - next AS days_to_start,
                           (month_start + INTERVAL '1 month')::date - next
                               AS days_to_end
                      FROM (
                        SELECT seen.*, GREATEST(last_day + step, seen_on) AS next
                          FROM (%s) seen
                         WHERE NOT COALESCE(
                                   lost_date <= seen_on AND last_day <= lost_date,
                                   FALSE)
                        OFFSET '0'
                      ) seen
                  ) days
                OFFSET '0'
              ) expected
             WHERE number > 0
            """,
            seen,
        )

    @api.model
    def _get_group_figures(self):
        return {
            **super()._get_group_figures(),
            "customer_count:sum": lambda column: self._sql_distinct_customers(
                column, SQL("%s = 1", column("customer_count"))
            ),
            "fulfilment:avg": lambda column: SQL(
                "SUM(%(amount)s) FILTER (WHERE %(kind)s = 'came' AND %(known)s) "
                "/ NULLIF(SUM(%(amount)s) FILTER "
                "(WHERE %(kind)s = 'expected' AND %(known)s), 0)",
                amount=column("amount"),
                kind=column("kind"),
                known=SQL(
                    "%s AND %s <> 'future'", column("has_rhythm"), column("period")
                ),
            ),
        }
