# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.documents import INVOICE, ORDER

# The customers looked at: those alike whose revenue is nearest
PEERS = 300
# Fewer say nothing about what such customers buy
LEAST_PEERS = 5
LEAST_BUYERS = 2
# More are found than shown: some may not be sold any more
FOUND = 50
# Lines that are no product somebody chose, where the add-ons that mark them are there
LINE_FLAGS = ("is_downpayment", "is_delivery", "is_reward_line", "is_expense")


class CrmLifecycleProfile(models.Model):
    """What a glad customer could be offered: what others like it buy."""

    _inherit = "crm.lifecycle.profile"

    def _get_suggestions(self, limit=5):
        """Return products this customer never bought and customers like it buy.

        Alike are customers of the same category at the same stage, else of the same
        category, else at the same stage, of those the user sees. Nothing is offered to
        somebody who is dissatisfied.

        :return: list of ``(product.product record, reason)``, the most bought first
        """
        self.ensure_one()
        if self.has_open_feedback or self.is_excluded:
            return []
        peers, like = self._get_peers()
        if not peers:
            return []
        rows = self._search_products_of(peers)
        products = self.env["product.product"].with_company(self.company_id)
        sold = products.search(
            Domain("id", "in", [product_id for product_id, _buyers in rows])
            & Domain("sale_ok", "=", True)
            & Domain("company_id", "in", (False, self.company_id.id))
        )
        return [
            (
                products.browse(product_id),
                self.env._(
                    "Bought by %(buyers)s of %(peers)s customers like this one "
                    "(%(like)s)",
                    buyers=buyers,
                    peers=len(peers),
                    like=like,
                ),
            )
            for product_id, buyers in rows
            if product_id in sold._ids
        ][:limit]

    def _get_peers(self):
        """Return the customers like this one, and what they have in common."""
        buying = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("id", "!=", self.id)
            & Domain("is_excluded", "=", False)
            & Domain("window_purchase_count", ">", 0)
        )
        for names in (("category_id", "stage_id"), ("category_id",), ("stage_id",)):
            traits = [self[name] for name in names]
            if not all(traits):
                continue
            alike = Domain.AND(Domain(name, "=", self[name].id) for name in names)
            query = self._search(buying & alike)
            revenue = self._field_to_sql(self._table, "revenue", query)
            query.order = SQL("ABS(%s - %s), id", revenue, self.revenue)
            query.limit = PEERS
            peers = self.browse(query.get_result_ids())
            if len(peers) >= LEAST_PEERS:
                return peers, ", ".join(trait.name for trait in traits)
        return self.browse(), ""

    def _search_products_of(self, peers):
        """Return ``[(product id, number of peers that bought it)]`` of what peers
        bought in the window and this customer never did; one variant of each product.

        The lines come from documents the reader may not see, of customers he does.
        """
        engine = self.env["crm.lifecycle.engine"]
        today = self._company_today(self.company_id)
        window = self.company_id.sudo().lifecycle_window_days  # a setting
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                WITH document AS MATERIALIZED (
                    SELECT source, document_id, partner_id, day FROM (%(history)s) h
                     WHERE is_purchase),
                bought AS MATERIALIZED (
                    SELECT item.partner_id, item.day, item.product_id,
                           product.product_tmpl_id
                      FROM (%(items)s) item
                      JOIN product_product product ON product.id = item.product_id)
                SELECT (array_agg(product_id ORDER BY number DESC, product_id))[1],
                       (SELECT count(DISTINCT partner_id) FROM bought
                         WHERE bought.product_tmpl_id = variant.product_tmpl_id
                           AND partner_id <> %(mine)s AND day > %(since)s) AS buyers
                  FROM (SELECT product_id, product_tmpl_id,
                               count(DISTINCT partner_id) AS number
                          FROM bought WHERE partner_id <> %(mine)s AND day > %(since)s
                         GROUP BY product_id, product_tmpl_id) variant
                 WHERE product_tmpl_id NOT IN (
                       SELECT product_tmpl_id FROM bought WHERE partner_id = %(mine)s)
                 GROUP BY product_tmpl_id
                HAVING sum(number) >= %(least)s
                 ORDER BY buyers DESC, 1 LIMIT %(found)s
                """,
                history=engine._sql_history(
                    self.company_id,
                    SQL("%s::int[]", (peers + self).partner_id.ids),
                ),
                items=self._sql_items(),
                mine=self.partner_id.id,
                since=today - timedelta(window or 365),
                least=LEAST_BUYERS,
                found=FOUND,
            )
        )

    @api.model
    def _sql_items(self):
        """The SELECT of the products on the documents of ``document``, which has
        columns of the engine's history; add-ons with other sources add theirs."""
        Line = self.env["sale.order.line"]
        flags = [
            SQL("AND line.%s IS NOT TRUE", SQL.identifier(name))
            for name in LINE_FLAGS
            if name in Line._fields and Line._fields[name].store
        ]
        return SQL(
            """
            SELECT document.partner_id, document.day, line.product_id
              FROM document JOIN sale_order_line line
                ON line.order_id = document.document_id
             WHERE document.source = %(order)s AND line.product_id IS NOT NULL
               AND line.product_uom_qty > 0 %(flags)s
             UNION ALL
            SELECT document.partner_id, document.day, item.product_id
              FROM document JOIN account_move_line item
                ON item.move_id = document.document_id
             WHERE document.source = %(invoice)s AND item.display_type = 'product'
               AND item.product_id IS NOT NULL AND item.quantity > 0
            """,
            order=ORDER,
            invoice=INVOICE,
            flags=SQL(" ").join(flags),
        )
