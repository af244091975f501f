"""A computation of some customers, and of everybody."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from .documents import People, Row, Step
from .figures import figures, lost_value
from .stages import (
    RUNGS,
    category,
    computed_stage,
    potential_class,
    since,
    stage_and_reason,
)

ORDER = {"a": 0, "b": 1, "c": 2}


# -- who has a profile ------------------------------------------------------------


def customers(base, before):
    """Ids of the customers that have or get a profile in the company."""
    found = set(before)
    for partner in base.partners.values():
        if partner.commercial_id == partner.id and _gets_profile(base, partner, before):
            found.add(partner.id)
    return found


def _gets_profile(base, partner, before):
    if partner.company_id not in (None, base.company_id):
        return False
    orders = [order for order in base.orders_of(partner.id) if order.state != "cancel"]
    invoices = [
        invoice
        for invoice in base.invoices_of(partner.id)
        if invoice.state == "posted"
        and invoice.move_type in ("out_invoice", "out_receipt", "out_refund")
    ]
    if partner.is_own:
        return any(order.state == "sale" for order in orders) or bool(invoices)
    leads = [
        lead
        for lead in base.leads_of(partner.id)
        if lead.company_id == base.company_id or base.one_company
    ]
    belongs = base.one_company or partner.company_id == base.company_id
    return bool(orders or invoices or leads or (partner.customer_rank > 0 and belongs))


def is_active(base, customer_id):
    partner = base.partners[customer_id]
    return (
        partner.active
        and partner.commercial_id == partner.id
        and partner.company_id in (None, base.company_id)
    )


# -- one customer -----------------------------------------------------------------


def _people(base, customer_id):
    return base.people.get(customer_id, People())


def _computed(base, customer_id, before, today):
    """The row after purchases, value, stage and category were computed."""
    people = base.people[customer_id]
    row = before or Row(partner_id=customer_id, added_date=today)
    numbers = figures(base, customer_id, today)
    computed = computed_stage(base, customer_id, numbers, today)
    row = replace(
        row,
        **numbers,
        active=is_active(base, customer_id),
        computed_stage=computed,
        is_lapsed=(people.is_vip or people.is_key_account)
        and computed == "lost_recoverable",
        potential_class=potential_class(
            base.settings, people, numbers["revenue"], today
        ),
    )
    if people.is_excluded:  # at once; everything else of a ranking waits for the pass
        row = replace(row, abc_class=None, abc_below_since=None)
    else:
        now = stage_and_reason(people, numbers, computed, today)
        day = row.stage_date
        if not before or before.stage != now[0]:
            added = row.added_date
            day = since(base, customer_id, numbers, now, before, added, today)
        row = replace(
            row,
            stage=now[0],
            stage_reason=now[1],
            stage_date=day,
            loyalty_rung=RUNGS[now[0]],
        )
    is_lost = row.stage == "lost_recoverable"
    return replace(
        row,
        lost_value=lost_value(base, customer_id, today) if is_lost else None,
        category=category(base, people, row, today),
    )


def _cause(cause, before, row, queued):
    """First that holds: by hand, baseline, settings, purchase, event, time."""
    if cause in ("manual", "merge", "baseline"):
        return cause
    more = row.purchase_count > (before.purchase_count if before else 0)
    last = before.last_purchase_date if before else None
    later = row.last_purchase_date and (not last or row.last_purchase_date > last)
    if cause == "settings" and not more:
        return "settings"
    if more or later:
        return "purchase"
    return "event" if queued or cause == "event" or not before else "time"


def _step(base, before, row, today, cause):
    """The transition between two states of a row, or None."""
    old_stage = before.stage if before else None
    old_category = before.category if before else None
    if (old_stage, old_category) == (row.stage, row.category):
        return None
    excluded = base.people[row.partner_id].is_excluded
    return Step(
        partner_id=row.partner_id,
        date=row.stage_date if old_stage != row.stage else today,
        cause=cause,
        from_stage=old_stage,
        to_stage=row.stage,
        from_category=old_category,
        to_category=row.category,
        reacts=cause != "baseline" and row.active and not excluded,
    )


def some(base, before, today, ids=None, cause="time", queued=()):
    """Recompute customers without ranking anybody.

    :param dict before: rows by customer, as they are stored now
    :param ids: contacts or customers; None: everybody who has or gets a profile
    :param queued: customers that wait in the queue of events
    :return: (rows by customer, list of transitions)
    """
    rows, steps = dict(before), []
    wanted = customers(base, before)
    if ids is not None:
        wanted &= {base.customer(partner_id) for partner_id in ids} | set(ids)
    base = replace(
        base, people={i: _people(base, i) for i in set(wanted) | set(before)}
    )
    for customer_id in sorted(wanted):
        old = before.get(customer_id)
        if old and not is_active(base, customer_id):
            rows[customer_id] = replace(old, active=False)
            continue
        row = _computed(base, customer_id, old, today)
        why = _cause(cause, old, row, customer_id in queued)
        step = _step(base, old, row, today, why)
        rows[customer_id] = row
        if step:
            steps.append(step)
    return rows, steps


# -- everybody --------------------------------------------------------------------


def _value(base, row):
    by_margin = (
        base.settings.abc_value == "margin"
        and base.settings.basis == "sale"
        and base.has_margin
    )
    return row.margin if by_margin else row.revenue


def _is_newcomer(base, row, today):
    days = base.settings.abc_newcomer_days
    first = row.first_purchase_date
    return bool(days and first and (today - first).days <= days)


def ranked(base, rows, today):
    """ABC class of every customer who takes part, by the ranking of today."""
    taking_part = [
        row
        for row in rows.values()
        if row.active
        and not _people(base, row.partner_id).is_excluded
        and _value(base, row) > 0
    ]
    classes = {row.partner_id: "n" for row in taking_part}
    taking_part = [row for row in taking_part if not _is_newcomer(base, row, today)]
    taking_part.sort(key=lambda row: (-_value(base, row), row.partner_id))
    total = sum((_value(base, row) for row in taking_part), Decimal(0))
    passed = Decimal(0)
    for row in taking_part:
        if passed * 100 < base.settings.abc_a_limit * total:
            classes[row.partner_id] = "a"
        elif passed * 100 < base.settings.abc_b_limit * total:
            classes[row.partner_id] = "b"
        else:
            classes[row.partner_id] = "c"
        passed += _value(base, row)
    return classes


def _held_class(settings, row, new, today):
    """(class, since when it ranks lower) with the patience of the company."""
    old = row.abc_class
    if not settings.abc_down_days or old not in ORDER or new not in ORDER:
        return new, None
    if ORDER[new] <= ORDER[old]:
        return new, None
    below = row.abc_below_since or today
    if (today - below).days >= settings.abc_down_days:
        return new, None
    return old, below


def scores(base, rows):
    """(recency, frequency, monetary) of every customer with purchases in the window."""
    buyers = [row for row in rows.values() if row.active and row.window_purchase_count]

    def score(row, key):
        worse = sum(key(other) < key(row) for other in buyers)
        return 1 + 5 * worse // len(buyers)

    return {
        row.partner_id: (
            score(row, lambda one: one.last_purchase_date),
            score(row, lambda one: one.window_purchase_count),
            score(row, lambda one: _value(base, one)),
        )
        for row in buyers
    }


def settle(base, rows, today, cause="time"):
    """Rank everybody; (rows, transitions) like :func:`some`."""
    base = replace(base, people={i: _people(base, i) for i in rows})
    classes, marks = ranked(base, rows, today), scores(base, rows)
    settled, steps = dict(rows), []
    for customer_id, row in sorted(rows.items()):
        if not row.active:
            continue
        new = classes.get(customer_id)
        abc_class, below = _held_class(base.settings, row, new, today)
        recency, frequency, monetary = marks.get(customer_id, (0, 0, 0))
        new_row = replace(
            row,
            abc_class=abc_class,
            abc_below_since=below,
            recency_score=recency,
            frequency_score=frequency,
            monetary_score=monetary,
        )
        people = base.people[customer_id]
        new_row = replace(new_row, category=category(base, people, new_row, today))
        settled[customer_id] = new_row
        step = _step(base, row, new_row, today, cause)
        if step:
            steps.append(step)
    return settled, steps


def full(base, before, today, cause="time", queued=()):
    """Everybody: recomputed, then ranked. The baseline makes one step of the two."""
    rows, steps = some(base, before, today, None, cause, queued)
    later = cause if cause in ("baseline", "settings") else "time"
    settled, more = settle(base, rows, today, later)
    if cause != "baseline":
        return settled, steps + more
    final = {step.partner_id: step for step in steps}
    for step in more:
        first = final.get(step.partner_id)
        if first:
            step = replace(first, to_category=step.to_category)
        final[step.partner_id] = step
    return settled, list(final.values())


def unchanged_until(base, row, today, horizon):
    """The first day after today on which date alone changes the customer, or None.

    Ranking is left out: it depends on the others.
    """
    base = replace(
        base, people={**base.people, row.partner_id: _people(base, row.partner_id)}
    )
    for offset in range(1, horizon + 1):
        day = today + timedelta(offset)
        new = _computed(base, row.partner_id, row, day)
        if new != row:
            return day
    return None
