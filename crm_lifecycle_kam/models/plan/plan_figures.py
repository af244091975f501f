# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL


class CrmAccountPlan(models.Model):
    """The account in figures: what objectives are measured by."""

    _inherit = "crm.account.plan"

    def _get_figures(self):
        """Return ``{plan id: {objective kind: value}}``; three queries for all.

        Revenue and purchases: of the plan's days up to today, by the company's
        purchase basis. Product categories: bought in the plan's days, never before
        them. Margin, share of wallet (percent) and coverage: as the card says today.
        """
        plans = self._origin.filtered(lambda plan: plan.date_from and plan.date_to)
        figures = {
            plan.id: {
                "revenue": 0,
                "orders": 0,
                "product_categories": 0,
                "margin": plan.profile_id.margin or 0,
                "share_of_wallet": 100 * (plan.profile_id.share_of_wallet or 0),
                "coverage": plan.profile_id.dmu_coverage or 0,
            }
            for plan in plans
        }
        for plan_id, revenue, orders in plans._query_purchases():
            figures[plan_id].update(revenue=revenue or 0, orders=orders)
        for plan_id, count in plans._query_product_categories():
            figures[plan_id]["product_categories"] = count
        return figures

    def _sql_periods(self):
        """Return a FROM item ``plan`` (id, partner_id, company_id, start, stop, tz)."""
        engine = self.env["crm.lifecycle.engine"]
        rows = []
        # sudo: whose plan it is; plans themselves are read with one's rules
        for plan in self.sudo():
            card = plan.profile_id
            days = (plan.date_from, plan.date_to)
            zone = engine._get_timezone(card.company_id)
            rows.append((plan.id, card.partner_id.id, card.company_id.id, *days, zone))
        columns = list(zip(*rows, strict=True)) or [()] * 6
        return SQL(
            "unnest(%s::int[], %s::int[], %s::int[], %s::date[], %s::date[], "
            "%s::text[]) AS plan (id, partner_id, company_id, start, stop, tz)",
            *map(list, columns),
        )

    def _query_purchases(self):
        """Return (plan id, revenue, purchases) of the plans' periods."""
        if not self:
            return []
        # sudo: the settings of the companies say what a purchase is
        cards = self.sudo().profile_id
        engine = self.env["crm.lifecycle.engine"].sudo()
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT plan.id, SUM(h.amount)::float8,
                       COUNT(*) FILTER (WHERE h.is_purchase)
                  FROM %(periods)s
                  JOIN (%(history)s) h ON h.partner_id = plan.partner_id
                   AND h.company_id = plan.company_id
                   AND h.day BETWEEN plan.start AND plan.stop
                 GROUP BY plan.id
                """,
                periods=self._sql_periods(),
                history=engine._sql_history(
                    cards.company_id, SQL("%s::int[]", cards.partner_id.ids)
                ),
            )
        )

    def _query_product_categories(self):
        """Return (plan id, product categories bought for the first time)."""
        if not self:
            return []
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT first.id, COUNT(*)
                  FROM (
                        SELECT plan.id, plan.start, plan.stop, template.categ_id,
                               MIN(o.date_order AT TIME ZONE 'UTC'
                                   AT TIME ZONE plan.tz)::date AS day
                          FROM %(periods)s
                          JOIN res_partner c ON c.commercial_partner_id
                               = plan.partner_id
                          JOIN sale_order o ON o.partner_id = c.id
                           AND o.company_id = plan.company_id AND o.state = 'sale'
                          JOIN sale_order_line l ON l.order_id = o.id
                           AND l.display_type IS NULL AND l.product_uom_qty > 0
                          JOIN product_product product ON product.id = l.product_id
                          JOIN product_template template
                            ON template.id = product.product_tmpl_id
                         WHERE template.categ_id IS NOT NULL
                         GROUP BY plan.id, plan.start, plan.stop, template.categ_id
                       ) first
                 WHERE first.day BETWEEN first.start AND first.stop
                 GROUP BY first.id
                """,
                periods=self._sql_periods(),
            )
        )

    @api.model
    def _get_period_figures(self, card, start, stop):
        """Return (revenue, purchases) of a customer card from one day to another.

        :raise AccessError: the user may not see this card
        """
        card.check_access("read")
        # sudo: the settings of the company say what a purchase is
        engine = self.env["crm.lifecycle.engine"].sudo()
        self.env.flush_all()
        history = engine._sql_history(
            card.sudo().company_id, SQL("ARRAY[%s::int]", card.sudo().partner_id.id)
        )
        return self.env.execute_query(
            SQL(
                "SELECT COALESCE(SUM(h.amount), 0)::float8, "
                "COUNT(*) FILTER (WHERE h.is_purchase) FROM (%s) h "
                "WHERE h.partner_id = %s AND h.day BETWEEN %s AND %s",
                history,
                card.sudo().partner_id.id,
                start,
                stop,
            )
        )[0]

    def _get_baseline(self, kind):
        """Return what was reached in the same number of days before the plan."""
        self.ensure_one()
        if kind == "product_categories" or not (self.date_from and self.date_to):
            return 0
        length = self.date_to - self.date_from + timedelta(1)
        revenue, orders = self._get_period_figures(
            self.profile_id._origin,
            self.date_from - length,
            self.date_from - timedelta(1),
        )
        return revenue if kind == "revenue" else orders
