"""Random histories of contact regulation, written into the database day by day."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time
from unittest.mock import patch
from zoneinfo import ZoneInfo

from odoo.tools import SQL

from tests.oracle import cadence

from .oracle_case import OracleCase
from .random_cadence import CUSTOMERS, MANAGERS, tell


class PlantedStory(OracleCase):
    """Customers, contacts and managers, and what happened to them by a day."""

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
        state = "approved" if pause.approved else "waiting"
        self._plant_decision("crm_cadence_pause", story, number, pause, state=state)

    def _plant_exempts(self, story, number, index):
        exempt = story.customers[number].exempts[index]
        self._plant_decision(
            "crm_cadence_exception",
            story,
            number,
            exempt,
            kind="interval" if exempt.times else "exempt",
            times=exempt.times or 1,
            interval_number=exempt.number,
            interval_unit=exempt.unit,
        )

    def _plant_decision(self, table, story, number, decision, **values):
        noon = datetime.combine(
            decision.decided, time(12), ZoneInfo(story.zone)
        ).astimezone(UTC)
        self._insert(
            table,
            profile_id=self.profiles[number],
            rule_id=self._rule(decision.rule),
            date_from=decision.first,
            date_to=decision.last,
            reason="Random",
            create_date=noon,
            write_date=noon,
            **values,
        )

    def _rule(self, key):
        return None if key is None else self.rules[key].id

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
