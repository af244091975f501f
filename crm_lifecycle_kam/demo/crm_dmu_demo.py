# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import csv

from odoo import api, models
from odoo.fields import Command
from odoo.tools import file_open

# (from, to, strength, kind, days since it was confirmed, why and how)
LINES = (
    (
        *("Stefan Albrecht", "Johanna Reuter", "3", "supportive", 12),
        "Built the second warehouse together; she signs nothing technical without him",
    ),
    (
        *("Karsten Pohl", "Johanna Reuter", "2", "conflicting", 40),
        "Shows her every month what the cheapest offer would be",
    ),
    (
        *("Mia Brandt", "Stefan Albrecht", "3", "supportive", 20),
        "Her plant is the one he shows to visitors",
    ),
    (
        *("Olaf Winter", "Karsten Pohl", "2", "conflicting", 230),
        "They started in the company in the same year",
    ),
    (
        *("Timo Krause", "Mia Brandt", "2", "supportive", 9),
        "Tells her every morning what stood still",
    ),
    (
        *("Dr. Helene Sauer", "Stefan Albrecht", "1", "supportive", 60),
        "He asks her before every audit",
    ),
    (
        *("Birgit Lang", "Johanna Reuter", "1", "supportive", 15),
        "Keeps the diary, and says when the moment is good",
    ),
    (
        *("Claire Ivy", "Robert Ivy", "3", "supportive", 8),
        "His daughter; they talk about it on Sundays",
    ),
    (
        *("Pedro Alvarez", "Margaret Sloane", "2", "supportive", 25),
        "She buys what he has tested",
    ),
    (
        *("Nora Finch", "Robert Ivy", "2", "conflicting", 190),
        "Brings him the list of the expensive suppliers",
    ),
    (
        *("Jordi Vila", "Alvaro Castell", "3", "supportive", 300),
        "Went to school with him; has left the company since",
    ),
    (
        *("Lucia Prat", "Ines Ferreira", "1", "conflicting", 70),
        "Asks for three offers for every repair",
    ),
)
# customer: [(step, usual days, who acts)]
STEPS = {
    "meridian": (
        ("Need seen in the plant", 10, ("Timo Krause", "Mia Brandt")),
        ("Technical check", 30, ("Dr. Helene Sauer", "Stefan Albrecht")),
        ("Three offers", 20, ("Karsten Pohl", "Emil Hartmann")),
        ("Decision of the board", 14, ("Johanna Reuter",)),
    ),
    "ivy": (
        ("Wish list of the stores", 20, ("Claire Ivy", "Pedro Alvarez")),
        ("Budget of the season", 30, ("Nora Finch",)),
        ("Order", 7, ("Margaret Sloane",)),
    ),
}
# What people did in deals that are closed: (customer, person, what)
DECISIONS = (
    ("meridian", "Stefan Albrecht", "Asked for the second visit a month, and got it"),
    ("meridian", "Karsten Pohl", "Cut the price by four per cent at the end"),
    ("ivy", "Margaret Sloane", "Chose us after the test in Sacramento"),
    ("castell", "Alvaro Castell", "Signed without reading, on the word of Jordi Vila"),
)


