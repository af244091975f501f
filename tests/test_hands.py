"""The connections that share a first classification or a re-read: the same result as
alone, and nothing lost when one of them fails or cannot be had."""

import contextlib
import threading
import time
from unittest.mock import patch

import pytest
from psycopg2 import OperationalError

from tests.support import customer_base, snapshots, verification
from tests.support.odoo_processes import JobProcess, call, trigger

CUSTOMERS = 1500
SHARED = ("first", "settings")
# nobody is left without a profile whom the job's own connection would write
OWN_SHARE = """
    SELECT 1 WHERE NOT EXISTS (
        SELECT FROM res_partner p WHERE p.name LIKE 'Customer %'
           AND (hashint4(p.id) & 2147483647) % 2 = 0
           AND NOT EXISTS (SELECT FROM crm_lifecycle_profile o
                            WHERE o.partner_id = p.id))
"""
LEFT_OVER = """
    SELECT relname FROM pg_class
     WHERE relname ~ '^crm_lifecycle_(chunks|figures|ranked)$'
"""


@pytest.fixture(scope="module")
def base(environment):
    """Customers nobody has classified yet."""
    database = environment.create_database("hands")
    customer_base.plant(environment, database, CUSTOMERS)
    call(environment, database, customer_base.calm)
    yield database
    environment.drop_database(database)


def watch(engine_class, seen):
    """Note the connection and the customers of every share that is written."""
    write = engine_class._write_share

    def watched(engine, *arguments):
        engine.env.cr.execute("SELECT pg_backend_pid()")
        connection = engine.env.cr.fetchone()[0]
        written = write(engine, *arguments)
        seen.append((connection, written))
        return written

    return patch.object(engine_class, "_write_share", watched)


def classify_and_change_settings(env, hands):
    """The first classification, then everything again under other limits.

    :return: connection and customers of every share, for each of the two
    """
    from odoo.addons.crm_lifecycle.models.engine import hands as module

    first, again = [], []
    engine_class = type(env["crm.lifecycle.engine"])
    with patch.object(module, "HANDS", hands):
        with watch(engine_class, first):
            env["crm.lifecycle.engine"]._cron_run()
        env.company.write({"lifecycle_regular_count": 4, "lifecycle_lost_days": 300})
        with watch(engine_class, again):
            env["crm.lifecycle.engine"]._cron_run()
    env.cr.execute(LEFT_OVER)
    return {"first": first, "settings": again, "left": env.cr.fetchall()}


def test_two_connections_write_what_one_writes(environment, copies):
    alone, together = copies("alone"), copies("together")
    shares = call(environment, alone, classify_and_change_settings, hands=1)
    assert [len(shares[name]) for name in SHARED] == [1, 1]
    shares = call(environment, together, classify_and_change_settings, hands=2)
    assert shares["left"] == []
    for name in SHARED:
        connections, written = zip(*shares[name], strict=True)
        assert len(set(connections)) == 2
        assert min(written) > sum(written) / 3, "customers are dealt out evenly"
    expected = snapshots.everything(environment, alone)
    found = snapshots.everything(environment, together)
    left = snapshots.differences(expected["customers"], found["customers"])
    assert not left, "\n".join(left)
    assert {**found, "customers": 0} == {**expected, "customers": 0}
    wrong = call(environment, together, verification.compare)
    assert not wrong, "\n".join(wrong)


def classify_with_a_failing_hand(env, how):
    """The other connection fails before its first customer is written.

    :param how: "error" of the work, or "lost" connection
    :return: what the job says, and how many profiles there are then
    """
    engine_class = type(env["crm.lifecycle.engine"])
    write = engine_class._write_share

    def fail(engine, parameters, *arguments):
        if not parameters.share:
            return write(engine, parameters, *arguments)
        if how == "lost":
            engine.env.cr.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        raise ValueError("out of order")

    with patch.object(engine_class, "_write_share", fail):
        try:
            env["crm.lifecycle.engine"]._cron_run()
        except (ValueError, OperationalError) as error:
            message = str(error)
    env.cr.rollback()
    env.invalidate_all()
    profiles = env["crm.lifecycle.profile"].search_count([])
    return {
        "message": message,
        "profiles": profiles,
        "is_done": bool(env.company.lifecycle_baseline_at),
    }


