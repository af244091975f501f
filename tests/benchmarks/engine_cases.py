"""Cases 1 to 5: what to compare with, the passes, the queue, the naive way."""

import statistics
from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Command

from .measure import Memory, Sample, backend_pid, timed, vacuum

BARE = """
    SELECT partner_id, count(*), sum(amount_untaxed)
      FROM sale_order
     WHERE state = 'sale' AND company_id = %s
     GROUP BY partner_id
"""
TABLES = ("crm_lifecycle_profile", "crm_lifecycle_transition")


class Discard:
    """A file that forgets what is written into it."""

    def write(self, _data):
        pass


class EngineCases:
    """Measures the engine of one database; every case leaves a classified base."""

    def __init__(self, env, repetitions, report):
        self.env = env
        self.cr = env.cr
        self.company = env.company
        self.engine = env["crm.lifecycle.engine"]
        self.repetitions = repetitions
        self.report = report

    # -- what to compare with -------------------------------------------------------

    def run_bare(self):
        """The bare statement with its answer sent and thrown away."""
        cursor = self.cr._obj
        statement = cursor.mogrify(BARE, [self.company.id]).decode()
        cursor.copy_expert(f"COPY ({statement}) TO STDOUT", Discard())
        self.cr.commit()

    def measure(self, name, work, prepare=None, with_bare=True, note=""):
        """Median of the repetitions, each right after one of the bare statement."""
        sample = Sample(name, note=note)
        for turn in range(self.repetitions):
            if prepare:
                prepare()
                self.cr.commit()
            # watching takes its time as well, so the bare statement is watched too
            with Memory(backend_pid(self.cr)):
                if with_bare:
                    sample.bare.append(timed(self.run_bare))
            with Memory(backend_pid(self.cr)) as memory:
                sample.seconds.append(timed(work))
            sample.odoo_mb = max(sample.odoo_mb, memory.odoo_mb)
            sample.postgres_mb = max(sample.postgres_mb, memory.postgres_mb)
            self.report(name, turn + 1, self.repetitions)
        return sample

    def bare(self):
        """(1) the bare GROUP BY."""
        self.run_bare()  # fills the cache
        sample = self.measure("1 bare GROUP BY", self.run_bare, with_bare=False)
        sample.bare = sample.seconds
        return sample

    def bare_write(self):
        """(W) the finished rows inserted into the same tables, emptied."""
        sample = Sample("W bare INSERT of the finished rows")
        for table in TABLES:
            self.cr.execute(
                f"CREATE TEMPORARY TABLE bench_{table} AS SELECT * FROM {table}"
            )
            self.cr.execute(f"ANALYZE bench_{table}")
        self.cr.commit()
        for turn in range(self.repetitions):
            self.cr.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
            # in the transaction that empties a table PostgreSQL may write no log
            self.cr.commit()
            sample.seconds.append(timed(self._insert_rows))
            self.cr.commit()
            self.report(sample.name, turn + 1, self.repetitions)
        for table in TABLES:
            self.cr.execute(f"DROP TABLE bench_{table}")
        # went with the profiles
        self.env["crm.lifecycle.profile"]._record_responsibles(self.company)
        self.cr.commit()
        self.vacuum()
        return sample

    def _insert_rows(self):
        for table in TABLES:
            self.cr.execute(f"INSERT INTO {table} SELECT * FROM bench_{table}")

    # -- passes ---------------------------------------------------------------------

    def run_job(self):
        """The job as the scheduler runs it, commits included; without touchpoints and
        contact regulation, which are matters of their own."""
        with patch.multiple(
            type(self.engine),
            _collect_touchpoints=lambda _engine: None,
            _run_cadence=lambda _engine: None,
        ):
            self.engine._cron_run()

    def first_classification(self):
        """(2b) the first run: nothing is classified yet."""
        return self.measure(
            "2b first classification", self.run_job, self._forget_everything
        )

    def _forget_everything(self):
        self.cr.execute(f"TRUNCATE {', '.join(TABLES)}, crm_lifecycle_event CASCADE")
        self.company.write(
            {
                "lifecycle_baseline_at": False,
                "lifecycle_last_pass_date": False,
                "lifecycle_limits": False,
                "lifecycle_full_read_at": False,
                "lifecycle_full_read_cause": "baseline",
            }
        )

    def vacuum(self):
        """What autovacuum does after such a change."""
        vacuum(self.cr, TABLES)

    def sizes(self):
        """Number of profiles and of transitions."""
        self.cr.execute(
            "SELECT (SELECT count(*) FROM crm_lifecycle_profile),"
            " (SELECT count(*) FROM crm_lifecycle_transition)"
        )
        return self.cr.fetchone()

    def full_read(self):
        """(2a) everything read again; 1 % of the profiles differ."""
        return self.measure("2a full re-read, 1 % differ", self.run_job, self.ask_full)

    def ask_full(self, share=100):
        """Falsify one profile in ``share`` and ask for a full re-read."""
        self.cr.execute(
            "UPDATE crm_lifecycle_profile SET purchase_count = purchase_count + 1, "
            "lifetime_revenue = lifetime_revenue + 1 WHERE id %% %s = 0",
            [share],
        )
        self.company.write({"lifecycle_full_read_cause": "demand"})

    def nightly(self):
        """(3) the nightly pass: 1 % of the customers wait, their orders changed."""
        return self.measure("3 nightly, 1 % queued", self.run_job, self._change_orders)

    def _change_orders(self):
        """A newer amount on the last order of every hundredth customer."""
        self.cr.execute(
            """
            WITH customer AS (
                SELECT partner_id FROM crm_lifecycle_profile
                 WHERE company_id = %(company)s AND id %% 100 = 7
            ), changed AS (
                UPDATE sale_order SET amount_untaxed = amount_untaxed + 1
                 WHERE id IN (SELECT max(o.id) FROM sale_order o
                                JOIN customer USING (partner_id)
                               WHERE o.state = 'sale' GROUP BY partner_id)
            )
            INSERT INTO crm_lifecycle_event (
                partner_id, company_id, cause, recorded_at)
            SELECT partner_id, %(company)s, 'event', now() AT TIME ZONE 'utc'
              FROM customer
            """,
            {"company": self.company.id},
        )
        self._forget_pass()

    def _forget_pass(self):
        """The next run is the nightly one, whatever the day."""
        self.company.lifecycle_last_pass_date = False

    def next_days(self):
        """(3') the nights that follow: customers whom the date alone changes."""
        today = self.engine._today(self.company)
        sample = Sample("3' the next nights, nothing queued")
        due = []
        for turn in range(1, self.repetitions + 1):
            day = today + timedelta(days=turn)
            self.cr.execute(
                "SELECT count(*) FROM crm_lifecycle_profile "
                "WHERE active AND next_evaluation_date <= %s",
                [day],
            )
            due.append(self.cr.fetchone()[0])
            self.cr.commit()
            with patch.object(type(self.engine), "_today", lambda *_args, day=day: day):
                sample.bare.append(timed(self.run_bare))
                sample.seconds.append(timed(self.run_job))
            self.report(sample.name, turn, self.repetitions)
        sample.note = f"{round(statistics.median(due))} customers due"
        return sample

    # -- queue ----------------------------------------------------------------------

    def drain(self):
        """(4) one confirmed order: what the drain of its customer takes."""
        quotations = create_quotations(self.env, 10)
        self.cr.commit()
        sample, counts = Sample("4 drain of one confirmed order"), []
        for quotation in quotations:
            quotation.action_confirm()
            self.cr.commit()
            before = self.cr.sql_log_count
            sample.seconds.append(timed(self.engine._drain))
            counts.append(self.cr.sql_log_count - before)
            self.cr.commit()
        sample.note = f"{max(counts)} queries at most"
        return sample

    # -- the naive way --------------------------------------------------------------

    def naive(self, customers, everybody):
        """(5) stored computed fields, partner by partner, on a sample."""
        self.cr.execute(
            "SELECT partner_id FROM crm_lifecycle_profile WHERE active "
            "ORDER BY md5(id::text) LIMIT %s",
            [customers],
        )
        partners = self.env["res.partner"].browse(
            [id_ for (id_,) in self.cr.fetchall()]
        )
        sample = Sample("5 naive ORM, extrapolated")
        for turn in range(self.repetitions):
            self.env.invalidate_all()
            seconds = timed(lambda: self._compute_naively(partners))
            self.cr.rollback()
            sample.seconds.append(seconds / len(partners) * everybody)
            self.report(sample.name, turn + 1, self.repetitions)
        sample.note = (
            f"sample of {len(partners)} customers, "
            f"{sample.median / everybody * 1000:.1f} ms each"
        )
        return sample

    def _compute_naively(self, partners):
        """What a compute method of stored fields does, without ABC and RFM."""
        orders = self.env["sale.order"]
        for partner in partners:
            domain = [("partner_id", "child_of", partner.id), ("state", "=", "sale")]
            count = orders.search_count(domain)
            rows = orders.search_read(
                domain, ["date_order", "amount_untaxed", "currency_rate"]
            )
            days = sorted({row["date_order"].date() for row in rows})
            gaps = [after - day for day, after in zip(days, days[1:], strict=False)]
            rhythm = statistics.median(gaps) if gaps else timedelta(0)
            revenue = sum(r["amount_untaxed"] / (r["currency_rate"] or 1) for r in rows)
            partner.write({"color": count % 10, "ref": f"{revenue:.2f} {rhythm.days}"})
        self.env.flush_all()


def create_quotations(env, count):
    """Draft orders of ``count`` customers, one line each."""
    env.cr.execute(
        "SELECT partner_id FROM crm_lifecycle_profile "
        "WHERE active AND purchase_count > 2 ORDER BY md5((id + %s)::text) LIMIT %s",
        [count, count],
    )
    partner_ids = [partner_id for (partner_id,) in env.cr.fetchall()]
    product = env["product.product"].search(
        [("name", "=", "Benchmark Service")], limit=1
    )
    return env["sale.order"].create(
        [
            {
                "partner_id": partner_id,
                "order_line": [Command.create({"product_id": product.id})],
            }
            for partner_id in partner_ids
        ]
    )
