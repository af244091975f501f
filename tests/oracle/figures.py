"""Purchases and value of one customer, from his documents."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

INVOICES = ("out_invoice", "out_receipt")
CUSTOMER_MOVES = (*INVOICES, "out_refund")


@dataclass(frozen=True)
class Entry:
    """A document that moves revenue; some of them are purchases."""

    day: date
    id: int
    name: str
    amount: Decimal
    margin: Decimal
    is_purchase: bool


def rounded(amount, rounding):
    """Round to a currency, halves away from zero."""
    return (amount / rounding).quantize(Decimal(1), ROUND_HALF_UP) * rounding


def entries(base, customer_id, today):
    """Documents of a customer that count up to ``today``, in order of time."""
    if base.settings.basis == "sale":
        found = list(_order_entries(base, customer_id))
    else:
        found = list(_invoice_entries(base, customer_id, today))
    return sorted(
        (entry for entry in found if entry.day <= today),
        key=lambda entry: (entry.day, entry.id),
    )


def _order_entries(base, customer_id):
    for order in base.orders_of(customer_id):
        rate = order.rate or Decimal(1)
        amount = rounded(order.untaxed / rate, base.rounding)
        if order.state == "sale" and amount > 0:
            yield Entry(
                base.day(order.moment),
                order.id,
                order.name,
                amount,
                rounded(order.margin / rate, base.rounding),
                True,
            )


def _invoice_entries(base, customer_id, today):
    for invoice in base.invoices_of(customer_id):
        if invoice.state != "posted" or invoice.move_type not in CUSTOMER_MOVES:
            continue
        credited = sum(
            note.untaxed
            for note in base.invoices
            if note.move_type == "out_refund"
            and note.state == "posted"
            and note.reversed_id == invoice.id
            and note.day <= today
        )
        yield Entry(
            invoice.day,
            invoice.id,
            invoice.name,
            invoice.untaxed_signed,
            Decimal(0),
            invoice.move_type in INVOICES and credited < invoice.untaxed,
        )


def last_document(base, customer_id, today):
    """The day of the latest document up to ``today``."""
    days = [
        base.day(order.moment)
        for order in base.orders_of(customer_id)
        if order.state in ("draft", "sent", "sale")
    ]
    days += [
        invoice.day
        for invoice in base.invoices_of(customer_id)
        if invoice.state == "posted" and invoice.move_type in CUSTOMER_MOVES
    ]
    days += [base.day(lead.created) for lead in base.leads_of(customer_id)]
    return max((day for day in days if day <= today), default=None)


def rhythm(days):
    """Median gap between distinct days, from three days on."""
    days = sorted(set(days))
    if len(days) < 3:
        return None
    gaps = [
        (after - before).days for before, after in zip(days, days[1:], strict=False)
    ]
    return median(Decimal(gap) for gap in gaps)


def figures(base, customer_id, today):
    """The columns of purchases and value, as a dict."""
    found = entries(base, customer_id, today)
    purchases = [entry for entry in found if entry.is_purchase]
    days = [entry.day for entry in purchases]
    length = base.settings.window_days
    opens = today - timedelta(length - 1)
    opened_before = today - timedelta(2 * length - 1)
    window = [entry for entry in found if entry.day >= opens]
    previous = [entry for entry in found if opened_before <= entry.day < opens]
    count = sum(entry.is_purchase for entry in window)
    revenue = sum((entry.amount for entry in window), Decimal(0))
    typical = rhythm(days)
    with_margin = base.has_margin and base.settings.basis == "sale"
    return {
        "purchase_count": len(purchases),
        "first_purchase_date": min(days, default=None),
        "last_purchase_date": max(days, default=None),
        "last_document_date": last_document(base, customer_id, today),
        "lifetime_revenue": sum((entry.amount for entry in found), Decimal(0)),
        "turn_number": len(set(days)),
        "rhythm_days": typical,
        "expected_purchase_date": (
            None if typical is None else max(days) + timedelta(int(typical))
        ),
        "window_purchase_count": count,
        "revenue": revenue,
        "revenue_previous": sum((entry.amount for entry in previous), Decimal(0)),
        "margin": _margin(window) if with_margin else None,
        "margin_previous": _margin(previous) if with_margin else None,
        "average_purchase": rounded(revenue / count, base.rounding) if count else None,
    }


def _margin(found):
    return sum((entry.margin for entry in found), Decimal(0))


def lost_value(base, customer_id, today):
    """What came in during the 365 days that end with the last purchase."""
    found = entries(base, customer_id, today)
    days = [entry.day for entry in found if entry.is_purchase]
    if not days:
        return Decimal(0)
    last = max(days)
    opens = last - timedelta(364)
    return sum((e.amount for e in found if opens <= e.day <= last), Decimal(0))
