"""Invariant 3: a job killed at any moment leaves nothing lost and nothing half done."""

import contextlib
import random
import time

import pytest

from tests.support import customer_base, snapshots
from tests.support.odoo_processes import (
    ENDED,
    JobProcess,
    call,
    complaints,
    is_due,
    run_job,
    trigger,
)

CUSTOMERS = customer_base.CUSTOMERS
ROUNDS = 3
SEED = 20260315


def without_settling(env):
    """The job up to the ranking: a state that a kill may leave behind."""
    engine_class = type(env["crm.lifecycle.engine"])
    engine_class._run_settle = engine_class._check_weekly = lambda *args: None
    env["crm.lifecycle.engine"]._cron_run()


def pass_and_change_settings(env):
    """Today's pass, then other numbers, which need everything read again."""
    customer_base.classify(env)
    env.company.write({"lifecycle_regular_count": 4, "lifecycle_lost_days": 300})


class Scenario:
    """A database before the job runs, and the states the job may leave it in."""

    def __init__(self, environment, name):
        self.environment = environment
        self.name = name
        template = "full" if name == "baseline" else customer_base.used(environment)
        self.before = environment.create_database(f"crash_{name}", template)
        self.copies = [self.before]
        getattr(self, f"_prepare_{name}")()
        trigger(environment, self.before)

    def _prepare_baseline(self):
        customer_base.plant(self.environment, self.before, CUSTOMERS)
        call(self.environment, self.before, customer_base.calm)

    def _prepare_nightly(self):
        """Forty days have passed since the last pass, and some customers wait in the
        queue."""
        customer_base.disturb(self.environment, self.before)

    def _prepare_settings(self):
        """Other limits, and customers in the queue, on a day that had its pass."""
        call(self.environment, self.before, pass_and_change_settings)
        customer_base.disturb(self.environment, self.before)

    def copy(self, name):
        copy = self.environment.create_database(
            f"crash_{self.name}_{name}", template=self.before
        )
        self.copies.append(copy)
        return copy

    def drop(self):
        for database in self.copies:
            self.environment.drop_database(database)

    def undisturbed(self):
        """Run the whole job in a copy: everything it wrote."""
        whole = self.copy("whole")
        ended, log = run_job(self.environment, whole)
        assert ended == "fully done", log
        assert complaints(log) == []
        return snapshots.everything(self.environment, whole)

    def states(self, final):
        """Every state a customer may be in after a kill."""
        half = self.copy("half")
        call(self.environment, half, without_settling)
        return [
            snapshots.customers(self.environment, self.before),
            snapshots.customers(self.environment, half),
            final["customers"],
        ]


@pytest.fixture
def scenario(environment, request):
    current = Scenario(environment, request.param)
    yield current
    current.drop()


def hold_customer(environment, database, partner_id):
    """A connection in which somebody changes a customer, so that the job does not get
    past him, however fast it is."""
    connection = environment.connect(database, autocommit=False)
    for query in (
        "SELECT id FROM res_partner WHERE id = %s FOR UPDATE",
        "SELECT id FROM crm_lifecycle_profile WHERE partner_id = %s FOR UPDATE",
    ):
        connection.cursor().execute(query, [partner_id])
    return contextlib.closing(connection)


def kill_somewhere(environment, database, threshold, delay, held=None):
    """Start the job and kill it once so many profiles were written.

    :param held: a customer that somebody else holds until then
    :return: how many were, and whether the job had ended before
    """
    query = "SELECT count(*) FROM crm_lifecycle_profile WHERE xmin::text::bigint >= %s"
    first = environment.psql(database, "SELECT txid_current() % 4294967296")[0][0]
    holder = hold_customer(environment, database, held) if held else None
    with (
        holder or contextlib.nullcontext(),
        JobProcess(environment, database, "killed") as job,
    ):
        job.await_start()
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and job.process.poll() is None:
            written = environment.psql(database, query, [first])[0][0]
            if written >= threshold or ENDED.search(job.text):
                break
            time.sleep(0.01)
        time.sleep(delay)
        job.kill()
        ended = bool(ENDED.search(job.text))
    await_nobody(environment, database)
    return environment.psql(database, query, [first])[0][0], ended


def await_nobody(environment, database):
    """Wait until the server has noticed that its client is gone."""
    deadline = time.monotonic() + 60
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
    while environment.psql("postgres", query, [database])[0][0]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def half_done(states, found):
    """Lines about customers that are in none of the states: how they are not as in
    the last."""
    wrong = {
        key
        for key in found.keys() | states[0].keys()
        if not any(state.get(key) == found.get(key) for state in states)
    }
    expected, stored = (
        {key: state[key] for key in wrong & state.keys()}
        for state in (states[-1], found)
    )
    return snapshots.differences(expected, stored)


@pytest.mark.parametrize(
    "scenario",
    [
        "nightly",
        pytest.param("baseline", marks=pytest.mark.slow),
        pytest.param("settings", marks=pytest.mark.slow),
    ],
    indirect=True,
)
def test_killed_job_leaves_old_or_new_and_the_next_run_finishes(scenario):
    environment = scenario.environment
    final = scenario.undisturbed()
    states = scenario.states(final)
    changed = [
        key
        for key, customer in final["customers"].items()
        if states[0].get(key) != customer
    ]
    changes = len(changed)
    assert changes > 1000, "one chunk would not show a cut-off pass"
    killed = scenario.copy("killed")
    draw = random.Random(SEED)
    seen, ended = [], False
    for turn in range(ROUNDS):
        threshold = draw.randrange(changes // 3) if turn else 1
        delay = draw.random() * 0.1 if turn else 0
        # several connections write at the same time: the first kill must not come late
        held = max(changed)[0] if not turn and scenario.name != "nightly" else None
        if not ended:
            written, ended = kill_somewhere(environment, killed, threshold, delay, held)
            found = snapshots.customers(environment, killed)
            assert half_done(states, found) == []
            seen.append(written)
    assert any(0 < written < changes for written in seen), (seen, changes)
    # The job is still due: nobody triggers it again.
    assert is_due(environment, killed) or ended
    if is_due(environment, killed):
        with JobProcess(environment, killed, "next") as job:
            assert job.await_end() == "fully done"
            assert complaints(job.text) == []
    after = snapshots.everything(environment, killed)
    assert snapshots.differences(final["customers"], after["customers"]) == []
    profiles = [
        tables["crm_lifecycle_profile"] for tables in after["customers"].values()
    ]
    assert any('"lost_value": null' not in row for (row,) in profiles), "none was lost"
    assert after["companies"] == final["companies"]
    assert after["unanswered"] == final["unanswered"]
    assert after["queue"] == final["queue"] == 0
