"""Speed of the contact regulation on a synthetic base of its own.

    setup/bench cadence [--customers 100000] [--rows 2000000] [--json FILE] [--quick]

Collection of touchpoints, clocks and ledger with four rules a category, the contact
plan of a salesperson with 2,000 customers and the control report, each against the SQL
a developer would write. Without ``setup/bench``: --conf FILE --database NAME.
"""

import argparse
import json
import shlex
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks import bench_engine  # noqa: E402

ROWS_PER_CUSTOMER = 20
VIEW_FACTOR, VIEW_EXTRA = 1.2, 0.05


def main(argv=None):
    options = parse(argv)
    environment = bench_engine.current_environment(options)
    database = options.database or environment.create_database("cadence")
    bench_engine.start_odoo(environment.facts["conf"], database)
    result = run(database, options)
    print(table(result))
    if options.json:
        Path(options.json).write_text(json.dumps(result, indent=2, default=str))
    return 0


def parse(argv):
    parser = argparse.ArgumentParser("cadence", description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--rows", type=int, help="default: twenty for each customer")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="everything once")
    parser.add_argument("--json", metavar="FILE", help="write all figures there")
    parser.add_argument("--conf", metavar="FILE")
    parser.add_argument("--database", metavar="NAME")
    options = parser.parse_args(argv)
    options.rows = options.rows or options.customers * ROWS_PER_CUSTOMER
    if options.quick:
        options.repetitions = 1
    return options


def run(database, options):
    """Fill the base when needed, then all cases; the figures."""
    from odoo import api
    from odoo.modules.registry import Registry

    from tests.benchmarks.synthetic import SyntheticBase
    from tests.benchmarks.synthetic_contacts import SyntheticContacts

    progress = bench_engine.Progress()
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {"tracking_disable": True})
        if not env["res.users"].search_count([("login", "=", "bench_salesman_1")]):
            SyntheticBase(env, options.customers, options.customers, progress).create()
            SyntheticContacts(env, progress).create(options.rows)
        return measure_all(env, options, progress)


def measure_all(env, options, progress):
    from tests.benchmarks import measure
    from tests.benchmarks.cadence_cases import CLOCKS, COLLECTED, CadenceCases

    facts = measure.facts(env.cr)
    cases = CadenceCases(env, options.repetitions, progress)
    cases.prepare()
    samples = [cases.bare(), cases.first_collection()]
    samples.append(cases.bare_write("WC bare INSERT of touchpoints", COLLECTED))
    measure.vacuum(env.cr, COLLECTED)
    samples.append(cases.fill())
    samples.append(cases.bare_write("WF bare INSERT of clocks and ledger", CLOCKS))
    samples.append(cases.unchanged())
    samples += cases.nightly(options.rows // 100)
    views = cases.screens()
    progress.end()
    return {
        "facts": facts,
        "command": "setup/bench cadence " + shlex.join(sys.argv[1:]),
        "customers": options.customers,
        "rows": options.rows,
        "sizes": cases.sizes(),
        "repetitions": options.repetitions,
        "samples": [sample.as_dict() for sample in samples],
        "views": [
            {"name": name, "odoo_s": odoo.median, "sql_s": developer.median}
            for name, odoo, developer in views
        ],
        "targets": targets(samples, views),
    }


def targets(samples, views):
    """``[(what, measured seconds, limit, met)]``; the limits are the project's."""
    by_name = {sample.name.split()[0]: sample for sample in samples}

    def limit(name, bare, write=None):
        seconds = bare * statistics.median(by_name[name].bare)
        return seconds + (1.5 * by_name[write].median if write else 0)

    rows = [
        ("C <= 2 x (1) + 1.5 x (WC)", "C", limit("C", 2, "WC")),
        ("N <= 0.5 x (1) + 1.5 x (WN)", "N", limit("N", 0.5, "WN")),
        ("F <= 3 x (1) + 1.5 x (WF)", "F", limit("F", 3, "WF")),
        ("U <= 3 x (1)", "U", limit("U", 3)),
    ]
    found = [
        (what, by_name[name].median, most, by_name[name].median <= most)
        for what, name, most in rows
    ]
    for name, odoo, developer in views:
        most = VIEW_FACTOR * developer.median + VIEW_EXTRA
        found.append((name, odoo.median, most, odoo.median <= most))
    return found


def table(result):
    """The report as text."""
    from tests.benchmarks import report

    facts = result["facts"]
    lines = [
        f"crm_lifecycle contact regulation benchmark, {facts['date']}",
        f"  {result['command']}",
        f"  {result['customers']:,} customers, {result['rows']:,} sources; "
        + ", ".join(f"{n:,} {table}" for table, n in result["sizes"].items()),
        f"  {facts['cores']} cores, {facts['ram_gb']} GB RAM, load average "
        f"{facts['load_average']} at the start; PostgreSQL {facts['postgresql']}",
        "",
        *report.samples(result),
        "",
        *report.verdicts(result["targets"]),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
