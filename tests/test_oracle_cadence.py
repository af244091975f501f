"""Contact regulation: clocks and ledger equal the oracle's on random histories."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from tests.oracle import cadence
from tests.support.planted_story import PlantedStory
from tests.support.random_cadence import LENGTH, histories
from tests.test_oracle_random import QUICK

CLOCK = (
    *("since_date", "last_date", "uncovered_date", "base_date", "base_kind"),
    *("due_date", "pause_from", "pause_until"),
)
TURN = ("opening_date", "due_date", "missed_date", "state", "closing_date", "days_late")


class TestCadence(PlantedStory):
    def compute(self, day, profiles=None):
        with self.today_is(day):
            return self.engine._recompute_cadence(self.company, profiles, today=day)

    def nightly(self, story, day, last):
        """What the job does on a new day: who was touched, and whom the date moves."""
        touched = self.plant(story, day)
        norms = self.engine._get_norms(self.company, day)
        self.env.cr.execute(self.engine._sql_due_profiles(norms, last))
        due = {profile_id for (profile_id,) in self.env.cr.fetchall()}
        if len(norms.rules) != len(self.engine._get_norms(self.company, last).rules):
            due |= set(self.profiles)
        self.compute(day, sorted((touched | due) & set(self.profiles)))

    def known_by(self, story, number, day):
        """The customer as known by a day; planted things only."""
        customer = story.customers[number]
        return replace(
            customer,
            **{
                name: [
                    item
                    for index, item in enumerate(getattr(customer, name))
                    if (name, number, index) in self.planted
                ]
                for name in ("moves", "contacts", "pauses", "exempts", "managers")
            },
        )

    def check_clocks(self, story, day):
        self.env.cr.execute(
            "SELECT s.*, l.lead_days FROM crm_cadence_status s "
            "JOIN crm_cadence_rule l ON l.id = s.rule_id WHERE s.rule_id = ANY(%s)",
            [self.rules.ids],
        )
        stored = {
            (r["profile_id"], r["rule_id"]): r for r in self.env.cr.dictfetchall()
        }
        for number, profile in enumerate(self.profiles):
            customer = self.known_by(story, number, day)
            dues = []
            for rule, record in zip(story.rules, self.rules, strict=True):
                wanted = cadence.clock(customer, rule, story.zone, day)
                found = stored.pop((profile, record.id), None)
                where = (story.zone, day, customer, rule)
                if wanted is None:
                    self.assertIsNone(found, where)
                    continue
                self.assertIsNotNone(found, where)
                dues.append(wanted["due_date"])
                for name in CLOCK:
                    self.assertEqual(found[name], wanted[name], (name, *where))
                self.assertEqual(
                    found["last_touchpoint_id"], wanted["last_touchpoint"], where
                )
                self.check_state(found["id"], wanted, day, record.lead_days)
            next_contact = self.env["crm.lifecycle.profile"].browse(profile)
            self.assertEqual(
                next_contact.next_contact_date or None, min(dues, default=None)
            )
        self.assertEqual(stored, {})

    def check_state(self, clock_id, wanted, day, lead_days):
        with self.today_is(day):
            clock = self.env["crm.cadence.status"].browse(clock_id)
            clock.invalidate_recordset()
            self.assertEqual(
                (clock.state, clock.days_late), cadence.state(wanted, day, lead_days)
            )

    def read_turns(self, profile, rule):
        self.env.cr.execute(
            "SELECT * FROM crm_cadence_period WHERE profile_id = %s AND rule_id = %s "
            "ORDER BY opening_date",
            [profile, rule.id],
        )
        return [
            {name: row[name] for name in TURN}
            | {
                "touchpoint": row["touchpoint_id"],
                "user": row["user_id"],
                "category": row["category_id"],
                "corrected": row["corrected_from"],
            }
            for row in self.env.cr.dictfetchall()
        ]

    def wanted_turns(self, story, number, rule, day):
        customer = self.known_by(story, number, day)
        turns = cadence.ledger(customer, rule, story.zone, day)
        for turn in turns:
            who, code = turn["user"], turn["category"]
            turn["user"] = None if who is None else self.users[who].id
            turn["category"] = self.categories[code].id if code else None
        return turns

    def check_ledger(self, story, day, lived=False, corrected=False):
        """Stored rows equal the oracle's.

        :param lived: some void rows were written on the way, which nobody counts, and
            who answers for an open row is settled when it is closed
        :param corrected: rows may have been corrected
        """
        for number, profile in enumerate(self.profiles):
            for rule, record in zip(story.rules, self.rules, strict=True):
                found = self.read_turns(profile, record)
                wanted = self.wanted_turns(story, number, rule, day)
                for turn in found:
                    trace = turn.pop("corrected")
                    self.assertTrue(corrected or not trace, (turn, trace))
                where = (story.zone, day, story.customers[number], rule)
                if lived:
                    wanted = [turn for turn in wanted if turn["state"] != "void"]
                    found = [turn for turn in found if turn["state"] != "void"]
                    for turn in (*wanted, *found):
                        if turn["state"] == "open":
                            turn["user"] = None
                self.assertEqual(found, wanted, where)
                self.seen.update(turn["state"] for turn in found)

    # -- properties ---------------------------------------------------------------

    def from_scratch(self, history):
        """Everything at once on the last day; a second run changes nothing."""
        with self.life(history, at_once=False) as story:
            today = story.day(LENGTH)
            self.plant(story, today + timedelta(30))
            self.compute(today)
            self.check_clocks(story, today)
            self.check_ledger(story, today)
            self.assertEqual(self.compute(today), 0)
            self.assertEqual(self.compute(today, self.profiles[:1]), 0)

    def day_by_day(self, history):
        """What the nightly run looks at adds up to the whole."""
        with self.life(history) as story:
            self.plant(story, story.day(0))
            self.compute(story.day(0))
            for number in range(1, LENGTH + 1):
                today = story.day(number)
                self.nightly(story, today, today - timedelta(1))
                if number % 9 == 0 or number == LENGTH:
                    self.check_clocks(story, today)
                    self.check_ledger(story, today, lived=True)
            self.assertEqual(self.compute(today), 0)

    def now_and_then(self, history):
        """A job that ran on few days only."""
        with self.life(history) as story:
            last = None
            for number in sorted(history["runs"] | {LENGTH}):
                today = story.day(number)
                if last is None:
                    self.plant(story, today)
                    self.compute(today)
                else:
                    self.nightly(story, today, last)
                self.check_clocks(story, today)
                self.check_ledger(story, today, lived=True)
                last = today

    def collected_late(self, history):
        """Contacts that are known up to a fortnight later correct closed rows."""
        with self.life(history, at_once=False, decisions=False) as story:
            for number in range(0, LENGTH + 1, 2):
                today = story.day(number)
                self.plant(story, today)
                self.compute(today)
                if number % 8 == 0:
                    self.check_clocks(story, today)
                    self.check_ledger(story, today, lived=True, corrected=True)

    # -- examples -----------------------------------------------------------------

    def setUp(self):
        super().setUp()
        self.seen = set()

    @settings(QUICK, max_examples=25)
    @given(histories)
    def examples_from_scratch(self, history):
        self.from_scratch(history)

    def test_from_scratch(self):
        self.examples_from_scratch()
        self.assertEqual(self.seen, {"open", "met", "late", "missed", "void"})

    @settings(QUICK, max_examples=2)
    @given(histories)
    def test_day_by_day(self, history):
        self.day_by_day(history)

    @settings(QUICK, max_examples=6)
    @given(histories)
    def test_now_and_then(self, history):
        self.now_and_then(history)

    @settings(QUICK, max_examples=2)
    @given(histories)
    def test_collected_late(self, history):
        self.collected_late(history)

    @pytest.mark.slow
    @settings(QUICK, max_examples=150)
    @given(histories)
    def test_from_scratch_often(self, history):
        self.from_scratch(history)

    @pytest.mark.slow
    @settings(QUICK, max_examples=25)
    @given(histories)
    def test_day_by_day_often(self, history):
        self.day_by_day(history)

    @pytest.mark.slow
    @settings(QUICK, max_examples=25)
    @given(histories)
    def test_collected_late_often(self, history):
        self.collected_late(history)
