# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL

from .story import ENQUIRIES, OPPORTUNITIES, QUOTATIONS

SERVICES = ("visit", "inspection", "training", "rental")
# Goods are sold lately only, so that few deliveries wait.
GOODS_DAYS = 30
SEASON = (1.0, 1.15, 0.9, 1.05)
MAX_DISCOUNT = 30


class CrmLifecycleDemo(models.AbstractModel):
    """What was asked and sold."""

    _inherit = "crm.lifecycle.demo"

    @api.model
    def _get_sales(self, rows):
        """Return ``(days ago, customer row, what, more)``, the oldest first.

        What is ``order`` (more: the order, still a quotation), ``quotation``, ``lead``
        or what becomes of a lead.
        """
        by_key = {row["key"]: row for row in rows}
        events = self._prepare_orders(rows)
        for row in rows:
            events += self._get_first_enquiry(row)
        for days, key, name, amount, outcome, until in OPPORTUNITIES:
            row = by_key[key] if key else None
            lead = {"name": name, "amount": amount}
            events.append((days, row, "lead", lead))
            if outcome != "open":
                events.append((days - until, row, outcome, lead))
        for days, key, amount, is_sent in QUOTATIONS:
            events.append((days, by_key[key], "quotation", (amount, is_sent)))
        # a free first order: bought nothing yet, but agreed
        events.append((12, by_key["acacia"], "quotation", (0, None)))
        return sorted(events, key=lambda event: -event[0])

    @api.model
    def _get_first_enquiry(self, row):
        if row["asked"] is None:
            return []
        lead = {
            "name": ENQUIRIES[row["number"] % len(ENQUIRIES)],
            "amount": int(row["amount"]) or 1500,
        }
        events = [(row["asked"], row, "lead", lead)]
        if row["agreed"] is not None:
            events.append((row["agreed"], row, "proposed", lead))
        if row["days"]:
            events.append((row["days"][-1], row, "won", lead))
        return events

    @api.model
    def _sell(self, events):
        """Enter the sales of one step; return the ids of the customers."""
        orders = [event for event in events if event[2] == "order"]
        if orders:
            self._confirm_orders(orders)
        for days, row, what, more in events:
            if what == "lead":
                self._create_lead(days, row, more)
            elif what == "quotation":
                self._create_quotation(days, row, *more)
            elif what != "order":
                self._move_lead(days, what, more)
        self.env.flush_all()
        return {self._customer(row["key"]).id for __, row, *__ in events if row}

    # ------------------------------------------------------------
    # ORDERS
    # ------------------------------------------------------------

    @api.model
    def _prepare_orders(self, rows):
        """Make all orders at once, as quotations; each is confirmed in its step."""
        events = [
            (days, row, number)
            for row in rows
            for number, days in enumerate(reversed(row["days"]))
        ]
        events.sort(key=lambda event: -event[0])
        orders = self.env["sale.order"].create(
            [
                self._prepare_order(row, self._prepare_lines(days, row, number))
                for days, row, number in events
            ]
        )
        return [
            (days, row, "order", order)
            for (days, row, __), order in zip(events, orders, strict=True)
        ]

    @api.model
    def _confirm_orders(self, events):
        """Confirm orders as people confirm them, then move them to their day."""
        orders = self.env["sale.order"].union(*(event[3] for event in events))
        orders.action_confirm()
        for days, row, __, order in events:
            order.date_order = self._moment(days, row["number"])

    @api.model
    def _create_quotation(self, days, row, amount, is_sent):
        """A quotation, or an order without an amount (``is_sent`` None)."""
        product = self.env.ref("crm_lifecycle.demo_product_visit")
        line = {
            "product_id": product.id,
            "product_uom_qty": max(1, round(amount / product.list_price)),
        }
        if not amount:
            line["price_unit"] = 0
        order = self.env["sale.order"].create(self._prepare_order(row, [line]))
        if is_sent is None:
            order.action_confirm()
        elif is_sent:
            order.action_quotation_sent()
        order.date_order = self._moment(days)

    @api.model
    def _prepare_order(self, row, lines):
        return {
            "partner_id": self._customer(row["key"]).id,
            "company_id": self.env.company.id,
            "user_id": self._user(row["user"]).id,
            "order_line": [Command.create(line) for line in lines],
        }

    @api.model
    def _prepare_lines(self, days, row, number):
        """One service, and goods with it now and then."""
        growth = int(row["growth"])
        name = SERVICES[(row["number"] + number // 3) % len(SERVICES)]
        product = self.env.ref(f"crm_lifecycle.demo_product_{name}")
        amount = int(row["amount"]) * SEASON[number % len(SEASON)]
        amount *= (1 + max(growth, 0) / 100) ** number
        line = {
            "product_id": product.id,
            "product_uom_qty": max(1, round(amount / product.list_price)),
        }
        if growth < 0:
            line["discount"] = min(-growth * number, MAX_DISCOUNT)
        if days > GOODS_DAYS or row["number"] % 2:
            return [line]
        parts = self.env.ref("crm_lifecycle.demo_product_parts")
        quantity = 1 + row["number"] % 4
        return [line, {"product_id": parts.id, "product_uom_qty": quantity}]

    # ------------------------------------------------------------
    # LEADS
    # ------------------------------------------------------------

    @api.model
    def _create_lead(self, days, row, lead):
        """An opportunity, of somebody unknown when there is no row."""
        user = self._user(row["user"] if row else ("daniel", "petra")[days % 2])
        lead["record"] = self.env["crm.lead"].create(
            {
                "name": lead["name"],
                "type": "opportunity",
                "partner_id": row and self._customer(row["key"]).id,
                "company_id": self.env.company.id,
                "user_id": user.id,
                "stage_id": self._get_pipeline_stage("open").id,
                "expected_revenue": lead["amount"],
            }
        )
        names = ["create_date", "date_last_stage_update"]
        self._redate(lead["record"], days, names + ["date_open"] * bool(user))

    @api.model
    def _move_lead(self, days, what, lead):
        """On in the pipeline, as of its day."""
        record = lead["record"]
        if what == "won":
            record.action_set_won()
        elif what == "lost":
            reason = self.env["crm.lost.reason"].search([], limit=1)
            record.action_set_lost(lost_reason_id=reason.id)
        else:
            record.stage_id = self._get_pipeline_stage(what)
        names = ["date_last_stage_update"]
        self._redate(record, days, names + ["date_closed"] * (what != "proposed"))

    @api.model
    def _get_pipeline_stage(self, what):
        """The first stage of the pipeline, or the first one that counts as agreed."""
        domain = [("team_ids", "=", False)]
        if what == "proposed":
            domain += [("lifecycle_is_agreement", "=", True), ("is_won", "=", False)]
        return self.env["crm.stage"].search(domain, limit=1)

    @api.model
    def _redate(self, record, days, names):
        """Move moments that Odoo sets itself."""
        record.flush_recordset()
        moment = self._moment(days)
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id = %s",
                SQL.identifier(record._table),
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), moment) for name in names
                ),
                record.id,
            )
        )
        record.invalidate_recordset(names)
