"""Day by day: what the nightly run changes adds up to what a full one gives."""

from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import oracle
from tests.support import reader
from tests.support.oracle_case import OracleCase, later
from tests.support.random_bases import Edit, customers, edits, settings_values
from tests.test_oracle_random import QUICK

chronicles = st.fixed_dictionaries(
    {
        "settings": settings_values,
        "base": st.lists(customers, min_size=8, max_size=10),
        "edits": st.lists(
            st.tuples(st.integers(1, 799), edits), min_size=4, max_size=30
        ),
    }
)
# Orders that overtake each other, in a company patient with who ranks lower.
patient_chronicles = st.fixed_dictionaries(
    {
        "settings": settings_values.map(
            lambda values: (
                values
                | {"basis": "sale", "abc_value": "revenue", "abc_newcomer_days": 0}
            )
        ).flatmap(
            lambda values: st.sampled_from([3, 10]).map(
                lambda days: values | {"abc_down_days": days}
            )
        ),
        "base": st.lists(customers, min_size=8, max_size=10),
        "edits": st.lists(
            st.tuples(
                st.integers(1, 39),
                st.builds(
                    Edit,
                    verb=st.just("order"),
                    pick=st.integers(0, 50),
                    at=st.just((1, (12, 0))),
                    amount=st.sampled_from([500, 2000, 5000, 20000]),
                ),
            ),
            min_size=10,
            max_size=16,
        ),
    }
)


class TestDays(OracleCase):
    companies = 2
    # what patience did over all examples: (classes kept, classes lost after it)
    kept = lost = 0

    def nightly(self, today):
        """The job as it runs at night, its commits replaced by flushes; the steps that
        answer stages and figures have oracles of their own."""
        engine_class = type(self.engine)

        def flush(engine, *args, **kwargs):
            engine.env.flush_all()

        with (
            self.today_is(today),
            patch.object(engine_class, "_commit_progress", flush),
            patch.object(engine_class, "_do_step", lambda *_args: None),
        ):
            self.engine._cron_run()
        self.env.cr.flush()

    def days(self, chronicle, length, compare_every):
        with self.example():
            others = self.env["res.company"].search([("id", "!=", self.company.id)])
            others.lifecycle_enabled = False
            self.configure(chronicle["settings"])
            planted = self.planter.plant(chronicle["base"])
            base = self.read_base()
            rows, steps = oracle.full(base, {}, later(0), "baseline")
            self.nightly(later(0))
            self.check((rows, steps))
            decided = self.planter.decide(self.env.cr, planted, chronicle["base"])
            touched = set(decided)
            for number in range(1, length + 1):
                today = later(number)
                changes = [edit for day, edit in chronicle["edits"] if day == number]
                touched |= self.planter.edit(self.env.cr, planted, changes, today)
                if touched:
                    self.queue(touched, self.company)
                    base = self.read_base()
                found = oracle.full(base, rows, today, queued=touched)
                self.count_patience(rows, found[0])
                rows, steps = found[0], steps + found[1]
                touched = set()
                self.nightly(today)
                if number % compare_every == 0 or number == length:
                    base = self.read_base()
                    self.check((rows, steps))
                    self.assertFalse(self.suspects(today))

    def count_patience(self, before, after):
        cls = type(self)
        for partner_id, row in after.items():
            old = before.get(partner_id)
            cls.kept += bool(row.abc_below_since)
            if old and old.abc_below_since and not row.abc_below_since:
                cls.lost += (old.abc_class or "") < (row.abc_class or "")

    @settings(QUICK, max_examples=3)
    @given(patient_chronicles)
    def forty_patient_days(self, chronicle):
        self.days(chronicle, 40, compare_every=1)

    def test_forty_patient_days(self):
        """A class outlives a lower rank for the days the company allows, and no more;
        the examples must have shown both."""
        type(self).kept = type(self).lost = 0
        self.forty_patient_days()
        self.assertGreater(self.kept, 0)
        self.assertGreater(self.lost, 0)

    @settings(QUICK, max_examples=2)
    @given(chronicles)
    def test_sixty_days(self, chronicle):
        self.days(chronicle, 60, compare_every=1)

    @pytest.mark.slow
    @settings(QUICK, max_examples=1)
    @given(chronicles)
    def test_eight_hundred_days(self, chronicle):
        self.days(chronicle, 800, compare_every=20)

    def test_nightly_runs_touch_only_what_date_changes(self):
        """A quiet customer is not written on a quiet day."""
        with self.example():
            others = self.env["res.company"].search([("id", "!=", self.company.id)])
            others.lifecycle_enabled = False
            partner = self.builder.partner()
            for ago in (200, 230, 260):
                moment = f"{later(-ago)} 12:00:00"
                self.builder.order(partner, moment, 100)
            self.builder.write()
            self.nightly(later(-150))
            before = self.versions()
            self.nightly(later(-149))
            self.assertEqual(self.versions(), before)
            last = reader.last_transition(self.env)
            self.nightly(later(-19))  # 181 days of silence
            self.assertGreater(reader.last_transition(self.env), last)
