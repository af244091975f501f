"""Invariant 4: documents and people never wait for the pass, nor lose to it."""

import contextlib
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import pytest

from tests.support import customer_base, snapshots, verification
from tests.support.client import Client, create_key
from tests.support.environment import OdooError
from tests.support.odoo_processes import (
    STARTED,
    JobProcess,
    call,
    complaints,
    run_job,
    trigger,
)

ORDERS = 60
CLERKS = 4  # at the same time
# A request meets a row that the pass has written since it began, or each waits for the
# other. PostgreSQL refuses one; Odoo logs the statement and repeats the request.
# The statements of the pass itself are repeated as well, but never logged.
OVERTAKEN = re.compile(
    r"^\S+ \S+ \d+ ERROR .* bad query: (?!.*WITH fresh AS).*\s+"
    r"ERROR: (could not serialize access due to concurrent update|deadlock detected)$",
    re.MULTILINE,
)


def prepare(env):
    """Today's pass, quotations to confirm, and profiles for people to act on."""
    customer_base.classify(env)
    customers = env["crm.lifecycle.profile"].search(
        [("purchase_count", ">", 0), ("stage_reason", "!=", "hold")],
        order="partner_id",
        limit=ORDERS // 2,
    )
    product = env["product.product"].create(
        {"name": "Service", "type": "service", "taxes_id": [(5,)]}
    )
    # two orders for each customer: confirmations of the same one meet as well
    orders = env["sale.order"].create(
        [
            {
                "partner_id": profile.partner_id.id,
                "order_line": [
                    (0, 0, {"product_id": product.id, "price_unit": 100 + number})
                ],
            }
            for number, profile in enumerate([*customers, *customers])
        ]
    )
    idle = [
        ("id", "not in", customers.ids),
        ("stage_reason", "in", ("working", "regular", "partner")),
    ]
    return {
        "key": create_key(env),
        "orders": orders.ids,
        "acted": env["crm.lifecycle.profile"].search(idle, limit=30).ids,
        "reason": env["crm.lifecycle.lost.reason"].search([], limit=1).id,
    }


def ask_for_settling(env):
    """The ranking that the next day would bring."""
    env["crm.lifecycle.engine"]._request_settle(env.company)


@pytest.fixture
def base(environment):
    database = environment.create_database(
        "concurrency", template=customer_base.used(environment)
    )
    yield database
    environment.drop_database(database)


class Passes(threading.Thread):
    """Full re-reads, one after the other, until told to stop."""

    def __init__(self, environment, database):
        super().__init__(daemon=True)
        self.environment, self.database = environment, database
        self.stopping = threading.Event()

    def run(self):
        while not self.stopping.wait(0.3):
            with contextlib.suppress(Exception):  # the pass itself comes first
                self.environment.psql(
                    self.database,
                    "SET lock_timeout = '1s'; "
                    "UPDATE res_company SET lifecycle_full_read_cause = 'demand' "
                    "WHERE lifecycle_full_read_cause IS NULL",
                )
            trigger(self.environment, self.database)
            self.environment.psql(
                "postgres", "SELECT pg_notify('cron_trigger', %s)", [self.database]
            )

    def __enter__(self):
        self.start()

    def __exit__(self, *_exception):
        self.stopping.set()
        self.join()


def work(client, facts):
    """Confirm all orders and decide about customers, several clerks at once."""
    acted = facts["acted"]
    decide = [
        ("declare_lost", {"ids": acted[:10], "reason_id": facts["reason"]}),
        (
            "hold_stage",
            {"ids": acted[10:20], "stage_code": "regular", "reason": "under review"},
        ),
        ("set_potential", {"ids": acted[20:], "amount": 9000}),
    ]
    with ThreadPoolExecutor(CLERKS) as clerks:
        answers = [
            clerks.submit(client.post, "sale.order", "action_confirm", ids=[order])
            for order in facts["orders"]
        ]
        answers += [
            clerks.submit(client.post, "crm.lifecycle.profile", method, **arguments)
            for method, arguments in decide
        ]
        return [answer.result() for answer in answers]


