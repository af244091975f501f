"""A customer base of some thousand customers, made by SQL, and its further life.

Functions that take ``env`` run inside an Odoo process, see ``odoo_processes.call``.
Random numbers have a seed: the same arguments give the same base.
"""

import contextlib
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from .odoo_processes import call

CUSTOMERS = 2500
DAYS_AGO = 40
PEOPLE = (
    ("name_vip", 3),
    ("mark_key_account", 4),
    ("hold_stage", 5),
    ("set_potential", 6),
    ("declare_lost", 7),
    ("exclude", 8),
)


def used(environment):
    """The database that tests copy: a base in use whose last pass was a while ago.

    It is made once a run and goes with the run.
    """
    name = f"{environment.facts['prefix']}used"
    if name not in environment.created:
        environment.create_database("used")
        plant(environment, name, CUSTOMERS)
        call(environment, name, settle_down, days_ago=DAYS_AGO)
    return name


def plant(environment, database, customers, orders=10, seed=0.42):
    """Customers with ``orders`` orders on average within three years, and leads.

    About a tenth of the customers never bought, half of the others are alive.
    """
    with contextlib.closing(environment.connect(database)) as connection:
        connection.autocommit = False
        cursor = connection.cursor()
        cursor.execute("SELECT setseed(%s)", [seed])
        cursor.execute(
            "CREATE TEMPORARY TABLE drawn AS "
            "SELECT nextval('res_partner_id_seq')::int AS id, g AS number, "
            "random() AS a, random() AS b, random() AS c "
            "FROM generate_series(1, %s) AS g",
            [customers],
        )
        cursor.execute(
            """
            INSERT INTO res_partner (
                id, name, complete_name, commercial_partner_id, active, is_company,
                type, customer_rank, autopost_bills, create_date)
            SELECT id, 'Customer ' || number, 'Customer ' || number, id, TRUE, TRUE,
                   'contact', 1, 'ask', now() AT TIME ZONE 'UTC' - interval '4 years'
              FROM drawn
            """
        )
        _plant_orders(cursor, orders)
        _plant_leads(cursor)
        connection.commit()
        connection.autocommit = True
        cursor.execute("ANALYZE res_partner, sale_order, crm_lead")


def _plant_orders(cursor, orders):
    optional = {"picking_policy": "'direct'", "margin": "o.amount * (o.kind - 0.2)"}
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'sale_order'::regclass "
        "AND attnum > 0 AND attname = ANY(%s)",
        [list(optional)],
    )
    names = [name for (name,) in cursor.fetchall()]
    columns = "".join(f", {name}" for name in names)
    values = "".join(f", {optional[name]}" for name in names)
    cursor.execute(
        f"""
        INSERT INTO sale_order (
            id, name, company_id, partner_id, partner_invoice_id, partner_shipping_id,
            currency_id, currency_rate, state, date_order, create_date, amount_untaxed,
            amount_tax, amount_total{columns})
        SELECT o.id, 'P' || o.id, c.id, o.partner, o.partner, o.partner,
               c.currency_id, 1,
               CASE WHEN o.kind < 0.92 THEN 'sale' WHEN o.kind < 0.97 THEN 'cancel'
                    ELSE 'sent' END,
               o.moment, o.moment, o.amount, 0, o.amount{values}
          FROM res_company c, (
                SELECT nextval('sale_order_id_seq')::int AS id, d.id AS partner,
                       date_trunc('second', now() AT TIME ZONE 'UTC'
                           - interval '1 day'
                             * (d.b * 1000 * random() + 400 * (d.c < 0.45)::int))
                           AS moment,
                       round((1000 * random() * random())::numeric, 2) AS amount,
                       random() AS kind
                  FROM drawn d, generate_series(
                           1, CASE WHEN d.a < 0.1 THEN 0
                                   ELSE 1 + floor(power(d.a, 3) * 4 * %s)::int END) g
               ) o
         WHERE c.id = (SELECT min(id) FROM res_company)
        """,
        [orders - 1],
    )


