"""With and without the margins that another application of Odoo brings."""

import pytest

from odoo.exceptions import ValidationError

from tests.support import customer_base, verification
from tests.support.odoo_processes import call, complaints, run_job


def choose_margin(env):
    """Try to rank by margin; what the manager reads when it is refused."""
    try:
        env.company.lifecycle_abc_value = "margin"
    except ValidationError as error:
        env.cr.rollback()
        return str(error)
    return None


def without_margin(env):
    """A base in a database without margins, and the refused choice."""
    customer_base.settle_down(env)
    # excluding customers moves the others' classes, at the next ranking
    env["crm.lifecycle.engine"]._request_settle(env.company)
    customer_base.classify(env)
    columns = "count(*), count(margin), count(margin_previous)"
    env.cr.execute(f"SELECT {columns} FROM crm_lifecycle_profile")
    counts = env.cr.fetchone()
    env.cr.commit()
    refused = choose_margin(env)
    profile = env["crm.lifecycle.profile"].search([("revenue", ">", 0)], limit=1)
    told = profile.get_lifecycle(profile.partner_id.ids)[0]
    return {
        "counts": counts,
        "known": env.company.lifecycle_has_margin,
        "refused": refused,
        "chosen": env.company.lifecycle_abc_value,
        "told": told["margin"],
        "wrong": verification.compare(env),
    }


def test_without_margins_the_fields_are_empty_and_the_choice_is_refused(environment):
    database = environment.create_database("no_margin", template="plain")
    customer_base.plant(environment, database, 400)
    facts = call(environment, database, without_margin)
    profiles, *margins = facts["counts"]
    assert profiles >= 400 and margins == [0, 0]
    assert not facts["known"]
    assert facts["told"] is None
    assert "margin" in facts["refused"].lower()
    assert facts["chosen"] == "revenue"
    assert facts["wrong"] == []
    environment.drop_database(database)


def with_margin(env):
    """Rank by margin; the classes of all customers."""
    customer_base.classify(env)
    assert choose_margin(env) is None
    customer_base.classify(env)
    return read(env)


def read(env):
    """Who is in which class, what the manager reads, and what is wrong."""
    profiles = env["crm.lifecycle.profile"].search([], order="partner_id")
    classes = profiles.mapped("abc_class")
    env.cr.execute("SELECT count(margin) FROM crm_lifecycle_profile")
    margins = env.cr.fetchone()[0]
    return {
        "classes": classes,
        "margins": margins,
        "message": env.company.lifecycle_pass_message,
        "known": env.company.lifecycle_has_margin,
        "wrong": verification.compare(env),
    }


def ask_again(env):
    """A full re-read on demand, as a manager asks for it."""
    env.company.with_user(env.ref("base.user_admin")).action_lifecycle_full_read()


@pytest.mark.slow
def test_margins_removed_later_fall_back_to_revenue_and_say_so(environment):
    database = environment.create_database(
        "margin", template=customer_base.used(environment)
    )
    before = call(environment, database, with_margin)
    assert before["wrong"] == []
    assert before["margins"] > 0 and before["known"]
    assert not before["message"]

    done = environment.odoo("module", "uninstall", "-d", database, "sale_margin")
    assert complaints(done.stdout + done.stderr) == []
    call(environment, database, ask_again)
    ended, log = run_job(environment, database)
    assert (ended, complaints(log)) == ("fully done", [])
    after = call(environment, database, read)
    assert after["wrong"] == []
    assert after["margins"] == 0 and not after["known"]
    assert after["classes"] != before["classes"]
    assert "revenue" in after["message"]
    environment.drop_database(database)
