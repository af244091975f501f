"""Base classes of the tests that compare the add-on with the oracle."""

import contextlib
from dataclasses import fields
from datetime import timedelta
from math import floor
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from tests import oracle
from tests.oracle.stages import allowed_silence, lost_on

from . import reader
from .builders import Builder
from .random_bases import TODAY, Planter


@tagged("post_install", "-at_install", "standard")
class OracleCase(TransactionCase):
    """Companies, builders and comparisons; the main company alone by default."""

    companies = 1

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.engine = cls.env["crm.lifecycle.engine"]
        cls.env["crm.lifecycle.event"].search([]).unlink()
        cls._make_companies()
        cls.builder = cls._builder(cls.company)
        cls.other_builder = (
            cls._builder(cls.other) if cls.other != cls.company else cls.builder
        )
        lifecycle = cls.env["crm.lifecycle.stage"].search([])
        reasons = cls.env["crm.lifecycle.lost.reason"].search([], order="id")
        cls.planter = Planter(
            cls.builder,
            cls.other_builder,
            cls._pipeline_stages(),
            reasons.ids,
            {stage.code: stage.id for stage in lifecycle},
        )

    @classmethod
    def _make_companies(cls):
        cls.company = cls.other = cls.env.company
        if cls.companies > 1:
            names = ("Oracle One", "Oracle Two")
            values = [{"name": name, "lifecycle_enabled": True} for name in names]
            cls.company, cls.other = cls.env["res.company"].create(values)
            both = (cls.company + cls.other).ids
            cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": both})
            cls.engine = cls.env["crm.lifecycle.engine"]
            cls.company = cls.company.with_env(cls.env)
            cls.other = cls.other.with_env(cls.env)

    @classmethod
    def _builder(cls, company):
        journal = cls.env["account.journal"].create(
            {
                "name": "Oracle",
                "code": "ORA",
                "type": "general",
                "company_id": company.id,
            }
        )
        return Builder(cls.env, company, journal)

    @classmethod
    def _pipeline_stages(cls):
        """New, an agreeing one, a plain one, and a won one."""
        Stage = cls.env["crm.stage"]
        return [
            Stage.create({"name": "New", "lifecycle_is_agreement": False}),
            Stage.create({"name": "Proposed", "lifecycle_is_agreement": True}),
            Stage.create({"name": "Other", "lifecycle_is_agreement": False}),
            Stage.create(
                {"name": "Won", "is_won": True, "lifecycle_is_agreement": True}
            ),
        ]

    # -- one example --------------------------------------------------------------

    @contextlib.contextmanager
    def example(self):
        """What happens inside is taken back."""
        self.env.cr.flush()
        savepoint = self.env.cr.savepoint()
        try:
            yield
        finally:
            self.env.cr.precommit.clear()
            self.env.cr.precommit.data.clear()
            self.env.clear()
            savepoint.close(rollback=True)
            self.env.registry.clear_all_caches()
            self.env.clear()

    def configure(self, values, company=None):
        values = dict(values)
        high, medium = values.pop("thresholds", (0, 0))
        values |= {"potential_high": high, "potential_medium": medium}
        company = company or self.company
        company.write({f"lifecycle_{name}": value for name, value in values.items()})
        self.env.cr.flush()

    @contextlib.contextmanager
    def today_is(self, today):
        """The company's own day, for what takes it from the clock."""
        engine_class = type(self.engine)
        with patch.object(engine_class, "_today", lambda engine, company: today):
            yield

    def queue(self, ids, companies=None):
        """Put customers into the queue the way documents do."""
        self.env["crm.lifecycle.event"]._gather(sorted(ids), companies)
        self.env.cr.flush()

    def suspects(self, today):
        """The customers that a full re-read under unchanged rules would compute."""
        parameters = self.engine._get_parameters(self.company, today)
        self.env.cr.execute(self.engine._sql_suspects(parameters))
        return {partner_id for (partner_id,) in self.env.cr.fetchall()}

    # -- comparison ---------------------------------------------------------------

    def read_base(self, company=None):
        return reader.read_base(self.env, company or self.company)

    def read_rows(self, company=None):
        return reader.read_rows(self.env, company or self.company)

    def check(self, expected, company=None, after=0):
        """Stored profiles and transitions equal ``expected`` = (rows, steps)."""
        rows, steps = expected
        stored = self.read_rows(company)
        self.assertEqual(differences(rows, stored), [])
        found = reader.read_steps(self.env, company or self.company, after)
        self.assertEqual(*map(_sorted, (found, steps)))
        self.check_figures(self.read_base(company), stored)

    def check_figures(self, base, stored):
        """The numbers a stage's reason tells agree with the profile's own."""
        for row in stored.values():
            told, people = row.stage_figures, base.people[row.partner_id]
            if people.is_excluded or not row.active:
                continue
            numbers = vars(row)
            expected = {
                "purchase_count": row.purchase_count,
                "first_purchase_date": _text(row.first_purchase_date),
                "last_purchase_date": _text(row.last_purchase_date),
                "rhythm_days": None if row.rhythm_days is None else row.rhythm_days,
                "lost_on": _text(lost_on(base.settings, numbers)),
                "hold_until": _text(people.hold_until),
            }
            for key in set(expected) & set(told):
                self.assertEqual(told[key], expected[key], (key, row))
            if "allowed_days" in told:
                allowed = allowed_silence(base.settings, row.rhythm_days)
                self.assertEqual(floor(told["allowed_days"]), floor(allowed), row)

    def check_evaluation_dates(self, today, horizon, limit=3):
        """Nothing changes by date alone before the day the engine wants to look."""
        base, stored = self.read_base(), self.read_rows()
        planned = {
            row["partner_id"]: row["next_evaluation_date"] or None
            for row in reader.profiles(
                self.env, self.company, ["partner_id", "next_evaluation_date"]
            )
        }
        active = [row for row in stored.values() if row.active]
        for row in sorted(active, key=lambda row: -row.partner_id)[:limit]:
            day = oracle.unchanged_until(base, row, today, horizon)
            looks = planned[row.partner_id]
            if looks:
                self.assertGreater(looks, today, row)
            if day:
                self.assertIsNotNone(looks, f"{row} changes on {day}")
                self.assertLessEqual(looks, day, row)

    def snapshot(self, company=None):
        """Everything stored, without what may differ between two ways to it."""
        company = company or self.company
        left_out = {"id", "computed_at", "recorded_at", "write_date", "create_date"}
        return {
            table: self._table(table, company, left_out)
            for table in ("crm_lifecycle_profile", "crm_lifecycle_transition")
        }

    def _table(self, table, company, left_out):
        self.env.flush_all()
        if table == "crm_lifecycle_profile":
            query = f"SELECT to_jsonb(t) FROM {table} t WHERE company_id = %s"
        else:
            query = (
                "SELECT to_jsonb(t) - 'profile_id' "
                f"|| jsonb_build_object('partner', p.partner_id) FROM {table} t "
                "JOIN crm_lifecycle_profile p ON p.id = t.profile_id "
                "WHERE p.company_id = %s"
            )
        self.env.cr.execute(query, [company.id])
        rows = []
        for (row,) in self.env.cr.fetchall():
            row["reacted_at"] = bool(row.get("reacted_at"))
            rows.append({k: v for k, v in row.items() if k not in left_out})
        return sorted(rows, key=repr)

    def versions(self):
        """Which version of each profile row the database holds."""
        self.env.cr.execute(
            "SELECT id, xmin::text, ctid::text, computed_at FROM crm_lifecycle_profile"
        )
        return sorted(self.env.cr.fetchall())


def differences(expected, stored):
    """Readable lines for every column that is not as expected."""
    lines = []
    for partner_id in sorted(set(expected) | set(stored)):
        wanted, found = expected.get(partner_id), stored.get(partner_id)
        if not wanted or not found:
            lines.append(f"{partner_id}: expected {wanted}, stored {found}")
            continue
        for field in fields(oracle.Row):
            if field.compare:
                values = getattr(wanted, field.name), getattr(found, field.name)
                if values[0] != values[1]:
                    lines.append(
                        f"{partner_id}.{field.name}: expected {values[0]!r}, "
                        f"stored {values[1]!r}"
                    )
    return lines


def _sorted(steps):
    return sorted(steps, key=lambda step: (step.partner_id, repr(step)))


def _text(day):
    return day.isoformat() if day else None


def later(days):
    return TODAY + timedelta(days)
