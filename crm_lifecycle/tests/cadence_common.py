# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command, fields
from odoo.tools import SQL

from .touchpoint_common import TestTouchpointCommon


class TestCadenceCommon(TestTouchpointCommon):
    """A customer in category B, and no rules but those of the test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rule = cls.env["crm.cadence.rule"]
        cls.Rule.search([]).write({"active": False})
        cls.company.lifecycle_cadence_digest = "set once"
        cls.company.lifecycle_tz = "UTC"

    def setUp(self):
        super().setUp()
        self._set_category("b", self.day(100))

    # ------------------------------------------------------------
    # RULES, CATEGORIES, CONTACTS
    # ------------------------------------------------------------

    def _get_category(self, code):
        return self.env.ref(f"crm_lifecycle.crm_lifecycle_category_{code}")

    def _create_rule(self, number=1, unit="month", times=1, category="b", **values):
        """Create a rule asking for calls."""
        rule = self.Rule.create(
            {
                "name": f"{times} per {number} {unit}",
                "category_ids": [Command.set(self._get_category(category).ids)],
                "channel_ids": [Command.set(self.call.ids)],
                "interval_number": number,
                "interval_unit": unit,
                "times": times,
                **values,
            }
        )
        self._recompute()
        return rule

    def _set_category(self, code, day, profile=None):
        """Move a customer to another category as if on a day, with its transition."""
        profile = profile or self.profile
        category = self._get_category(code) if code else self.env["res.partner"]
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH moved AS (
                    UPDATE crm_lifecycle_profile SET category_id = %(category)s
                     WHERE id = %(profile)s RETURNING id
                )
                INSERT INTO crm_lifecycle_transition (
                    profile_id, date, recorded_at, cause, from_category_id,
                    to_category_id, reacted_at)
                SELECT p.id, %(day)s, now(), 'time', p.category_id, %(category)s, now()
                  FROM crm_lifecycle_profile p JOIN moved ON moved.id = p.id
                """,
                category=category.id or None,
                profile=profile.id,
                day=day,
            )
        )
        self.env.invalidate_all(flush=False)
        self._recompute()

    def _log(self, days=0, **values):
        """Log a call of the salesman with the customer some days ago."""
        return self.Touchpoint.create(
            {
                "partner_id": self.customer.id,
                "channel_id": self.call.id,
                "direction": "out",
                "user_id": self.user_salesman.id,
                "date": self.ago(days=days),
                **values,
            }
        )

    def _send_mailing(self, days):
        """Write the same letter to several contacts in one transaction."""
        moment = self.ago(days=days)
        messages = self.env["mail.message"]
        for contact in self.anna + self.ben + self.env.user.partner_id:
            messages += self._create_message(
                recipients=contact,
                res_id=contact.id,
                message_type="email_outgoing",
                date=moment,
            )
        return messages

    def _merge(self, source, target):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard.sudo()._merge((source + target).ids, target)
        self.env.invalidate_all()

    @contextmanager
    def _right_people(self, pairs):
        """Have an add-on know who decides: (profile, contact)."""
        self.env.registry.clear_cache()
        people = SQL(
            "SELECT * FROM unnest(%s::int[], %s::int[]) AS p (profile_id, partner_id)",
            [profile.id for profile, __ in pairs],
            [contact.id for __, contact in pairs],
        )
        with patch.object(
            type(self.engine), "_sql_right_people", lambda *_args: people
        ):
            yield

    # ------------------------------------------------------------
    # CLOCKS
    # ------------------------------------------------------------

    def _recompute(self, profiles=None, today=None):
        self.engine._recompute_cadence(self.company, profiles, today)

    def _get_clock(self, rule, profile=None, today=None):
        """Return the clock; it must be as it should be without being asked for."""
        if today:
            self._recompute(today=today)
        return self.env["crm.cadence.status"].search(
            [
                ("profile_id", "=", (profile or self.profile).id),
                ("rule_id", "=", rule.id),
            ]
        )

    def _run_job(self):
        """Run the step of the job in this transaction."""
        self._collect()
        with patch.object(type(self.engine), "_commit_progress", lambda *_a, **_k: 0):
            self.engine._run_cadence()
        self.env.invalidate_all()

    def ago(self, **span):
        """Noon of an earlier day, so that a test near midnight means the same day."""
        moment = super().ago(**span)
        if span.get("days"):
            moment = moment.replace(hour=12, minute=0, second=0)
        return fields.Datetime.to_datetime(moment)
