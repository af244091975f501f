"""What PostgreSQL holds and does: constraints, indexes, plans, numbers of queries."""

from unittest.mock import patch

import psycopg2
import pytest

from odoo.sql_db import Cursor

from tests.support import customer_base
from tests.support.odoo_processes import call

INDEXES = 6
QUERIES = 25


@pytest.fixture(scope="module")
def used(environment):
    return customer_base.used(environment)


def declared(env):
    """Constraints and indexes that the add-ons' models declare."""
    found = {}
    for name, model in env.registry.items():
        for table_object in model._table_objects.values():
            if (table_object._module or "").startswith("crm_lifecycle"):
                full_name = table_object.full_name(env[name])
                found[full_name] = type(table_object).__name__
    return found


def test_declared_constraints_and_indexes_exist(environment, used):
    names = call(environment, used, declared)
    assert {
        "crm_lifecycle_profile_partner_company_unique",
        "crm_lifecycle_profile_next_evaluation_idx",
        "crm_lifecycle_transition_to_react_idx",
        "crm_lifecycle_event_company_idx",
        "crm_lifecycle_stage_code_unique",
        "crm_lifecycle_category_cell_cell_unique",
    } <= set(names)
    query = (
        "SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes "
        "WHERE schemaname = 'public'"
    )
    existing = {name for (name,) in environment.psql(used, query)}
    assert set(names) - existing == set()


def test_few_indexes_on_what_the_pass_rewrites(environment, used):
    query = "SELECT indexname FROM pg_indexes WHERE tablename = %s"
    names = environment.psql(used, query, ["crm_lifecycle_profile"])
    assert 0 < len(names) <= INDEXES, names
    options = "SELECT reloptions FROM pg_class WHERE relname = 'crm_lifecycle_profile'"
    assert environment.psql(used, options) == [(["fillfactor=80"],)]


def test_every_reference_with_consequences_is_indexed(environment, used):
    """Deleting a contact or a profile must not read whole tables of ours."""
    query = """
        SELECT c.conrelid::regclass::text, a.attname
          FROM pg_constraint c
          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
         WHERE c.contype = 'f' AND c.confdeltype = 'c'
           AND c.conrelid::regclass::text LIKE 'crm\\_%%'
           AND c.confrelid::regclass::text IN ('res_partner', 'crm_lifecycle_profile')
           AND NOT EXISTS (
               SELECT FROM pg_index i
                WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1]
                  AND COALESCE(pg_get_expr(i.indpred, i.indrelid)
                      = '(' || a.attname || ' IS NOT NULL)', TRUE))
    """
    assert environment.psql(used, query, []) == []


def test_one_profile_for_one_customer_and_company(environment, used):
    columns = "partner_id, company_id, added_date"
    statement = (
        f"INSERT INTO crm_lifecycle_profile ({columns}) "
        f"SELECT {columns} FROM crm_lifecycle_profile LIMIT 1"
    )
    with pytest.raises(psycopg2.errors.UniqueViolation):
        environment.psql(used, statement)


def drain_one_order(env):
    """Queries and plans of draining the queue after one confirmed order."""
    env["crm.lifecycle.event"].search([]).unlink()
    partner = env["crm.lifecycle.profile"].search([], limit=1).partner_id
    order = env["sale.order"].create(
        {
            "partner_id": partner.id,
            "order_line": [(0, 0, {"name": "Work", "price_unit": 5, **_line(env)})],
        }
    )
    order.action_confirm()
    env.cr.commit()
    engine = env["crm.lifecycle.engine"]
    waiting = env["crm.lifecycle.event"].search_count([])
    env.invalidate_all()
    before = env.cr.sql_log_count
    handled = engine._drain()
    queries = env.cr.sql_log_count - before
    env.cr.rollback()
    return {
        "waiting": waiting,
        "handled": handled,
        "queries": queries,
        "scans": _scanned(env, engine._drain),
    }


def _line(env):
    product = env["product.product"].search([("sale_ok", "=", True)], limit=1)
    product = product or env["product.product"].create({"name": "Work"})
    return {"product_id": product.id}


def _scanned(env, work):
    """Tables that ``work`` reads as a whole, with the number of their rows."""
    execute = Cursor.execute
    scans = {}

    def explain(cursor, query, *arguments, **options):
        text = getattr(query, "code", query)
        if "sale_order" in str(text):
            parameters = getattr(query, "params", arguments[0] if arguments else None)
            execute(cursor, f"EXPLAIN (FORMAT JSON) {text}", parameters)
            _collect(cursor._obj.fetchone()[0][0]["Plan"], scans)
        return execute(cursor, query, *arguments, **options)

    with patch.object(Cursor, "execute", explain):
        work()
    env.cr.rollback()
    for table in scans:
        env.cr.execute(f"SELECT count(*) FROM {table}")
        scans[table] = env.cr.fetchone()[0]
    return scans


def _collect(node, scans):
    if node["Node Type"] == "Seq Scan":
        scans[node["Relation Name"]] = None
    for child in node.get("Plans", []):
        _collect(child, scans)


def test_draining_one_order_is_cheap(environment, used):
    database = environment.create_database("drain", template=used)
    environment.psql(database, "VACUUM ANALYZE")
    facts = call(environment, database, drain_one_order)
    environment.drop_database(database)
    assert facts["waiting"] == facts["handled"] == 1
    assert 0 < facts["queries"] <= QUERIES, facts
    # Small tables may well be read as a whole.
    big = {table for table, rows in facts["scans"].items() if rows > 1000}
    assert not big & {"sale_order", "account_move", "crm_lead"}, facts
