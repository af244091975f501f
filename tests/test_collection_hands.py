"""The connections that share the first collection of contacts and the first clocks: the
same as alone, and nothing lost or counted twice when one of them fails."""

import contextlib
import threading
from unittest.mock import patch

import pytest

from tests.support import customer_base
from tests.support.odoo_processes import call, complaints, is_due, run_job

CUSTOMERS = 400
SOURCES = 4000
CHUNK = 40  # keys, so that each source takes several chunks
TOUCHPOINTS = """
    SELECT t.source_model, t.source_id, t.partner_id, t.profile_id, t.contact_id,
           t.user_id, t.channel_id, t.direction, t.date::text, t.duration, t.res_model,
           t.res_id, ARRAY(SELECT c.partner_id FROM crm_touchpoint_contact_rel c
                            WHERE c.touchpoint_id = t.id ORDER BY 1),
           ARRAY(SELECT u.user_id FROM crm_touchpoint_user_rel u
                  WHERE u.touchpoint_id = t.id ORDER BY 1)
      FROM crm_touchpoint t ORDER BY t.source_model, t.source_id, t.partner_id
"""
LAST_CONTACTS = """
    SELECT id, last_contact_date::text FROM crm_lifecycle_profile ORDER BY id
"""
READ = """
    SELECT name, is_complete, progress, archived_count, unmatched_count
      FROM crm_touchpoint_source ORDER BY name
"""
CONTACTS = (TOUCHPOINTS, LAST_CONTACTS, READ)
CLOCKS = """
    SELECT profile_id, rule_id, base_kind, since_date::text, last_date::text,
           uncovered_date::text, base_date::text, due_date::text,
           (SELECT (t.source_model, t.source_id)::text FROM crm_touchpoint t
             WHERE t.id = s.last_touchpoint_id)
      FROM crm_cadence_status s ORDER BY profile_id, rule_id
"""
PERIODS = """
    SELECT profile_id, rule_id, opening_date::text, due_date::text, state, days_late,
           missed_date::text, closing_date::text, user_id, category_id,
           (SELECT (t.source_model, t.source_id)::text FROM crm_touchpoint t
             WHERE t.id = p.touchpoint_id)
      FROM crm_cadence_period p ORDER BY profile_id, rule_id, opening_date
"""


@pytest.fixture(scope="module")
def base(environment):
    """Classified customers, whose contacts of the past nobody has collected yet."""
    database = environment.create_database("contacts")
    customer_base.plant(environment, database, CUSTOMERS)
    call(environment, database, write_contacts)
    yield database
    environment.drop_database(database)


def write_contacts(env):
    """Two salespeople, and what they and the customers said and did."""
    from tests.benchmarks.synthetic_contacts import SyntheticContacts

    customer_base.calm(env)
    engine_class = type(env["crm.lifecycle.engine"])
    with patch.object(engine_class, "_collect_touchpoints", lambda _engine: None):
        env["crm.lifecycle.engine"]._cron_run()
    for number in (1, 2):
        env["res.users"].with_context(no_reset_password=True).create(
            {
                "name": f"Salesman {number}",
                "login": f"bench_salesman_{number}",
                "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)],
            }
        )
    env.cr.commit()
    SyntheticContacts(env, lambda *_args: None).create(SOURCES, bulk=False)


@contextlib.contextmanager
def small_chunks(hands):
    """Several connections and many chunks."""
    from odoo.addons.crm_lifecycle.models.engine import hands as shared
    from odoo.addons.crm_lifecycle.models.touchpoint.collect import past

    with patch.object(shared, "HANDS", hands), patch.object(past, "CHUNK_IDS", CHUNK):
        yield


def collect(env, hands):
    """Run the job.

    :return: how many sources each connection has read, and how many customers' clocks
        it has set, by kind
    """
    engine_class = type(env["crm.lifecycle.engine"])
    collect_share = engine_class._collect_share
    write_cadence = engine_class._write_cadence_chunk
    seen = {}

    def note(engine, kind, count):
        engine.env.cr.execute("SELECT pg_backend_pid()")
        [connection] = engine.env.cr.fetchone()
        connections = seen.setdefault(kind, {})
        connections[connection] = connections.get(connection, 0) + count

    def watched(engine, share, companies, model, *arguments):
        count = collect_share(engine, share, companies, model, *arguments)
        note(engine, model, count)
        return count

    def watched_clocks(engine, norms, ids):
        note(engine, "clocks", len(engine.env.execute_query(ids)))
        return write_cadence(engine, norms, ids)

    with (
        small_chunks(hands),
        patch.object(engine_class, "_collect_share", watched),
        patch.object(engine_class, "_write_cadence_chunk", watched_clocks),
    ):
        env["crm.lifecycle.engine"]._cron_run()
    return {kind: sorted(counts.values()) for kind, counts in seen.items()}


