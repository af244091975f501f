"""Contact regulation: what to compare with, collection, clocks, screens."""

from unittest.mock import patch

from odoo.fields import Command
from odoo.tools import SQL

from .engine_cases import Discard
from .measure import Memory, Sample, backend_pid, timed, vacuum
from .synthetic_contacts import SyntheticContacts

BARE = """
    SELECT p.commercial_partner_id, max(s.date)
      FROM (
            SELECT author_id AS contact_id, date FROM mail_message
             WHERE message_type = 'email'
            UNION ALL
            SELECT rel.res_partner_id, m.date
              FROM mail_message m
              JOIN mail_message_res_partner_rel rel ON rel.mail_message_id = m.id
             WHERE m.message_type = 'comment'
            UNION ALL
            SELECT res_id, date_done FROM mail_activity
             WHERE active IS FALSE AND res_model = 'res.partner'
            UNION ALL
            SELECT a.partner_id, e.start
              FROM calendar_attendee a JOIN calendar_event e ON e.id = a.event_id
           ) s
      JOIN res_partner p ON p.id = s.contact_id
     GROUP BY p.commercial_partner_id
"""
COLLECTED = (
    *("crm_touchpoint", "crm_touchpoint_contact_rel", "crm_touchpoint_user_rel"),
)
CLOCKS = ("crm_cadence_status", "crm_cadence_period")
PORTFOLIO = 2000
PAGE = 80
COUNT_LIMIT = 10_001  # as the web client asks
PLAN_FIELDS = (
    *("partner_id", "category_id", "rule_id", "state", "due_date", "days_late"),
    *("last_date", "last_touchpoint_id"),
)
CONTROL_FIELDS = (
    *("partner_id", "category_id", "user_id", "rule_id", "state", "due_date"),
    *("days_late", "last_date"),
)


