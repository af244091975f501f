"""Another add-on's documents count as purchases, by ``super()`` alone."""

import configparser
from datetime import date, timedelta

from tests.support import catalog, customer_base
from tests.support.odoo_processes import call, complaints

ADDON = "crm_lifecycle_test_source"


def configuration(environment):
    """Option that names a configuration with the folder of test add-ons."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(environment.facts["conf"])
    folder = environment.root / "tests" / "addons"
    parser["options"]["addons_path"] += f",{folder}"
    path = environment.folder / "extension.conf"
    with path.open("w") as handle:
        parser.write(handle)
    return ("-c", str(path))


def sell(env):
    """A new customer and a known one buy over the counter; the queue is drained."""
    env["crm.lifecycle.engine"]._recompute(env.company)
    new = env["res.partner"].create({"name": "Walk-in", "is_company": True})
    contact = env["res.partner"].create({"name": "Buyer", "parent_id": new.id})
    old = env["crm.lifecycle.profile"].search([("purchase_count", ">", 2)], limit=1)
    before = read(env, old.partner_id)
    today = env["crm.lifecycle.engine"]._today(env.company)
    values = [(new, 300, 10), (contact, 40, 20.25), (contact, 2, 30), (new, 1, 0)]
    values += [(old.partner_id, 0, 1000)]
    sales = env["crm.lifecycle.test.sale"].create(
        [
            {
                "name": f"Counter {number}",
                "partner_id": partner.id,
                "sold_on": today - timedelta(days),
                "amount": amount,
            }
            for number, (partner, days, amount) in enumerate(values)
        ]
    )
    env.cr.commit()
    waiting = env["crm.lifecycle.event"].search_count([])
    env["crm.lifecycle.engine"]._drain()
    some = read(env, new), read(env, old.partner_id)
    env["crm.lifecycle.engine"]._recompute(env.company)
    everybody = read(env, new), read(env, old.partner_id)
    sales[-1].unlink()
    env.cr.commit()
    env["crm.lifecycle.engine"]._drain()
    return {
        "today": today,
        "waiting": waiting,
        "before": before,
        "some": some,
        "everybody": everybody,
        "undone": read(env, old.partner_id),
        "new": new.id,
    }


def read(env, partner):
    """Figures and reason of a customer."""
    profile = env["crm.lifecycle.profile"].search([("partner_id", "=", partner.id)])
    names = ["purchase_count", "revenue", "lifetime_revenue", "first_purchase_date"]
    names += ["last_purchase_date", "stage_date", "rhythm_days"]
    return profile.read(names)[0] | {
        "stage": profile.stage_id.code,
        "sentence": profile.stage_reason_text,
    }


def take_stock(env):
    """Figures of the customer without the other add-on, after a full recompute."""
    env["crm.lifecycle.engine"]._recompute(env.company)
    walk_in = env["res.partner"].search([("name", "=", "Walk-in")])
    return read(env, walk_in)


def test_purchases_of_another_add_on_count(environment):
    used = customer_base.used(environment)
    database = environment.create_database("extension", template=used)
    before = catalog.snapshot(environment, database)
    with_source = configuration(environment)
    command = (
        "-d",
        database,
        "-i",
        ADDON,
        "--stop-after-init",
        "--no-http",
        *with_source,
    )
    assert complaints(environment.odoo(*command).stderr) == []
    facts = call(environment, database, sell, options=with_source)
    today = date.fromisoformat(facts["today"])

    assert facts["waiting"] == 2
    new, old = facts["some"]
    assert (new["stage"], new["purchase_count"]) == ("regular", 3)
    assert (new["revenue"], new["lifetime_revenue"]) == (60.25, 60.25)
    assert new["first_purchase_date"] == str(today - timedelta(300))
    assert new["stage_date"] == str(today - timedelta(2))
    assert new["rhythm_days"] == (260 + 38) / 2
    assert "Counter 2" in new["sentence"]
    earlier = facts["before"]
    assert old["purchase_count"] == earlier["purchase_count"] + 1
    assert round(old["revenue"] - earlier["revenue"], 2) == 1000
    assert old["last_purchase_date"] == str(today)
    assert facts["everybody"] == facts["some"]
    assert facts["undone"]["purchase_count"] == earlier["purchase_count"]

    command = ("module", "uninstall", *with_source, "-d", database, ADDON)
    done = environment.odoo(*command)
    assert complaints(done.stderr + done.stdout) == []
    left = catalog.differences(before, catalog.snapshot(environment, database))
    assert not left, "\n".join(left)
    stock = call(environment, database, take_stock)
    assert (stock["stage"], stock["purchase_count"]) == ("potential", 0)
    assert stock["lifetime_revenue"] == 0
