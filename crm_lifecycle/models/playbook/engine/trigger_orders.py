# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import models
from odoo.tools import SQL


class CrmLifecycleEngine(models.AbstractModel):
    """Orders whose promise has been kept: delivered, else invoiced or old enough."""

    _inherit = "crm.lifecycle.engine"

    def _sql_trigger_fulfilled(self, scan):
        return self._sql_fulfilled_orders(scan, 0)

    def _sql_trigger_in_use(self, scan):
        return self._sql_fulfilled_orders(scan, scan.playbook.days)

    def _sql_fulfilled_orders(self, scan, days):
        """Orders fulfilled ``days`` ago, of those the playbook wants; once each."""
        day = SQL("(o.day + %s)", days)
        return SQL(
            """
            SELECT %(event)s
              FROM (%(orders)s) o
              JOIN res_partner person ON person.id = o.partner_id
              JOIN crm_lifecycle_profile p
                ON p.partner_id = person.commercial_partner_id
               AND p.company_id = o.company_id
             WHERE %(scanned)s AND %(in_time)s AND %(wanted)s
            """,
            event=self._sql_event(
                SQL("o.id"),
                day,
                SQL("NULLIF(o.partner_id, p.partner_id)"),
                "sale.order",
                SQL("o.id"),
            ),
            orders=self._sql_fulfilled(scan, days),
            scanned=self._sql_scanned(scan),
            in_time=self._sql_in_time(scan, day),
            wanted=self._sql_wanted_order(scan),
        )

    def _sql_wanted_order(self, scan):
        """Condition: it is the first, or an n-th purchase of the customer."""
        playbook = scan.playbook
        if playbook.occurrence == "every":
            return SQL("TRUE")
        number = SQL(
            """
            (SELECT count(*) FROM sale_order other
               JOIN res_partner buyer ON buyer.id = other.partner_id
              WHERE buyer.commercial_partner_id = p.partner_id
                AND other.company_id = p.company_id
                AND other.state = 'sale' AND other.amount_untaxed > 0
                AND (other.date_order, other.id) <= (o.date_order, o.id))
            """
        )
        if playbook.occurrence == "first":
            return SQL("%s = 1", number)
        return SQL("%s %% %s = 0", number, playbook.every)

    def _sql_fulfilled(self, scan, days):
        """Confirmed orders with the day on which they were fulfilled.

        Found from what fulfils them, of the days in question: one reading of the
        deliveries or invoices, and not a look at every order there ever was.
        """
        first = scan.since - timedelta(days)
        found = [self._sql_fulfilled_without_delivery(scan, first)]
        has_deliveries = "delivery_status" in self.env["sale.order"]._fields
        is_without = SQL("TRUE")
        if has_deliveries:
            is_without = SQL("so.delivery_status IS NULL")
            found.append(self._sql_fulfilled_by_delivery(scan, first))
        found[0] = SQL("SELECT * FROM (%s) so WHERE %s", found[0], is_without)
        return SQL(
            "SELECT so.id, so.partner_id, so.company_id, so.date_order, so.day "
            "FROM (%s) so WHERE so.company_id = %s AND so.state = 'sale' "
            "AND so.amount_untaxed > 0",
            SQL(" UNION ALL ").join(found),
            scan.parameters.company_id,
        )

    def _sql_orders_asked(self, scan, column):
        """Condition on a column with an order: it is of the one customer asked
        about."""
        if not scan.profile_id:
            return SQL("TRUE")
        return SQL(
            "%s IN (SELECT mine.id FROM sale_order mine "
            "JOIN res_partner buyer ON buyer.id = mine.partner_id "
            "JOIN crm_lifecycle_profile card "
            "ON card.partner_id = buyer.commercial_partner_id WHERE card.id = %s)",
            column,
            scan.profile_id,
        )

    def _sql_fulfilled_by_delivery(self, scan, first):
        """Orders all of whose deliveries are done, the last one since ``first``."""
        return SQL(
            """
            SELECT so.*, %(day)s AS day
              FROM (SELECT picking.sale_id, max(picking.date_done) AS moment
                      FROM stock_picking picking
                     WHERE picking.state = 'done' AND picking.sale_id IS NOT NULL
                       AND picking.date_done >= %(from)s AND %(asked)s
                     GROUP BY picking.sale_id) delivered
              JOIN sale_order so ON so.id = delivered.sale_id
             WHERE so.delivery_status = 'full'
            """,
            **{"from": first - timedelta(1)},
            day=self._sql_scan_day(SQL("delivered.moment"), scan),
            asked=self._sql_orders_asked(scan, SQL("picking.sale_id")),
        )

    def _sql_fulfilled_without_delivery(self, scan, first):
        """By the company's setting: fully invoiced, or so many days old."""
        company = self.env["res.company"].browse(scan.parameters.company_id).sudo()
        if company.lifecycle_fulfilled_by == "days":
            wait = company.lifecycle_fulfilled_days
            return SQL(
                "SELECT so.*, %s + %s AS day FROM sale_order so "
                "WHERE so.date_order >= %s AND %s",
                self._sql_scan_day(SQL("so.date_order"), scan),
                wait,
                first - timedelta(wait + 1),
                self._sql_orders_asked(scan, SQL("so.id")),
            )
        return SQL(
            """
            SELECT so.*, invoiced.day
              FROM (SELECT line.order_id, max(move.invoice_date) AS day
                      FROM account_move move
                      JOIN account_move_line item ON item.move_id = move.id
                      JOIN sale_order_line_invoice_rel rel
                        ON rel.invoice_line_id = item.id
                      JOIN sale_order_line line ON line.id = rel.order_line_id
                     WHERE move.state = 'posted' AND move.invoice_date >= %(from)s
                       AND move.move_type IN ('out_invoice', 'out_receipt')
                       AND %(asked)s
                     GROUP BY line.order_id) invoiced
              JOIN sale_order so ON so.id = invoiced.order_id
             WHERE so.invoice_status = 'invoiced'
            """,
            **{"from": first},
            asked=self._sql_orders_asked(scan, SQL("line.order_id")),
        )