def test_confirmations_and_decisions_during_the_pass(environment, base):
    facts = call(environment, base, prepare)
    options = ("--max-cron-threads=1", "--limit-time-real=0")
    with environment.serve(base, options=options) as url:
        client = Client(url, facts["key"], base)
        with JobProcess(environment, base, "other"), Passes(environment, base):
            answers = work(client, facts)
        log = url.log.read_text(errors="replace")
    bad = [answer.text for answer in answers if answer.status_code != 200]
    assert not bad, bad[0]
    decisions = [answer.json() for answer in answers[len(facts["orders"]) :]]
    assert [decision["skipped"] for decision in decisions] == [[], [], []]
    assert log.count("full re-read (demand)") or STARTED.search(log)
    assert complaints(OVERTAKEN.sub("", log)) == []

    call(environment, base, ask_for_settling)
    ended, log = run_job(environment, base)
    assert (ended, complaints(log)) == ("fully done", [])
    confirmed = "SELECT count(*) FROM sale_order WHERE state = 'sale' AND id = ANY(%s)"
    assert environment.psql(base, confirmed, [facts["orders"]])[0][0] == ORDERS
    decided = (
        "SELECT count(lost_date), count(hold_until), "
        "count(*) FILTER (WHERE potential_amount = 9000) "
        "FROM crm_lifecycle_profile WHERE id = ANY(%s)"
    )
    assert environment.psql(base, decided, [facts["acted"]]) == [(10, 10, 10)]
    wrong = call(environment, base, verification.compare)
    assert not wrong, "\n".join(wrong)


def test_a_decision_overtaken_by_the_pass_is_repeated(environment, base):
    facts = call(environment, base, prepare)
    kept = facts["acted"][20:]
    with environment.serve(base, options=("--max-cron-threads=0",)) as url:
        client = Client(url, facts["key"], base)
        with (
            contextlib.closing(
                environment.connect(base, autocommit=False)
            ) as overtaker,
            ThreadPoolExecutor(1) as clerk,
        ):
            # As a chunk of the pass does, and it commits while the request waits.
            overtaker.cursor().execute(
                "UPDATE crm_lifecycle_profile SET computed_at = computed_at "
                "WHERE id = ANY(%s)",
                [kept],
            )
            answer = clerk.submit(
                client.call,
                *("crm.lifecycle.profile", "set_potential"),
                ids=kept,
                amount=9000,
            )
            await_waiting(environment, base)
            overtaker.commit()
            assert answer.result()["skipped"] == []
        log = url.log.read_text(errors="replace")
    assert OVERTAKEN.search(log)
    assert complaints(OVERTAKEN.sub("", log)) == []
    potentials = "SELECT potential_amount FROM crm_lifecycle_profile WHERE id = ANY(%s)"
    found = environment.psql(base, potentials, [kept])
    assert found == [(9000,)] * len(kept)


def start_by_hand(env):
    """What the button "Run manually" of the scheduled job does."""
    env.ref("crm_lifecycle.ir_cron_lifecycle").method_direct_trigger()


def test_two_schedulers_never_run_the_job_at_once(environment, base):
    """The row of the job is the mutex: one runs, the others go on without it."""
    customer_base.disturb(environment, base)
    trigger(environment, base)
    with contextlib.closing(environment.connect(base, autocommit=False)) as blocker:
        # Hold every profile, so that the job waits in its first chunk.
        blocker.cursor().execute("SELECT id FROM crm_lifecycle_profile FOR UPDATE")
        with JobProcess(environment, base, "first") as first:
            first.await_start()
            await_waiting(environment, base)
            with JobProcess(environment, base, "second") as second:
                with pytest.raises(OdooError, match="already executing"):
                    call(environment, base, start_by_hand)
                for _poll in range(10):
                    second.wake()
                    time.sleep(0.2)
                assert not STARTED.search(second.text)
                blocker.rollback()
                assert first.await_end() == "fully done"
                assert complaints(first.text) == complaints(second.text) == []
    wrong = call(environment, base, verification.compare)
    assert not wrong, "\n".join(wrong)


