# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

WINDOWS = 4
# Less than this is no creep but a rounding, in points of a hundred
STEP = 1.0


class CrmAccountReview(models.Model):
    """Terms creep: discounts that grow and margins that fall, window by window."""

    _inherit = "crm.account.review"

    @api.model
    def _get_terms(self, profiles):
        """Return how the terms developed, from the lines of confirmed orders.

        :param profiles: cards of any companies
        :return: ``{card id: [{"window": 0 for the current, 1 for the one before, ...,
            "revenue", "discount" (average in %, weighted by list value), "margin"
            (None without margins), "margin_share" (% or None)}]}``, newest first
        """
        terms = {profile.id: [] for profile in profiles}
        engine = self.env["crm.lifecycle.engine"]
        self.env["sale.order.line"].flush_model()
        self.env["sale.order"].flush_model()
        for company, cards in profiles.grouped("company_id").items():
            # sudo: settings of the company, whoever asks
            parameters = engine._get_parameters(company.sudo())
            for row in self.env.execute_query_dict(self._sql_terms(parameters, cards)):
                terms[row.pop("profile_id")].append(row)
        return terms

    @api.model
    def _sql_terms(self, parameters, cards):
        return SQL(
            """
            SELECT profile_id, place AS window, SUM(net)::float8 AS revenue,
                   (100 * SUM(list * discount / 100)
                    / NULLIF(SUM(list), 0))::float8 AS discount,
                   SUM(margin)::float8 AS margin,
                   (100 * SUM(margin) / NULLIF(SUM(net), 0))::float8 AS margin_share
              FROM (%(sold)s) sold
             GROUP BY profile_id, place
             ORDER BY profile_id, place
            """,
            sold=self._sql_sold_lines(parameters, cards),
        )

    @api.model
    def _sql_sold_lines(self, parameters, cards):
        """Lines of confirmed orders of the last windows: card, window, amounts."""
        day = self.env["crm.lifecycle.engine"]._sql_day(parameters, SQL("o.date_order"))
        margin = SQL("NULL::numeric")
        if "margin" in self.env["sale.order.line"]._fields:
            margin = SQL("line.margin")
        return SQL(
            """
            SELECT card.id AS profile_id,
                   (%(today)s::date - %(day)s) / %(days)s AS place,
                   line.price_subtotal / rate.rate AS net,
                   %(margin)s / rate.rate AS margin,
                   line.price_unit * line.product_uom_qty / rate.rate AS list,
                   COALESCE(line.discount, 0) AS discount
              FROM crm_lifecycle_profile card
              JOIN res_partner person ON person.commercial_partner_id = card.partner_id
              JOIN sale_order o
                ON o.partner_id = person.id AND o.company_id = card.company_id
              JOIN sale_order_line line ON line.order_id = o.id
        CROSS JOIN LATERAL (
                   SELECT COALESCE(NULLIF(o.currency_rate, 0), 1)::numeric AS rate
                   ) rate
             WHERE card.id = ANY(%(cards)s) AND o.state = 'sale'
               AND line.display_type IS NULL AND line.is_downpayment IS NOT TRUE
               AND %(day)s <= %(today)s
               AND %(day)s > %(today)s::date - %(days)s * %(windows)s
            """,
            today=parameters.today,
            day=day,
            days=parameters.window_days,
            windows=WINDOWS,
            margin=margin,
            cards=cards.ids,
        )

    @api.model
    def _is_creeping(self, windows):
        """Whether discounts only grow, or margins only fall, from window to window.

        :param list windows: those of one card, see `_get_terms`
        """
        oldest_first = list(reversed(windows))
        discounts = [row["discount"] or 0 for row in oldest_first]
        shares = [
            -row["margin_share"]
            for row in oldest_first
            if row["margin_share"] is not None
        ]
        return any(
            len(values) > 1
            and values == sorted(values)
            and values[-1] - values[0] >= STEP
            for values in (discounts, shares)
        )
