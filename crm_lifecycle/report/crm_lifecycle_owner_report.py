# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from .crm_lifecycle_report_mixin import CUSTOMER_DEPENDS, DOCUMENT_DEPENDS

# A row's id is made of customer, month (counted from the year 0) and sort of row.
MONTHS = 10**5


class CrmLifecycleOwnerReport(models.Model):
    """Month over month without the owner: would the business go on by itself?

    Each customer and month is two rows: one in its own month, and one in the next,
    where it is the figure to compare with. So any group has both months.
    """

    _name = "crm.lifecycle.owner.report"
    _inherit = ["crm.lifecycle.report.mixin"]
    _description = "Without the Owner"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        **CUSTOMER_DEPENDS,
        **DOCUMENT_DEPENDS,
        "res.company": ["lifecycle_owner_ids"],
    }

    date = fields.Date(string="Month", readonly=True)
    is_owner = fields.Boolean(
        string="The Owner's Own Customer",
        readonly=True,
        help="An owner of the business answers for the customer.",
    )
    customer_count = fields.Integer(
        string="Customers", readonly=True, help="Each counted once."
    )
    revenue = fields.Monetary(readonly=True)
    owner_revenue = fields.Monetary(
        string="Revenue of the Owner's Customers", readonly=True
    )
    others_revenue = fields.Monetary(string="Revenue Without the Owner", readonly=True)
    others_previous = fields.Monetary(
        string="Without the Owner, the Month Before", readonly=True
    )
    growth = fields.Float(
        string="Month Over Month Without the Owner",
        readonly=True,
        aggregator="avg",
        help="Revenue without the owner's customers against the month before. The "
        "current month is not over yet.",
    )
    owner_share = fields.Float(
        string="Share of the Owner", readonly=True, aggregator="avg"
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT (m.profile_id::bigint * %(months)s
                       + extract(year FROM m.date)::int * 12
                       + extract(month FROM m.date)::int) * 2
                       + m.is_previous::int AS id,
                   m.date, m.is_owner, m.profile_id, m.partner_id, m.company_id,
                   m.currency_id, m.user_id, m.team_id, m.country_id, m.state_id,
                   m.stage_id, m.category_id, m.abc_class,
                   CASE WHEN m.is_previous OR m.amount = 0 THEN 0 ELSE 1 END
                       AS customer_count,
                   CASE WHEN m.is_previous THEN 0 ELSE m.amount END AS revenue,
                   CASE WHEN m.is_previous OR NOT m.is_owner THEN 0 ELSE m.amount END
                       AS owner_revenue,
                   CASE WHEN m.is_previous OR m.is_owner THEN 0 ELSE m.amount END
                       AS others_revenue,
                   CASE WHEN m.is_previous AND NOT m.is_owner THEN m.amount ELSE 0 END
                       AS others_previous,
                   NULL::float8 AS growth, NULL::float8 AS owner_share
              FROM (
                SELECT (bought.month + turn.later * interval '1 month')::date AS date,
                       turn.later = 1 AS is_previous,
                       bought.amount * company.rate AS amount,
                       EXISTS (SELECT FROM crm_lifecycle_company_owner_rel owner
                                WHERE owner.company_id = p.company_id
                                  AND owner.user_id = p.user_id) AS is_owner,
                       company.today, %(columns)s
                  FROM (%(bought)s) bought
                  JOIN (%(customers)s) ON p.partner_id = bought.partner_id
                                      AND p.company_id = bought.company_id
                 CROSS JOIN (VALUES (0), (1)) AS turn (later)
              ) m
             WHERE m.date <= m.today
            """,
            months=MONTHS,
            columns=self._sql_customer_columns(),
            bought=self._sql_months(),
            customers=self._sql_customers(),
        )

    @api.model
    def _sql_months(self):
        """Revenue by customer and month."""
        return SQL(
            """
            SELECT h.company_id, h.partner_id,
                   date_trunc('month', h.day)::date AS month, sum(h.amount) AS amount
              FROM (%s) h
             WHERE h.amount IS NOT NULL
             GROUP BY h.company_id, h.partner_id, date_trunc('month', h.day)
            """,
            self._sql_history(),
        )

    @api.model
    def _get_group_figures(self):
        return {
            **super()._get_group_figures(),
            "customer_count:sum": lambda column: self._sql_distinct_customers(
                column, SQL("%s = 1", column("customer_count"))
            ),
            "growth:avg": lambda column: SQL(
                "SUM(%s) / NULLIF(SUM(%s), 0) - 1",
                column("others_revenue"),
                column("others_previous"),
            ),
            "owner_share:avg": lambda column: SQL(
                "SUM(%s) / NULLIF(SUM(%s), 0)",
                column("owner_revenue"),
                column("revenue"),
            ),
        }
