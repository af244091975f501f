"""Contacts of a synthetic base: letters both ways, done activities, meetings.

As in ``synthetic.py`` every row copies a prototype that Odoo itself wrote. A quarter of
the customers have half of the contacts.
"""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

from .measure import vacuum
from .synthetic import SyntheticBase

# Shares of the source rows: letters from customers, letters to them, activities,
# meetings. An activity brings its message, which is no source of its own.
SHARES = {"received": 0.50, "sent": 0.25, "activity": 0.15, "event": 0.10}
DAYS = 700
TABLES = (
    *("mail_message", "mail_message_res_partner_rel", "mail_activity"),
    *("calendar_event", "calendar_attendee", "calendar_event_res_partner_rel"),
)


class SyntheticContacts(SyntheticBase):
    """Writes the sources of touchpoints of an existing synthetic base."""

    def __init__(self, env, report):
        super().__init__(env, 0, 0, report)
        self.cr.execute(
            "SELECT array_agg(id ORDER BY id) FROM res_users "
            "WHERE login LIKE 'bench\\_salesman\\_%%'"
        )
        self.users = env["res.users"].browse(self.cr.fetchone()[0])
        self.cr.execute(
            "SELECT min(id), count(*) FROM res_partner WHERE name ~ '^Customer [0-9]+$'"
        )
        self.first_customer, self.customers = self.cr.fetchone()

    def create(self, rows, from_days=DAYS, until_days=0, bulk=True):
        """Write ``rows`` sources spread over a span of days before now; commits.

        :param bulk: without indexes meanwhile, which pays for many
        """
        self.from_days, self.until_days = from_days, until_days
        self._create_contact_prototypes()
        self.cr.execute("SELECT setseed(0.17)")
        if bulk:
            with self._without_indexes(*TABLES):
                self._insert_all(rows)
        else:
            self._insert_all(rows)
        self._forget_prototypes()
        self.cr.commit()
        self.env.invalidate_all()
        if bulk:
            vacuum(self.cr, TABLES)

    def _insert_all(self, rows):
        for done, (kind, share) in enumerate(SHARES.items(), 1):
            self._draw(int(rows * share))
            getattr(self, f"_insert_{kind}")()
            self.cr.execute("DROP TABLE bench_contact")
            self.cr.commit()
            self.report("sources", done, len(SHARES))

    def _draw(self, count):
        """Who was met by whom and when, in the order of time."""
        self.count = count
        self.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE bench_contact AS
                SELECT row_number() OVER (ORDER BY moment)::int AS k, *
                  FROM (SELECT floor(%(customers)s * random() * random())::int AS i,
                               date_trunc('second', now() at time zone 'utc'
                               - interval '1 hour' - interval '1 day'
                                 * (%(until)s + (%(since)s - %(until)s) * random()))
                                   AS moment
                          FROM generate_series(1, %(count)s)) drawn
                 ORDER BY moment
                """,
                customers=self.customers,
                since=self.from_days,
                until=self.until_days,
                count=count,
            )
        )

    # -- prototypes -----------------------------------------------------------------

    def _create_contact_prototypes(self):
        user = self.users[0]
        env = self.env(user=user, su=True)
        partner = env["res.partner"].browse(self.first_customer)
        message = {
            "model": "res.partner",
            "res_id": partner.id,
            "subtype_id": env.ref("mail.mt_comment").id,
            "body": "<p>Benchmark</p>",
            "subject": "Benchmark",
        }
        self.received = env["mail.message"].create(
            {**message, "message_type": "email", "author_id": partner.id}
        )
        self.sent = env["mail.message"].create(
            {
                **message,
                "message_type": "comment",
                "author_id": user.partner_id.id,
                "partner_ids": [Command.link(partner.id)],
            }
        )
        call = env.ref("mail.mail_activity_data_call")
        self.activity = partner.activity_schedule(
            activity_type_id=call.id, user_id=user.id
        )
        self.done = env["mail.message"].browse(
            self.activity._action_done()[0].ids or []
        )
        start = fields.Datetime.now() - timedelta(days=5)
        self.event = (
            env["calendar.event"]
            .with_context(dont_notify=True)
            .create(
                {
                    "name": "Benchmark",
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "user_id": user.id,
                    "partner_ids": [Command.set([user.partner_id.id, partner.id])],
                }
            )
        )
        self.env.flush_all()

    def _forget_prototypes(self):
        self.event.unlink()
        (self.received + self.sent + self.done).unlink()
        self.activity.unlink()
        self.env.flush_all()

    # -- rows -----------------------------------------------------------------------

    def _insert_kind(self, prototype, values):
        first = self._next_id(prototype._table, self.count + 1)
        source = SQL("(SELECT * FROM bench_contact ORDER BY k) s")
        self._copy(prototype, {"id": SQL("%s + s.k", first), **values}, source)
        return first

    def _get_dates(self):
        return {name: SQL("s.moment") for name in ("date", "create_date", "write_date")}

    def _sql_customer(self):
        return SQL("(%s + s.i)", self.first_customer)

    def _sql_of_users(self, ids):
        return SQL("(%s::int[])[1 + s.i %% %s]", ids, len(ids))

    def _insert_received(self):
        self._insert_kind(
            self.received,
            {
                "author_id": self._sql_customer(),
                "res_id": self._sql_customer(),
                "message_id": SQL("'<bench-in-' || s.k || '>'"),
                **self._get_dates(),
            },
        )

    def _insert_sent(self):
        first = self._insert_kind(
            self.sent,
            {
                "author_id": self._sql_of_users(self.users.partner_id.ids),
                "create_uid": self._sql_of_users(self.users.ids),
                "res_id": self._sql_customer(),
                "message_id": SQL("'<bench-out-' || s.k || '>'"),
                **self._get_dates(),
            },
        )
        self.cr.execute(
            "INSERT INTO mail_message_res_partner_rel (mail_message_id, res_partner_id)"
            " SELECT %s + s.k, %s + s.i FROM bench_contact s",
            [first, self.first_customer],
        )

    def _insert_activity(self):
        self._insert_kind(
            self.activity,
            {
                "res_id": self._sql_customer(),
                "user_id": self._sql_of_users(self.users.ids),
                "date_done": SQL("s.moment::date"),
                "create_date": SQL("s.moment"),
                "write_date": SQL("s.moment"),
                "write_uid": self._sql_of_users(self.users.ids),
            },
        )
        self._insert_kind(
            self.done,
            {
                "author_id": self._sql_of_users(self.users.partner_id.ids),
                "res_id": self._sql_customer(),
                "message_id": SQL("'<bench-done-' || s.k || '>'"),
                **self._get_dates(),
            },
        )

    def _insert_event(self):
        first = self._insert_kind(
            self.event,
            {
                "start": SQL("s.moment - interval '1 hour'"),
                "stop": SQL("s.moment"),
                "user_id": self._sql_of_users(self.users.ids),
                "partner_id": self._sql_of_users(self.users.partner_id.ids),
                "create_date": SQL("s.moment"),
                "write_date": SQL("s.moment"),
            },
        )
        people = {
            "us": self._sql_of_users(self.users.partner_id.ids),
            "them": self._sql_customer(),
        }
        for who in people.values():
            attendee = self.event.attendee_ids[0]
            ids = self._next_id("calendar_attendee", self.count + 1)
            self._copy(
                attendee,
                {
                    "id": SQL("%s + s.k", ids),
                    "event_id": SQL("%s + s.k", first),
                    "partner_id": who,
                    "access_token": SQL("NULL"),
                },
                SQL("bench_contact s"),
            )
            self.cr.execute(
                SQL(
                    "INSERT INTO calendar_event_res_partner_rel "
                    "(calendar_event_id, res_partner_id) "
                    "SELECT %s + s.k, %s FROM bench_contact s",
                    first,
                    who,
                )
            )
