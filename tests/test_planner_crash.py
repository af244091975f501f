"""The planner of contacts killed at any moment plans everything exactly once."""

import random
import time
from datetime import timedelta

import pytest

from tests.support import customer_base
from tests.support.odoo_processes import (
    ENDED,
    PATIENCE,
    JobProcess,
    call,
    complaints,
    is_due,
    trigger,
)

SEED = 20261122
ROUNDS = 2
PEOPLE = 41  # more than two chunks of them
PLANNED = (
    "SELECT count(*) FROM mail_activity WHERE active AND lifecycle_due_date IS NOT NULL"
)
TWICE = (
    "SELECT count(*) FROM (SELECT lifecycle_profile_id, lifecycle_rule_id "
    "FROM mail_activity WHERE lifecycle_due_date IS NOT NULL "
    "GROUP BY 1, 2 HAVING count(*) > 1) twice"
)
HALF = (
    "SELECT count(*) FROM crm_cadence_status s FULL JOIN (SELECT * FROM mail_activity "
    "WHERE lifecycle_due_date IS NOT NULL) a ON a.lifecycle_profile_id = s.profile_id "
    "AND a.lifecycle_rule_id = s.rule_id "
    "WHERE (s.planned_due_date IS NULL) <> (a.id IS NULL)"
)


def begin(env):
    """Rules in force for years, and customers of many people: most are overdue.

    :return: how many activities the planner owes
    """
    customer_base.classify(env)  # up to date: the job itself must not change who is due
    group = env.ref("sales_team.group_sale_salesman")
    users = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {"name": f"P{n}", "login": f"planner{n}", "group_ids": [(4, group.id)]}
                for n in range(PEOPLE)
            ]
        )
    )
    rule = env.ref("crm_lifecycle.crm_cadence_rule_c_call")
    env["crm.cadence.rule"].search([("id", "!=", rule.id)]).active = False
    rule.date_start = "2020-01-01"
    profiles = env["crm.lifecycle.profile"].search([("is_excluded", "=", False)])
    rule.category_ids = profiles.category_id
    for number, user in enumerate(users):
        profiles[number::PEOPLE].assign_responsible(user.id)
    env.cr.execute("UPDATE crm_lifecycle_profile SET added_date = '2020-01-01'")
    engine = env["crm.lifecycle.engine"]
    engine._recompute_cadence(env.company)
    env.company.write(
        {
            "lifecycle_plan_enabled": True,
            "lifecycle_plan_limit": 1000,
            "lifecycle_escalation_days": 0,
        }
    )
    last = engine._today(env.company) + timedelta(env.company.lifecycle_plan_days)
    return env["crm.cadence.status"].search_count(
        [("profile_id.user_id", "in", users.ids), ("due_date", "<=", last)]
    )


def kill_somewhere(environment, database, threshold, delay):
    """Start the job and kill it once so many activities are there.

    :return: how many were, and whether the job had ended before
    """
    with JobProcess(environment, database, "killed") as job:
        job.await_start()
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and job.process.poll() is None:
            planned = environment.psql(database, PLANNED)[0][0]
            if planned >= threshold or ENDED.search(job.text):
                break
            time.sleep(0.01)
        time.sleep(delay)
        job.kill()
        ended = bool(ENDED.search(job.text))
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
    while environment.psql("postgres", query, [database])[0][0]:
        time.sleep(0.05)
    return environment.psql(database, PLANNED)[0][0], ended


@pytest.fixture
def planning(environment):
    template = customer_base.used(environment)
    database = environment.create_database("planner", template)
    yield database
    environment.drop_database(database)


@pytest.mark.slow
def test_killed_planner_plans_once(environment, planning):
    owed = call(environment, planning, begin, patience=4 * PATIENCE)
    assert owed > PEOPLE, "one chunk would not show a cut-off run"
    trigger(environment, planning)
    draw = random.Random(SEED)
    seen, ended = [], False
    for turn in range(ROUNDS):
        if ended:
            break
        threshold = 1 + draw.randrange(owed // 2) * turn
        planned, ended = kill_somewhere(
            environment, planning, threshold, draw.random() * 0.1
        )
        seen.append(planned)
        assert environment.psql(planning, TWICE)[0][0] == 0
        assert environment.psql(planning, HALF)[0][0] == 0, "marked without activity"
    assert any(0 < planned < owed for planned in seen), (seen, owed)
    assert is_due(environment, planning) or ended
    if is_due(environment, planning):
        with JobProcess(environment, planning, "next") as job:
            assert job.await_end() == "fully done"
            assert complaints(job.text) == []
    assert environment.psql(planning, PLANNED)[0][0] == owed
    assert environment.psql(planning, TWICE)[0][0] == 0
