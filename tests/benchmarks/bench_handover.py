"""Speed and memory of handing over a whole portfolio, and of taking it back.

    setup/bench handover [--customers 5000] [--json FILE]

One salesperson has so many customers, each with a contact, an opportunity, a quotation
and a planned call. All of it goes to a colleague by the job, in batches, and returns.
It is compared with plain UPDATEs of the same rows, which keep no history, tell no
follower, recompute no team, and ask nobody's rights.

Without ``setup/bench``: --conf FILE --database NAME, as of the engine's benchmark.
"""

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.bench_engine import (  # noqa: E402
    Progress,
    current_environment,
    start_odoo,
)

# What each scope writes, for the plain UPDATEs
TABLES = {
    "crm.lifecycle.profile": "crm_lifecycle_profile",
    "res.partner": "res_partner",
    "crm.lead": "crm_lead",
    "sale.order": "sale_order",
    "mail.activity": "mail_activity",
}
# Memory that handing over may take beyond what the process has, whatever the size
LIMIT_MB = 200


def main(argv=None):
    options = parse(argv)
    environment = current_environment(options)
    database = options.database or environment.create_database("handover")
    start_odoo(environment.facts["conf"], database)
    result = run(database, options)
    print(table(result))
    if options.json:
        Path(options.json).write_text(json.dumps(result, indent=2, default=str))
    return 0 if result["complete"] and result["grown_mb"] <= LIMIT_MB else 1


def parse(argv):
    parser = argparse.ArgumentParser("handover", description=__doc__)
    parser.add_argument("--customers", type=int, default=5_000)
    parser.add_argument("--json", metavar="FILE", help="write all figures there")
    parser.add_argument("--conf", metavar="FILE")
    parser.add_argument("--database", metavar="NAME")
    return parser.parse_args(argv)


def run(database, options):
    from odoo import api
    from odoo.modules.registry import Registry

    progress = Progress()
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        portfolio = Portfolio(env, options.customers, progress)
        portfolio.create()
        return portfolio.measure()


