"""Reviews open and go to the leader exactly once, whatever happens to the job."""

import threading
import time

from tests.support.odoo_processes import JobProcess, call, trigger

CUSTOMERS = 150
OPENED = "SELECT count(*) FROM crm_account_review WHERE state = 'open'"
ESCALATED = "SELECT count(*) FROM crm_account_review WHERE escalated_date IS NOT NULL"
# What the job leaves behind, with the customer it is about
EFFECTS = {
    "reviews": "SELECT p.partner_id FROM crm_account_review r "
    "JOIN crm_lifecycle_profile p ON p.id = r.profile_id WHERE r.state = 'open'",
    "hand-overs to the leader": "SELECT p.partner_id FROM crm_account_review r "
    "JOIN crm_lifecycle_profile p ON p.id = r.profile_id "
    "WHERE r.escalated_date IS NOT NULL",
    "activities": "SELECT res_id FROM mail_activity WHERE res_model = 'res.partner' "
    "AND active AND user_id = (SELECT res_id FROM ir_model_data "
    "WHERE module = 'base' AND name = 'user_admin')",
}


def prepare(env):
    """VIPs whose review day was long ago, and nothing else to do."""
    job = env.ref("crm_lifecycle.ir_cron_lifecycle")
    env.cr.execute("UPDATE ir_cron SET active = (id = %s)", [job.id])
    env.cr.execute("DELETE FROM mail_activity")
    env.cr.execute("UPDATE crm_lifecycle_profile SET is_vip = FALSE")
    env.cr.execute(
        "UPDATE res_company SET lifecycle_enabled = (id = %s), "
        "lifecycle_baseline_at = now(), lifecycle_full_read_at = now(), "
        "lifecycle_full_read_cause = NULL, lifecycle_last_pass_date = current_date, "
        "lifecycle_review_patience_days = 7, lifecycle_turn_scope = 'none'",
        [env.company.id],
    )
    partners = env["res.partner"].create(
        [{"name": f"VIP {number}", "is_company": True} for number in range(CUSTOMERS)]
    )
    env.invalidate_all()
    env["crm.lifecycle.engine"]._add_profiles(env.company, partners)
    env.flush_all()
    env.cr.execute(
        "UPDATE crm_lifecycle_profile SET is_vip = TRUE, vip_reason = 'Known', "
        "vip_sponsor_id = %s, vip_review_date = current_date - 30 "
        "WHERE partner_id = ANY(%s)",
        [env.ref("base.user_admin").id, partners.ids],
    )
    env.cr.execute("DELETE FROM crm_lifecycle_event")
    return partners.ids


def count(environment, database, query):
    return environment.psql(database, query)[0][0]


def await_count(environment, database, query, number, *jobs):
    """Wait until a query counts so many; the schedulers are woken meanwhile."""
    deadline = time.monotonic() + 240
    while count(environment, database, query) < number:
        assert time.monotonic() < deadline, [job.text[-2000:] for job in jobs]
        for job in jobs:
            job.wake()
        time.sleep(0.02)


def check(environment, database, partners):
    for effect, query in EFFECTS.items():
        found = sorted(id_ for (id_,) in environment.psql(database, query))
        assert found == sorted(partners), effect


def test_killed_and_doubled(environment, database):
    """Killed while it hands reviews over, then finished by two schedulers at a time."""
    partners = call(environment, database, prepare)
    trigger(environment, database)
    with JobProcess(environment, database, "opens") as job:
        # They open in one transaction; the next one hands them over
        await_count(environment, database, OPENED, CUSTOMERS, job)
        job.kill()
    assert count(environment, database, ESCALATED) in (0, CUSTOMERS)
    with JobProcess(environment, database, "killed") as job:
        trigger(environment, database)
        job.await_start()
        time.sleep(0.3)
        job.kill()
    assert count(environment, database, OPENED) == CUSTOMERS
    trigger(environment, database)
    with (
        JobProcess(environment, database, "one") as one,
        JobProcess(environment, database, "two") as two,
    ):
        await_count(environment, database, ESCALATED, CUSTOMERS, one, two)
        trigger(environment, database)
        two.wake()
        time.sleep(2)  # were there more to come, it would come now
    check(environment, database, partners)


def run_in_two_connections(env):
    """Open and escalate in two transactions that do not see each other."""
    registry, errors = env.registry, []
    barrier = threading.Barrier(2, timeout=60)

    def work():
        from odoo import api
        from odoo.service.model import retrying

        with registry.cursor() as cr:
            own = api.Environment(cr, env.uid, {})
            engine = own["crm.lifecycle.engine"]
            first = iter([True])

            def attempt():
                # Both snapshots are taken before either writes
                cr.execute("SELECT count(*) FROM crm_account_review")
                if next(first, False):
                    barrier.wait()
                engine._open_reviews(own.company)
                engine._escalate_reviews(own.company)

            try:
                retrying(attempt, own)
            except Exception as error:
                errors.append(repr(error))
                raise

    threads = [threading.Thread(target=work) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_two_connections(environment, database):
    """Two transactions with the same snapshot: the unique keys let one of them win,
    and the other finds the work done when it is repeated."""
    partners = call(environment, database, prepare)
    assert call(environment, database, run_in_two_connections) == []
    check(environment, database, partners)
    assert count(environment, database, OPENED) == CUSTOMERS


def start_by_two_people(env):
    """Two people ask for a review of one customer in the same moment.

    :return: ids of the reviews they got, and what was answered instead
    """
    registry = env.registry
    card = env["crm.lifecycle.profile"].search([("is_vip", "=", True)], limit=1)
    barrier = threading.Barrier(2, timeout=60)
    found = []

    def work():
        from odoo import api
        from odoo.exceptions import ValidationError
        from odoo.service.model import retrying

        with registry.cursor() as cr:
            own = api.Environment(cr, env.ref("base.user_admin").id, {})
            profile = own["crm.lifecycle.profile"].browse(card.id)
            today = own["crm.lifecycle.engine"]._today(own.company)
            first = iter([True])

            def attempt():
                cr.execute("SELECT count(*) FROM crm_account_review")
                if next(first, False):
                    barrier.wait()
                return profile._start_review("vip", today, own.user).id

            try:
                found.append(retrying(attempt, own))
            except ValidationError as error:
                found.append(str(error))

    threads = [threading.Thread(target=work) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_two_people(environment, database):
    """One review is opened; the other one is told so."""
    call(environment, database, prepare)
    found = call(environment, database, start_by_two_people)
    assert count(environment, database, OPENED) == 1
    opened = "SELECT id FROM crm_account_review WHERE state = 'open'"
    reviews = [one for one in found if isinstance(one, int)]
    assert environment.psql(database, opened) == [(one,) for one in reviews]
    (refusal,) = (one for one in found if isinstance(one, str))
    assert "already" in refusal
