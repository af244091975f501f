"""Random customer bases: what the engine stores equals the oracle's answer."""

import os

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import oracle
from tests.support import reader
from tests.support.oracle_case import TODAY, OracleCase, later
from tests.support.random_bases import bases, edits, settings_values

# Making a failing example small takes minutes: only on demand.
SHRINK = (Phase.shrink,) if os.environ.get("CRM_LIFECYCLE_SHRINK") else ()
QUICK = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=20,
    print_blob=True,
    report_multiple_bugs=False,
    phases=(Phase.explicit, Phase.generate, *SHRINK),
    suppress_health_check=list(HealthCheck),
)
SLOW = settings(QUICK, max_examples=80)
histories = st.fixed_dictionaries(
    {
        "settings": settings_values,
        "base": bases,
        "first": st.lists(edits, max_size=6),
        "second": st.lists(edits, max_size=6),
        "days": st.sampled_from([1, 1, 2, 30, 181]),
        "some": st.integers(0, 127),
    }
)


class RandomBases:
    """The properties; the classes below say in how many companies."""

    def prepare(self, history):
        """Configure, plant and classify for the first time; the customers' ids."""
        self.configure(history["settings"])
        planted = self.planter.plant(history["base"])
        expected = oracle.full(self.read_base(), {}, TODAY, "baseline")
        self.engine._recompute(self.company, today=TODAY, cause="baseline")
        self.check(expected)
        return planted

    def drain(self, today):
        with self.today_is(today):
            self.engine._drain(limit=10000)
        self.env.cr.flush()

    # -- properties ---------------------------------------------------------------

    def whole_life(self, history):
        """Baseline, decisions, edits with a drain, passes: equal at every step."""
        with self.example():
            planted = self.prepare(history)
            self.check_evaluation_dates(TODAY, horizon=120)
            self.decisions(planted, history)
            self.edits_and_drain(planted, history)

    def decisions(self, planted, history):
        decided = self.planter.decide(self.env.cr, planted, history["base"])
        before, last = self.read_rows(), reader.last_transition(self.env)
        expected = oracle.some(self.read_base(), before, TODAY, decided, "manual")
        partners = self.env["res.partner"].browse(decided)
        self.engine._recompute(
            self.company, partners, today=TODAY, cause="manual", user=self.env.user
        )
        self.check(expected, after=last)
        self.a_pass(TODAY)
        self.check_evaluation_dates(TODAY, horizon=60)

    def edits_and_drain(self, planted, history):
        today = later(history["days"])
        self.a_pass(today)
        touched = self.planter.edit(self.env.cr, planted, history["first"], today)
        before, last = self.read_rows(), reader.last_transition(self.env)
        self.env.flush_all()
        suspects = self.suspects(today)
        self.queue(touched, self.company)
        expected = oracle.some(self.read_base(), before, today, touched, queued=touched)
        self.drain(today)
        self.check(expected, after=last)
        # the safety net would have found every one of them without the queue
        rows = self.read_rows()
        changed = {key for key in rows if rows[key] != before.get(key)}
        self.assertLessEqual(changed, suspects)
        self.assertFalse(self.suspects(today))
        self.a_pass(today)
        self.check_evaluation_dates(today, horizon=60)

    def a_pass(self, today):
        before, last = self.read_rows(), reader.last_transition(self.env)
        expected = oracle.full(self.read_base(), before, today)
        self.engine._recompute(self.company, today=today)
        self.check(expected, after=last)
        self.assertFalse(self.suspects(today))

    def second_run_changes_nothing(self, history):
        with self.example():
            planted = self.prepare(history)
            self.planter.decide(self.env.cr, planted, history["base"])
            self.engine._recompute(self.company, today=TODAY)
            versions, last = self.versions(), reader.last_transition(self.env)
            result = self.engine._recompute(self.company, today=TODAY)
            partners = self.env["res.partner"].browse(planted)
            again = self.engine._recompute(self.company, partners, today=TODAY)
            self.assertEqual(self.versions(), versions)
            self.assertEqual(reader.last_transition(self.env), last)
            for counts in (result, again):
                self.assertEqual(counts, {"written": 0, "transitions": 0})

    def some_first_is_the_same(self, history):
        """Recomputing a subset before the pass makes no difference to its result."""
        with self.example():
            planted = self.prepare(history)
            today = later(history["days"])
            self.planter.decide(self.env.cr, planted, history["base"])
            self.planter.edit(self.env.cr, planted, history["first"], today)
            chosen = [
                record
                for number, record in enumerate(planted)
                if history["some"] >> number & 1
            ]
            results = []
            for ids in ([], chosen):
                with self.example():
                    if ids:
                        partners = self.env["res.partner"].browse(ids)
                        self.engine._recompute(self.company, partners, today=today)
                    self.engine._recompute(self.company, today=today)
                    results.append(self.snapshot())
            for table, rows in results[0].items():
                self.assertEqual(rows, results[1][table], table)

    def settings_change(self, history, changed):
        """New limits: the transitions of that pass say so."""
        with self.example():
            self.prepare(history)
            self.configure(changed)
            before, last = self.read_rows(), reader.last_transition(self.env)
            expected = oracle.full(self.read_base(), before, TODAY, "settings")
            self.engine._recompute(self.company, today=TODAY, cause="settings")
            self.check(expected, after=last)


class TestOneCompany(RandomBases, OracleCase):
    companies = 1

    @QUICK
    @given(histories)
    def test_whole_life(self, history):
        self.whole_life(history)

    @QUICK
    @given(histories)
    def test_second_run_changes_nothing(self, history):
        self.second_run_changes_nothing(history)

    @QUICK
    @given(histories, settings_values)
    def test_settings_change(self, history, changed):
        self.settings_change(history, changed)

    @pytest.mark.slow
    @SLOW
    @given(histories)
    def test_whole_life_slow(self, history):
        self.whole_life(history)


class TestTwoCompanies(RandomBases, OracleCase):
    companies = 2

    @QUICK
    @given(histories)
    def test_whole_life(self, history):
        self.whole_life(history)

    @QUICK
    @given(histories)
    def test_some_first_is_the_same(self, history):
        self.some_first_is_the_same(history)

    @pytest.mark.slow
    @SLOW
    @given(histories)
    def test_whole_life_slow(self, history):
        self.whole_life(history)

    @pytest.mark.slow
    @SLOW
    @given(histories)
    def test_some_first_is_the_same_slow(self, history):
        self.some_first_is_the_same(history)