@pytest.mark.parametrize(
    ("how", "message"),
    [("error", "out of order"), ("lost", "connection")],
)
def test_what_a_failing_connection_left_is_done_by_the_next_run(
    environment, copies, how, message
):
    database = copies("failing")
    failed = call(environment, database, classify_with_a_failing_hand, how=how)
    assert message in failed["message"]
    assert not failed["is_done"]
    assert CUSTOMERS / 3 < failed["profiles"] < CUSTOMERS * 2 / 3
    profiles = call(environment, database, customer_base.classify)
    assert profiles >= CUSTOMERS
    wrong = call(environment, database, verification.compare)
    assert not wrong, "\n".join(wrong)


def fail_holding_what_the_other_wants(env):
    """The job's own connection fails while the other waits for what it has locked.

    :return: the failure, and whether the other came to its end
    """
    engine_class = type(env["crm.lifecycle.engine"])
    locked, ended = threading.Event(), []
    query = "SELECT id FROM res_partner WHERE id = %s FOR UPDATE"
    partner_id = env["res.partner"].search([], limit=1).id

    def fail(engine, parameters, *_arguments):
        if parameters.share:
            locked.wait(60)
            engine.env.cr.execute("SET LOCAL lock_timeout = '30s'")
        engine.env.cr.execute(query, [partner_id])
        if parameters.share:
            ended.append(True)
            return 0
        locked.set()
        raise ValueError("out of order")

    message = ""
    with patch.object(engine_class, "_write_share", fail):
        try:
            env["crm.lifecycle.engine"]._cron_run()
        except ValueError as error:
            message = str(error)
    env.cr.rollback()
    return [message, bool(ended)]


def test_a_failing_job_lets_the_other_connection_end(environment, copies):
    database = copies("waiting")
    outcome = call(environment, database, fail_holding_what_the_other_wants)
    assert outcome == ["out of order", True]


def test_the_scheduler_repeats_at_once_when_the_other_connection_is_lost(
    environment, copies
):
    database = copies("lost")
    query = (
        "SELECT max(id) FROM res_partner WHERE name LIKE 'Customer %' "
        "AND (hashint4(id) & 2147483647) % 2 = 1"
    )
    [(customer,)] = environment.psql(database, query)
    waiting = (
        "SELECT pid FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    remaining = "SELECT remaining FROM ir_cron_progress ORDER BY id DESC LIMIT 1"
    trigger(environment, database)
    with (
        contextlib.closing(environment.connect(database, autocommit=False)) as holder,
        JobProcess(environment, database) as job,
    ):
        holder.cursor().execute(
            "SELECT id FROM res_partner WHERE id = %s FOR UPDATE", [customer]
        )
        job.await_start()
        [(pid,)] = await_rows(environment, database, waiting)
        # the job's own share is done, and yet it does not say that nothing is left
        await_rows(environment, database, OWN_SHARE)
        assert environment.psql(database, remaining) == [(1,)]
        environment.psql(database, "SELECT pg_terminate_backend(%s)", [pid])
        holder.rollback()
        assert job.await_end() == "fully done"
        assert "another hand failed" in job.text
    profiles = "SELECT count(*) FROM crm_lifecycle_profile"
    assert environment.psql(database, profiles)[0][0] >= CUSTOMERS
    wrong = call(environment, database, verification.compare)
    assert not wrong, "\n".join(wrong)


def await_rows(environment, database, query):
    """The rows of a query as soon as it has any."""
    deadline = time.monotonic() + 120
    while not (rows := environment.psql(database, query)):
        assert time.monotonic() < deadline, query
        time.sleep(0.05)
    return rows


def classify_without_connections(env):
    """Every other connection is taken.

    :return: how many shares there were
    """
    from odoo.sql_db import PoolError

    from odoo.addons.crm_lifecycle.models.engine import hands as module

    def refuse(_registry, *_arguments, **_named):
        raise PoolError("The Connection Pool Is Full")

    seen = []
    engine_class = type(env["crm.lifecycle.engine"])
    get_others = engine_class._get_others

    def refused(engine, cursors):
        with patch.object(type(env.registry), "cursor", refuse):
            return get_others(engine, cursors)

    with (
        patch.object(engine_class, "_get_others", refused),
        patch.object(module, "HANDS", 3),
        watch(engine_class, seen),
    ):
        env["crm.lifecycle.engine"]._cron_run()
    return len(seen)


def test_without_a_connection_left_the_job_works_alone(environment, copies):
    database = copies("full")
    assert call(environment, database, classify_without_connections) == 1
    wrong = call(environment, database, verification.compare)
    assert not wrong, "\n".join(wrong)
