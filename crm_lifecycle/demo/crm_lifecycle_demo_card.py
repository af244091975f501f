# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Command

from .story import ACTIVITIES, CONTACTS, OBJECTIONS, PROMISES, VOLUMES

TASTES = (
    ("like", "Coffee without sugar, and talk about sailing"),
    ("dislike", "Calls before nine"),
    ("like", "Invitations to trade fairs"),
    ("other", "Studied with our technical director"),
    ("dislike", "Long letters"),
    ("like", "Old motorcycles"),
)
COMPETITORS = ("harbour", "quickfix", "steadyline")


class CrmLifecycleDemo(models.AbstractModel):
    """What is known about the customers, and how one speaks with them."""

    _inherit = "crm.lifecycle.demo"

    @api.model
    def _fill_cards(self, rows):
        profiles = {
            profile.partner_id.id: profile
            for profile in self._get_profiles(self._get_partner_ids(rows))
        }
        rows = [
            {**row, "profile": profiles[self._customer(row["key"]).id]} for row in rows
        ]
        self._describe_business(rows)
        self._describe_persons(rows)
        self._log_contacts(rows)
        self._plan_contacts()
        self._note_promises()
        self.env.flush_all()

    @api.model
    def _describe_business(self, rows):
        for row in rows:
            number, profile = row["number"], row["profile"]
            values = {}
            if row["format"] and number % 7 != 3:
                values["trade_format_id"] = self.env.ref(
                    f"crm_lifecycle.crm_lifecycle_trade_format_{row['format']}"
                ).id
            if row["count"] > 2 and number % 3:
                values["own_turnover"] = int(row["amount"]) * (300 + number * 7)
                name = COMPETITORS[number % len(COMPETITORS)]
                values["own_volume"] = (
                    VOLUMES[row["format"]] % f"{8000 + number * 1300:,}"
                )
                competitor = self.env.ref(f"crm_lifecycle.demo_competitor_{name}")
                values["competitor_ids"] = [Command.link(competitor.id)]
            if values:
                profile.write(values)

    @api.model
    def _describe_persons(self, rows):
        """Birthdays, tastes and best hours of the persons at bought-from customers."""
        facts, hours = [], []
        for row in rows:
            person = row["profile"].partner_id.child_ids[:1]
            number = row["number"]
            if not person or row["count"] < 3 or number % 3 == 2:
                continue
            fact = {"partner_id": person.id, "profile_id": row["profile"].id}
            birthday = self._day(366 * 40 + number * 41 % 365)
            kind, note = TASTES[number % len(TASTES)]
            facts += [
                {**fact, "kind": "birthday", "date": birthday},
                {**fact, "kind": kind, "note": note},
            ]
            hours.append(
                {
                    "partner_id": person.id,
                    "channel": ("call", "email")[number % 2],
                    "hour_from": 9 + number % 3,
                    "hour_to": 12 + number % 5,
                }
            )
        self.env["crm.lifecycle.fact"].create(facts)
        self.env["crm.lifecycle.best.hours"].create(hours)

    @api.model
    def _log_contacts(self, rows):
        """The last contacts of everybody who has a responsible; of some long ago."""
        touchpoints = []
        for row in rows:
            number, user = row["number"], self._user(row["user"])
            since = min(row["days"] or [row["asked"] or 0])
            for turn in range(1 + number % 4 if user else 0):
                channel, direction, hours, outcome, note = CONTACTS[
                    (number + turn) % len(CONTACTS)
                ]
                days = max(1, since - 2 - number % 6) + turn * (17 + number)
                if not row["count"] and row["asked"] < 200:
                    days = min(days, row["asked"])
                person = row["profile"].partner_id.child_ids[:1]
                touchpoints.append(
                    {
                        "partner_id": (person or row["profile"].partner_id).id,
                        "user_id": user.id,
                        "channel_id": self._get_channel(channel).id,
                        "direction": direction,
                        "date": self._moment(days, number),
                        "duration": hours,
                        "outcome": outcome,
                        "note": note,
                    }
                )
        self.env["crm.touchpoint"].create(touchpoints)

    @api.model
    def _get_channel(self, name):
        """The channel of that name, or any when the company deleted it."""
        channel = self.env.ref(
            f"crm_lifecycle.crm_touchpoint_channel_{name}", raise_if_not_found=False
        )
        return channel or self.env["crm.touchpoint.channel"].search([], limit=1)

    @api.model
    def _plan_contacts(self):
        for days, key, kind, summary in ACTIVITIES:
            customer = self._customer(key)
            customer.activity_schedule(
                f"mail.mail_activity_data_{kind}",
                date_deadline=self._day(-days),
                summary=summary,
                user_id=customer.user_id.id or self.env.ref("base.user_admin").id,
            )

    @api.model
    def _note_promises(self):
        """What was promised, and what customers object to."""
        promises = self.env["crm.promise"].create(
            [
                {
                    "name": what,
                    "profile_id": self._get_profiles(self._customer(key).ids).id,
                    "side": side,
                    "user_id": self._customer(key).user_id.id,
                    "date_due": self._day(-days),
                }
                for days, __, key, side, what in PROMISES
            ]
        )
        for promise, (__, is_kept, *__) in zip(promises, PROMISES, strict=True):
            if is_kept:
                promise.action_keep()
        self.env["crm.objection"].create(
            [
                {
                    "name": what,
                    "profile_id": profile.id,
                    "kind": kind,
                    "user_id": (profile.user_id or self.env.user).id,
                }
                for key, kind, what in OBJECTIONS
                for profile in self._get_profiles(self._customer(key).ids)
            ]
        )
