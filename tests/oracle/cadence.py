"""The contact regulation, slowly and obviously: day by day, contact by contact."""

import calendar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo

DAY = timedelta(1)
LONG_AGO = date(1900, 1, 1)


@dataclass(frozen=True)
class Rule:
    """``counted``: the (channel, direction) pairs that fulfil it."""

    key: int
    categories: frozenset
    counted: frozenset
    times: int
    number: int
    unit: str
    start: date
    right_person: bool = False


@dataclass(frozen=True)
class Contact:
    """At a moment (UTC) over a channel, begun by us or them, with some people."""

    moment: datetime
    channel: str
    direction: str
    people: frozenset
    ignored: bool = False
    key: int = 0


@dataclass(frozen=True)
class Pause:
    first: date
    last: date
    rule: int | None
    approved: bool
    decided: date


@dataclass(frozen=True)
class Exempt:
    """Another interval, or (``times`` 0) no rule at all."""

    first: date
    last: date | None
    rule: int | None
    times: int
    number: int
    unit: str
    decided: date


@dataclass
class Customer:
    """``moves``: (day, category); ``managers``: (first day, who)."""

    added: date
    moves: list
    contacts: list = field(default_factory=list)
    pauses: list = field(default_factory=list)
    exempts: list = field(default_factory=list)
    deciders: frozenset = frozenset()
    managers: list = field(default_factory=list)


# -- days and intervals -------------------------------------------------------------


def local_day(moment, zone):
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()


def plus(day, times, number, unit):
    """The day one interval later."""
    if unit == "month" and times == 1:
        month = day.month - 1 + number
        year, month = day.year + month // 12, month % 12 + 1
        return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    period = Fraction(number) * {"day": 1, "week": 7, "month": Fraction(365, 12)}[unit]
    return day + max(floor(period / times), 1) * DAY


# -- what holds on a day ------------------------------------------------------------


def category(customer, day):
    found = None
    for since, code in customer.moves:
        if since <= day:
            found = code
    return found


def _inside(customer, rule, day):
    return category(customer, day) in rule.categories


def _exempts(customer, rule, day, from_decision):
    """Those of the rule that have begun."""
    found = []
    for exempt in customer.exempts:
        begins = max(exempt.first, exempt.decided) if from_decision else exempt.first
        if exempt.rule in (None, rule.key) and begins <= day:
            found.append(exempt)
    return found


def holds(customer, rule, day, from_decision=False):
    """The customer is under the rule."""
    if day < rule.start or not _inside(customer, rule, day):
        return False
    for exempt in _exempts(customer, rule, day, from_decision):
        if not exempt.times and (exempt.last is None or exempt.last >= day):
            return False
    return True


def interval(customer, rule, day, from_decision=False):
    """(times, number, unit): that of the exception decided last, else the rule's."""
    chosen = (rule.times, rule.number, rule.unit)
    for exempt in _exempts(customer, rule, day, from_decision):
        if exempt.times and (exempt.last is None or exempt.last >= day):
            chosen = (exempt.times, exempt.number, exempt.unit)
    return chosen


def since(customer, rule, day, from_decision=False):
    """The day the customer came under the rule."""
    came = customer.added
    for index, (moved, code) in enumerate(customer.moves):
        before = customer.moves[index - 1][1] if index else None
        if moved <= day and code in rule.categories and before not in rule.categories:
            came = moved
    for exempt in _exempts(customer, rule, day, from_decision):
        if not exempt.times and exempt.last and exempt.last < day:
            came = max(came, exempt.last + DAY)
    return came


def last_pause(customer, rule, day, from_decision=False):
    """(first, last day) of the pause that ends last, of those begun."""
    found = None
    for pause in customer.pauses:
        begins = max(pause.first, pause.decided) if from_decision else pause.first
        if pause.approved and pause.rule in (None, rule.key) and begins <= day:
            if found is None or (pause.last, -pause.first.toordinal()) > (
                found[1],
                -found[0].toordinal(),
            ):
                found = (pause.first, pause.last)
    return found


# -- contacts -----------------------------------------------------------------------


def _counts(rule, contact):
    return not contact.ignored and (contact.channel, contact.direction) in rule.counted


def covers(customer, rule, contact):
    if not rule.right_person or not customer.deciders:
        return True
    return bool(contact.people & customer.deciders)


