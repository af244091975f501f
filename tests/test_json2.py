"""Outside clients: ``/json/2`` with an API key, in a server process of its own."""

import pytest

from tests.support import customer_base
from tests.support.client import Client, create_key
from tests.support.odoo_processes import call, complaints

LOGINS = {
    "admin": None,
    "salesman": "sales_team.group_sale_salesman",
    "internal": "base.group_user",
    "portal": "base.group_portal",
}


def prepare(env):
    """Users with keys, and three customers: of nobody, of the admin, with a contact."""
    keys = {}
    for login, group in LOGINS.items():
        if group:
            env["res.users"].with_context(no_reset_password=True).create(
                {
                    "name": login,
                    "login": login,
                    "group_ids": [(6, 0, env.ref(group).ids)],
                }
            )
        keys[login] = create_key(env, login)
    profiles = env["crm.lifecycle.profile"].search(
        [("purchase_count", ">", 2), ("revenue", ">", 0)], order="partner_id", limit=3
    )
    profiles[1].assign_responsible(env.ref("base.user_admin").id)
    contact = env["res.partner"].create(
        {"name": "Buyer", "parent_id": profiles[2].partner_id.id}
    )
    expected = [
        {
            "partner_id": partner.id,
            "customer_id": profile.partner_id.id,
            "profile_id": profile.id,
            "purchase_count": profile.purchase_count,
            "revenue": profile.revenue,
            "last_purchase_date": str(profile.last_purchase_date),
            "abc_class": profile.abc_class,
            "stage": {"code": profile.stage_id.code, "name": profile.stage_id.name},
            "currency": env.company.currency_id.name,
        }
        for profile, partner in zip(
            profiles, [*profiles[:2].partner_id, contact], strict=True
        )
    ]
    stranger = env["res.partner"].create({"name": "Stranger"})
    return {"keys": keys, "expected": expected, "stranger": stranger.id}


@pytest.fixture(scope="module")
def server(environment):
    database = environment.create_database(
        "json2", template=customer_base.used(environment)
    )
    facts = call(environment, database, prepare)
    with environment.serve(database) as url:
        clients = {
            login: Client(url, key, database) for login, key in facts["keys"].items()
        }
        yield clients, facts, url, database
    environment.drop_database(database)


def ask(client, partner_ids):
    return client.post(
        "crm.lifecycle.profile", "get_lifecycle", partner_ids=partner_ids
    )


def test_get_lifecycle_answers_in_the_order_asked(server):
    clients, facts, url, _database = server
    expected = facts["expected"]
    asked = [row["partner_id"] for row in expected] + [facts["stranger"]]
    answer = ask(clients["admin"], asked)
    assert answer.status_code == 200, answer.text
    *rows, stranger = answer.json()
    names = expected[0].keys()
    assert [{name: row[name] for name in names} for row in rows] == expected
    assert all(row["stage_reason"] for row in rows)
    assert stranger == {
        "partner_id": facts["stranger"],
        "customer_id": facts["stranger"],
        "profile_id": None,
    }
    assert complaints(url.log.read_text()) == []


def test_get_lifecycle_obeys_the_rights_of_the_key(server):
    clients, facts, _url, _database = server
    asked = [row["partner_id"] for row in facts["expected"]]
    seen = ask(clients["salesman"], asked).json()
    hidden = [row["profile_id"] is None for row in seen]
    assert hidden == [False, True, False], "the admin's customer is his own business"
    assert ask(clients["internal"], asked).status_code == 403
    assert ask(clients["portal"], asked).status_code == 403
    stranger = Client(clients["admin"].url, "wrong", _database)
    assert ask(stranger, asked).status_code == 401


@pytest.mark.parametrize("wrong", [["7"], [-1], "7", [[7]], list(range(1, 1002))])
def test_get_lifecycle_refuses_what_are_no_ids(server, wrong):
    clients, _facts, _url, _database = server
    answer = ask(clients["admin"], wrong)
    assert 400 <= answer.status_code < 500, answer.text
    assert "partner_ids" in answer.text or "exist" in answer.text


def test_figures_cannot_be_written_from_outside(server, environment):
    clients, facts, _url, database = server
    profile_id = facts["expected"][0]["profile_id"]
    for values in ({"revenue": 1.0}, {"is_vip": True}, {"stage_id": 1}):
        answer = clients["admin"].post(
            "crm.lifecycle.profile", "write", ids=[profile_id], vals=values
        )
        assert 400 <= answer.status_code < 500, answer.text
    query = "SELECT revenue::float, is_vip FROM crm_lifecycle_profile WHERE id = %s"
    revenue, is_vip = environment.psql(database, query, [profile_id])[0]
    assert (round(revenue, 2), is_vip) == (facts["expected"][0]["revenue"], False)
    engine = clients["admin"].post("crm.lifecycle.engine", "_cron_run")
    assert engine.status_code in (403, 404), engine.text
