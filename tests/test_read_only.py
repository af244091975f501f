"""The what-if writes nothing and waits for nobody."""

import contextlib

from tests.support import customer_base
from tests.support.odoo_processes import call

VALUES = {
    "lifecycle_regular_count": 5,
    "lifecycle_lost_days": 200,
    "lifecycle_lost_min_days": 60,
    "lifecycle_abc_a_limit": 60.0,
    "lifecycle_newcomer_days": 10,
}


def settle(env):
    """Today's pass; what the what-if says about the settings as they are."""
    customer_base.classify(env)
    return _preview(env, {})


def _preview(env, values):
    env.cr.commit()
    env.cr.execute("SET TRANSACTION READ ONLY")
    engine = env["crm.lifecycle.engine"]
    result = engine._preview(env.company, values)
    listed = {
        f"{kind}: {old} -> {new}": len(
            engine._preview_customers(env.company, values, kind, old, new, limit=None)
        )
        for kind, rows in result.items()
        for old, new, *_rest in rows
    }
    locks = _locks(env)
    env.cr.rollback()
    return {"result": result, "listed": listed, "locks": locks}


def _locks(env):
    """Sorts of locks this transaction holds on tables."""
    env.cr.execute(
        "SELECT DISTINCT mode FROM pg_locks "
        "WHERE pid = pg_backend_pid() AND relation IS NOT NULL"
    )
    return [mode for (mode,) in env.cr.fetchall()]


def preview(env, values):
    """What the what-if says; it would fail rather than wait."""
    env.cr.execute("SET lock_timeout = '5s'")
    return _preview(env, values)


def apply(env, values):
    """Who moved where after the settings became true."""
    names = ["stage_id", "abc_class", "category_id", "partner_id", "revenue"]

    def read():
        rows = env["crm.lifecycle.profile"].search_read([], names, load=None)
        codes = {stage.id: stage.code for stage in stages}
        for row in rows:
            row["stages"] = codes.get(row["stage_id"])
            row["classes"] = row["abc_class"] or None
            row["categories"] = row["category_id"] or None
        return {row["partner_id"]: row for row in rows}

    stages = env["crm.lifecycle.stage"].search([])
    before = read()
    env.company.write(values)
    env["crm.lifecycle.engine"]._recompute(env.company)
    moves = {}
    for partner, row in read().items():
        for kind in ("stages", "classes", "categories"):
            key = f"{kind}: {before[partner][kind]} -> {row[kind]}"
            count, revenue = moves.get(key, (0, 0))
            moves[key] = (count + 1, round(revenue + row["revenue"], 2))
    return moves


def _moves(result):
    return {
        f"{kind}: {old} -> {new}": [count, round(float(revenue), 2)]
        for kind, rows in result.items()
        for old, new, count, revenue in rows
    }


def test_preview_reads_only_and_tells_the_truth(environment):
    database = environment.create_database(
        "preview", template=customer_base.used(environment)
    )
    settled = call(environment, database, settle)
    assert settled["locks"] == ["AccessShareLock"]
    unmoved = [rows for kind, rows in settled["result"].items() if kind != "x"]
    assert all(old == new for rows in unmoved for old, new, *_rest in rows)
    with contextlib.closing(environment.connect(database, autocommit=False)) as other:
        other.cursor().execute(
            "SELECT id FROM crm_lifecycle_profile FOR UPDATE; "
            "SELECT id FROM res_company FOR UPDATE"
        )
        told = call(environment, database, preview, values=VALUES)
        other.rollback()
    assert told["locks"] == ["AccessShareLock"]
    moves = call(environment, database, apply, values=VALUES)
    assert any(" -> " in key and len(set(key[8:].split(" -> "))) > 1 for key in moves)
    assert _moves(told["result"]) == moves
    assert told["listed"] == {move: count for move, (count, _revenue) in moves.items()}
    environment.drop_database(database)