class CrmLifecycleDemo(models.AbstractModel):
    """Who decides at the three key accounts of the demonstration."""

    _inherit = "crm.lifecycle.demo"

    @api.model
    def _load_dmu(self):
        """Make the units of the key accounts, once."""
        first = self.env.ref("crm_lifecycle.demo_partner_ivy", False)
        if not first or self.env["crm.dmu.member"].search_count([], limit=1):
            return
        demo = self.with_company(self.env.ref("base.main_company"))
        with file_open("crm_lifecycle_kam/demo/people.csv") as source:
            rows = list(csv.DictReader(source))
        people = demo._create_people(rows)
        demo._describe_ways(people)
        demo._meet_people(rows, people)
        demo._close_deals(people)
        # Gone since, and what hung on him is open
        people["Jordi Vila"].contact_id.active = False

    @api.model
    def _create_people(self, rows):
        """Return ``{name: member}``; contacts that exist are used."""
        profiles = {}
        people = {}
        for row in rows:
            customer = self._customer(row["customer"])
            profile = profiles.setdefault(customer.id, self._get_profiles(customer.ids))
            contact = customer.child_ids.filtered(
                lambda child, row=row: child.name == row["name"]
            ) or customer.create(
                {
                    "name": row["name"],
                    "function": row["function"],
                    "parent_id": customer.id,
                }
            )
            people[row["name"]] = self.env["crm.dmu.member"].create(
                self._prepare_member(row, profile, contact)
            )
        for row in rows:
            if row["chief"]:
                people[row["name"]].parent_id = people[row["chief"]]
        return people

    @api.model
    def _prepare_member(self, row, profile, contact):
        values = {
            "profile_id": profile.id,
            "contact_id": contact.id,
            "attitude": row["attitude"],
            "relation_now": row["now"],
            "relation_wanted": row["wanted"],
            "date_from": self._day(700),
            "user_id": self._user(row["ours"] or "nobody").id,
            "role_ids": [
                Command.link(role.id)
                for role in (
                    self.env.ref(f"crm_lifecycle_kam.crm_dmu_role_{code}", False)
                    for code in row["roles"].split()
                )
                if role
            ],
        }
        for name in ("influence", "interest", "involvement"):
            values[name] = int(row[name])
        for name in ("decides_how", "criteria", "motives"):
            values[name] = row[name]
        if row["guessed"]:
            values["is_guess"] = True
            values["guess_date"] = self._day(int(row["guessed"]))
        return values

    @api.model
    def _describe_ways(self, people):
        """Lines of influence, and the steps of a purchase."""
        self.env["crm.dmu.influence"].create(
            [
                {
                    "from_id": people[source].id,
                    "to_id": people[target].id,
                    "strength": strength,
                    "kind": kind,
                    "date_confirmed": self._day(days),
                    "reason": reason,
                }
                for source, target, strength, kind, days, reason in LINES
            ]
        )
        self.env["crm.purchase.step"].create(
            [
                {
                    "profile_id": self._get_profiles(self._customer(key).ids).id,
                    "name": name,
                    "sequence": 10 * number,
                    "usual_days": days,
                    "member_ids": [people[person].id for person in acting],
                }
                for key, steps in STEPS.items()
                for number, (name, days, acting) in enumerate(steps, 1)
            ]
        )

    @api.model
    def _meet_people(self, rows, people):
        """The last contact with each of them."""
        channel = self.env.ref("crm_lifecycle.crm_touchpoint_channel_call", False)
        channel = channel or self.env["crm.touchpoint.channel"].search([], limit=1)
        self.env["crm.touchpoint"].create(
            [
                {
                    "partner_id": people[row["name"]].contact_id.id,
                    "user_id": self._user(row["ours"] or "admin").id,
                    "channel_id": channel.id,
                    "date": self._moment(int(row["met"]), number),
                    "duration": 0.25,
                }
                for number, row in enumerate(rows)
                if row["met"]
            ]
        )

    @api.model
    def _close_deals(self, people):
        """Past deals keep the unit, and what some people did there."""
        for key in ("meridian", "ivy", "castell"):
            customer = self._customer(key)
            leads = self.env["crm.lead"].with_context(active_test=False)
            closed = leads.search(
                [
                    ("partner_id", "child_of", customer.id),
                    ("won_status", "in", ("won", "lost")),
                ],
                order="date_closed desc, id desc",
                limit=1,
            )
            closed._keep_dmu()
            for deal, name, decision in DECISIONS:
                if deal == key:
                    kept = closed.lifecycle_dmu_member_ids.filtered(
                        lambda member, name=name: (
                            member.contact_id == people[name].contact_id
                        )
                    )
                    kept.decision = decision
