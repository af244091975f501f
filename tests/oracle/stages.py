"""Stage of one customer: which one, why, and since when."""

from datetime import timedelta
from decimal import Decimal
from math import floor

from .figures import entries

TYPICAL_CYCLES_ALLOWED = 3
RUNGS = {
    "potential": "prospect",
    "active": "opportunity",
    "working": "buyer",
    "regular": "customer",
    "partner": "loyal",
    "vip": "loyal",
    "key": "loyal",
    "lost_recoverable": "former",
    "lost": "former",
}
REASONS = {
    "lost_recoverable": "silence",
    "partner": "partner",
    "regular": "regular",
    "working": "working",
    "active": "agreed",
    "potential": "potential",
}


def allowed_silence(settings, rhythm):
    """Days a customer may be silent, possibly with a half."""
    least = Decimal(settings.lost_min_days)
    if rhythm is not None:
        return max(least, settings.lost_rhythm_factor * rhythm)
    if settings.typical_cycle_days:
        return max(least, Decimal(TYPICAL_CYCLES_ALLOWED * settings.typical_cycle_days))
    return Decimal(settings.lost_days)


def lost_on(settings, figures):
    """The day silence makes the customer lost, or None without purchases."""
    if not figures["purchase_count"]:
        return None
    allowed = allowed_silence(settings, figures["rhythm_days"])
    return figures["last_purchase_date"] + timedelta(floor(allowed) + 1)


def agreements(base, customer_id, today):
    """Days of everything that proves today that the customer agreed."""
    days = []
    for lead in base.leads_of(customer_id):
        if lead.is_opportunity and lead.active and not lead.is_lost:
            if lead.stage_agrees:
                days.append(base.day(lead.stage_updated or lead.created))
    for order in base.orders_of(customer_id):
        is_valid_quotation = (
            base.settings.quotation_is_agreement
            and order.state == "sent"
            and (order.valid_until is None or order.valid_until >= today)
        )
        if order.state == "sale" or is_valid_quotation:
            day = base.day(order.moment)
            if day > today:
                day = min(base.day(order.created), today)
            days.append(day)
    people = base.people[customer_id]
    if people.is_agreed:
        days.append(people.agreed_date)
    return days


def computed_stage(base, customer_id, figures, today):
    """The last link of the precedence alone."""
    settings = base.settings
    count = figures["purchase_count"]
    if count and today >= lost_on(settings, figures):
        return "lost_recoverable"
    if count >= settings.partner_count:
        if (today - figures["first_purchase_date"]).days >= settings.partner_days:
            return "partner"
    if count >= settings.regular_count:
        return "regular"
    if count >= settings.working_count:
        return "working"
    if not count and agreements(base, customer_id, today):
        return "active"
    return "potential"


def is_declared_lost(people, figures):
    """The declaration holds until a purchase is dated after it."""
    last = figures["last_purchase_date"]
    return bool(people.lost_date and not (last and last > people.lost_date))


def stage_and_reason(people, figures, computed, today):
    """The stage after hold, flags and declaration, and the code of its reason."""
    if people.hold_stage and people.hold_until >= today:
        return people.hold_stage, "hold"
    if people.is_key_account:
        return "key", "key"
    if people.is_vip:
        return "vip", "vip"
    if is_declared_lost(people, figures):
        stage = "lost_recoverable" if people.lost_recoverable else "lost"
        return stage, "declared_lost"
    return computed, REASONS[computed]


def reached_on(base, customer_id, figures, stage, today):
    """Since when purchases make the customer working, regular or partner."""
    settings = base.settings
    days = [
        entry.day for entry in entries(base, customer_id, today) if entry.is_purchase
    ]
    needed = {
        "working": settings.working_count,
        "regular": settings.regular_count,
        "partner": settings.partner_count,
    }[stage]
    since = days[needed - 1]
    if stage == "partner":
        since = max(since, days[0] + timedelta(settings.partner_days))
    allowed = allowed_silence(settings, figures["rhythm_days"])
    for before, after in zip(days, days[1:], strict=False):
        if (after - before).days > allowed:
            since = max(since, after)
    return since


def computed_since(base, customer_id, figures, stage, added, today):
    """The day from which a computed stage is true."""
    if stage == "lost_recoverable":
        return lost_on(base.settings, figures)
    if stage == "active":
        return min(agreements(base, customer_id, today))
    if stage == "potential":
        return added
    since = reached_on(base, customer_id, figures, stage, today)
    declared = base.people[customer_id].lost_date
    if declared and figures["last_purchase_date"] > declared:
        since = max(since, figures["last_purchase_date"])
    return since


def since(base, customer_id, figures, now, before, added, today):
    """The day a new stage is dated.

    What a person began has its day, what a person ended is dated today, and a hold that
    ran out the day after its last one; else the purchases and agreements say it.

    :param now: (stage, reason code) from today on
    :param before: the row as it was, or None
    """
    people = base.people[customer_id]
    stage, reason = now
    began = {
        "hold": people.hold_date,
        "key": people.key_date,
        "vip": people.vip_date,
        "declared_lost": people.lost_date,
    }.get(reason)
    ended = _ended_on(people, before.stage_reason if before else None, today)
    if began or ended:
        return max(day for day in (began, ended) if day)
    return computed_since(base, customer_id, figures, stage, added, today)


def _ended_on(people, old_reason, today):
    """The day on which the decision behind the old stage ended, or None."""
    if old_reason == "hold":
        if not people.hold_until:
            return today
        if people.hold_until < today:
            return people.hold_until + timedelta(1)
    is_withdrawn = {
        "key": not people.is_key_account,
        "vip": not people.is_vip,
        "declared_lost": not people.lost_date,
    }
    return today if is_withdrawn.get(old_reason) else None


def potential_class(settings, people, revenue, today):
    """What the customer could buy beyond what he buys: a class, or None (unknown)."""
    if not people.potential_date:
        return None
    if (today - people.potential_date).days > settings.potential_stale_days:
        return None
    if people.potential_class_manual:
        return people.potential_class_manual
    if not settings.potential_high or not settings.potential_medium:
        return None
    yearly = revenue * 365 / settings.window_days
    gap = people.potential_amount - yearly
    if gap >= settings.potential_high:
        return "high"
    return "medium" if gap >= settings.potential_medium else "low"


def category(base, people, row, today):
    """The working class of a customer: always a function of the stored row."""
    if people.is_excluded or row.stage == "lost":
        return None
    if people.is_key_account:
        return "key"
    if people.is_vip:
        return "vip"
    if not row.purchase_count:
        return "prospect"
    if row.stage == "lost_recoverable":
        return "lost"
    if (today - row.first_purchase_date).days <= base.settings.newcomer_days:
        return "new"
    abc = row.abc_class if row.abc_class in ("a", "b", "c") else "none"
    return base.matrix[abc, row.potential_class or "unknown"]
