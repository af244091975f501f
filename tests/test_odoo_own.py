"""Invariant 7: Odoo behaves the same with the add-ons, at nearly the same price."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support import odoo_tests
from tests.support.environment import free_port
from tests.support.odoo_processes import call

RISE = 8  # queries a transaction
# Test classes that need no browser and, together, a few minutes.
CLASSES = (
    "/sales_team",
    "/sale_crm",
    "/crm:TestCRMLead",
    "/crm:TestCrmMailActivity",
    "/crm:TestLeadConvert",
    "/crm:TestLeadLost",
    "/crm:TestLeadMerge",
    "/crm:TestResPartner",
    "/crm:TestCrmLeadMailTrackingDuration",
    "/sale:TestAccessRights",
    "/sale:TestSaleOrder",
    "/sale:TestSaleRefund",
    "/sale:TestSalesTeam",
)


def measure(env):
    """Queries of typical transactions, caches warm, work before commit included."""
    product = env["product.product"].create(
        {"name": "Work", "type": "service", "invoice_policy": "order"}
    )
    partners = env["res.partner"].create(
        [{"name": f"Customer {number}", "customer_rank": 1} for number in range(20)]
    )
    stages = env["crm.stage"].search([], limit=2)
    line = {"product_id": product.id, "price_unit": 100}
    made = {}

    def order(partner):
        made["order"] = env["sale.order"].create(
            {"partner_id": partner.id, "order_line": [(0, 0, line)]}
        )
        made["order"].action_confirm()

    def lead(partner):
        made["lead"] = env["crm.lead"].create(
            {"name": "Need", "type": "opportunity", "partner_id": partner.id}
        )

    transactions = {
        "create and confirm an order": order,
        "change a confirmed order's line": lambda partner: made[
            "order"
        ].order_line.write({"price_unit": 120}),
        "invoice and post": lambda partner: (
            made["order"]._create_invoices().action_post()
        ),
        "create a lead": lead,
        "move a lead": lambda partner: made["lead"].write({"stage_id": stages[1].id}),
        "win a lead": lambda partner: made["lead"].action_set_won(),
        "create a contact": lambda partner: env["res.partner"].create(
            {"name": "Buyer", "parent_id": partner.id}
        ),
        "write a contact": lambda partner: partner.write({"phone": "+1 202 555 0100"}),
        "archive a contact": lambda partner: partner.write({"active": False}),
        "read a contact": lambda partner: partner.read(["name", "phone", "user_id"]),
    }
    counts = {}
    for turn in range(3):
        for name, work in transactions.items():
            env.cr.commit()
            env.invalidate_all()
            before = env.cr.sql_log_count
            work(partners[turn])
            env.cr.flush()
            counts[name] = env.cr.sql_log_count - before
    return counts


def with_and_without(environment, name, function, options=()):
    """Results of a function in two databases that differ by the add-ons."""
    flavours = {"bare": "without", "full": "with"}

    def run(flavour):
        database = environment.create_database(f"{name}_{flavour}", template=flavour)
        port = ("--http-port", free_port(), "--gevent-port", free_port())
        result = call(environment, database, function, (*options, *port), patience=1500)
        environment.drop_database(database)
        return result

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, flavours))


def test_typical_transactions_cost_few_more_queries(environment):
    without, with_ = with_and_without(environment, "queries", measure)
    rise = {name: with_[name] - count for name, count in without.items()}
    assert len(rise) == 10 and min(without.values()) > 0
    assert max(rise.values()) <= RISE, rise
    assert rise["create and confirm an order"] > 0, "nothing was queued"
    assert rise["read a contact"] == 0, "nobody asked for the lifecycle"


@pytest.mark.slow
def test_odoo_s_own_tests_behave_the_same(environment):
    options = ("--test-tags", ",".join(CLASSES), "--log-level", "error")
    without, with_ = with_and_without(environment, "own", odoo_tests.run, options)
    assert without["run"] == with_["run"] > 100
    assert with_["failed"] == without["failed"]
    assert with_["counts"].keys() == without["counts"].keys()
    rise = {
        place: [
            new - old for old, new in zip(counts, with_["counts"][place], strict=True)
        ]
        for place, counts in without["counts"].items()
    }
    assert rise, "no test counted its queries"
    too_many = {place: counts for place, counts in rise.items() if max(counts) > RISE}
    assert not too_many, too_many
