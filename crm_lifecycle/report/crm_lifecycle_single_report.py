# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .crm_lifecycle_report_mixin import CUSTOMER_DEPENDS

# How far back contacts are looked at
YEAR_DAYS = 365


class CrmLifecycleSingleReport(models.Model):
    """Customers whom only one of ours has met in a year: they leave with him."""

    _name = "crm.lifecycle.single.report"
    _inherit = ["crm.lifecycle.report.mixin"]
    _description = "What Hangs on One Person"
    _auto = False
    _order = "revenue desc, id"
    _rec_name = "partner_id"
    _depends = {
        **CUSTOMER_DEPENDS,
        "crm.touchpoint": ["profile_id", "user_id", "user_ids", "date", "is_ignored"],
        "res.company": ["lifecycle_owner_ids"],
        "res.users": ["active"],
    }

    contact_user_id = fields.Many2one(
        comodel_name="res.users",
        string="The Only One in Contact",
        readonly=True,
        context={"active_test": False},
        help="Nobody else of ours had a contact with this customer in the last year.",
    )
    contact_count = fields.Integer(
        string="Contacts", readonly=True, help="Contacts in the last year."
    )
    last_contact_date = fields.Date(string="Last Contact", readonly=True)
    customer_count = fields.Integer(string="Customers", readonly=True)
    revenue = fields.Monetary(
        readonly=True, help="Revenue of the window: what would be at stake."
    )
    lifetime_revenue = fields.Monetary(readonly=True)
    is_responsible = fields.Boolean(
        string="Responsible",
        readonly=True,
        help="The only one in contact also answers for the customer.",
    )
    is_owner = fields.Boolean(
        string="Is the Owner",
        readonly=True,
        help="The only one in contact is an owner of the business.",
    )
    has_left = fields.Boolean(
        readonly=True,
        help="The only one who knew this customer is gone.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT p.id AS id, single.user_id AS contact_user_id,
                   single.contact_count,
                   (single.last_contact AT TIME ZONE 'UTC'
                    AT TIME ZONE company.tz)::date AS last_contact_date,
                   1 AS customer_count, p.revenue * company.rate AS revenue,
                   p.lifetime_revenue * company.rate AS lifetime_revenue,
                   COALESCE(single.user_id = p.user_id, FALSE) AS is_responsible,
                   EXISTS (SELECT FROM crm_lifecycle_company_owner_rel owner
                            WHERE owner.company_id = p.company_id
                              AND owner.user_id = single.user_id) AS is_owner,
                   NOT u.active AS has_left, %(columns)s
              FROM (%(single)s) single
              JOIN res_users u ON u.id = single.user_id
              JOIN (%(customers)s) ON p.id = single.profile_id
            """,
            columns=self._sql_customer_columns(),
            single=self._sql_single(),
            customers=self._sql_customers(),
        )

    @api.model
    def _get_company_columns(self, company):
        name = self.env["crm.lifecycle.engine"]._get_timezone(company)
        return {**super()._get_company_columns(company), "tz": SQL("%s::text", name)}

    @api.model
    def _sql_single(self):
        """The customers with contacts of exactly one of ours, and their figures."""
        return SQL(
            """
            SELECT t.profile_id, min(colleague.id) AS user_id,
                   count(DISTINCT t.id) AS contact_count,
                   max(t.date) AS last_contact
              FROM crm_touchpoint t
             CROSS JOIN LATERAL (
                    SELECT t.user_id AS id WHERE t.user_id IS NOT NULL
                     UNION
                    SELECT rel.user_id FROM crm_touchpoint_user_rel rel
                     WHERE rel.touchpoint_id = t.id) colleague
             WHERE t.is_ignored IS NOT TRUE AND t.date >= %s
             GROUP BY t.profile_id
            HAVING min(colleague.id) = max(colleague.id)
            """,
            fields.Datetime.now() - timedelta(YEAR_DAYS),
        )
