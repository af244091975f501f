"""Upgrading keeps the data, what consultants edited and what they deleted."""

from tests.support import catalog, customer_base, snapshots
from tests.support.odoo_processes import call, complaints

MODULE = "crm_lifecycle"


def edit(env):
    """A consultant's work on records that the add-on brought."""
    stage = env["crm.lifecycle.stage"].search([("code", "=", "regular")])
    stage.write({"name": "Loyal Buyer", "color": 7})
    category = env["crm.lifecycle.category"].search([], limit=1)
    category.name = "Our Best"
    cells = env["crm.lifecycle.category.cell"].search([])
    cells[0].category_id = cells[-1].category_id
    used = env["crm.lifecycle.profile"].search([]).lost_reason_id
    reasons = env["crm.lifecycle.lost.reason"].search([]) - used
    kept, gone = reasons[0], reasons[1]
    kept.name = "Renamed Reason"
    gone.unlink()
    job = env.ref("crm_lifecycle.ir_cron_lifecycle")
    job.write({"interval_number": 2, "name": "Our Job", "active": False})
    rule = env["ir.rule"].search([("model_id.model", "=", "crm.lifecycle.profile")])[0]
    rule.name = "Our Rule"
    env["crm.stage"].search([]).lifecycle_is_agreement = False
    env.company.write({"lifecycle_lost_days": 400, "lifecycle_newcomer_days": 45})
    return edited(env)


def edited(env):
    """Everything a consultant may have changed, in words."""
    return {
        "stages": env["crm.lifecycle.stage"]
        .search([])
        .mapped(lambda stage: f"{stage.code} {stage.name} {stage.color}"),
        "categories": env["crm.lifecycle.category"].search([]).mapped("name"),
        "cells": env["crm.lifecycle.category.cell"]
        .search([])
        .mapped(
            lambda cell: (
                f"{cell.abc_class} {cell.potential_class} {cell.category_id.id}"
            )
        ),
        "reasons": env["crm.lifecycle.lost.reason"].search([]).mapped("name"),
        "jobs": env["ir.cron"]
        .with_context(active_test=False)
        .search([])
        .mapped(lambda job: f"{job.name} {job.interval_number} {job.active}"),
        "rules": env["ir.rule"].search([]).mapped("name"),
        "agreement": env["crm.stage"].search([]).mapped("lifecycle_is_agreement"),
        "settings": [
            env.company.lifecycle_lost_days,
            env.company.lifecycle_newcomer_days,
        ],
    }


def test_upgrade_of_a_used_database(environment):
    database = environment.create_database(
        "upgrade", template=customer_base.used(environment)
    )
    before = call(environment, database, edit)
    assert "Renamed Reason" in before["reasons"]
    data = snapshots.everything(environment, database)
    structure = catalog.snapshot(environment, database)

    command = ("-d", database, "-u", MODULE, "--stop-after-init", "--no-http")
    log = environment.odoo(*command).stderr
    assert "Modules loaded" in log
    assert complaints(log) == []

    assert call(environment, database, edited) == before
    after = snapshots.everything(environment, database)
    left = snapshots.differences(data["customers"], after["customers"])
    assert not left, "\n".join(left)
    assert (after["companies"], after["queue"]) == (data["companies"], data["queue"])
    left = catalog.differences(structure, catalog.snapshot(environment, database))
    assert not left, "\n".join(left)
    environment.drop_database(database)
