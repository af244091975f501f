"""A customer base of any size, made by SQL from rows that Odoo itself wrote.

Orders are Pareto-skewed: a fifth of the customers places about two thirds of them.
Every row is a copy of a prototype created through the ORM, so that all its columns
hold what Odoo puts there, whatever add-ons are installed; only what differs between
rows is replaced. Random numbers have a fixed seed: the same size gives the same base.
"""

import contextlib

from odoo.fields import Command
from odoo.tools import SQL

from .measure import vacuum

TABLES = ("res_partner", "sale_order", "crm_lead")
SALESPEOPLE = 20
BATCH = 100_000
YEARS_DAYS = 5 * 365


class SyntheticBase:
    """Writes customers, contacts, orders and opportunities into an empty database."""

    def __init__(self, env, customers, orders, report):
        self.env = env
        self.cr = env.cr
        self.customers = customers
        self.orders = orders
        self.report = report

    def create(self):
        """Fill the database; commits on the way."""
        self._create_prototypes()
        self.env.flush_all()
        self.cr.commit()
        self.cr.execute("SET jit = off")
        self.cr.execute("SELECT setseed(0.42)")
        with self._without_indexes(*TABLES):
            self._insert_customers()
            self._insert_contacts()
            self._draw_lives()
            self._draw_orders()
            self._insert_orders()
            self._insert_leads()
            self.cr.commit()
        self.cr.execute("RESET jit")
        self.env.invalidate_all()
        self.report("VACUUM ANALYZE", 0, 1)
        vacuum(self.cr, TABLES)
        self.report("VACUUM ANALYZE", 1, 1)

    # -- prototypes ---------------------------------------------------------------

    def _create_prototypes(self):
        self.users = self._create_salespeople()
        partner = self.env["res.partner"].create(
            {
                "name": "Prototype",
                "is_company": True,
                "email": "prototype@example.com",
                "phone": "+1 202 555 0100",
                "street": "1 Main Street",
                "city": "Springfield",
                "zip": "12345",
                "country_id": self.env.ref("base.us").id,
                "user_id": self.users[0].id,
            }
        )
        self.partner = partner
        self.contact = self.env["res.partner"].create(
            {"name": "Prototype Buyer", "parent_id": partner.id, "type": "contact"}
        )
        product = self.env["product.product"].create(
            {"name": "Benchmark Service", "type": "service", "list_price": 100.0}
        )
        self.order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [(0, 0, {"product_id": product.id})],
            }
        )
        self.order.action_confirm()
        self.lead = self.env["crm.lead"].create(
            {"name": "Opportunity", "type": "opportunity", "partner_id": partner.id}
        )
        self.currency = self.env.ref("base.EUR")
        if self.currency == self.env.company.currency_id:
            self.currency = self.env.ref("base.USD")

    def _create_salespeople(self):
        group = self.env.ref("sales_team.group_sale_salesman")
        users = (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                [
                    {
                        "name": f"Salesperson {number}",
                        "login": f"bench_salesman_{number}",
                        "group_ids": [Command.link(group.id)],
                    }
                    for number in range(SALESPEOPLE)
                ]
            )
        )
        team = self.env["crm.team"].create({"name": "Benchmark Team"})
        team.member_ids = users
        return users

    # -- rows ---------------------------------------------------------------------

    def _copy(self, prototype, replaced, source):
        """INSERT ... SELECT of rows like ``prototype`` with some columns replaced.

        :param prototype: a record of one's own making
        :param dict replaced: column name -> SQL over the aliases of ``source``
        :param source: SQL of the FROM clause after the prototype ``p``
        """
        self.cr.execute(
            SQL(
                """SELECT attname FROM pg_attribute
                    WHERE attrelid = %s::regclass AND attnum > 0
                      AND NOT attisdropped""",
                prototype._table,
            )
        )
        columns = [name for (name,) in self.cr.fetchall()]
        replaced = {name: sql for name, sql in replaced.items() if name in columns}
        self.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s p, %s WHERE p.id = %s",
                SQL.identifier(prototype._table),
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(
                    replaced.get(name, SQL.identifier("p", name)) for name in columns
                ),
                SQL.identifier(prototype._table),
                source,
                prototype.id,
            )
        )
        return self.cr.rowcount

    def _next_id(self, table, reserve):
        """First of ``reserve`` consecutive free ids."""
        sequence = f"{table}_id_seq"
        self.cr.execute("SELECT nextval(%s::regclass)", [sequence])
        first = self.cr.fetchone()[0]
        self.cr.execute("SELECT setval(%s::regclass, %s)", [sequence, first + reserve])
        return first

    def _insert_customers(self):
        self.report("customers", 0, self.customers)
        first = self.first_customer = self._next_id("res_partner", self.customers)
        user_ids = [*self.users.ids, None]
        self._copy(
            self.partner,
            {
                "id": SQL("%s + g.i", first),
                "name": SQL("'Customer ' || g.i"),
                "complete_name": SQL("'Customer ' || g.i"),
                "commercial_company_name": SQL("'Customer ' || g.i"),
                "commercial_partner_id": SQL("%s + g.i", first),
                "email": SQL("'customer' || g.i || '@example.com'"),
                "email_normalized": SQL("'customer' || g.i || '@example.com'"),
                "phone": SQL("'+1 202 ' || (1000000 + g.i)"),
                "phone_sanitized": SQL("'+1202' || (1000000 + g.i)"),
                "user_id": SQL("(%s::int[])[1 + g.i %% %s]", user_ids, len(user_ids)),
                "customer_rank": SQL("1"),
                "create_date": SQL(
                    "now() at time zone 'utc' - %s * interval '1 day'", YEARS_DAYS
                ),
            },
            SQL("generate_series(0, %s) AS g(i)", self.customers - 1),
        )

    def _insert_contacts(self):
        """A child contact for every fifth customer."""
        first = self.first_customer
        contacts = self.customers // 5
        self.first_contact = self._next_id("res_partner", contacts)
        self._copy(
            self.contact,
            {
                "id": SQL("%s + g.i", self.first_contact),
                "name": SQL("'Buyer ' || g.i"),
                "complete_name": SQL("'Customer ' || 5 * g.i || ', Buyer ' || g.i"),
                "commercial_company_name": SQL("'Customer ' || 5 * g.i"),
                "parent_id": SQL("%s + 5 * g.i", first),
                "commercial_partner_id": SQL("%s + 5 * g.i", first),
                "user_id": SQL("NULL::int"),
            },
            SQL("generate_series(0, %s) AS g(i)", contacts - 1),
        )
        self.cr.commit()
        self.report("customers", self.customers, self.customers)

    def _draw_lives(self):
        """How many orders each customer places, and in which part of the five years.

        A customer's life begins anywhere; about half are still alive. The first tenth
        of the customers never ordered.
        """
        self.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE bench_life ON COMMIT PRESERVE ROWS AS
                WITH drawn AS (
                    SELECT i,
                           least(power(1 - random(), -1 / 1.16), 400) AS weight,
                           random() AS birth, random() AS alive, random() AS death
                      FROM generate_series(%(first)s, %(last)s) AS i
                ), scaled AS (
                    SELECT *, weight * (%(orders)s - count(*) OVER ())
                              / sum(weight) OVER () AS share
                      FROM drawn
                ), counted AS (
                    SELECT *, 1 + floor(sum(share) OVER (ORDER BY i))
                              - floor(sum(share) OVER (ORDER BY i) - share) AS n
                      FROM scaled
                )
                SELECT i, n::int AS n, birth * 0.97 AS born,
                       CASE WHEN alive < 0.55 THEN 1
                            ELSE birth + (1 - birth) * death END AS died
                  FROM counted
                """,
                first=self.customers // 10,
                last=self.customers - 1,
                orders=self.orders,
            )
        )

    def _draw_orders(self):
        """Who bought when: a temporary table in order of time."""
        self.report("purchase histories", 0, self.orders)
        self.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE bench_order ON COMMIT PRESERVE ROWS AS
                SELECT row_number() OVER (ORDER BY moment) AS k, *
                  FROM (
                    SELECT l.i, random() AS a, random() AS b, random() AS c,
                           date_trunc('second', now() at time zone 'utc'
                           - interval '1 hour'
                           - (1 - (born + greatest(died - born, 0) * random()))
                             * interval '1 day' * %s) AS moment
                      FROM bench_life l, generate_series(1, l.n)
                  ) AS drawn
                 ORDER BY moment
                """,
                YEARS_DAYS,
            )
        )
        self.cr.execute("CREATE INDEX ON bench_order (k); ANALYZE bench_order")
        self.cr.execute("SELECT count(*) FROM bench_order")
        self.orders = self.cr.fetchone()[0]
        self.report("purchase histories", self.orders, self.orders)

    def _insert_orders(self):
        first = self._next_id("sale_order", self.orders + 1)
        values = self._get_order_values(first)
        for done in range(0, self.orders, BATCH):
            self._copy(
                self.order,
                values,
                SQL(
                    "(SELECT * FROM bench_order WHERE k > %s AND k <= %s ORDER BY k) s",
                    done,
                    done + BATCH,
                ),
            )
            self.cr.commit()
            self.report("orders", min(done + BATCH, self.orders), self.orders)
        self.cr.execute("DROP TABLE bench_order, bench_life")

    def _get_order_values(self, first):
        """``{column: SQL}`` over the drawn orders ``s``.

        3 % of the customers buy in another currency, 1 % of the orders are free of
        charge, 4 % were cancelled and 2 % are quotations.
        """
        foreign = SQL("s.i %% 33 = 0")
        untaxed = SQL(
            "CASE WHEN s.c < 0.01 THEN 0 ELSE round((20 + 500 * s.a * s.a)::numeric, 2)"
            " END"
        )
        state = SQL(
            "CASE WHEN s.b < 0.94 THEN 'sale' WHEN s.b < 0.98 THEN 'cancel'"
            " ELSE 'sent' END"
        )
        partner = SQL(
            "CASE WHEN s.i %% 5 = 0 AND s.a < 0.5 THEN %s + s.i / 5 ELSE %s + s.i END",
            self.first_contact,
            self.first_customer,
        )
        user_ids = [*self.users.ids, None]
        return {
            "id": SQL("%s + s.k", first),
            "name": SQL("'B' || lpad(s.k::text, 8, '0')"),
            "partner_id": partner,
            "partner_invoice_id": partner,
            "partner_shipping_id": partner,
            "date_order": SQL("s.moment"),
            "create_date": SQL("s.moment"),
            "write_date": SQL("s.moment"),
            "state": state,
            "user_id": SQL("(%s::int[])[1 + s.i %% %s]", user_ids, len(user_ids)),
            "amount_untaxed": untaxed,
            "amount_tax": SQL("0"),
            "amount_total": untaxed,
            "margin": SQL("%s * 0.3", untaxed),
            "currency_id": SQL(
                "CASE WHEN %s THEN %s ELSE p.currency_id END", foreign, self.currency.id
            ),
            "currency_rate": SQL("CASE WHEN %s THEN 0.87 ELSE 1 END", foreign),
            "invoice_status": SQL("'no'"),
            "access_token": SQL("NULL"),
        }

    def _insert_leads(self):
        """An opportunity for every tenth customer, half of those never bought."""
        count = self.customers // 10
        first = self._next_id("crm_lead", count)
        self._copy(
            self.lead,
            {
                "id": SQL("%s + g.i", first),
                "name": SQL("'Opportunity ' || g.i"),
                "partner_id": SQL(
                    "%s + CASE WHEN g.i %% 2 = 0 THEN g.i ELSE g.i * 10 END",
                    self.first_customer,
                ),
                "create_date": SQL(
                    "now() at time zone 'utc' - (g.i %% 700) * interval '1 day'"
                ),
                "date_last_stage_update": SQL(
                    "now() at time zone 'utc' - (g.i %% 300) * interval '1 day'"
                ),
            },
            SQL("generate_series(0, %s) AS g(i)", count - 1),
        )

    # -- indexes and statistics -----------------------------------------------------

    @contextlib.contextmanager
    def _without_indexes(self, *tables):
        """Drop secondary indexes and foreign keys, build them again at the end."""
        self.cr.execute(
            SQL(
                """
                SELECT quote_ident(conname), conrelid::regclass::text,
                       pg_get_constraintdef(oid)
                  FROM pg_constraint
                 WHERE contype = 'f' AND conrelid = ANY(%(tables)s::regclass[])
                """,
                tables=list(tables),
            )
        )
        keys = self.cr.fetchall()
        self.cr.execute(
            SQL(
                """
                SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
                  FROM pg_index i
                 WHERE i.indrelid = ANY(%(tables)s::regclass[]) AND NOT i.indisunique
                """,
                tables=list(tables),
            )
        )
        indexes = self.cr.fetchall()
        for name, table, _definition in keys:
            self.cr.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _definition in indexes:
            self.cr.execute(f"DROP INDEX {name}")
        self.cr.commit()
        yield
        steps = [definition for _name, definition in indexes]
        steps += [
            f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
            for name, table, definition in keys
        ]
        self.cr.execute("SET maintenance_work_mem = '512MB'")
        for done, statement in enumerate(steps, 1):
            self.cr.execute(statement)
            self.cr.commit()
            self.report("indexes and keys", done, len(steps))
        self.cr.execute("RESET maintenance_work_mem")
