# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command
from odoo.tools import SQL

from .touchpoint_common import TestTouchpointCommon


class ControlCommon(TestTouchpointCommon):
    """Clocks, ledger rows and touchpoints in a known state, without the engine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute("DELETE FROM crm_cadence_status")
        cls.env.cr.execute("DELETE FROM crm_cadence_period")
        cls.calls = cls._create_rule("A call a month", cls.call, lead_days=3)
        cls.meetings = cls._create_rule(
            "A meeting a quarter", cls.meeting + cls.visit, interval_number=3
        )
        cls.mailings = cls._create_rule("Mailings", cls.email, kind="reminder")

    @classmethod
    def _create_rule(cls, name, channels, **values):
        category = cls.env.ref("crm_lifecycle.crm_lifecycle_category_a")
        return cls.env["crm.cadence.rule"].create(
            {
                "name": name,
                "category_ids": [Command.set(category.ids)],
                "channel_ids": [Command.set(channels.ids)],
                **values,
            }
        )

    def _insert(self, table, **row):
        self.env.flush_all()
        [(id_,)] = self.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) VALUES (%s) RETURNING id",
                SQL.identifier(table),
                SQL(", ").join(SQL.identifier(name) for name in row),
                SQL(", ").join(SQL("%s", value) for value in row.values()),
            )
        )
        self.env.invalidate_all()
        return id_

    def _add_status(self, profile, rule, late=0, **columns):
        """Write the clock of a rule, ``late`` days late (negative: not due yet)."""
        return self._insert(
            "crm_cadence_status",
            **{
                "profile_id": profile.id,
                "company_id": profile.company_id.id,
                "rule_id": rule.id,
                "since_date": self.day(100),
                "base_date": self.day(late + 30),
                "base_kind": "touchpoint",
                "last_date": self.day(late + 30),
                "due_date": self.day(late),
                **columns,
            },
        )

    def _add_period(self, profile, rule, due, state, **columns):
        """Write a ledger row due on a day, of the profile's responsible."""
        return self._insert(
            "crm_cadence_period",
            **{
                "profile_id": profile.id,
                "company_id": profile.company_id.id,
                "rule_id": rule.id,
                "opening_date": due - timedelta(30),
                "due_date": due,
                "missed_date": due + timedelta(30),
                "state": state,
                "closing_date": None if state == "open" else due,
                "user_id": profile.user_id.id or None,
                "team_id": profile.team_id.id or None,
                "category_id": profile.category_id.id or None,
                **columns,
            },
        )

    def _add_touchpoint(self, profile, channel, moment, **columns):
        """Write a touchpoint made by the responsible."""
        return self._insert(
            "crm_touchpoint",
            **{
                "profile_id": profile.id,
                "partner_id": profile.partner_id.id,
                "channel_id": channel.id,
                "direction": "out",
                "date": moment,
                "duration": 0,
                "recorded_at": self.env.cr.now(),
                "is_ignored": False,
                "user_id": profile.user_id.id or None,
                **columns,
            },
        )

    def _make_owned(self):
        """Return ``{name: profile}`` of customers of everybody who matters."""
        owners = {
            "of_salesman": (self.user_salesman, self.team_1, self.company),
            "of_colleague": (self.user_salesman_2, self.team_2, self.company),
            "of_leader": (self.user_leader, self.team_1, self.company),
            "of_nobody": (self.env["res.users"], self.env["crm.team"], self.company),
            "of_other": (self.user_salesman_3, self.env["crm.team"], self.company_2),
        }
        return {
            name: self._make_profiles(
                self._create_customer(name),
                company=company,
                user_id=user.id or None,
                team_id=team.id or None,
            )
            for name, (user, team, company) in owners.items()
        }

    def _get_visible(self):
        """Return ``{user: names of the customers the user may see}``."""
        in_company = {"of_salesman", "of_colleague", "of_leader", "of_nobody"}
        return {
            self.user_salesman: {"of_salesman", "of_nobody"},
            self.user_leader: {"of_salesman", "of_leader", "of_nobody"},
            self.user_all: in_company,
            self.user_manager: in_company,
            self.user_manager_2: {"of_other"},
            self.user_both: in_company | {"of_other"},
        }

    def _as(self, user, model):
        """Return a model as a user with all the user's companies."""
        return (
            self.env[model]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
        )
