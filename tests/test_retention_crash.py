"""Win-backs, letters, escalations, returns: once each, whatever the job meets."""

import time

import pytest

from tests.support import customer_base
from tests.support.odoo_processes import JobProcess, call, trigger

PATIENCE = 600  # seconds
RETURNED = "SELECT count(*) FROM crm_handover_line WHERE state = 'returned'"
WON_BACK = "SELECT count(*) FROM crm_winback_attempt WHERE state = 'won_back'"
TOLD = "SELECT count(*) FROM crm_feedback WHERE escalated_date IS NOT NULL"
ASKED = "SELECT count(*) FROM crm_feedback_request"
# What each step leaves behind, with the customer it is for
EFFECTS = {
    # taken and given back: two stretches
    "returned": "SELECT p.partner_id FROM crm_lifecycle_responsible r "
    "JOIN crm_lifecycle_profile p ON p.id = r.profile_id "
    "JOIN res_users u ON u.id = r.user_id "
    "WHERE r.handover_id IS NOT NULL AND u.login = 'giver'",
    "taken": "SELECT p.partner_id FROM crm_lifecycle_responsible r "
    "JOIN crm_lifecycle_profile p ON p.id = r.profile_id "
    "JOIN res_users u ON u.id = r.user_id "
    "WHERE r.handover_id IS NOT NULL AND u.login = 'taker'",
    "won back": "SELECT p.partner_id FROM crm_winback_attempt a "
    "JOIN crm_lifecycle_profile p ON p.id = a.profile_id "
    "WHERE a.state = 'won_back' AND a.result = 'purchase'",
    "asked": "SELECT p.partner_id FROM crm_feedback_request q "
    "JOIN crm_lifecycle_profile p ON p.id = q.profile_id",
    "letters": "SELECT rel.res_partner_id FROM mail_mail mail "
    "JOIN mail_message message ON message.id = mail.mail_message_id "
    "JOIN mail_mail_res_partner_rel rel ON rel.mail_mail_id = mail.id "
    "WHERE message.model = 'crm.feedback.request'",
    "told": "SELECT a.res_id FROM mail_activity a "
    "JOIN res_users u ON u.id = a.user_id WHERE u.login = 'leader'",
}


def begin(env):
    """Give the job everything to do at once.

    Lost customers are being won back, buy again, answer to a deputy whose time is over,
    and are to be asked for feedback. The others are dissatisfied, and nobody saw to it.

    :return: ids of the lost customers, and of the others
    """
    profiles = env["crm.lifecycle.profile"].search([("is_excluded", "=", False)])
    lost = profiles.filtered(
        lambda p: p.is_winback_candidate and not p.lost_date and not p.hold_until
    )
    lost = lost[:700]
    others = (profiles - profiles.filtered("is_winback_candidate"))[:1300]
    giver = _cover(env, lost)
    env["crm.winback.attempt"].sudo().create(
        [
            {
                "profile_id": profile.id,
                "user_id": giver.id,
                "argument": "Our own lorry",
                "state": "running",
                "date_start": "2026-01-01",
                "last_purchase_date": profile.last_purchase_date,
            }
            for profile in lost
        ]
    )
    _plant_feedback(env, others)
    stages = env["crm.lifecycle.stage"].search([("zone", "=", "life")])
    env["crm.lifecycle.playbook"].create(
        {
            "name": "Back again",
            "trigger": "stage_entered",
            "stage_ids": [(6, 0, stages.ids)],
            "asks_feedback": True,
            "is_on": True,
        }
    )
    env.flush_all()
    _buy_again(env, lost)
    return [lost.partner_id.ids, others.partner_id.ids]


def _create_users(env, *logins):
    group = env.ref("sales_team.group_sale_salesman")
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {"name": login, "login": login, "group_ids": [(4, group.id)]}
                for login in logins
            ]
        )
    )


def _cover(env, profiles):
    """A deputy has had these customers for a while, until yesterday."""
    giver, taker = _create_users(env, "giver", "taker")
    profiles.assign_responsible(giver.id)
    manager = env["crm.handover"].with_user(env.ref("base.user_admin"))
    cover = manager.with_context(allowed_company_ids=env.company.ids).create(
        {
            "from_user_id": giver.id,
            "to_user_id": taker.id,
            "kind": "temporary",
            "return_date": "2099-01-01",
            "introduce": "none",
        }
    )
    cover.scope_ids.filtered(lambda s: s.scope != "customer").is_chosen = False
    cover.action_prepare()
    cover.action_hand_over()
    while cover._run_batch():
        pass
    env.flush_all()
    env.cr.execute("UPDATE crm_handover SET return_date = current_date - 2")
    env.invalidate_all()
    return giver