def fulfilling(customer, rule, zone, today):
    """Contacts that fulfil the rule, in the order of time."""
    return sorted(
        (
            contact
            for contact in customer.contacts
            if _counts(rule, contact)
            and covers(customer, rule, contact)
            and local_day(contact.moment, zone) <= today
        ),
        key=lambda contact: (contact.moment, contact.key),
    )


# -- clock --------------------------------------------------------------------------


def clock(customer, rule, zone, today):
    """The clock of a rule as a dict; None: the rule does not hold."""
    if not holds(customer, rule, today):
        return None
    contacts = fulfilling(customer, rule, zone, today)
    last = contacts[-1] if contacts else None
    last_day = local_day(last.moment, zone) if last else None
    came = since(customer, rule, today)
    pause = last_pause(customer, rule, today)
    candidates = {
        "pause": pause[1] if pause else LONG_AGO,
        "touchpoint": last_day or LONG_AGO,
        "since": came,
        "start": rule.start,
    }
    base = max(candidates.values())
    kind = next(name for name, day in candidates.items() if day == base)
    others = [
        contact
        for contact in customer.contacts
        if _counts(rule, contact)
        and not covers(customer, rule, contact)
        and local_day(contact.moment, zone) <= today
        and (last is None or (contact.moment, contact.key) > (last.moment, last.key))
    ]
    return {
        "since_date": came,
        "last_touchpoint": last.key if last else None,
        "last_date": last_day,
        "uncovered_date": max(
            (local_day(contact.moment, zone) for contact in others), default=None
        ),
        "base_date": base,
        "base_kind": kind,
        "due_date": plus(base, *interval(customer, rule, today)),
        "pause_from": pause[0] if kind == "pause" else None,
        "pause_until": pause[1] if kind == "pause" else None,
    }


def state(clock_, today, lead_days):
    """(state, days late) that people see."""
    first, last = clock_["pause_from"], clock_["pause_until"]
    if first and first <= today <= last:
        return "paused", 0
    due = clock_["due_date"]
    if due < today:
        return "overdue", (today - due).days
    if due == today:
        return "today", 0
    return ("soon" if (due - today).days <= lead_days else "ok"), 0


# -- ledger -------------------------------------------------------------------------


class Turn:
    """One open row."""

    def __init__(self, opening, norm, category_):
        self.opening = opening
        self.category = category_
        self.aim(norm)

    def aim(self, norm):
        self.due = plus(self.opening, *norm)
        self.missed = plus(self.due, *norm)


def ledger(customer, rule, zone, today):
    """All rows of the ledger of a rule at a customer, told day by day."""
    rows, turn = [], None
    by_day = {}
    for contact in fulfilling(customer, rule, zone, today):
        by_day.setdefault(local_day(contact.moment, zone), contact.key)

    def close(how, day, touchpoint=None):
        rows.append(_row(customer, turn, how, day, today, touchpoint))

    day = rule.start
    while day <= today:
        under = holds(customer, rule, day, True)
        norm = interval(customer, rule, day, True)
        pause = last_pause(customer, rule, day, True)
        base = max(
            since(customer, rule, day, True),
            rule.start,
            pause[1] if pause else LONG_AGO,
        )
        here = category(customer, day)
        if turn and day < turn.due:
            if not under or base > turn.opening:
                close("void", day)
                turn = None
            else:
                turn.aim(norm)
                turn.category = here
        while turn and turn.missed <= day:
            close("missed", day)
            turn = Turn(max(turn.due, base), norm, here) if under else None
        if turn is None and under:
            turn = Turn(base, norm, here)
        if turn and day in by_day and day > turn.opening:
            how = "met" if day <= turn.due else "late"
            close(how, day, by_day[day])
            turn = Turn(max(day, base), norm, here) if under else None
        day += DAY
    if turn:
        close("open", None)
    return _reopened(rows)


def _row(customer, turn, how, day, today, touchpoint):
    answered = min(turn.due, day or today, today)
    return {
        "opening_date": turn.opening,
        "due_date": turn.due,
        "missed_date": turn.missed,
        "state": how,
        "closing_date": day,
        "days_late": (day - turn.due).days if how == "late" else None,
        "touchpoint": touchpoint,
        "user": manager(customer, answered),
        "category": turn.category,
    }


def _reopened(rows):
    """A void row whose opening day comes again is that row once more."""
    last = {}
    for row in rows:
        last[row["opening_date"]] = row
    return [last[day] for day in sorted(last)]


def manager(customer, day):
    found = None
    for first, who in customer.managers:
        if first <= day:
            found = who
    return found
