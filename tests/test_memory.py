"""Invariant 9: the pass needs no more memory for a base ten times as large."""

import pytest

from tests.support import customer_base
from tests.support.odoo_processes import JobProcess, call, trigger

SMALL, LARGE = 5_000, 50_000
FACTOR, SLACK = 1.1, 30 * 2**20


def peak(environment, customers):
    """Peak memory of a server whose scheduler classifies a base, then re-reads it."""
    database = environment.create_database(f"memory_{customers}", template="plain")
    customer_base.plant(environment, database, customers, orders=5)
    call(environment, database, customer_base.calm)
    peaks = []
    for turn in ("baseline", "nightly"):
        if turn == "nightly":
            customer_base.disturb(environment, database)
            # the day of the weekly check, too
            environment.psql(
                database,
                "UPDATE res_company SET lifecycle_last_pass_date = "
                "lifecycle_last_pass_date - 1, lifecycle_full_read_at = "
                "lifecycle_full_read_at - interval '8 days'",
            )
        trigger(environment, database)
        with JobProcess(environment, database, turn) as job:
            assert job.await_end() == "fully done"
            peaks.append(job.peak)
    query = "SELECT count(*) FROM crm_lifecycle_profile WHERE purchase_count > 0"
    assert environment.psql(database, query)[0][0] > customers * 0.8
    environment.drop_database(database)
    return peaks


@pytest.mark.slow
def test_memory_does_not_grow_with_the_base(environment):
    small, large = peak(environment, SMALL), peak(environment, LARGE)
    for before, after in zip(small, large, strict=True):
        assert before > 2**20
        assert after <= FACTOR * before + SLACK, (small, large)