def _plant_leads(cursor):
    cursor.execute(
        """
        INSERT INTO crm_lead (
            name, partner_id, company_id, stage_id, type, active, probability,
            won_status, create_date, date_last_stage_update)
        SELECT 'Lead ' || number, id, (SELECT min(id) FROM res_company),
               (SELECT id FROM crm_stage ORDER BY sequence, id
                OFFSET number % 3 LIMIT 1),
               'opportunity', TRUE, 10, 'pending',
               now() AT TIME ZONE 'UTC' - interval '1 day' * (number % 300),
               now() AT TIME ZONE 'UTC' - interval '1 day' * (number % 200)
          FROM drawn WHERE number % 10 = 0
        """
    )


def calm(env):
    """Leave one job active, and make it noon for the companies: a run shortly before
    midnight must not end on another day."""
    job = env.ref("crm_lifecycle.ir_cron_lifecycle")
    env["ir.cron"].search([("id", "!=", job.id)]).active = False
    env["ir.cron"].search([]).nextcall = datetime.now() + timedelta(30)
    hours = 12 - datetime.now(UTC).hour
    zone = f"Etc/GMT{'-' if hours >= 0 else '+'}{abs(hours)}"
    env["res.company"].search([]).lifecycle_tz = zone


def classify(env, days_ago=0):
    """Run all steps of the job here and now, as if some days ago."""
    engine_class = type(env["crm.lifecycle.engine"])
    real = engine_class._today

    def earlier(engine, company):
        return real(engine, company) - timedelta(days_ago)

    with patch.object(engine_class, "_today", earlier):
        env["crm.lifecycle.engine"]._cron_run()
    return env["crm.lifecycle.profile"].search_count([])


def settle_down(env, days_ago=0):
    """Calm the database, classify its customers for the first time, and use it."""
    calm(env)
    classify(env, days_ago)
    return act(env)


def act(env):
    """What people decide about some customers, by the methods behind their buttons."""
    bought = [("purchase_count", ">", 2)]
    profiles = env["crm.lifecycle.profile"].search(bought, order="partner_id")
    reason = env["crm.lifecycle.lost.reason"].search([], limit=1)
    admin = env.ref("base.user_admin")
    arguments = {
        "name_vip": (admin.id, "strategic", None, "agreed by the board"),
        "mark_key_account": ("largest of its trade", "agreed by the board"),
        "hold_stage": ("potential", "under review"),
        "set_potential": (5000.0,),
        "declare_lost": (reason.id,),
        "exclude": ("a supplier",),
    }
    done = {}
    for method, remainder in PEOPLE:
        some = profiles.filtered(lambda p, r=remainder: p.partner_id.id % 40 == r)
        done[method] = len(getattr(some, method)(*arguments[method])["done"])
    return done


def disturb(environment, database, share=10):
    """Documents change without the job having run since: orders come, go, move."""
    statements = """
        INSERT INTO sale_order (
            name, company_id, partner_id, partner_invoice_id, partner_shipping_id,
            currency_id, currency_rate, state, date_order, create_date, amount_untaxed,
            amount_tax, amount_total{columns})
        SELECT 'N' || id, company_id, partner_id, partner_id, partner_id, currency_id,
               1, 'sale', now() AT TIME ZONE 'UTC' - interval '3 days',
               now() AT TIME ZONE 'UTC' - interval '3 days', 10 + id % 900, 0,
               10 + id % 900{columns}
          FROM sale_order WHERE partner_id % {share} = 1 AND id % 3 = 0;
        UPDATE sale_order SET state = 'cancel'
         WHERE partner_id % {share} = 2 AND id % 4 = 0 AND state = 'sale';
        UPDATE sale_order SET amount_untaxed = amount_untaxed * 2
         WHERE partner_id % {share} = 3 AND id % 5 = 0;
        INSERT INTO crm_lifecycle_event (partner_id, company_id, cause, recorded_at)
        SELECT p.partner_id, p.company_id, 'event', now() AT TIME ZONE 'UTC'
          FROM crm_lifecycle_profile p WHERE p.partner_id % {share} IN (1, 2, 3);
    """
    columns = environment.psql(
        database,
        "SELECT attname FROM pg_attribute WHERE attrelid = 'sale_order'::regclass "
        "AND attname IN ('picking_policy', 'margin')",
    )
    names = "".join(f", {name}" for (name,) in columns)
    environment.psql(database, statements.format(share=share, columns=names))
