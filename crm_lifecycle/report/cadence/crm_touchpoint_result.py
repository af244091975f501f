# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ...models.touchpoint.crm_touchpoint import OUTCOMES
from ..crm_lifecycle_phase_report import COMPANIES, SOURCES
from ..crm_lifecycle_report_mixin import CUSTOMER_DEPENDS, DOCUMENT_DEPENDS

TOUCHPOINT = SOURCES - 1  # beside the sources of documents
ORDER_DEPENDS = {
    model: DOCUMENT_DEPENDS[model] for model in ("sale.order", "account.move")
}


class CrmTouchpointResult(models.Model):
    """What came of the contacts: one row for each contact and each repeat order."""

    _name = "crm.touchpoint.result"
    _inherit = ["crm.lifecycle.report.mixin"]
    _description = "Contact Results"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        **CUSTOMER_DEPENDS,
        **ORDER_DEPENDS,
        "crm.touchpoint": [
            *("profile_id", "channel_id", "direction", "date", "outcome"),
            *("is_ignored", "user_id"),
        ],
    }

    date = fields.Date(readonly=True)
    kind = fields.Selection(
        selection=[("contact", "Touchpoint"), ("order", "Repeat order")], readonly=True
    )
    touchpoint_id = fields.Many2one(
        comodel_name="crm.touchpoint",
        readonly=True,
        help="The contact, or the one that a repeat order followed.",
    )
    maker_id = fields.Many2one(
        comodel_name="res.users",
        string="Made By",
        readonly=True,
        help="Who made the contact. Of a repeat order: who made the last contact with "
        "the customer in the days before it that the settings name (30); empty: "
        "nobody.",
    )
    channel_id = fields.Many2one(comodel_name="crm.touchpoint.channel", readonly=True)
    direction = fields.Selection(
        selection=[("out", "We"), ("in", "The customer")],
        string="Begun By",
        readonly=True,
    )
    outcome = fields.Selection(selection=OUTCOMES, readonly=True)
    contact_count = fields.Integer(
        string="Contacts",
        readonly=True,
        help="Contacts with customers over any channel, without those of which "
        "somebody said that they do not count.",
    )
    request_count = fields.Integer(
        string="Requests",
        readonly=True,
        help="Contacts with the outcome “New request”.",
    )
    offer_count = fields.Integer(
        string="Offers", readonly=True, help="Contacts with the outcome “Offer made”."
    )
    order_count = fields.Integer(
        string="Repeat Orders",
        readonly=True,
        help="Purchases after the day of the customer's first purchase, by the "
        "documents themselves and not by what was noted on contacts.",
    )
    followed_count = fields.Integer(
        string="Repeat Orders After a Contact",
        readonly=True,
        help="Repeat orders with a contact in the days before them that the settings "
        "name (30).",
    )
    revenue = fields.Monetary(string="Revenue of Repeat Orders", readonly=True)
    problem_count = fields.Integer(
        string="Problems", readonly=True, help="Contacts with the outcome “Problem”."
    )
    silent_count = fields.Integer(
        string="Outcome Not Noted",
        readonly=True,
        help="Contacts of which nobody said what came of them.",
    )
    result_share = fields.Float(
        string="With a Result",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Share of the contacts that brought a request, an offer or an order, as "
        "noted on them.",
    )
    own_share = fields.Float(
        string="Begun by Us",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Share of the contacts that we began ourselves.",
    )
    order_share = fields.Float(
        string="Repeat Orders per Contact",
        readonly=True,
        aggregator="avg",
        digits=(16, 2),
        help="Repeat orders after a contact, divided by the contacts of the group.",
    )

    # ------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT (d.source_id::bigint * %(sources)s + d.source) * %(companies)s
                       + d.company_id AS id,
                   d.date, d.kind, d.touchpoint_id, d.maker_id, d.channel_id,
                   d.direction, d.outcome, d.is_contact::int AS contact_count,
                   (d.outcome IS NOT DISTINCT FROM 'request')::int AS request_count,
                   (d.outcome IS NOT DISTINCT FROM 'offer')::int AS offer_count,
                   (NOT d.is_contact)::int AS order_count,
                   (NOT d.is_contact AND d.touchpoint_id IS NOT NULL)::int
                       AS followed_count,
                   (d.outcome IS NOT DISTINCT FROM 'problem')::int AS problem_count,
                   d.revenue,
                   (d.is_contact AND d.outcome IS NULL)::int AS silent_count,
                   CASE WHEN d.is_contact THEN COALESCE(
                       d.outcome IN ('request', 'offer', 'order'), FALSE)::int
                       END AS result_share,
                   CASE WHEN d.is_contact THEN (d.direction = 'out')::int
                       END AS own_share,
                   NULL::numeric AS order_share, %(columns)s
              FROM (%(contacts)s UNION ALL %(orders)s) d
            """,
            sources=SOURCES,
            companies=COMPANIES,
            columns=SQL(
                "d.profile_id, d.partner_id, d.company_id, d.currency_id, d.user_id, "
                "d.team_id, d.country_id, d.state_id, d.stage_id, d.category_id, "
                "d.abc_class"
            ),
            contacts=self._sql_contacts(),
            orders=self._sql_repeat_orders(),
        )

    @api.model
    def _sql_contacts(self):
        return SQL(
            """
            SELECT t.id AS source_id, %(source)s AS source, TRUE AS is_contact,
                   (t.date AT TIME ZONE 'UTC' AT TIME ZONE company.tz)::date AS date,
                   'contact' AS kind, t.id AS touchpoint_id, t.user_id AS maker_id,
                   t.channel_id, t.direction, t.outcome, 0::numeric AS revenue,
                   %(columns)s
              FROM crm_touchpoint t
              JOIN (%(customers)s) ON p.id = t.profile_id
             WHERE t.is_ignored IS NOT TRUE
            """,
            source=TOUCHPOINT,
            columns=self._sql_customer_columns(),
            customers=self._sql_customers(),
        )

    @api.model
    def _sql_repeat_orders(self):
        """Purchases after the first day, each with the last contact before it."""
        engine = self.env["crm.lifecycle.engine"]
        zone = SQL("company.tz")
        return SQL(
            """
            SELECT h.document_id, h.source, FALSE, h.day, 'order', contact.id,
                   contact.user_id, contact.channel_id, NULL, NULL,
                   COALESCE(h.amount * company.rate, 0), %(columns)s
              FROM (%(history)s) h
              JOIN (%(customers)s) ON p.partner_id = h.partner_id
                                  AND p.company_id = h.company_id
              LEFT JOIN LATERAL (
                   SELECT t.id, t.user_id, t.channel_id
                     FROM crm_touchpoint t
                    WHERE t.profile_id = p.id AND t.is_ignored IS NOT TRUE
                      AND t.date >= %(since)s AND t.date < %(until)s
                    ORDER BY t.date DESC, t.id DESC
                    LIMIT 1) contact ON TRUE
             WHERE h.is_purchase AND h.day > p.first_purchase_date
            """,
            columns=self._sql_customer_columns(),
            history=self._sql_history(),
            customers=self._sql_customers(),
            since=engine._sql_moment_of_day(SQL("h.day - company.result_days"), zone),
            until=engine._sql_moment_of_day(SQL("h.day + 1"), zone),
        )

    @api.model
    def _get_company_columns(self, company):
        engine = self.env["crm.lifecycle.engine"]
        return {
            **super()._get_company_columns(company),
            "tz": SQL("%s::text", engine._get_timezone(company)),
            "result_days": SQL("%s::int", company.sudo().lifecycle_result_days),
        }

    @api.model
    def _get_group_figures(self):
        return {
            **super()._get_group_figures(),
            "order_share:avg": lambda column: SQL(
                "SUM(%s)::numeric / NULLIF(SUM(%s), 0)",
                column("followed_count"),
                column("contact_count"),
            ),
        }

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @api.readonly
    def action_open_touchpoint(self):
        """Open the contact of this row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.touchpoint",
            "res_id": self.touchpoint_id.id,
            "view_mode": "form",
        }
