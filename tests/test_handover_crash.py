"""A hand-over killed at any moment goes on by itself and does nothing twice."""

import random
import time

import pytest

from tests.support import customer_base
from tests.support.odoo_processes import (
    ENDED,
    JobProcess,
    call,
    complaints,
    is_due,
    trigger,
)

SEED = 20261122
ROUNDS = 2


def begin(env):
    """A hand-over of everybody, begun by a manager and left to the job."""
    admin = env.ref("base.user_admin")
    group = env.ref("sales_team.group_sale_salesman")
    giver, taker = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {"name": name, "login": name, "group_ids": [(4, group.id)]}
                for name in ("giver", "taker")
            ]
        )
    )
    profiles = env["crm.lifecycle.profile"].search([])
    profiles.assign_responsible(giver.id)
    env["crm.lead"].search([]).write({"user_id": giver.id})
    handover = (
        env["crm.handover"]
        .with_user(admin)
        .with_context(allowed_company_ids=env.company.ids)
        .create(
            {
                "from_user_id": giver.id,
                "to_user_id": taker.id,
                "introduce": "all",
                "reason": "Moves away",
            }
        )
    )
    handover.action_prepare()
    handover.action_hand_over()
    return [handover.id, handover.line_count, len(profiles)]


def take_back(env, handover_id):
    env["crm.handover"].browse(handover_id).action_undo()


def count(environment, database, state):
    query = "SELECT count(*) FROM crm_handover_line WHERE state = %s"
    return environment.psql(database, query, [state])[0][0]


def kill_somewhere(environment, database, state, threshold, delay):
    """Start the job, and kill it once so many lines are worked off.

    :return: how many were, and whether the job had ended before
    """
    with JobProcess(environment, database, "killed") as job:
        job.await_start()
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and job.process.poll() is None:
            if count(environment, database, state) >= threshold:
                break
            if ENDED.search(job.text):
                break
            time.sleep(0.02)
        time.sleep(delay)
        job.kill()
        ended = bool(ENDED.search(job.text))
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
    while environment.psql("postgres", query, [database])[0][0]:
        assert time.monotonic() < deadline + 60
        time.sleep(0.05)
    return count(environment, database, state), ended


def assert_half_done_is_whole(environment, database, done, user):
    """What a line says is what the record says, in each direction."""
    for model, table in (
        ("crm.lifecycle.profile", "crm_lifecycle_profile"),
        ("crm.lead", "crm_lead"),
    ):
        query = (
            f"SELECT count(*) FROM crm_handover_line l "
            f"JOIN {table} t ON t.id = l.res_id "
            "JOIN res_users u ON u.id = t.user_id "
            "WHERE l.res_model = %s AND (l.state = %s) <> (u.login = %s)"
        )
        assert environment.psql(database, query, [model, done, user])[0][0] == 0


def finish(environment, database):
    """The scheduler runs the job again; nobody asks it to."""
    if not is_due(environment, database):
        return
    with JobProcess(environment, database, "next") as job:
        assert job.await_end() == "fully done"
        assert complaints(job.text) == []


def work_off(environment, database, total, state, user):
    """Kill the job at some moments, then let it end."""
    draw = random.Random(SEED)
    seen, ended = [], False
    for _turn in range(ROUNDS):
        threshold = 1 + draw.randrange(total // 2)
        if not ended:
            worked, ended = kill_somewhere(
                environment, database, state, threshold, draw.random() * 0.3
            )
            assert_half_done_is_whole(environment, database, state, user)
            seen.append(worked)
    assert any(0 < worked < total for worked in seen), (seen, total)
    finish(environment, database)
    assert count(environment, database, state) == total
    assert_half_done_is_whole(environment, database, state, user)


@pytest.mark.slow
def test_killed_handover_goes_on_and_moves_nothing_twice(environment):
    used = customer_base.used(environment)
    database = environment.create_database("handover", template=used)
    handover_id, total, customers = call(environment, database, begin)
    assert total > 1000, "one batch would not show a cut-off hand-over"
    trigger(environment, database)
    work_off(environment, database, total, "moved", "taker")

    def number(query):
        return environment.psql(database, query)[0][0]

    stretches = "SELECT count(*) FROM crm_lifecycle_responsible WHERE handover_id > 0"
    assert number(stretches) == customers
    planned = "SELECT count(activity_id) FROM crm_handover_line"
    excluded = "SELECT count(*) FROM crm_lifecycle_profile WHERE active AND is_excluded"
    assert number(planned) == customers - number(excluded)
    assert number("SELECT state FROM crm_handover") == "done"

    call(environment, database, take_back, handover_id=handover_id)
    trigger(environment, database)
    work_off(environment, database, total, "returned", "giver")
    assert number(stretches) == 2 * customers
    assert number("SELECT state FROM crm_handover") == "returned"
    left = "SELECT count(*) FROM mail_activity WHERE summary LIKE 'Introduce%'"
    assert number(left) == 0
    environment.drop_database(database)
