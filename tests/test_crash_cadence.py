"""A job killed while it collects contacts or sets clocks: the next one finishes."""

import time

import pytest

from tests.support import customer_base, snapshots
from tests.support.odoo_processes import (
    ENDED,
    JobProcess,
    call,
    complaints,
    run_job,
    trigger,
)
from tests.test_crash import await_nobody
from tests.test_touchpoints import write_history

TOUCHPOINTS = "SELECT count(*) FROM crm_touchpoint"
CLOCKS = "SELECT count(DISTINCT profile_id) FROM crm_cadence_status"


def write_norms(env):
    """Letters count, since a while: the ledger has a past."""
    written = write_history(env)
    rules = env["crm.cadence.rule"].search([])
    email = env.ref("crm_lifecycle.crm_touchpoint_channel_email")
    rules.write(
        {
            "channel_ids": [(4, email.id)],
            "direction": "any",
            "date_start": "2000-01-01",
            "interval_number": 2,
            "interval_unit": "week",
        }
    )
    env.flush_all()
    env.cr.execute(
        "UPDATE crm_cadence_rule SET changed_date = NULL, "
        "date_start = (now() - interval '50 days')::date"
    )
    env["res.company"].search([]).lifecycle_cadence_digest = False
    return written


@pytest.fixture(scope="module")
def before(environment):
    """A base with a past that nobody has collected."""
    database = environment.create_database(
        "cadence_before", template=customer_base.used(environment)
    )
    written = call(environment, database, write_norms)
    for statement in (
        "DELETE FROM crm_cadence_status",
        "DELETE FROM crm_cadence_period",
        "DELETE FROM crm_touchpoint",
        "DELETE FROM crm_touchpoint_change",
        "UPDATE crm_touchpoint_source SET marks = '{}', is_complete = false",
        "UPDATE crm_lifecycle_profile SET next_contact_date = NULL",
    ):
        environment.psql(database, statement)
    trigger(environment, database)
    yield database, written
    environment.drop_database(database)


@pytest.fixture(scope="module")
def undisturbed(environment, before):
    database = environment.create_database("cadence_whole", template=before[0])
    ended, log = run_job(environment, database)
    assert (ended, complaints(log)) == ("fully done", [])
    facts = snapshots.clocks(environment, database)
    environment.drop_database(database)
    return facts


def kill_when(environment, database, query, threshold):
    """Start the job and kill it once a count is reached.

    :return: the count after the kill, and whether the job had ended before
    """
    with JobProcess(environment, database, "killed") as job:
        job.await_start()
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and job.process.poll() is None:
            reached = environment.psql(database, query)[0][0] >= threshold
            if reached or ENDED.search(job.text):
                break
            time.sleep(0.01)
        job.kill()
        ended = bool(ENDED.search(job.text))
    await_nobody(environment, database)
    return environment.psql(database, query)[0][0], ended


@pytest.mark.slow
def test_killed_while_collecting_and_while_setting_clocks(
    environment, before, undisturbed
):
    template, written = before
    database = environment.create_database("cadence_killed", template=template)
    seen = []
    for query, threshold in ((TOUCHPOINTS, 1), (TOUCHPOINTS, written // 2)):
        count, ended = kill_when(environment, database, query, threshold)
        seen.append(count)
        assert not ended
    assert any(0 < count < written for count in seen), (seen, written)
    customers = sum(1 for __, clocks, __ in undisturbed.values() if clocks)
    assert customers > 1000, "one chunk would not show a job cut off"
    for threshold in (1, customers // 2):
        count, ended = kill_when(environment, database, CLOCKS, threshold)
        seen.append(count)
        found = snapshots.clocks(environment, database)
        half = [
            key
            for key, facts in found.items()
            if facts not in ([None, None, None], undisturbed[key])
        ]
        assert half == []
    assert any(0 < count < customers for count in seen[2:]), (seen, customers)
    ended, log = run_job(environment, database)
    assert (ended, complaints(log)) == ("fully done", [])
    assert environment.psql(database, TOUCHPOINTS) == [(written,)]
    found = snapshots.clocks(environment, database)
    wrong = [key for key, facts in undisturbed.items() if found[key] != facts]
    assert wrong == []
    states = {
        turn["state"] for __, __, turns in undisturbed.values() for turn in turns or ()
    }
    assert states >= {"open", "met", "missed"}
    environment.drop_database(database)