class Portfolio:
    """Everything of one salesperson, and its hand-over."""

    def __init__(self, env, customers, progress):
        self.env = env
        self.cr = env.cr
        self.customers = customers
        self.progress = progress

    # -- the base -----------------------------------------------------------------

    def create(self):
        from tests.benchmarks.synthetic import SyntheticBase

        if not self._find_user(0):
            quiet = self.env(context={"tracking_disable": True})
            SyntheticBase(
                quiet, self.customers, 2 * self.customers, self.progress
            ).create()
            self.env["crm.lifecycle.engine"]._recompute(
                self.env.company, cause="baseline"
            )
            self.cr.commit()
        self.giver, self.taker = self._find_user(0), self._find_user(1)
        self._give_everything(self.giver)

    def _find_user(self, number):
        login = f"bench_salesman_{number}"
        return self.env["res.users"].search([("login", "=", login)])

    def _give_everything(self, user):
        """All customers and opportunities, of each customer one order as a quotation,
        and a call."""
        self.env.flush_all()
        owner = [user.id]
        self.cr.execute("UPDATE crm_lifecycle_profile SET user_id = %s", owner)
        self.cr.execute(
            "UPDATE res_partner SET user_id = %s WHERE id IN "
            "(SELECT partner_id FROM crm_lifecycle_profile)",
            owner,
        )
        self.cr.execute("UPDATE crm_lead SET user_id = %s WHERE active", owner)
        self.cr.execute(
            "UPDATE sale_order SET user_id = %s, state = 'draft' WHERE id IN "
            "(SELECT max(id) FROM sale_order GROUP BY partner_id)",
            owner,
        )
        call = self.env.ref("mail.mail_activity_data_call")
        model = self.env["ir.model"]._get_id("res.partner")
        self.cr.execute("DELETE FROM mail_activity WHERE user_id = %s", owner)
        self.cr.execute(
            """
            INSERT INTO mail_activity (res_model_id, res_model, res_id, user_id,
                   activity_type_id, date_deadline, active, summary)
            SELECT %s, 'res.partner', partner_id, %s, %s, CURRENT_DATE + 3, TRUE,
                   'Call' FROM crm_lifecycle_profile
            """,
            [model, user.id, call.id],
        )
        self.env.invalidate_all()
        self.cr.commit()

    # -- what is measured ---------------------------------------------------------

    def measure(self):
        from tests.benchmarks import measure

        env = self.env
        facts = measure.facts(self.cr)
        handover = env["crm.handover"].create(
            {
                "from_user_id": self.giver.id,
                "to_user_id": self.taker.id,
                "user_id": env.ref("base.user_admin").id,
                "company_ids": env.company.ids,
                "introduce": "none",
            }
        )
        prepare = measure.timed(handover.action_prepare)
        self.cr.commit()
        rows = self._get_rows(handover)
        measure.vacuum(self.cr, TABLES.values())
        plain = measure.timed(lambda: self._update_plainly(rows))
        self.cr.rollback()
        env.invalidate_all()
        backend = measure.backend_pid(self.cr)
        handover.write({"state": "running", "done_count": 0})
        self.cr.commit()
        before = measure.status("self", "VmRSS")
        with measure.Memory(backend) as memory:
            forth = measure.timed(self._run)
            self._check_owner(rows, self.taker)
            handover._mark_returning(env.user)
            self.cr.commit()
            back = measure.timed(self._run)
        self._check_owner(rows, self.giver)
        count = sum(map(len, rows.values()))
        return {
            "facts": facts,
            "customers": len(rows["crm.lifecycle.profile"]),
            "rows": {model: len(ids) for model, ids in rows.items()},
            "prepare_s": prepare,
            "plain_s": plain,
            "hand_over_s": forth,
            "undo_s": back,
            "ratio_to_plain": forth / plain,
            "rows_a_second": count / forth,
            "before_mb": round(before, 1),
            "odoo_peak_mb": round(memory.odoo_mb, 1),
            "grown_mb": round(memory.odoo_mb - before, 1),
            "postgres_peak_mb": round(memory.postgres_mb, 1),
            "complete": handover.state == "returned" and not self._count_left(handover),
        }

    def _get_rows(self, handover):
        """The ids that would move, by model."""
        self.cr.execute(
            "SELECT res_model, array_agg(res_id ORDER BY res_id) FROM "
            "crm_handover_line WHERE handover_id = %s GROUP BY res_model",
            [handover.id],
        )
        return dict(self.cr.fetchall())

    def _update_plainly(self, rows):
        for model, ids in rows.items():
            self.cr.execute(
                f"UPDATE {TABLES[model]} SET user_id = %s WHERE id = ANY(%s)",
                [self.taker.id, ids],
            )

    def _run(self):
        """What the job does: batches, each committed."""
        self.env["crm.lifecycle.engine"]._run_handovers()

    def _check_owner(self, rows, user):
        """Every single row is where it should be."""
        self.env.invalidate_all()
        for model, ids in rows.items():
            self.cr.execute(
                f"SELECT count(*) FROM {TABLES[model]} "
                "WHERE id = ANY(%s) AND user_id = %s",
                [ids, user.id],
            )
            assert self.cr.fetchone()[0] == len(ids), model

    def _count_left(self, handover):
        self.cr.execute(
            "SELECT count(*) FROM crm_handover_line "
            "WHERE handover_id = %s AND state <> 'returned'",
            [handover.id],
        )
        return self.cr.fetchone()[0]


def table(result):
    """The figures for people."""
    rows = sum(result["rows"].values())
    by_model = ", ".join(
        f"{model} {count:,}" for model, count in result["rows"].items()
    )
    facts = result["facts"]
    lines = [
        f"Hand-over of {result['customers']:,} customers, {rows:,} rows ({by_model})",
        f"{facts['cores']} cores, {facts['ram_gb']} GB, load {facts['load_average']}, "
        f"PostgreSQL {facts['postgresql']}, Python {facts['python']}",
        "",
        f"prepare                  {result['prepare_s']:8.2f} s",
        f"plain UPDATEs            {result['plain_s']:8.2f} s",
        f"hand over                {result['hand_over_s']:8.2f} s   "
        f"{result['ratio_to_plain']:.0f} x plain, "
        f"{result['rows_a_second']:.0f} rows a second",
        f"undo                     {result['undo_s']:8.2f} s",
        f"memory of Odoo           {result['before_mb']:8.1f} MB before, "
        f"{result['odoo_peak_mb']:.1f} MB at most",
        f"Target: grows by at most {LIMIT_MB} MB: {result['grown_mb']} MB "
        + ("met" if result["grown_mb"] <= LIMIT_MB else "MISSED"),
        f"complete: {result['complete']}",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
