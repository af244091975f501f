"""Several companies: each has its own day, its own switch and its own failure."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.support import customer_base
from tests.support.odoo_processes import call, complaints, run_job

ZONES = {
    "East": "Pacific/Kiritimati",
    "West": "Pacific/Niue",
    "Off": "UTC",
    "Broken": "UTC",
}


def found(env):
    """Four companies with an order each, confirmed now; one of them is disabled."""
    customer_base.calm(env)
    facts = {"first": env.company.name}
    product = env["product.product"].create({"name": "Work", "taxes_id": [(5,)]})
    partner = env["res.partner"].create({"name": "Everybody's Customer"})
    for name, zone in ZONES.items():
        company = env["res.company"].create(
            {
                "name": name,
                "lifecycle_tz": zone,
                "lifecycle_enabled": name != "Off",
                "currency_id": env.company.currency_id.id,
            }
        )
        env.user.company_ids += company
        order = (
            env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "order_line": [
                        (
                            0,
                            0,
                            {
                                "product_id": product.id,
                                "price_unit": 100,
                                "tax_ids": [],
                            },
                        )
                    ],
                }
            )
        )
        order.action_confirm()
        facts[name] = company.id
    env.cr.commit()
    env.cr.execute("SELECT DISTINCT company_id FROM crm_lifecycle_event")
    facts["queued"] = sorted(id_ for (id_,) in env.cr.fetchall())
    env.cr.execute(
        "UPDATE res_company SET lifecycle_tz = 'Mars/Olympus' WHERE id = %s; "
        "INSERT INTO crm_lifecycle_event (partner_id, company_id, cause, recorded_at) "
        "VALUES (%s, %s, 'event', now())",
        [facts["Broken"], partner.id, facts["Off"]],
    )
    return facts


def switch(env, off, on):
    """Disable one company, enable another, and sell in both."""
    env["res.company"].browse(off).lifecycle_enabled = False
    env["res.company"].browse(on).lifecycle_enabled = True
    env["res.company"].search([("name", "=", "Broken")]).lifecycle_tz = "UTC"
    orders = env["sale.order"].search([("company_id", "in", [off, on])])
    copies = env["sale.order"]
    for order in orders:
        copies += order.with_company(order.company_id).copy()
    copies.action_confirm()


def profiles(environment, database):
    """``{company: (purchases, first purchase, active)}`` of the common customer."""
    query = """
        SELECT p.company_id, p.purchase_count, p.first_purchase_date, p.active
          FROM crm_lifecycle_profile p JOIN res_partner c ON c.id = p.partner_id
         WHERE c.name = 'Everybody''s Customer'
    """
    return {row[0]: row[1:] for row in environment.psql(database, query)}


def state(environment, database, company):
    query = (
        "SELECT lifecycle_last_pass_date, lifecycle_baseline_at IS NOT NULL, "
        "coalesce(lifecycle_pass_message, '') FROM res_company WHERE id = %s"
    )
    return environment.psql(database, query, [company])[0]


def test_each_company_has_its_own_day_switch_and_failure(environment):
    database = environment.create_database("companies", template="plain")
    ids = call(environment, database, found)
    assert ids["queued"] == sorted([ids["East"], ids["West"], ids["Broken"]])
    ended, log = run_job(environment, database)
    assert (ended, complaints(log)) == ("fully done", [])

    now = datetime.now(UTC)
    days = {
        name: now.astimezone(ZoneInfo(ZONES[name])).date() for name in ("East", "West")
    }
    assert days["East"] > days["West"]
    stored = profiles(environment, database)
    assert set(stored) == {ids["East"], ids["West"]}
    for name, day in days.items():
        assert stored[ids[name]] == (1, day, True)
        assert state(environment, database, ids[name]) == (day, True, "")
    assert state(environment, database, ids["Off"]) == (None, False, "")
    passed, based, message = state(environment, database, ids["Broken"])
    assert (passed, based) == (None, False)
    assert "Mars/Olympus" in message
    queue = "SELECT company_id, count(*) FROM crm_lifecycle_event GROUP BY 1"
    assert environment.psql(database, queue) == [(ids["Broken"], 1)]

    call(environment, database, switch, off=ids["East"], on=ids["Off"])
    ended, log = run_job(environment, database, "second")
    assert (ended, complaints(log)) == ("fully done", [])
    stored = profiles(environment, database)
    assert stored[ids["East"]][0] == 1, "a disabled company's figures stand still"
    assert stored[ids["Off"]][0] == 2
    assert stored[ids["Broken"]][0] == 1
    assert environment.psql(database, queue) == []
    environment.drop_database(database)
