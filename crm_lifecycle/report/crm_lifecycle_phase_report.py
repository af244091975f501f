# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..models.crm_lifecycle_stage import PHASES
from ..models.engine.documents import LEAD
from .crm_lifecycle_report_mixin import CUSTOMER_DEPENDS, DOCUMENT_DEPENDS

# A row's id is made of document, source (below 16) and company.
SOURCES, COMPANIES = 2**4, 2**16


class CrmLifecyclePhaseReport(models.Model):
    """Management phases: one row for each inquiry, purchase or credit note."""

    _name = "crm.lifecycle.phase.report"
    _inherit = ["crm.lifecycle.report.mixin"]
    _description = "Management Phases"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        **CUSTOMER_DEPENDS,
        **DOCUMENT_DEPENDS,
        "crm.lifecycle.stage": ["phase"],
        "crm.stage": ["lifecycle_phase", "lifecycle_is_agreement"],
    }

    date = fields.Date(readonly=True)
    phase = fields.Selection(
        selection=PHASES,
        string="Management Phase Today",
        readonly=True,
        help="The phase of the customer's stage; of an inquiry nobody has made a "
        "customer of, that of its pipeline stage.",
    )
    inquiry_count = fields.Integer(
        string="Inquiries",
        readonly=True,
        help="Leads and opportunities of those who had not bought before, and the "
        "first document of customers who came without a lead.",
    )
    customer_count = fields.Integer(
        string="Buying Customers",
        readonly=True,
        help="Customers that bought something, each counted once.",
    )
    first_sale_count = fields.Integer(
        string="First Sales",
        readonly=True,
        help="Customers on the day of their first purchase.",
    )
    repeat_sale_count = fields.Integer(
        string="Repeat Sales",
        readonly=True,
        help="Purchases after the day of the first one.",
    )
    revenue = fields.Monetary(readonly=True)
    existing_revenue = fields.Monetary(
        string="Revenue from Existing Customers",
        readonly=True,
        help="Revenue from customers after the day of their first purchase.",
    )
    existing_share = fields.Float(
        string="Share of Existing Customers",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Share of the revenue that comes from customers after the day of their "
        "first purchase. The four-stage lead management model claims 80 % as the usual "
        "figure.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT %(id)s AS id, d.date, d.is_inquiry::int AS inquiry_count,
                   d.is_purchase::int AS customer_count,
                   (d.is_purchase AND NOT d.is_existing)::int AS first_sale_count,
                   (d.is_purchase AND d.is_existing)::int AS repeat_sale_count,
                   d.revenue,
                   CASE WHEN d.is_existing THEN d.revenue ELSE 0 END
                       AS existing_revenue,
                   CASE WHEN d.revenue <> 0 THEN d.is_existing::int END
                       AS existing_share,
                   d.phase, %(columns)s
              FROM (%(customers)s UNION ALL %(strangers)s) d
             WHERE d.is_inquiry OR d.is_purchase OR d.revenue <> 0
            """,
            id=SQL(
                "(d.document_id::bigint * %s + d.source) * %s + d.company_id",
                SOURCES,
                COMPANIES,
            ),
            columns=SQL(
                "d.profile_id, d.partner_id, d.company_id, d.currency_id, d.user_id, "
                "d.team_id, d.country_id, d.state_id, d.stage_id, d.category_id, "
                "d.abc_class"
            ),
            customers=self._sql_documents_of_customers(),
            strangers=self._sql_leads_of_nobody(),
        )

    @api.model
    def _sql_documents_of_customers(self):
        return SQL(
            """
            SELECT h.source, h.document_id, h.day AS date, h.is_purchase,
                   COALESCE(h.amount * company.rate, 0) AS revenue,
                   COALESCE(h.day > p.first_purchase_date, FALSE) AS is_existing,
                   CASE WHEN h.source = %(lead)s
                        THEN COALESCE(h.day <= p.first_purchase_date, TRUE)
                        ELSE h.place = h.first_place
                             AND h.first_lead_day IS DISTINCT FROM h.day
                        END AS is_inquiry,
                   s.phase, %(columns)s
              FROM (
                SELECT *, MIN(place) OVER customer AS first_place,
                       MIN(day) FILTER (WHERE source = %(lead)s) OVER customer
                           AS first_lead_day
                  FROM (%(history)s) document
                WINDOW customer AS (PARTITION BY company_id, partner_id)
              ) h
              JOIN (%(customers)s) ON p.partner_id = h.partner_id
                                  AND p.company_id = h.company_id
              LEFT JOIN crm_lifecycle_stage s ON s.id = p.stage_id
            """,
            lead=LEAD,
            columns=self._sql_customer_columns(),
            history=self._sql_history(),
            customers=self._sql_customers(),
        )

    @api.model
    def _sql_leads_of_nobody(self):
        """Inquiries that have no contact yet belong to the lead's salesperson."""
        engine = self.env["crm.lifecycle.engine"]
        return SQL(
            """
            SELECT %(lead)s, l.id, %(day)s, FALSE, 0, FALSE, TRUE, s.lifecycle_phase,
                   NULL::int, NULL::int, company.id, company.currency_id, l.user_id,
                   l.team_id, l.country_id, l.state_id, NULL::int, NULL::int,
                   NULL::varchar
              FROM crm_lead l
              JOIN (%(companies)s) company
                ON company.id = l.company_id OR l.company_id IS NULL AND %(one)s
              LEFT JOIN crm_stage s ON s.id = l.stage_id
             WHERE l.partner_id IS NULL
            """,
            lead=LEAD,
            day=SQL("(l.create_date AT TIME ZONE 'UTC' AT TIME ZONE company.tz)::date"),
            companies=self._sql_companies(),
            one=engine._is_one_company(),
        )

    @api.model
    def _get_company_columns(self, company):
        name = self.env["crm.lifecycle.engine"]._get_timezone(company)
        return {**super()._get_company_columns(company), "tz": SQL("%s::text", name)}

    @api.model
    def _get_group_figures(self):
        def count_customers(name):
            return lambda column: self._sql_distinct_customers(
                column, SQL("%s = 1", column(name))
            )

        return {
            **super()._get_group_figures(),
            "customer_count:sum": count_customers("customer_count"),
            "first_sale_count:sum": count_customers("first_sale_count"),
            "existing_share:avg": lambda column: SQL(
                "SUM(%s) / NULLIF(SUM(%s), 0)",
                column("existing_revenue"),
                column("revenue"),
            ),
        }
