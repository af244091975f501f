"""Invariant 6: uninstalling leaves a used database as it was before; then again."""

import pytest

from tests.support import catalog, customer_base
from tests.support.odoo_processes import call, complaints, run_job

ADDONS = ("crm_lifecycle_kam", "crm_lifecycle")


def leave_traces(env):
    """What people leave behind while they work with the add-ons."""
    profile = env["crm.lifecycle.profile"].search([], limit=1)
    admin = env.ref("base.user_admin")
    env["ir.filters"].create(
        {
            "name": "My Customers",
            "model_id": "crm.lifecycle.profile",
            "domain": "[('user_id', '=', uid)]",
            "user_ids": [(6, 0, admin.ids)],
        }
    )
    env["ir.default"].set("res.company", "lifecycle_newcomer_days", 60)
    env["ir.default"].set("crm.lifecycle.lost.reason", "is_recoverable", True)
    env["ir.exports"].create(
        {
            "name": "My Export",
            "resource": "crm.lifecycle.profile",
            "export_fields": [(0, 0, {"name": "revenue"})],
        }
    )
    env["ir.attachment"].create(
        {
            "name": "notes.txt",
            "raw": b"notes",
            "res_model": "crm.lifecycle.profile",
            "res_id": profile.id,
        }
    )
    env["crm.lifecycle.lost.reason"].create({"name": "Moved abroad"})
    leave_touchpoints(env, profile)
    leave_card(env, profile)
    leave_unit(env, profile)
    leave_handover(env, profile)
    env.company.lifecycle_lost_days = 400
    env["crm.stage"].search([], limit=1).lifecycle_is_agreement = True
    env["crm.lifecycle.engine"]._trigger()
    return profile.search_count([])


def leave_touchpoints(env, profile):
    """Contacts collected and logged, with what was promised and objected."""
    channel = env["crm.touchpoint.channel"].create({"name": "Fair"})
    env["crm.touchpoint.log"].create(
        {
            "partner_id": profile.partner_id.id,
            "channel_id": channel.id,
            "promise": "Send the price list",
            "objections": "Too dear",
        }
    )._log()
    activity = profile.partner_id.activity_schedule(
        "mail.mail_activity_data_call", user_id=env.uid
    )
    activity._action_done()
    assert len(profile.touchpoint_ids) == 2
    env["ir.filters"].create(
        {
            "name": "My Touchpoints",
            "model_id": "crm.touchpoint",
            "domain": "[('user_id', '=', uid)]",
        }
    )


def leave_handover(env, profile):
    """A customer given away and taken back, and an owner of the business."""
    group = env.ref("sales_team.group_sale_salesman")
    taker = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {"name": "Taker", "login": "taker", "group_ids": [(4, group.id)]},
        )
    )
    admin = env.ref("base.user_admin")
    profile.assign_responsible(admin.id)
    handover = (
        env["crm.handover"]
        .with_user(admin)
        .create(
            {
                "from_user_id": admin.id,
                "to_user_id": taker.id,
                "introduce": "all",
                "company_ids": env.company.ids,
            }
        )
    )
    for row in handover.scope_ids:
        row.is_chosen = row.scope == "customer"
    handover.action_prepare()
    handover.action_hand_over()
    if handover.state == "done":
        handover.action_undo()
    env.company.lifecycle_owner_ids = admin


def leave_card(env, profile):
    """What a card says that no document tells, and what it is asked to say."""
    trade_format = env["crm.lifecycle.trade.format"].create({"name": "Markets"})
    competitor = env["crm.lifecycle.competitor"].create({"name": "Rival"})
    profile.write(
        {
            "trade_format_id": trade_format.id,
            "competitor_ids": competitor.ids,
            "own_volume": "300 cakes",
        }
    )
    person = {"partner_id": profile.partner_id.id}
    env["crm.lifecycle.fact"].create({**person, "note": "Green tea"})
    env["crm.lifecycle.best.hours"].create(person)
    profile.partner_id.lifecycle_language_ids = env["res.lang"].search([], limit=1)
    env["crm.lifecycle.requirement"].create(
        {
            "name": "Volume",
            "target": "profile.own_volume",
            "stage_id": profile.stage_id.id,
            "category_ids": env["crm.lifecycle.category"].search([]).ids,
        }
    )


def leave_unit(env, profile):
    """Who decides at a customer, and in one of its deals."""
    role = env["crm.dmu.role"].create({"name": "Godfather"})
    customer = profile.partner_id
    contacts = env["res.partner"].create(
        [{"name": name, "parent_id": customer.id} for name in ("Ann", "Bob")]
    )
    members = env["crm.dmu.member"].create(
        [
            {"profile_id": profile.id, "contact_id": contact.id, "role_ids": role.ids}
            for contact in contacts
        ]
    )
    env["crm.dmu.influence"].create(
        {"from_id": members[0].id, "to_id": members[1].id, "reason": "Old friends"}
    )
    env["crm.purchase.step"].create(
        {"name": "Test", "profile_id": profile.id, "member_ids": members.ids}
    )
    env["crm.dmu.gap.rule"].create(
        {
            "name": "No godfather",
            "kind": "role_missing",
            "role_id": role.id,
            "category_ids": env["crm.lifecycle.category"].search([]).ids,
        }
    )
    lead = env["crm.lead"].create(
        {"name": "Deal", "type": "opportunity", "partner_id": customer.id}
    )
    lead.action_set_won()
    assert len(lead.lifecycle_dmu_member_ids) == 2
    env["ir.filters"].create(
        {
            "name": "My People",
            "model_id": "crm.dmu.member",
            "domain": "[('user_id', '=', uid)]",
        }
    )
    env.company.lifecycle_dmu_fade_months = 3


def add_on(environment, action, database, *names):
    """Odoo's ``module`` command; lines from WARNING up."""
    done = environment.odoo("module", action, "-d", database, *names)
    return complaints(done.stderr + done.stdout)


def start_first_run(env):
    """A company with a past waits for a manager to choose its limits."""
    assert env.company.lifecycle_first_run_until
    manager = env.company.with_user(env.ref("base.user_admin"))
    manager._lifecycle_start_first_run({})
    env.cr.commit()


@pytest.mark.slow
def test_uninstalling_leaves_nothing_and_loses_nothing(environment):
    used = customer_base.used(environment)
    before = catalog.snapshot(environment, environment.facts["templates"]["bare"])
    installed = catalog.snapshot(environment, environment.facts["templates"]["full"])
    database = environment.create_database("uninstall", template=used)
    count = call(environment, database, leave_traces)
    assert catalog.pointers(environment, database)
    orders = environment.psql(database, "SELECT count(*) FROM sale_order")

    assert add_on(environment, "uninstall", database, *ADDONS) == []
    left = catalog.differences(before, catalog.snapshot(environment, database))
    left = [line for line in left if "'taker'" not in line]  # a colleague stays
    assert not left, "\n".join(left)
    assert catalog.pointers(environment, database) == {}
    assert environment.psql(database, "SELECT count(*) FROM sale_order") == orders

    assert add_on(environment, "install", database, *ADDONS) == []
    left = catalog.differences(installed, catalog.snapshot(environment, database))
    left = [line for line in left if "'taker'" not in line]
    assert not left, "\n".join(left)
    call(environment, database, start_first_run)
    ended, log = run_job(environment, database)
    assert (ended, complaints(log)) == ("fully done", [])
    query = "SELECT count(*) FROM crm_lifecycle_profile"
    assert environment.psql(database, query)[0][0] == count
