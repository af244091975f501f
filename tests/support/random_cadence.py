"""Random contact histories for hypothesis, and their way into the database.

Days are numbers: 0 is the first day of the history.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from tests.oracle import cadence

LENGTH = 80
# Histories run over the change of the clocks, month ends and a leap day.
FIRST_DAYS = [date(2026, 1, 20), date(2025, 9, 25), date(2024, 1, 31), date(2026, 3, 1)]
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia"]
CHANNELS = ["call", "meeting", "email"]
# What the channels say of themselves: (channel, direction) that fulfil a rule
BY_CHANNEL = {("call", "in"), ("call", "out"), ("meeting", "in"), ("meeting", "out")}
BY_CHANNEL |= {("email", "out")}
CATEGORIES = ["a", "b", "c"]
CUSTOMERS = 3
MANAGERS = 2
HOURS = [(0, 0), (0, 30), (4, 59), (5, 0), (12, 0), (21, 59), (22, 0), (23, 59)]

days = st.integers(0, LENGTH - 1)
# Intervals and days that often meet, because mistakes live on due days.
on_edges = st.one_of(
    st.integers(0, LENGTH // 5 - 1).map(lambda turn: turn * 5),
    st.integers(0, LENGTH // 7).map(lambda turn: turn * 7),
    st.integers(-10, LENGTH - 1),
)
intervals = st.one_of(
    st.tuples(st.just(1), st.sampled_from([5, 5, 7, 10, 14, 17]), st.just("day")),
    st.tuples(st.integers(1, 3), st.integers(1, 3), st.just("week")),
    st.tuples(st.just(1), st.integers(1, 2), st.just("month")),
    st.tuples(st.integers(2, 7), st.integers(1, 2), st.just("month")),
)
rules = st.fixed_dictionaries(
    {
        "categories": st.sets(st.sampled_from(CATEGORIES), min_size=1),
        "channels": st.sets(st.sampled_from(CHANNELS), min_size=1),
        "direction": st.sampled_from(["channel", "any", "out"]),
        "interval": intervals,
        "start": st.sampled_from([-5, 0, 0, 0, 5, 7, 20]),
        "right_person": st.booleans(),
    }
)
contacts = st.fixed_dictionaries(
    {
        "day": on_edges,
        "at": st.sampled_from(HOURS),
        "channel": st.sampled_from(CHANNELS),
        "direction": st.sampled_from(["in", "out"]),
        "people": st.sets(st.integers(0, 1), max_size=2),
        "ignored": st.sampled_from([False] * 5 + [True]),
        "late": st.integers(0, 14),
    }
)
spans = st.tuples(on_edges, st.sampled_from([0, 1, 4, 5, 7, 10, 25]))
rule_numbers = st.sampled_from([None, 0, 0, 1])
pauses = st.fixed_dictionaries(
    {
        "span": spans,
        "rule": rule_numbers,
        "approved": st.sampled_from([True] * 4 + [False]),
        "decided": st.integers(-3, 6),
    }
)
exempts = st.fixed_dictionaries(
    {
        "span": spans,
        "for_ever": st.sampled_from([False] * 3 + [True]),
        "rule": st.sampled_from([0, 0, 1]),
        "interval": st.one_of(st.none(), intervals),
        "decided": st.integers(-3, 6),
    }
)
customers = st.fixed_dictionaries(
    {
        "added": st.integers(-60, 0),
        "moves": st.lists(
            st.tuples(
                on_edges.filter(lambda day: day >= 0),
                st.sampled_from([*CATEGORIES, None]),
            ),
            max_size=3,
        ),
        "first": st.sampled_from([*CATEGORIES, None]),
        "contacts": st.lists(contacts, max_size=14),
        "pauses": st.lists(pauses, max_size=2),
        "exempts": st.lists(exempts, max_size=2),
        "deciders": st.sets(st.integers(0, 1), max_size=2),
        "managers": st.lists(st.tuples(days, st.integers(0, MANAGERS - 1)), max_size=2),
    }
)
histories = st.fixed_dictionaries(
    {
        "zone": st.sampled_from(ZONES),
        "first": st.sampled_from(FIRST_DAYS),
        "rules": st.lists(rules, min_size=1, max_size=3),
        "customers": st.lists(customers, min_size=CUSTOMERS, max_size=CUSTOMERS),
        "runs": st.sets(st.integers(0, LENGTH - 1), max_size=10),
    }
)


@dataclass
class Story:
    """A history as the oracle reads it, with the day on which each thing is known."""

    first: date
    zone: str
    rules: list
    customers: list
    known: dict

    def day(self, number):
        return self.first + timedelta(number)


def tell(history, at_once=True, decisions=True):
    """Make a :class:`Story` of drawn values.

    :param at_once: what happens is known on its day, and decided then; else contacts
        are collected up to a fortnight later
    :param decisions: with pauses and exceptions
    """
    story = Story(history["first"], history["zone"], [], [], {})
    for key, drawn in enumerate(history["rules"]):
        allowed = BY_CHANNEL
        if drawn["direction"] != "channel":
            directions = ["out"] if drawn["direction"] == "out" else ["in", "out"]
            allowed = {(c, d) for c in CHANNELS for d in directions}
        story.rules.append(
            cadence.Rule(
                key=key,
                categories=frozenset(drawn["categories"]),
                counted=frozenset(p for p in allowed if p[0] in drawn["channels"]),
                times=drawn["interval"][0],
                number=drawn["interval"][1],
                unit=drawn["interval"][2],
                start=story.day(drawn["start"]),
                right_person=drawn["right_person"],
            )
        )
    for drawn in history["customers"]:
        story.customers.append(_customer(story, drawn, at_once, decisions))
    return story


def _customer(story, drawn, at_once, decisions):
    moves = [(story.day(-30), drawn["first"])]
    for number, code in sorted(drawn["moves"], key=lambda move: move[0]):
        if code != moves[-1][1]:
            moves.append((story.day(number), code))
    managers = [(story.day(-60), 0)]
    for number, who in sorted(drawn["managers"], key=lambda change: change[0]):
        if story.day(number) > managers[-1][0]:
            managers.append((story.day(number), who))
    customer = cadence.Customer(
        added=story.day(drawn["added"]),
        moves=moves,
        deciders=frozenset(drawn["deciders"]),
        managers=managers,
    )
    for contact in drawn["contacts"]:
        day = story.day(contact["day"])
        moment = datetime(day.year, day.month, day.day, *contact["at"])
        made = cadence.Contact(
            moment=moment,
            channel=contact["channel"],
            direction=contact["direction"],
            people=frozenset(contact["people"]),
            ignored=contact["ignored"],
        )
        customer.contacts.append(made)
        late = 0 if at_once else contact["late"]
        known = cadence.local_day(moment, story.zone) + timedelta(late)
        story.known.setdefault(id(made), known)
    if decisions:
        _decide(story, customer, drawn, at_once)
    return customer


def _decide(story, customer, drawn, at_once):
    for pause in drawn["pauses"]:
        first, length = pause["span"]
        decided = first + pause["decided"]
        customer.pauses.append(
            cadence.Pause(
                first=story.day(first),
                last=story.day(first + length),
                rule=_rule(story, pause["rule"]),
                approved=pause["approved"],
                decided=story.day(min(decided, first) if at_once else decided),
            )
        )
    for exempt in drawn["exempts"]:
        first, length = exempt["span"]
        decided = first + exempt["decided"]
        times, number, unit = exempt["interval"] or (0, 1, "day")
        customer.exempts.append(
            cadence.Exempt(
                first=story.day(first),
                last=None if exempt["for_ever"] else story.day(first + length),
                rule=_rule(story, exempt["rule"]),
                times=times,
                number=number,
                unit=unit,
                decided=story.day(min(decided, first) if at_once else decided),
            )
        )

    # numbered in the order in which they were decided
    customer.exempts.sort(key=lambda exempt: exempt.decided)


def _rule(story, number):
    return number if number is None else number % len(story.rules)
