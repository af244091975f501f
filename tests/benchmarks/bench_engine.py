"""Speed and memory of the engine on a synthetic base of its own.

    setup/bench engine [--customers 100000] [--orders N] [--json FILE] [--quick]
    setup/bench engine --memory     compares the sizes measured so far

Without ``setup/bench``: --conf FILE --database NAME name a configuration of Odoo and
a database with the add-ons, which is filled when it holds no synthetic base yet.
"""

import argparse
import atexit
import contextlib
import json
import shlex
import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.support.environment import Environment  # noqa: E402

RESULTS = ROOT / ".env" / "benchmarks" / "engine"
ORDERS_PER_CUSTOMER = 10


def main(argv=None):
    options = parse(argv)
    if options.memory:
        return print_memory()
    environment = current_environment(options)
    database = options.database or environment.create_database("engine")
    start_odoo(environment.facts["conf"], database)
    result = run(environment, database, options)
    from tests.benchmarks import report

    print(report.table(result))
    save(result, options)
    if not options.quick:
        print_memory()
    http = result["confirmations"]
    return 1 if http["without_pass"]["errors"] + http["during_pass"]["errors"] else 0


def parse(argv):
    parser = argparse.ArgumentParser("engine", description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--orders", type=int, help="default: ten for each customer")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--confirmations", type=int, default=200)
    parser.add_argument("--sample", type=int, default=500, help="of the naive way")
    parser.add_argument("--quick", action="store_true", help="once, few confirmations")
    parser.add_argument("--json", metavar="FILE", help="write all figures there")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--conf", metavar="FILE")
    parser.add_argument("--database", metavar="NAME")
    options = parser.parse_args(argv)
    options.orders = options.orders or options.customers * ORDERS_PER_CUSTOMER
    if options.quick:
        options.repetitions, options.confirmations, options.sample = 1, 6, 20
    return options


def current_environment(options):
    """That of ``setup/bench``, or one made up from the arguments."""
    if not options.conf:
        return Environment.current()
    if not options.database:
        raise SystemExit("--conf needs --database")
    folder = Path(tempfile.mkdtemp(prefix="bench-engine-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    facts = {
        "root": str(ROOT),
        "python": sys.executable,
        "conf": str(Path(options.conf).resolve()),
        "prefix": "bench_",
        "templates": {},
    }
    (folder / "facts.json").write_text(json.dumps(facts))
    return Environment(folder)


def start_odoo(conf, database):
    from odoo.tools import config

    config.parse_config(
        ["-c", conf, "-d", database, "--log-level=warn", "--max-cron-threads=0"]
    )


def run(environment, database, options):
    """Fill the base when needed, then all cases in one go; the figures."""
    from odoo import api
    from odoo.modules.registry import Registry

    from tests.benchmarks.synthetic import SyntheticBase

    registry = Registry(database)
    progress = Progress()
    with registry.cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {"tracking_disable": True})
        if not env["res.users"].search_count([("login", "=", "bench_salesman_1")]):
            SyntheticBase(env, options.customers, options.orders, progress).create()
        return measure_all(env, environment, options, progress)


def measure_all(env, environment, options, progress):
    """All cases; those that change what the others need come last."""
    from tests.benchmarks import measure, report
    from tests.benchmarks.engine_cases import EngineCases
    from tests.benchmarks.http_cases import Confirmations
    from tests.benchmarks.view_cases import ViewCases

    facts = measure.facts(env.cr)
    cases = EngineCases(env, options.repetitions, progress)
    samples = [cases.bare(), cases.first_classification()]
    cases.vacuum()
    samples += [cases.bare_write(), cases.full_read(), cases.nightly(), cases.drain()]
    profiles, transitions = cases.sizes()
    samples.append(cases.naive(options.sample, profiles))
    views = ViewCases(env, options.repetitions, progress).measure()
    confirmations = Confirmations(env, environment, options.confirmations, progress)
    http = confirmations.measure()
    samples.append(cases.next_days())
    samples.sort(key=lambda sample: sample.name.replace("W", "1W"))
    progress.end()
    env.cr.execute("SELECT count(*) FROM sale_order")
    return {
        "facts": facts,
        "command": "setup/bench engine " + shlex.join(sys.argv[1:]),
        "customers": options.customers,
        "orders": env.cr.fetchone()[0],
        "profiles": profiles,
        "transitions": transitions,
        "repetitions": options.repetitions,
        "samples": [sample.as_dict() for sample in samples],
        "views": [
            {"name": name, "odoo_s": odoo.median, "sql_s": developer.median}
            for name, odoo, developer in views
        ],
        "confirmations": http,
        "targets": report.targets(samples, views),
        "odoo_peak_mb": max(sample.odoo_mb for sample in samples),
        "postgres_peak_mb": max(sample.postgres_mb for sample in samples),
    }


class Progress:
    """What is being done, on standard error; at a terminal in one line."""

    def __init__(self):
        self.start = time.monotonic()
        self.last = None
        self.terminal = sys.stderr.isatty()

    def __call__(self, what, done, total):
        end = "\r" if self.terminal else "\n"
        if not self.terminal and what == self.last and done < total:
            return
        self.last = what
        seconds = time.monotonic() - self.start
        print(
            f"{seconds:7.1f} s  {what}: {done:,} of {total:,}".ljust(78),
            end=end,
            file=sys.stderr,
            flush=True,
        )

    def end(self):
        if self.terminal:
            print(file=sys.stderr)


def save(result, options):
    """For ``--json``, and for ``--memory`` later."""
    text = json.dumps(result, indent=2, default=str)
    if options.json:
        Path(options.json).write_text(text)
    if not options.quick:
        with contextlib.suppress(OSError):
            RESULTS.mkdir(parents=True, exist_ok=True)
            (RESULTS / f"{options.customers}.json").write_text(text)


def print_memory():
    from tests.benchmarks import report

    text, met = report.compare_memory(RESULTS)
    print(text)
    return 1 if met is False else 0


if __name__ == "__main__":
    sys.exit(main())
