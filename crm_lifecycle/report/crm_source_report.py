# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..models.kpi.crm_lead import QUALITIES
from .crm_lifecycle_report_mixin import CUSTOMER_DEPENDS, DOCUMENT_DEPENDS


class CrmSourceReport(models.Model):
    """Where customers come from: one row for each inquiry, up to the third purchase.

    A customer's purchases count once, at its first inquiry, if that came before them.
    """

    _name = "crm.source.report"
    _inherit = ["crm.lifecycle.report.mixin"]
    _description = "Lead Sources"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "lead_id"
    _depends = {
        **CUSTOMER_DEPENDS,
        "crm.lead": [
            *DOCUMENT_DEPENDS["crm.lead"],
            *("source_id", "medium_id", "campaign_id", "lifecycle_quality"),
        ],
    }

    lead_id = fields.Many2one(comodel_name="crm.lead", string="Inquiry", readonly=True)
    date = fields.Date(string="Inquiry On", readonly=True)
    source_id = fields.Many2one(comodel_name="utm.source", readonly=True)
    medium_id = fields.Many2one(
        comodel_name="utm.medium", string="Lead Medium", readonly=True
    )
    campaign_id = fields.Many2one(comodel_name="utm.campaign", readonly=True)
    quality = fields.Selection(selection=QUALITIES, readonly=True)
    inquiry_count = fields.Integer(string="Inquiries", readonly=True)
    accepted_count = fields.Integer(
        string="Accepted",
        readonly=True,
        help="Inquiries that sales accepted; an opportunity that nobody returned is.",
    )
    returned_count = fields.Integer(
        string="Returned", readonly=True, help="Inquiries that sales sent back."
    )
    accepted_share = fields.Float(
        string="Share Accepted",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Accepted of those that were accepted or returned.",
    )
    won_count = fields.Integer(string="Won", readonly=True)
    buyer_count = fields.Integer(
        string="First Purchase", readonly=True, help="Customers who bought."
    )
    second_count = fields.Integer(
        string="Second Purchase", readonly=True, help="Customers who bought twice."
    )
    third_count = fields.Integer(
        string="Third Purchase", readonly=True, help="Customers who bought three times."
    )
    third_share = fields.Float(
        string="From Inquiry to Third Purchase",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Customers who bought three times, of all inquiries.",
    )
    lifetime_revenue = fields.Monetary(string="Revenue of All Time", readonly=True)

    @property
    def _table_query(self):
        day = SQL("(l.create_date AT TIME ZONE 'UTC' AT TIME ZONE company.tz)::date")
        return SQL(
            """
            SELECT l.id, l.id AS lead_id, %(day)s AS date, l.source_id, l.medium_id,
                   l.campaign_id, l.quality, 1 AS inquiry_count,
                   (l.quality = 'accepted')::int AS accepted_count,
                   (l.quality = 'returned')::int AS returned_count,
                   CASE WHEN l.quality <> 'new'
                        THEN (l.quality = 'accepted')::int END AS accepted_share,
                   (l.won_status = 'won')::int AS won_count,
                   COALESCE(%(brought)s AND c.purchases >= 1, FALSE)::int
                       AS buyer_count,
                   COALESCE(%(brought)s AND c.purchases >= 2, FALSE)::int
                       AS second_count,
                   COALESCE(%(brought)s AND c.purchases >= 3, FALSE)::int
                       AS third_count,
                   COALESCE(%(brought)s AND c.purchases >= 3, FALSE)::int
                       AS third_share,
                   CASE WHEN %(brought)s THEN c.lifetime_revenue * company.rate END
                       AS lifetime_revenue,
                   c.profile_id, c.partner_id, company.id AS company_id,
                   company.currency_id, CASE WHEN c.profile_id IS NULL THEN l.user_id
                       ELSE c.user_id END AS user_id,
                   CASE WHEN c.profile_id IS NULL THEN l.team_id ELSE c.team_id END
                       AS team_id,
                   COALESCE(c.country_id, l.country_id) AS country_id,
                   COALESCE(c.state_id, l.state_id) AS state_id, c.stage_id,
                   c.category_id, c.abc_class
              FROM (%(companies)s) company
              JOIN (%(leads)s) l ON l.company_id = company.id
                OR l.company_id IS NULL AND %(one)s
              LEFT JOIN (%(customers)s) c ON c.partner_id = l.customer_id
                AND c.company_id = company.id
             WHERE NOT COALESCE(c.is_excluded, FALSE)
            """,
            day=day,
            brought=SQL("(l.number = 1 AND c.first_purchase_date >= %s)", day),
            companies=self._sql_companies(),
            leads=self._sql_leads(),
            customers=self._sql_buyers(),
            one=self.env["crm.lifecycle.engine"]._is_one_company(),
        )

    @api.model
    def _get_company_columns(self, company):
        name = self.env["crm.lifecycle.engine"]._get_timezone(company)
        return {**super()._get_company_columns(company), "tz": SQL("%s::text", name)}

    @api.model
    def _sql_leads(self):
        """The inquiries, with the customer whose first one each is."""
        return SQL(
            """
            SELECT lead.id, lead.create_date, lead.source_id,
                   lead.medium_id, lead.campaign_id, lead.company_id, lead.user_id,
                   lead.team_id, lead.country_id, lead.state_id, lead.won_status,
                   COALESCE(lead.lifecycle_quality, CASE
                       WHEN lead.type = 'opportunity' THEN 'accepted' ELSE 'new' END
                   ) AS quality,
                   contact.commercial_partner_id AS customer_id,
                   row_number() OVER (
                       PARTITION BY contact.commercial_partner_id, lead.company_id
                       ORDER BY lead.create_date, lead.id) AS number
              FROM crm_lead lead
              LEFT JOIN res_partner contact ON contact.id = lead.partner_id
            """
        )

    @api.model
    def _sql_buyers(self):
        """The customers, with how often they bought."""
        return SQL(
            """
            SELECT p.id AS profile_id, p.partner_id, p.company_id, p.user_id,
                   p.team_id, partner.country_id, partner.state_id, p.stage_id,
                   p.category_id, p.abc_class, p.is_excluded, p.first_purchase_date,
                   p.purchase_count AS purchases, p.lifetime_revenue
              FROM crm_lifecycle_profile p
              JOIN res_partner partner ON partner.id = p.partner_id
            """
        )

    @api.model
    def _get_group_figures(self):
        return {
            **super()._get_group_figures(),
            "accepted_share:avg": lambda column: SQL(
                "SUM(%(yes)s)::float8 / NULLIF(SUM(%(yes)s) + SUM(%(no)s), 0)",
                yes=column("accepted_count"),
                no=column("returned_count"),
            ),
        }

    @api.readonly
    def action_open_lead(self):
        """Open the inquiry behind this row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "view_mode": "form",
        }
