"""Playbooks answer every event exactly once, whatever happens to the job."""

import time

from tests.support.odoo_processes import JobProcess, call, trigger

CUSTOMERS = 120
KILLS = 2
WELCOME = "crm_lifecycle.crm_lifecycle_playbook_welcome"
ANSWERED = "SELECT count(*) FROM crm_lifecycle_playbook_run WHERE state = 'done'"
# What one run leaves behind, with the customer it is for
EFFECTS = {
    "runs": "SELECT p.partner_id FROM crm_lifecycle_playbook_run run "
    "JOIN crm_lifecycle_profile p ON p.id = run.profile_id WHERE run.state = 'done'",
    "activities": "SELECT res_id FROM mail_activity "
    "WHERE res_model = 'res.partner' AND lifecycle_run_id IS NOT NULL",
    "letters": "SELECT rel.res_partner_id FROM mail_mail mail "
    "JOIN mail_mail_res_partner_rel rel ON rel.mail_mail_id = mail.id",
    "opportunities": "SELECT partner_id FROM crm_lead WHERE name LIKE 'Once: %'",
}


def prepare(env):
    """First purchases that a running playbook is to answer, and nothing else to do."""
    job = env.ref("crm_lifecycle.ir_cron_lifecycle")
    env.cr.execute("UPDATE ir_cron SET active = (id = %s)", [job.id])
    env.cr.execute("DELETE FROM mail_mail")
    env.cr.execute(
        "UPDATE res_company SET lifecycle_enabled = (id = %s), "
        "lifecycle_baseline_at = now(), lifecycle_full_read_at = now(), "
        "lifecycle_full_read_cause = NULL, lifecycle_last_pass_date = current_date",
        [env.company.id],
    )
    env.invalidate_all()
    playbook = env.ref(WELCOME)
    playbook.write(
        {
            "is_on": True,
            "makes_opportunity": True,
            "opportunity_name": "Once",
            "user_id": env.ref("base.user_admin").id,
        }
    )
    product = env["product.product"].create({"name": "Visit", "type": "service"})
    partners = env["res.partner"].create(
        [
            {
                "name": f"Customer {number}",
                "is_company": True,
                "email": f"c{number}@example.com",
            }
            for number in range(CUSTOMERS)
        ]
    )
    line = {"product_id": product.id, "product_uom_qty": 1, "price_unit": 100}
    orders = env["sale.order"].create(
        [
            {"partner_id": partner.id, "order_line": [(0, 0, line)]}
            for partner in partners
        ]
    )
    orders.action_confirm()
    env["crm.lifecycle.engine"]._recompute(env.company, partners)
    env.cr.execute("DELETE FROM crm_lifecycle_event")
    return partners.ids


def answered(environment, database):
    return environment.psql(database, ANSWERED)[0][0]


def await_answers(environment, database, number, *jobs):
    """Wait until so many runs are done; the schedulers are woken meanwhile."""
    deadline = time.monotonic() + 240
    while answered(environment, database) < number:
        assert time.monotonic() < deadline, [job.text[-2000:] for job in jobs]
        for job in jobs:
            job.wake()
        time.sleep(0.1)


def test_every_event_is_answered_exactly_once(environment, database):
    """Killed twice in the middle, then finished by two schedulers at a time."""
    partners = call(environment, database, prepare)
    trigger(environment, database)
    for kill in range(1, KILLS + 1):
        with JobProcess(environment, database, f"killed{kill}") as job:
            await_answers(environment, database, CUSTOMERS * kill // 4, job)
            job.kill()
        before = answered(environment, database)
        assert before < CUSTOMERS, "the job had ended before it was killed"
    with (
        JobProcess(environment, database, "one") as one,
        JobProcess(environment, database, "two") as two,
    ):
        await_answers(environment, database, CUSTOMERS, one, two)
        time.sleep(2)  # were there more to come, it would come now
    for effect, query in EFFECTS.items():
        found = sorted(id_ for (id_,) in environment.psql(database, query))
        assert found == sorted(partners), effect
    waiting = "SELECT count(*) FROM crm_lifecycle_transition WHERE reacted_at IS NULL"
    assert environment.psql(database, waiting) == [(0,)]