def await_waiting(environment, database):
    """Wait until a connection of the database waits for a row."""
    query = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = %s AND wait_event_type = 'Lock'"
    )
    deadline = time.monotonic() + 60
    while not environment.psql("postgres", query, [database])[0][0]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def change_settings_meanwhile(env):
    """A manager changes the limits while the full re-read writes its first chunk."""
    engine_class = type(env["crm.lifecycle.engine"])
    write = engine_class._write_chunks
    changed = []

    def write_and_change(engine, *arguments):
        write(engine, *arguments)
        if not changed:
            changed.append(True)
            with env.registry.cursor() as cr:
                company = env(cr=cr).company
                company.write(
                    {"lifecycle_regular_count": 5, "lifecycle_lost_days": 200}
                )

    customer_base.classify(env)
    env.company.write({"lifecycle_regular_count": 4})
    env.cr.commit()
    with patch.object(engine_class, "_write_chunks", write_and_change):
        env["crm.lifecycle.engine"]._cron_run()
    return changed


def test_settings_changed_during_the_pass_are_not_forgotten(environment, base):
    assert call(environment, base, change_settings_meanwhile)
    assert run_job(environment, base)[0] == "fully done"
    wrong = call(environment, base, verification.compare)
    assert not wrong, "\n".join(wrong)


def test_a_failing_chunk_stays_in_the_queue(environment, base):
    """Conflicts that do not end are left for later, and are counted."""
    failed = call(environment, base, meet_conflicts)
    assert failed["failed_chunks"] == 1
    assert failed["waiting"] == failed["queued"] > 0
    assert run_job(environment, base)[0] == "fully done"
    wrong = call(environment, base, verification.compare)
    assert not wrong, "\n".join(wrong)


def meet_conflicts(env):
    """Every attempt to write a chunk meets a serialization failure."""
    from psycopg2.errors import SerializationFailure

    customer_base.classify(env)
    engine_class = type(env["crm.lifecycle.engine"])
    partners = env["crm.lifecycle.profile"].search([], limit=50).partner_id
    env["crm.lifecycle.event"]._gather(partners.ids)
    env.cr.commit()

    def conflict(*_arguments):
        raise SerializationFailure("could not serialize access")

    with patch.object(engine_class, "_write_customers", conflict):
        env["crm.lifecycle.engine"]._cron_run()
    return {
        "failed_chunks": env.company.lifecycle_failed_chunks,
        "waiting": env["crm.lifecycle.event"].search_count([]),
        "queued": len(partners),
    }


def test_first_run_with_customers_in_the_queue(environment):
    """Orders between the installation and the first run change nothing about it: one
    transition each, which nothing reacts to."""
    quiet = environment.create_database("first_quiet", template="full")
    customer_base.plant(environment, quiet, 1200, orders=4)
    call(environment, quiet, customer_base.calm)
    busy = environment.create_database("first_busy", template=quiet)
    environment.psql(
        busy,
        "INSERT INTO crm_lifecycle_event (partner_id, company_id, cause, recorded_at) "
        "SELECT DISTINCT partner_id, company_id, 'event', now() AT TIME ZONE 'UTC' "
        "FROM sale_order WHERE partner_id % 3 = 0",
    )
    for database in (quiet, busy):
        assert run_job(environment, database)[0] == "fully done"
    expected = snapshots.everything(environment, quiet)
    found = snapshots.everything(environment, busy)
    left = snapshots.differences(expected["customers"], found["customers"])
    assert not left, "\n".join(left)
    assert found["queue"] == 0
    query = (
        "SELECT cause, reacted_at IS NOT NULL, count(*) = count(DISTINCT profile_id) "
        "FROM crm_lifecycle_transition GROUP BY 1, 2"
    )
    assert environment.psql(busy, query) == [("baseline", True, True)]
    environment.drop_database(busy)
    environment.drop_database(quiet)
