"""Documents made by Odoo itself: confirmed, changed, posted, reversed, cancelled.

Here the queue is filled by the add-on's own hooks: a customer whom no hook queued keeps
his old figures, and the comparison shows it.
"""

from datetime import datetime, time, timedelta

from odoo import Command

from tests import oracle
from tests.support import reader
from tests.support.oracle_case import OracleCase


class TestRealDocuments(OracleCase):
    companies = 1

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading("generic_coa", cls.company)
        cls.company.lifecycle_tz = "Asia/Tokyo"
        cls.today = cls.engine._today(cls.company)
        cls.product = cls.env["product.product"].create(
            {
                "name": "Thing",
                "type": "service",
                "invoice_policy": "order",
                "list_price": 100,
                "standard_price": 60,
                "taxes_id": False,
            }
        )
        currency = cls.env.ref("base.EUR")
        if currency == cls.company.currency_id:
            currency = cls.env.ref("base.USD")
        currency.active = True
        cls.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "company_id": cls.company.id,
                "name": cls.today - timedelta(2000),
                "rate": 1.37,
            }
        )
        cls.foreign = cls.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": currency.id}
        )
        cls.customers = cls.env["res.partner"].create(
            [{"name": f"Real {number}", "is_company": True} for number in range(6)]
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Buyer", "parent_id": cls.customers[0].id}
        )
        cls.engine._recompute(cls.company, today=cls.today, cause="baseline")
        cls.env.cr.flush()

    def order(self, partner, days_ago, price=100, **values):
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create({"product_id": self.product.id, "price_unit": price})
                ],
                **values,
            }
        )
        order.action_confirm()
        day = self.today - timedelta(days_ago)
        order.date_order = datetime.combine(day, time(14, 59))
        return order

    def invoice(self, partner, days_ago, price=100):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": self.today - timedelta(days_ago),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": price,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        invoice.action_post()
        return invoice

    def credit(self, invoice, share=1):
        """A credit note by Odoo's own dialog, of all or a part."""
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        yesterday = self.today - timedelta(1)  # a day that has come in every zone
        dialog = wizard.create({"journal_id": invoice.journal_id.id, "date": yesterday})
        action = dialog.refund_moves()
        note = self.env["account.move"].browse(action["res_id"])
        note.invoice_line_ids.price_unit *= share
        note.action_post()
        return note

    def drain_and_compare(self):
        """What the hooks queued is enough to bring every profile up to date."""
        self.env.cr.flush()
        self.env.invalidate_all()
        events = self.env["crm.lifecycle.event"].search_read(
            [("company_id", "=", self.company.id)], ["partner_id"]
        )
        before, last = self.read_rows(), reader.last_transition(self.env)
        base = self.read_base()
        queued = {base.customer(event["partner_id"][0]) for event in events}
        expected = oracle.some(base, before, self.today, queued=queued)
        self.assertNotEqual(expected[0], before)
        with self.today_is(self.today):
            self.engine._drain(limit=1000)
        self.check(expected, after=last)
        last = reader.last_transition(self.env)
        expected = oracle.full(base, expected[0], self.today)
        self.engine._recompute(self.company, today=self.today)
        self.check(expected, after=last)

    def test_orders(self):
        first, second, third, fourth, fifth, _sixth = self.customers
        orders = [self.order(self.contact, ago) for ago in (1, 40, 80)]
        self.order(second, 3, 99.99, pricelist_id=self.foreign.id)
        free = self.order(third, 3, 0)
        cancelled = self.order(fourth, 3)
        self.env["sale.order"].create({"partner_id": fifth.id})
        self.drain_and_compare()
        self.assertEqual(free.amount_untaxed, 0)
        orders[0].order_line.product_uom_qty = 7
        cancelled._action_cancel()
        free.order_line.price_unit = 12
        self.drain_and_compare()
        cancelled.action_draft()
        cancelled.action_confirm()
        orders[1].date_order -= timedelta(400)
        self.contact.parent_id = fifth
        self.drain_and_compare()
        second.action_archive()
        orders[2].partner_id = fourth
        self.drain_and_compare()
        second.action_unarchive()
        self.order(first, 0)
        self.drain_and_compare()

    def test_leads(self):
        stages = self.planter.stages
        lead = self.env["crm.lead"].create(
            {
                "name": "Asked",
                "type": "opportunity",
                "partner_id": self.contact.id,
                "stage_id": stages[0].id,
            }
        )
        self.drain_and_compare()
        lead.stage_id = stages[1]
        self.drain_and_compare()
        lead.action_set_lost()
        self.drain_and_compare()
        lead.action_unarchive()
        lead.partner_id = self.customers[4]
        lead.action_set_won()
        self.drain_and_compare()
        lead.unlink()
        self.drain_and_compare()

    def test_invoices(self):
        self.company.lifecycle_basis = "invoice"
        self.env.cr.flush()
        self.engine._recompute(self.company, today=self.today, cause="settings")
        first, second, third = self.customers[:3]
        invoices = [self.invoice(self.contact, ago) for ago in (5, 30, 400)]
        half, whole = self.invoice(second, 10), self.invoice(third, 10)
        self.drain_and_compare()
        self.credit(half, 0.5)
        self.credit(whole)
        self.drain_and_compare()
        self.assertEqual(self.purchases(second), 1)
        self.assertEqual(self.purchases(third), 0)
        invoices[0].button_draft()
        self.drain_and_compare()
        self.assertEqual(self.purchases(first), 2)
        invoices[0].invoice_line_ids.price_unit = 33
        invoices[0].action_post()
        self.credit(half, 0.5)
        self.drain_and_compare()
        self.assertEqual(self.purchases(second), 0)

    def purchases(self, partner):
        return self.read_rows()[partner.id].purchase_count