class CadenceCases:
    """Measures one database with a classified base and its sources of contacts."""

    def __init__(self, env, repetitions, report):
        self.env = env
        self.cr = env.cr
        self.engine = env["crm.lifecycle.engine"]
        self.company = env.company
        self.repetitions = repetitions
        self.report = report

    def prepare(self):
        """Classify, and put four rules on every category."""
        engine_class = type(self.engine)
        nothing = patch.multiple(
            engine_class,
            _collect_touchpoints=lambda _engine: None,
            _run_cadence=lambda _engine: None,
        )
        with nothing:
            self.engine._cron_run()
        self.env["crm.cadence.rule"].search([]).write({"active": False})
        channels = {
            name: self.env.ref(f"crm_lifecycle.crm_touchpoint_channel_{name}").id
            for name in ("call", "meeting", "email", "visit")
        }
        categories = self.env["crm.lifecycle.category"].search([])
        self.env["crm.cadence.rule"].create(
            [
                {
                    "name": f"Benchmark {number}",
                    "category_ids": [Command.set(categories.ids)],
                    "channel_ids": [Command.set([channels[name] for name in names])],
                    "interval_number": number,
                }
                for number, names in (
                    (1, ["call"]),
                    (3, ["meeting", "visit"]),
                    (2, ["email"]),
                    (6, ["call", "meeting", "email"]),
                )
            ]
        )
        self.env.flush_all()
        self._let_clocks_go()
        self.cr.commit()

    def _let_clocks_go(self):
        """Sources point to clocks, whose emptying would take them along."""
        self.cr.execute(
            "SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint "
            "WHERE contype = 'f' AND confrelid = ANY(%s::regclass[]) "
            "AND conrelid <> ALL(%s::regclass[])",
            [list(CLOCKS), list(CLOCKS)],
        )
        for table, name in self.cr.fetchall():
            self.cr.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")

    # -- what to compare with -------------------------------------------------------

    def run_bare(self):
        self.cr._obj.copy_expert(f"COPY ({BARE}) TO STDOUT", Discard())
        self.cr.commit()

    def bare(self):
        """(1) the bare max(date) by customer over the same sources."""
        self.run_bare()  # fills the cache
        sample = self.measure("1 bare max(date) GROUP BY", self.run_bare)
        sample.bare = sample.seconds
        return sample

    def measure(self, name, work, prepare=None, repetitions=None):
        sample = Sample(name)
        for turn in range(repetitions or self.repetitions):
            if prepare:
                prepare()
                self.cr.commit()
            if name[0] != "1":
                sample.bare.append(timed(self.run_bare))
            with Memory(backend_pid(self.cr)) as memory:
                sample.seconds.append(timed(work))
            self.cr.commit()
            sample.odoo_mb = max(sample.odoo_mb, memory.odoo_mb)
            sample.postgres_mb = max(sample.postgres_mb, memory.postgres_mb)
            self.report(name, turn + 1, repetitions or self.repetitions)
        return sample

    def bare_write(self, name, tables, scopes=None):
        """The finished rows inserted by one statement each into the same tables.

        :param scopes: for each table, condition on the rows that count; without them
            the tables are emptied
        """
        sample = Sample(name)
        for table, scope in zip(tables, scopes or ["TRUE"] * len(tables), strict=True):
            self.cr.execute(
                f"CREATE TEMPORARY TABLE bench_{table} AS "
                f"SELECT * FROM {table} WHERE {scope}"
            )
            self.cr.execute(f"ANALYZE bench_{table}")
        self.cr.commit()
        for turn in range(self.repetitions):
            if scopes:  # what refers to the first table goes with it
                self.cr.execute(f"DELETE FROM {tables[0]} WHERE {scopes[0]}")
            else:
                self.cr.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
                # in the transaction that empties it PostgreSQL may write no log
                self.cr.commit()
            sample.seconds.append(timed(lambda: self._insert_rows(tables)))
            if scopes:
                self.cr.rollback()
            else:
                self.cr.commit()
            self.report(name, turn + 1, self.repetitions)
        for table in tables:
            self.cr.execute(f"DROP TABLE bench_{table}")
        self.cr.commit()
        return sample

    def _insert_rows(self, tables):
        for table in tables:
            self.cr.execute(
                f"INSERT INTO {table} SELECT * FROM bench_{table} "
                "ON CONFLICT DO NOTHING"
            )

    # -- collection -----------------------------------------------------------------

    def first_collection(self):
        """(C) the past is read for the first time."""
        return self.measure(
            "C first collection",
            lambda: self.engine._collect_touchpoints(),
            self._forget_collection,
        )

    def _forget_collection(self):
        self.cr.execute(
            "TRUNCATE crm_touchpoint, crm_touchpoint_source, crm_touchpoint_change "
            "CASCADE"
        )
        self.company.lifecycle_touchpoint_since = False

    def nightly(self, rows):
        """(N) a hundredth of new rows, and what it takes to insert theirs."""
        # what was collected an hour ago is read again now and then: not here
        self.engine._collect_touchpoints()
        self.cr.execute("SELECT COALESCE(max(id), 0) FROM crm_touchpoint")
        last = self.cr.fetchone()[0]

        def write_sources():
            SyntheticContacts(self.env, lambda *_args: None).create(
                rows, from_days=0.04, bulk=False
            )

        collected = self.measure(
            "N nightly, 1 % new",
            lambda: self.engine._collect_touchpoints(),
            write_sources,
        )
        self.cr.execute("SELECT count(*) FROM crm_touchpoint WHERE id > %s", [last])
        collected.note = f"{self.cr.fetchone()[0]:,} new in all turns"
        written = self.bare_write(
            "WN bare INSERT of the new rows",
            COLLECTED,
            (f"id > {last}", *[f"touchpoint_id > {last}"] * 2),
        )
        written.seconds = [seconds / self.repetitions for seconds in written.seconds]
        return [collected, written]

    # -- clocks -----------------------------------------------------------------------

    def fill(self):
        """(F) clocks and ledger of everybody, for the first time."""
        norms = self.engine._get_norms(self.company)
        return self.measure(
            "F clocks and ledger, first fill",
            lambda: self.engine._fill_cadence(norms),
            lambda: self.cr.execute(f"TRUNCATE {', '.join(CLOCKS)}"),
        )

    def unchanged(self):
        """(U) everybody looked at, nothing to write."""
        norms = self.engine._get_norms(self.company)
        vacuum(self.cr, (*CLOCKS, "crm_lifecycle_profile", "crm_touchpoint"))
        return self.measure(
            "U clocks of everybody, unchanged",
            lambda: self.engine._fill_cadence(norms),
        )

    def sizes(self):
        tables = (COLLECTED[0], *CLOCKS)
        counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
        self.cr.execute(f"SELECT {counts}")
        return dict(zip(tables, self.cr.fetchone(), strict=True))

    # -- screens ----------------------------------------------------------------------

    def screens(self):
        """``[(case, Sample of Odoo, Sample of the SQL)]``."""
        salesman = self.env["res.users"].search([("login", "=", "bench_salesman_1")])
        self._assign_portfolio(salesman)
        manager = self.env.ref("base.user_admin")
        return [
            self._compare("contact plan", salesman, "crm.cadence.status", PLAN_FIELDS),
            self._compare(
                "control report", manager, "crm.cadence.control", CONTROL_FIELDS
            ),
        ]

    def _assign_portfolio(self, salesman):
        """Give a salesperson exactly so many customers."""
        self.cr.execute(
            """
            UPDATE crm_lifecycle_profile SET user_id = %(other)s, team_id = NULL
             WHERE user_id = %(user)s OR user_id IS NULL;
            UPDATE crm_lifecycle_profile SET user_id = %(user)s
             WHERE id IN (SELECT id FROM crm_lifecycle_profile ORDER BY id LIMIT %(n)s)
            """,
            {
                "user": salesman.id,
                "other": self.env.ref("base.user_admin").id,
                "n": PORTFOLIO,
            },
        )
        self.cr.commit()
        self.env.invalidate_all()
        vacuum(self.cr, ("crm_lifecycle_profile",))

    def _compare(self, name, user, model, names):
        records = self.env[model].with_user(user)
        is_plan = name == "contact plan"
        domain = [("user_id", "=", user.id)] if is_plan else []
        specification = {
            field: {"fields": {"display_name": {}}}
            if records._fields[field].type == "many2one"
            else {}
            for field in names
        }

        def ask():
            self.env.invalidate_all()
            records.web_search_read(
                domain,
                specification,
                limit=PAGE,
                order="due_date, id",
                count_limit=COUNT_LIMIT,
            )

        mine = SQL("profile.user_id = %s", user.id) if is_plan else SQL("TRUE")
        rows = SQL(
            "crm_cadence_status s "
            "JOIN crm_lifecycle_profile profile ON profile.id = s.profile_id "
            "WHERE s.company_id = %s AND %s",
            self.company.id,
            mine,
        )
        page = SQL(
            """
            SELECT s.*, partner.complete_name, rule.name, category.name, t.date, u.login
              FROM (SELECT s.*, profile.partner_id, profile.category_id, profile.user_id
                      FROM %s ORDER BY s.due_date, s.id LIMIT %s) s
              JOIN res_partner partner ON partner.id = s.partner_id
              JOIN crm_cadence_rule rule ON rule.id = s.rule_id
              LEFT JOIN crm_lifecycle_category category ON category.id = s.category_id
              LEFT JOIN crm_touchpoint t ON t.id = s.last_touchpoint_id
              LEFT JOIN res_users u ON u.id = s.user_id
             ORDER BY s.due_date, s.id
            """,
            rows,
            PAGE,
        )
        count = SQL(
            "SELECT count(*) FROM (SELECT FROM %s LIMIT %s) c", rows, COUNT_LIMIT
        )
        odoo, developer = Sample(name), Sample(f"{name}: SQL")
        for turn in range(-1, max(self.repetitions, 3)):  # the first one warms up
            seconds = timed(ask)
            plain = timed(lambda: self._execute(page, count))
            if turn >= 0:
                odoo.seconds.append(seconds)
                developer.seconds.append(plain)
        self.cr.commit()
        self.report(name, self.repetitions, self.repetitions)
        return name, odoo, developer

    def _execute(self, *statements):
        for statement in statements:
            self.cr.execute(statement)
            self.cr.fetchall()
