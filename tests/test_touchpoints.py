"""Touchpoints: late commits, a long past, calls of another add-on."""

from datetime import datetime, timedelta
from unittest.mock import patch

from tests.support import customer_base
from tests.support.odoo_processes import call, complaints, run_job


def prepare(env):
    """A classified base with a salesman, and a customer to write to."""
    customer_base.calm(env)
    customer_base.classify(env)
    customer = env["res.partner"].create(
        {"name": "Written to", "is_company": True, "customer_rank": 1}
    )
    env["crm.lifecycle.engine"]._add_profiles(env.company, customer)
    env.cr.commit()
    env["crm.lifecycle.engine"]._cron_run()
    return customer.id


def write_letter(env, customer_id, subject):
    """A letter of the administrator to the customer; its id."""
    admin = env.ref("base.user_admin")
    message = env(user=admin)["mail.message"].create(
        {
            "model": "res.partner",
            "res_id": customer_id,
            "message_type": "comment",
            "subtype_id": env.ref("mail.mt_comment").id,
            "author_id": admin.partner_id.id,
            "partner_ids": [(6, 0, [customer_id])],
            "subject": subject,
            "date": datetime.now() - timedelta(hours=1),
        }
    )
    env.cr.flush()
    return message.id


def collected(env, customer_id):
    env.cr.commit()
    env.cr.execute(
        "SELECT source_id FROM crm_touchpoint WHERE partner_id = %s "
        "AND source_model = 'mail.message' ORDER BY source_id",
        [customer_id],
    )
    return [row[0] for row in env.cr.fetchall()]


def commit_out_of_order(env):
    """A slow transaction writes first and commits last, several runs later."""
    from odoo.addons.crm_lifecycle.models.touchpoint.collect import job

    customer_id = prepare(env)
    engine = env["crm.lifecycle.engine"]
    seen = []
    with (
        patch.object(job, "ID_OVERLAP", 0),  # the marks alone must do it
        env.registry.cursor() as slow,
        env.registry.cursor() as quick,
    ):
        first = write_letter(env(cr=slow), customer_id, "first")
        second = write_letter(env(cr=quick), customer_id, "second")
        quick.commit()
        for _run in range(3):
            engine._cron_run()
            seen.append(collected(env, customer_id))
        third = write_letter(env(cr=quick), customer_id, "third")
        quick.commit()
        engine._cron_run()
        seen.append(collected(env, customer_id))
        slow.commit()
        engine._cron_run()
        seen.append(collected(env, customer_id))
        for _run in range(3):
            engine._cron_run()
        seen.append(collected(env, customer_id))
    return {"written": [first, second, third], "seen": seen}


def test_what_commits_late_is_not_lost(environment, database):
    facts = call(environment, database, commit_out_of_order)
    first, second, third = facts["written"]
    assert first < second < third
    assert facts["seen"] == [
        *[[second]] * 3,
        [second, third],
        *[[first, second, third]] * 2,
    ]


def change_meeting_during_the_collection(env):
    """A meeting is moved by somebody while the job has just read it."""
    customer_id = prepare(env)
    start = datetime.now().replace(microsecond=0) - timedelta(hours=5)
    admin = env.ref("base.user_admin")
    event = (
        env(user=admin)["calendar.event"]
        .with_context(no_mail_to_attendees=True)
        .create(
            {
                "name": "Review",
                "start": start,
                "stop": start + timedelta(hours=1),
                "partner_ids": [(6, 0, [customer_id, admin.partner_id.id])],
            }
        )
    )
    env.cr.commit()
    engine_class = type(env["crm.lifecycle.engine"])
    sync = engine_class._sync_touchpoints
    moved = []

    def sync_and_move(engine, companies, model, ids, **values):
        done = sync(engine, companies, model, ids, **values)
        if model == "calendar.event" and not moved:
            moved.append(True)
            with env.registry.cursor() as cr:
                event.with_env(env(cr=cr)).write(
                    {
                        "start": start - timedelta(days=2),
                        "stop": start - timedelta(days=2, hours=-1),
                    }
                )
        return done

    with patch.object(engine_class, "_sync_touchpoints", sync_and_move):
        env["crm.lifecycle.engine"]._cron_run()
    env["crm.lifecycle.engine"]._cron_run()
    env.invalidate_all()
    touchpoint = env["crm.touchpoint"].search([("source_id", "=", event.id)])
    profile = touchpoint.profile_id
    return {
        "dates": [str(date) for date in touchpoint.mapped("date")],
        "expected": str(start - timedelta(days=2)),
        "last": str(profile.last_contact_date),
        "queue": env["crm.touchpoint.change"].search_count([]),
    }


def test_a_meeting_moved_during_the_collection(environment, database):
    facts = call(environment, database, change_meeting_during_the_collection)
    assert facts["dates"] == [facts["expected"]]
    assert facts["queue"] == 0


