# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Command

_logger = logging.getLogger(__name__)

TERM_DAYS = 30
# How some customers pay: days after the due date for each of their latest orders, the
# oldest first; None: not yet.
PAYERS = {
    "ivy": (0, -3),
    "meridian": (-5, None),
    "hazel": (12, 19),
    "castell": (30, None),
    "oldtown": (None,),
    "dunmore": (None,),
    "zephyr": (None,),
}


class CrmLifecycleDemo(models.AbstractModel):
    """Invoices: some paid in time, some late, some open and overdue."""

    _inherit = "crm.lifecycle.demo"

    @api.model
    def _invoice(self):
        """Invoice and pay orders, where the company has accounts to do it."""
        journals = self._get_journals()
        if not journals:
            _logger.info("Demonstration without invoices: there are no accounts yet.")
            return
        try:
            with self.env.cr.savepoint():
                self._post_invoices(self._get_orders_to_invoice(), journals["bank"])
        except (UserError, RedirectWarning) as error:
            # a country may ask more of an invoice than a demonstration has
            self.env.invalidate_all()
            _logger.info("Demonstration without invoices: %s", error)

    @api.model
    def _get_journals(self):
        """Return ``{type: journal}``; nothing while one of them is missing."""
        journals = {
            kind: self.env["account.journal"].search(
                [
                    ("type", "=", kind),
                    ("company_id", "=", self.env.company.id),
                    ("default_account_id", "!=", False),
                ],
                limit=1,
            )
            for kind in ("sale", "bank")
        }
        return journals if all(journals.values()) else {}

    @api.model
    def _get_orders_to_invoice(self):
        """Return ``[(order, days after the due date it is paid on, None: never)]``."""
        pairs = []
        for key, habit in PAYERS.items():
            orders = self.env["sale.order"].search(
                [("partner_id", "=", self._customer(key).id), ("state", "=", "sale")],
                order="date_order desc, id desc",
                limit=len(habit),
            )
            pairs += zip(reversed(orders), habit[-len(orders) :], strict=True)
        return [pair for pair in pairs if pair[0].invoice_status == "to invoice"]

    @api.model
    def _post_invoices(self, pairs, bank):
        """Invoice each order on its day, and enter the payments in one go."""
        today, term = self._day(0), timedelta(TERM_DAYS)
        orders = self.env["sale.order"].union(*(order for order, __ in pairs))
        invoices = orders._create_invoices(grouped=True)
        paid = []
        for order, delay in pairs:
            invoice = order.invoice_ids & invoices
            day = order.date_order.date()
            invoice.write({"invoice_date": day, "invoice_date_due": day + term})
            day = delay is not None and day + term + timedelta(delay)
            if day and day <= today:
                paid.append((invoice, day))
        invoices.action_post()
        self._pay(paid, bank)

    @api.model
    def _pay(self, paid, bank):
        """Bank entries that settle the receivables.

        No payments: those wait for a bank statement before they settle anything."""
        receivables = [
            invoice.line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
            )
            for invoice, __ in paid
        ]
        entries = self.env["account.move"].create(
            [
                {
                    "move_type": "entry",
                    "journal_id": bank.id,
                    "date": day,
                    "ref": invoice.name,
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": bank.default_account_id.id,
                                "debit": invoice.amount_total_signed,
                            }
                        ),
                        Command.create(
                            {
                                "account_id": line.account_id.id,
                                "partner_id": line.partner_id.id,
                                "credit": invoice.amount_total_signed,
                            }
                        ),
                    ],
                }
                for (invoice, day), line in zip(paid, receivables, strict=True)
            ]
        )
        entries.action_post()
        for entry, line in zip(entries, receivables, strict=True):
            settling = entry.line_ids.filtered(
                lambda other, line=line: other.account_id == line.account_id
            )
            (line + settling).reconcile()
