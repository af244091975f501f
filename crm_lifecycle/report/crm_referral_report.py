# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from .crm_lifecycle_report_mixin import CUSTOMER_DEPENDS


class CrmReferralReport(models.Model):
    """Who brought whom: one row for each recommended customer."""

    _name = "crm.referral.report"
    _inherit = ["crm.lifecycle.report.mixin"]
    _description = "Referrals"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        **CUSTOMER_DEPENDS,
        "crm.lifecycle.profile": [
            *CUSTOMER_DEPENDS["crm.lifecycle.profile"],
            "added_date",
        ],
        "res.partner": [*CUSTOMER_DEPENDS["res.partner"], "lifecycle_referrer_id"],
    }

    referrer_id = fields.Many2one(
        comodel_name="res.partner", string="Recommended By", readonly=True
    )
    referrer_customer_id = fields.Many2one(
        comodel_name="res.partner",
        string="Recommending Customer",
        readonly=True,
        help="The customer whose person recommended us.",
    )
    date = fields.Date(string="In the Base Since", readonly=True)
    first_purchase_date = fields.Date(string="First Purchase", readonly=True)
    customer_count = fields.Integer(string="Recommended Customers", readonly=True)
    buyer_count = fields.Integer(
        string="Of Them Bought",
        readonly=True,
        help="Recommended customers that have bought something.",
    )
    purchase_count = fields.Integer(string="Purchases", readonly=True)
    lifetime_revenue = fields.Monetary(string="Revenue of All Time", readonly=True)
    bought_share = fields.Float(
        string="Share That Bought", readonly=True, aggregator="avg", digits=(16, 1)
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT p.id, c.lifecycle_referrer_id AS referrer_id,
                   COALESCE(r.commercial_partner_id, r.id) AS referrer_customer_id,
                   p.added_date AS date, p.first_purchase_date, 1 AS customer_count,
                   (p.purchase_count > 0)::int AS buyer_count,
                   (p.purchase_count > 0)::int AS bought_share, p.purchase_count,
                   p.lifetime_revenue * company.rate AS lifetime_revenue,
                   %(customer)s
              FROM %(customers)s
              JOIN res_partner r ON r.id = c.lifecycle_referrer_id
             WHERE p.active
            """,
            customer=self._sql_customer_columns(),
            customers=self._sql_customers(),
        )