def _plant_feedback(env, profiles):
    """A low score of each, that should have been put right a while ago."""
    [leader] = _create_users(env, "leader")
    team = env["crm.team"].create({"name": "Told", "user_id": leader.id})
    env.flush_all()
    env.cr.execute(
        "UPDATE crm_lifecycle_profile SET team_id = %s WHERE id = ANY(%s)",
        [team.id, profiles.ids],
    )
    env.cr.execute(
        "INSERT INTO crm_feedback (profile_id, kind, score, band, channel, is_open, "
        "date, rescue_deadline) SELECT id, 'satisfaction', '2', 'detractor', 'noted', "
        "TRUE, current_date - 9, current_date - 5 FROM unnest(%s) AS id",
        [profiles.ids],
    )


def _buy_again(env, profiles):
    """An order of each now, and its address."""
    env.cr.execute(
        "UPDATE res_partner SET email = 'c' || id || '@example.com', "
        "email_normalized = 'c' || id || '@example.com' WHERE id = ANY(%s)",
        [profiles.partner_id.ids],
    )
    env.cr.execute(
        "UPDATE sale_order o SET date_order = now() AT TIME ZONE 'UTC' "
        "FROM (SELECT DISTINCT ON (partner_id) partner_id, id FROM sale_order "
        "WHERE state = 'sale' AND amount_untaxed > 0 "
        "ORDER BY partner_id, date_order DESC) latest "
        "WHERE o.id = latest.id AND o.partner_id = ANY(%s)",
        [profiles.partner_id.ids],
    )
    env.cr.execute(
        "INSERT INTO crm_lifecycle_event (partner_id, company_id, cause, recorded_at) "
        "SELECT partner_id, company_id, 'event', now() AT TIME ZONE 'UTC' "
        "FROM crm_lifecycle_profile WHERE id = ANY(%s)",
        [profiles.ids],
    )


def count(environment, database, query):
    return environment.psql(database, query)[0][0]


def await_count(environment, database, query, number, *jobs):
    """Wait until so much is done; the schedulers are woken meanwhile."""
    deadline = time.monotonic() + PATIENCE
    while count(environment, database, query) < number:
        if time.monotonic() > deadline:
            tails = "\n\n".join(job.text[-3000:] for job in jobs)
            pytest.fail(f"not {number} of {query}\n{tails}")
        for job in jobs:
            job.wake()
        time.sleep(0.02)


def make_due(environment, database):
    """Odoo puts off a job that died three times in a row; here it may die again."""
    environment.psql(database, "UPDATE ir_cron_progress SET timed_out_counter = 0")
    trigger(environment, database)


@pytest.mark.slow
def test_every_step_is_done_exactly_once(environment):
    """Killed in the middle of each, then finished by two schedulers at a time."""
    used = customer_base.used(environment)
    database = environment.create_database("retention", template=used)
    lost, others = call(environment, database, begin)
    assert len(lost) > 500, "more than one batch of a hand-over"
    assert len(others) > 1000, "more than one chunk of escalations"
    totals = {
        RETURNED: len(lost),
        WON_BACK: len(lost),
        TOLD: len(others),
        ASKED: len(lost),
    }
    seen = {}
    for number, (query, total) in enumerate(totals.items()):
        make_due(environment, database)
        with JobProcess(environment, database, f"killed{number}") as job:
            await_count(environment, database, query, total // 5, job)
            job.kill()
        seen[query] = count(environment, database, query)
    assert seen[RETURNED] < totals[RETURNED], "the return had ended"
    assert seen[ASKED] < totals[ASKED], "everybody had been asked"
    make_due(environment, database)
    with (
        JobProcess(environment, database, "one") as one,
        JobProcess(environment, database, "two") as two,
    ):
        for query, total in totals.items():
            await_count(environment, database, query, total, one, two)
        time.sleep(2)  # were there more to come, it would come now
    for effect, query in EFFECTS.items():
        found = sorted(id_ for (id_,) in environment.psql(database, query))
        expected = others if effect == "told" else lost
        assert found == sorted(expected), effect
    assert count(environment, database, "SELECT count(*) FROM crm_winback_attempt") == (
        len(lost)
    )
    assert environment.psql(database, "SELECT state FROM crm_handover") == [
        ("returned",)
    ]
    environment.drop_database(database)