def hold_calls(env):
    """Calls of the add-on Phone Calls: held, planned, cancelled, deleted."""
    customer_id = prepare(env)
    contact = env["res.partner"].create({"name": "Ann", "parent_id": customer_id})
    admin = env.ref("base.user_admin")
    moment = datetime.now().replace(microsecond=0) - timedelta(hours=2)
    held, planned, cancelled = env["crm.phonecall"].create(
        [
            {
                "name": name,
                "partner_id": contact.id,
                "user_id": admin.id,
                "date": moment,
                "duration": 12.0,
                "direction": "in",
                "state": "open",
            }
            for name in ("held", "planned", "cancelled")
        ]
    )
    held.state = "done"
    held.duration = 12.0
    cancelled.state = "done"
    steps = []

    def collect():
        env.cr.commit()
        env["crm.lifecycle.engine"]._cron_run()
        env.invalidate_all()
        touchpoints = env["crm.touchpoint"].search(
            [("source_model", "=", "crm.phonecall")], order="source_id"
        )
        steps.append(touchpoints.mapped("source_id"))
        return touchpoints

    touchpoint = collect()[0]
    facts = {
        "contact": touchpoint.contact_id == contact,
        "channel": touchpoint.channel_id.icon,
        "direction": touchpoint.direction,
        "minutes": round(touchpoint.duration * 60),
        "subject": touchpoint.subject,
    }
    cancelled.state = "cancel"
    collect()
    planned.state = "done"
    collect()
    held.unlink()
    collect()
    return {**facts, "steps": steps, "ids": [held.id, planned.id, cancelled.id]}


def test_calls_of_the_add_on_phone_calls(environment):
    database = environment.create_database("phonecall", template="plain")
    installed = environment.odoo("module", "install", "-d", database, "crm_phonecall")
    wrong = [
        line
        for line in complaints(installed.stderr + installed.stdout)
        if "crm_lifecycle" in line
    ]
    assert not wrong, wrong
    facts = call(environment, database, hold_calls)
    held, planned, cancelled = facts["ids"]
    assert facts["steps"] == [[held, cancelled], [held], [held, planned], [planned]]
    assert facts["contact"]
    assert (facts["channel"], facts["direction"]) == ("fa-phone", "in")
    assert (facts["minutes"], facts["subject"]) == (12, "held")
    environment.drop_database(database)


def write_history(env):
    """Letters of the past among other messages: six chunks of the first collection."""
    from odoo.addons.crm_lifecycle.models.touchpoint.collect import past

    customer_base.calm(env)
    env.cr.execute(
        """
        WITH letters AS (
            SELECT p.id AS contact_id, g AS number,
                   row_number() OVER (ORDER BY g DESC, p.id) AS position,
                   count(*) OVER () AS total,
                   nextval('mail_message_id_seq') AS first_id
              FROM res_partner p, generate_series(1, 42) g
             WHERE p.name LIKE 'Customer %%' AND p.id %% 2 = 0)
        INSERT INTO mail_message (
            id, model, res_id, message_type, subtype_id, author_id, date, create_date,
            create_uid, subject)
        SELECT min(first_id) OVER () + position * GREATEST(%(ids)s / total, 1),
               'res.partner', contact_id, 'email', %(subtype)s, contact_id,
               now() AT TIME ZONE 'UTC' - interval '1 hour' * (number * 2),
               now() AT TIME ZONE 'UTC' - interval '1 hour' * (number * 2), 2, 'Letter'
          FROM letters
        """,
        {
            "ids": 6 * past.CHUNK_IDS * past.FIRST_FACTOR,
            "subtype": env.ref("mail.mt_comment").id,
        },
    )
    written = env.cr.rowcount
    env.cr.execute("SELECT setval('mail_message_id_seq', max(id)) FROM mail_message")
    return written


def test_first_collection_of_many_letters(environment):
    database = environment.create_database(
        "history", template=customer_base.used(environment)
    )
    written = call(environment, database, write_history)
    environment.psql(
        database, "UPDATE crm_touchpoint_source SET marks = '{}', is_complete = false"
    )
    environment.psql(database, "DELETE FROM crm_touchpoint")
    ended, log = run_job(environment, database)
    assert (ended, complaints(log)) == ("fully done", [])
    count = "SELECT count(*), count(DISTINCT (source_id, partner_id)) " + (
        "FROM crm_touchpoint WHERE source_model = 'mail.message'"
    )
    assert environment.psql(database, count) == [(written, written)]
    last = (
        "SELECT count(*) FROM crm_lifecycle_profile p "
        "WHERE p.last_contact_date IS DISTINCT FROM ("
        "SELECT max((t.date AT TIME ZONE 'UTC' AT TIME ZONE c.lifecycle_tz)::date) "
        "FROM crm_touchpoint t JOIN res_company c ON c.id = p.company_id "
        "WHERE t.profile_id = p.id)"
    )
    assert environment.psql(database, last) == [(0,)]
    environment.drop_database(database)