def found(environment, database, queries=CONTACTS):
    """What has been collected."""
    return [environment.psql(database, query) for query in queries]


def test_two_connections_do_what_one_does(environment, copies):
    alone, together = copies("alone"), copies("together")
    shares = call(environment, alone, collect, hands=1)
    assert all(len(counts) == 1 for counts in shares.values())
    done = {kind: counts[0] for kind, counts in shares.items()}
    assert min(done.values()) > SOURCES / 20, "there is something of every kind"
    assert set(done) >= {"mail.activity", "mail.message", "calendar.event", "clocks"}
    shares = call(environment, together, collect, hands=2)
    assert {kind: sum(counts) for kind, counts in shares.items()} == done
    for kind, counts in shares.items():
        assert counts[0] > done[kind] / 3, f"{kind}: dealt out evenly"
    everything = (*CONTACTS, CLOCKS, PERIODS)
    expected = found(environment, alone, everything)
    assert len(expected[0]) > SOURCES * 0.9
    assert len(expected[3]) > CUSTOMERS / 2, "clocks"
    assert len(expected[4]) >= len(expected[3]), "rows of the ledger"
    assert found(environment, together, everything) == expected


def collect_with_a_failing_hand(env, how):
    """Something fails once while the connections share a chunk.

    :param how: "other": a conflict of the other connection; "own": one of the job's,
        when the other has committed; "mark": one when both have, and the mark has not
        been set; "lost": the other connection
    """
    from psycopg2.errors import SerializationFailure

    engine_class = type(env["crm.lifecycle.engine"])
    collect_share, keep_pass = engine_class._collect_share, engine_class._keep_pass
    left, returned = [how], threading.Event()

    def conflict(name):
        if left == [name]:
            left.clear()
            raise SerializationFailure("could not serialize access")

    def fail(engine, share, companies, model, low, *arguments):
        is_late = low > first_letter and model == "mail.message"
        if share and is_late:
            conflict("other")
        if share and left == ["lost"]:
            engine.env.cr.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        if not share and is_late and left == ["own"]:
            assert returned.wait(60)
            conflict("own")
        count = collect_share(engine, share, companies, model, low, *arguments)
        if share and is_late:
            returned.set()
        return count

    def fail_to_keep(engine, source, current):
        if source.name == "mail.message" and current["position"] > first_letter:
            conflict("mark")
        return keep_pass(engine, source, current)

    env.cr.execute("SELECT min(id) FROM mail_message WHERE subject = 'Benchmark'")
    [first_letter] = env.cr.fetchone()
    with (
        small_chunks(2),
        patch.object(engine_class, "_collect_share", fail),
        patch.object(engine_class, "_keep_pass", fail_to_keep),
    ):
        env["crm.lifecycle.engine"]._cron_run()
    assert left == (["lost"] if how == "lost" else [])


@pytest.mark.parametrize("how", ["other", "own", "mark"])
def test_a_conflict_loses_and_doubles_nothing(environment, copies, how):
    database, alone = copies("conflict"), copies("expected")
    call(environment, alone, collect, hands=1)
    call(environment, database, collect_with_a_failing_hand, how=how)
    assert found(environment, database) == found(environment, alone)


def test_a_lost_connection_is_made_up_for_at_once(environment, copies):
    database, alone = copies("lost"), copies("expected")
    call(environment, alone, collect, hands=1)
    environment.psql(database, "DELETE FROM ir_cron_trigger")
    call(environment, database, collect_with_a_failing_hand, how="lost")
    assert len(found(environment, database)[0]) < SOURCES / 2
    assert is_due(environment, database)
    ended, log = run_job(environment, database)
    assert (ended, complaints(log)) == ("fully done", [])
    assert found(environment, database) == found(environment, alone)
