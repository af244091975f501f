"""Contact regulation: clocks and ledger equal the oracle's on random histories."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from odoo.tools import SQL

from tests.oracle import cadence
from tests.support.oracle_case import OracleCase
from tests.support.random_cadence import CUSTOMERS, LENGTH, MANAGERS, histories, tell
from tests.test_oracle_random import QUICK

CLOCK = (
    *("since_date", "last_date", "uncovered_date", "base_date", "base_kind"),
    *("due_date", "pause_from", "pause_until"),
)
TURN = ("opening_date", "due_date", "missed_date", "state", "closing_date", "days_late")


class TestCadence(OracleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.cadence.rule"].search([]).write({"active": False})
        ref = cls.env.ref
        cls.channels = {
            name: ref(f"crm_lifecycle.crm_touchpoint_channel_{name}")
            for name in ("call", "meeting", "email")
        }
        cls.categories = {
            code: ref(f"crm_lifecycle.crm_lifecycle_category_{code}")
            for code in ("a", "b", "c")
        }
        partners = cls.env["res.partner"].create(
            [{"name": f"Customer {n}", "is_company": True} for n in range(CUSTOMERS)]
        )
        cls.partners = [
            (
                partner,
                cls.env["res.partner"].create(
                    [{"name": name, "parent_id": partner.id} for name in "AB"]
                ),
            )
            for partner in partners
        ]
        cls.users = cls.env["res.users"].create(
            [
                {"name": f"Manager {n}", "login": f"cadence_manager_{n}"}
                for n in range(MANAGERS)
            ]
        )

    # -- planting -----------------------------------------------------------------

    @contextmanager
    def life(self, history, **how):
        """A story whose customers and rules exist; the rest is planted by day."""
        with self.example():
            story = tell(history, **how)
            self.company.lifecycle_tz = story.zone
            self.company.lifecycle_grace_days = 14
            self.env["crm.cadence.event"].search([]).sudo().unlink()
            self.rules = self._plant_rules(history, story)
            self.profiles = [
                self._plant_customer(customer, number)
                for number, customer in enumerate(story.customers)
            ]
            self.planted = set()
            people = self._right_people(story)
            engine_class = type(self.engine)
            with patch.object(engine_class, "_sql_right_people", lambda *_a: people):
                yield story

    def _right_people(self, story):
        rows = [
            (profile, self.partners[number][1][who].id)
            for number, profile in enumerate(self.profiles)
            for who in story.customers[number].deciders
        ]
        return SQL(
            "SELECT * FROM unnest(%s::int[], %s::int[]) AS p (profile_id, partner_id)",
            [profile for profile, __ in rows],
            [contact for __, contact in rows],
        )

    def _plant_rules(self, history, story):
        rules = self.env["crm.cadence.rule"].create(
            [
                {
                    "name": f"Rule {rule.key}",
                    "category_ids": [
                        (6, 0, [self.categories[c].id for c in rule.categories])
                    ],
                    "channel_ids": [
                        (6, 0, [self.channels[c].id for c in drawn["channels"]])
                    ],
                    "direction": drawn["direction"],
                    "times": rule.times,
                    "interval_number": rule.number,
                    "interval_unit": rule.unit,
                    "date_start": rule.start,
                    "right_person": rule.right_person,
                }
                for rule, drawn in zip(story.rules, history["rules"], strict=True)
            ]
        )
        self.env.flush_all()
        return rules

    def _plant_customer(self, customer, number):
        self.env.cr.execute(
            "INSERT INTO crm_lifecycle_profile (partner_id, company_id, active, "
            "added_date) VALUES (%s, %s, TRUE, %s) RETURNING id",
            [self.partners[number][0].id, self.company.id, customer.added],
        )
        return self.env.cr.fetchone()[0]

    def plant(self, story, day):
        """Write what is known by the end of a day; the customers concerned."""
        touched = set()
        for number, customer in enumerate(story.customers):
            for kind, items in (
                ("moves", customer.moves),
                ("managers", customer.managers),
                ("contacts", customer.contacts),
                ("pauses", customer.pauses),
                ("exempts", customer.exempts),
            ):
                for index, item in enumerate(items):
                    key = (kind, number, index)
                    if key not in self.planted and self._known(story, item) <= day:
                        self.planted.add(key)
                        getattr(self, f"_plant_{kind}")(story, number, index)
                        touched.add(self.profiles[number])
        self.env.invalidate_all(flush=False)
        return touched

    def _known(self, story, item):
        if isinstance(item, tuple):
            return item[0]
        if isinstance(item, cadence.Contact):
            return story.known[id(item)]
        return item.decided

    def _plant_moves(self, story, number, index):
        day, code = story.customers[number].moves[index]
        new = self.categories[code].id if code else None
        self.env.cr.execute(
            """
            INSERT INTO crm_lifecycle_transition (
                profile_id, date, recorded_at, cause, from_category_id,
                to_category_id, reacted_at)
            SELECT id, %(day)s, now(), 'time', category_id, %(new)s, now()
              FROM crm_lifecycle_profile
             WHERE id = %(id)s AND category_id IS DISTINCT FROM %(new)s;
            UPDATE crm_lifecycle_profile SET category_id = %(new)s WHERE id = %(id)s
            """,
            {"day": day, "new": new, "id": self.profiles[number]},
        )

    def _plant_managers(self, story, number, index):
        day, who = story.customers[number].managers[index]
        self.env.cr.execute(
            """
            UPDATE crm_lifecycle_responsible SET date_to = %(day)s::date - 1
             WHERE profile_id = %(id)s AND date_to IS NULL;
            INSERT INTO crm_lifecycle_responsible (profile_id, user_id, date_from)
            VALUES (%(id)s, %(user)s, %(day)s);
            UPDATE crm_lifecycle_profile SET user_id = %(user)s WHERE id = %(id)s
            """,
            {"day": day, "user": self.users[who].id, "id": self.profiles[number]},
        )

    def _plant_contacts(self, story, number, index):
        contact = story.customers[number].contacts[index]
        partner, people = self.partners[number]
        met = [people[who].id for who in sorted(contact.people)]
        self.env.cr.execute(
            """
            INSERT INTO crm_touchpoint (
                profile_id, partner_id, contact_id, channel_id, direction, date,
                is_ignored, recorded_at)
            VALUES (%s, %s, %s, %s, %s, %s, %s, now()) RETURNING id
            """,
            [
                self.profiles[number],
                partner.id,
                met[0] if met else None,
                self.channels[contact.channel].id,
                contact.direction,
                contact.moment,
                contact.ignored,
            ],
        )
        key = self.env.cr.fetchone()[0]
        for also in met[1:]:
            self.env.cr.execute(
                "INSERT INTO crm_touchpoint_contact_rel VALUES (%s, %s)", [key, also]
            )
        known = replace(contact, key=key)
        story.known[id(known)] = story.known[id(contact)]
        story.customers[number].contacts[index] = known

    def _plant_pauses(self, story, number, index):
        pause = story.customers[number].pauses[index]
        self._insert(
            "crm_cadence_pause",
            profile_id=self.profiles[number],
            rule_id=self._rule(pause.rule),
            date_from=pause.first,
            date_to=pause.last,
            state="approved" if pause.approved else "waiting",
            reason="Random",
            **self._decided(story, pause.decided),
        )

    def _plant_exempts(self, story, number, index):
        exempt = story.customers[number].exempts[index]
        self._insert(
            "crm_cadence_exception",
            profile_id=self.profiles[number],
            rule_id=self._rule(exempt.rule),
            date_from=exempt.first,
            date_to=exempt.last,
            kind="interval" if exempt.times else "exempt",
            times=exempt.times or 1,
            interval_number=exempt.number,
            interval_unit=exempt.unit,
            reason="Random",
            **self._decided(story, exempt.decided),
        )

    def _rule(self, key):
        return None if key is None else self.rules[key].id

    def _decided(self, story, day):
        noon = datetime.combine(day, time(12), ZoneInfo(story.zone)).astimezone(UTC)
        return {"create_date": noon, "write_date": noon}

    def _insert(self, table, **values):
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) VALUES (%s)",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, values)),
                SQL(", ").join(SQL("%s", value) for value in values.values()),
            )
        )

    # -- comparing ----------------------------------------------------------------

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
