# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_lifecycle.report.crm_lifecycle_report_mixin import (
    CUSTOMER_DEPENDS,
)

from .crm_account_investment import KINDS

WINDOWS = 4
WINDOW_NAMES = [
    ("0", "Current window"),
    ("1", "Window before"),
    ("2", "Two before"),
    ("3", "Three before"),
]


class CrmAccountBalance(models.Model):
    """Investment against return, for any customer: one row for day and kind.

    The return is the margin as it would be without discounts, since discounts stand
    among the investments; the balance is thus the margin earned less time, bonuses,
    marketing and service.
    """

    _name = "crm.account.balance"
    _inherit = ["crm.lifecycle.report.mixin"]
    _description = "Investment and Return"
    _auto = False
    _order = "date DESC, id"
    _rec_name = "partner_id"
    _depends = {
        **CUSTOMER_DEPENDS,
        "crm.account.investment": ["profile_id", "date", "kind", "amount"],
        "crm.touchpoint": ["profile_id", "date", "duration", "is_ignored"],
        "crm.lifecycle.stage": ["zone"],
        "sale.order": ["partner_id", "company_id", "state", "date_order"],
        "sale.order.line": ["price_unit", "product_uom_qty", "discount"],
    }

    date = fields.Date(readonly=True)
    window = fields.Selection(selection=WINDOW_NAMES, readonly=True)
    kind = fields.Selection(selection=[*KINDS, ("margin", "Margin")], readonly=True)
    zone = fields.Selection(
        selection=lambda self: self._selection_zone(),
        string="Zone Today",
        readonly=True,
    )
    cost = fields.Monetary(string="Investment", readonly=True)
    gain = fields.Monetary(
        string="Return",
        readonly=True,
        help="The margin before discounts, which count as investment. Empty without "
        "the application Margins in Sales Orders.",
    )
    balance = fields.Monetary(
        string="Return Less Investment",
        readonly=True,
        help="Negative: the customer costs more than it brings.",
    )

    @api.model
    def _selection_zone(self):
        field = self.env["crm.lifecycle.stage"]._fields["zone"]
        return field._description_selection(self.env)

    @property
    def _table_query(self):
        rows = SQL(" UNION ALL ").join(
            self._sql_rows(self._get_parameters(company))
            for company in self._get_companies()
        )
        return SQL(
            """
            SELECT row_number() OVER (ORDER BY b.profile_id, b.day, b.kind) AS id,
                   b.day AS date, b.place::varchar AS window, b.kind, s.zone,
                   b.cost * company.rate AS cost, b.gain * company.rate AS gain,
                   (b.gain - b.cost) * company.rate AS balance, %(customer)s
              FROM (%(rows)s) b
              JOIN (%(customers)s) ON p.id = b.profile_id
              LEFT JOIN crm_lifecycle_stage s ON s.id = p.stage_id
            """,
            customer=self._sql_customer_columns(),
            rows=rows,
            customers=self._sql_customers(),
        )

    @api.model
    def _get_parameters(self, company):
        # sudo: settings of the company, whoever asks
        return self.env["crm.lifecycle.engine"]._get_parameters(company.sudo())

    @api.model
    def _sql_rows(self, parameters, profile_ids=None):
        """Amounts of one company by card, day and kind, of the last windows.

        :param list profile_ids: of these cards only; None: of all
        """
        return SQL(
            """
            SELECT source.profile_id, source.day, source.kind,
                   (%(today)s::date - source.day) / %(days)s AS place,
                   COALESCE(SUM(source.cost), 0) AS cost,
                   COALESCE(SUM(source.gain), 0) AS gain
              FROM (%(sources)s) source
             WHERE source.day <= %(today)s
               AND source.day > %(today)s::date - %(days)s * %(windows)s %(only)s
             GROUP BY source.profile_id, source.day, source.kind
            """,
            today=parameters.today,
            days=parameters.window_days,
            windows=WINDOWS,
            sources=SQL(" UNION ALL ").join(self._get_sources(parameters)),
            only=SQL("AND source.profile_id = ANY(%s)", profile_ids)
            if profile_ids is not None
            else SQL(),
        )

    @api.model
    def _get_sources(self, parameters):
        """Return SELECTs of card, day, kind, cost and gain in company currency; an
        add-on adds its own source."""
        sources = [self._sql_typed(parameters), self._sql_time(parameters)]
        return [*sources, *self._get_line_sources(parameters)]

    @api.model
    def _sql_typed(self, parameters):
        return SQL(
            """
            SELECT i.profile_id, i.date AS day, i.kind, i.amount::numeric AS cost,
                   0::numeric AS gain
              FROM crm_account_investment i
              JOIN crm_lifecycle_profile card ON card.id = i.profile_id
             WHERE card.company_id = %s
            """,
            parameters.company_id,
        )

    @api.model
    def _sql_time(self, parameters):
        """Hours of touchpoints at the company's cost of an hour."""
        # sudo: a setting, whoever asks
        company = self.env["res.company"].sudo().browse(parameters.company_id)
        return SQL(
            """
            SELECT t.profile_id, %(day)s, 'time', t.duration::numeric * %(rate)s, 0
              FROM crm_touchpoint t
              JOIN crm_lifecycle_profile card ON card.id = t.profile_id
             WHERE card.company_id = %(company)s AND t.duration > 0
               AND t.is_ignored IS NOT TRUE
            """,
            day=self.env["crm.lifecycle.engine"]._sql_day(parameters, SQL("t.date")),
            rate=Decimal(str(company.lifecycle_hour_cost)),
            company=parameters.company_id,
        )

    @api.model
    def _get_line_sources(self, parameters):
        """Discounts given and margin earned, from the lines of confirmed orders."""
        given = SQL(
            "line.price_unit * line.product_uom_qty * COALESCE(line.discount, 0) / 100"
        )
        parts = [SQL("'discount' AS kind, %s / rate.rate AS cost, 0 AS gain", given)]
        if self._has_margin():
            parts.append(
                SQL(
                    "'margin' AS kind, 0 AS cost, "
                    "(COALESCE(line.margin, 0) + %s) / rate.rate AS gain",
                    given,
                )
            )
        return [
            SQL(
                """
                SELECT card.id, %(day)s, %(part)s
                  FROM sale_order o
                  JOIN sale_order_line line ON line.order_id = o.id
                  JOIN res_partner person ON person.id = o.partner_id
                  JOIN crm_lifecycle_profile card
                    ON card.partner_id = person.commercial_partner_id
                   AND card.company_id = o.company_id
            CROSS JOIN LATERAL (
                       SELECT COALESCE(NULLIF(o.currency_rate, 0), 1)::numeric AS rate
                       ) rate
                 WHERE o.company_id = %(company)s AND o.state = 'sale'
                   AND line.display_type IS NULL
                   AND line.is_downpayment IS NOT TRUE
                """,
                day=self.env["crm.lifecycle.engine"]._sql_day(
                    parameters, SQL("o.date_order")
                ),
                part=part,
                company=parameters.company_id,
            )
            for part in parts
        ]

    @api.model
    def _has_margin(self):
        return "margin" in self.env["sale.order.line"]._fields

    @api.model
    def _get_figures(self, profiles):
        """Return ``{(card id, window): (investment, return)}`` in company currency,
        one query for each company."""
        self.env.flush_all()
        figures = {}
        for company, cards in profiles.grouped("company_id").items():
            rows = self._sql_rows(self._get_parameters(company), cards.ids)
            for card, place, cost, gain in self.env.execute_query(
                SQL(
                    "SELECT profile_id, place, SUM(cost)::float8, SUM(gain)::float8 "
                    "FROM (%s) rows GROUP BY profile_id, place",
                    rows,
                )
            ):
                figures[card, place] = (cost, gain)
        return figures
