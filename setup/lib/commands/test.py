"""setup/test: the add-ons' own tests, the repository's tests and the linters.

Options of its own: --slow adds what is marked slow and the add-ons' tests where only
their dependencies are installed, --only addons|tests|lint restricts it to one part,
--fresh forgets cached databases, --odoo PATH names another Odoo.
Everything else goes to pytest.
"""

import argparse
import sys
from xml.etree import ElementTree

from .. import addons, jobs, lint, processes, system
from ..cluster import cluster
from ..common import ADDONS, ENV, ROOT, remove_tree
from ..jobs import Job, Outcome
from ..logs import Log
from ..session import Session
from ..workspace import free_port

LINES = 500  # of a failing job's output, enough for some tracebacks
DEMO_TAG = "lifecycle_demo"
PARTS = ("addons", "tests", "lint")
NO_TESTS = 5  # pytest's exit status
# The repository's tests run in two halves of about the same length, side by side; the
# first shares a base of customers that takes long to make.
SECOND_HALF = (
    "test_bad_input.py",
    "test_bench_smoke.py",
    "test_odoo_own.py",
    "test_oracle_*.py",
    "test_playbooks.py",
    "test_reviews.py",
    "test_scorecards.py",
    "test_serve.py",
    "test_setup_tools.py",
)


def main(argv):
    """Run everything, print ``N passed, N failed`` as the last line."""
    parser = argparse.ArgumentParser("setup/test", allow_abbrev=False)
    parser.description = __doc__
    parser.add_argument("--slow", action="store_true")
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--odoo", metavar="PATH")
    options, pytest_arguments = parser.parse_known_args(argv)
    parts = set(options.only or PARTS)
    steps = []
    if "lint" in parts:
        steps.append(Job("linters", lint.check))
    if parts == {"lint"}:
        return _finish(jobs.run(steps))
    system.require({"chromium": system.find_chromium, "curl": system.find_curl})
    if options.fresh and cluster("test").destroy():
        remove_tree(ENV / "data-test")
    with Session(options.fresh) as session:
        steps += _steps(session, parts, options.slow, pytest_arguments)
        before = addons.fingerprint(ADDONS)
        total = jobs.run(steps)
        if addons.fingerprint(ADDONS) != before:
            print("The add-ons changed during the run: results mix two versions.")
        return _finish(total)


def _finish(total):
    print(f"{total.passed} passed, {total.failed} failed", flush=True)
    return 1 if total.failed or not total.passed else 0


def _steps(session, parts, slow, pytest_arguments):
    """The jobs of stages 1 and 2; the longest chain comes first."""
    runner = OdooRuns(session, slow)

    def template(flavour, *needs):
        return Job(f"template {flavour}", lambda: runner.template(flavour), needs)

    def tests(name, files):
        return Job(
            f"tests/, {name}",
            lambda: _pytest(session, slow, pytest_arguments, name, files),
            ["template full", "template plain"],
        )

    steps = [template("bare_plain"), template("bare", "template bare_plain")]
    if "addons" in parts:
        steps.append(Job("add-ons in full", runner.full, ["template bare"]))
    steps.append(template("full", "template bare"))
    steps.append(template("plain", "template bare_plain"))
    halves = _halves(pytest_arguments) if "tests" in parts else {}
    steps += [tests(name, files) for name, files in halves.items()]
    if "addons" in parts:
        if slow:
            steps.append(Job("add-ons in plain", runner.plain, ["template plain"]))
        steps.append(template("bare_demo"))
        steps.append(Job("demo data", runner.demo, ["template bare_demo"]))
    return steps


class OdooRuns:
    """Stage 1: what Odoo's own runner and logs say about the add-ons."""

    def __init__(self, session, slow):
        self.session = session
        tags = ("", "slow") if slow else ("",)
        self.tags = ",".join(f"{tag}/{addon}" for tag in tags for addon in ADDONS)

    def template(self, flavour):
        """Make a template; installing the add-ons in it has to leave a clean log."""
        outcome = Outcome()
        log = self.session.templates.build(flavour)
        if log and not flavour.startswith("bare"):
            outcome.check(f"log of installing {flavour}", _complaints(log))
        return outcome

    def full(self):
        """Install with everything optional, test, upgrade."""
        outcome = Outcome()
        database = self.session.database("full", "bare")
        self._tests(outcome, database, "-i", ADDONS)
        self._quiet(outcome, "upgrade", database, "-u", ADDONS)
        return outcome

    def plain(self):
        """Upgrade and test where only the dependencies are installed. What the browser
        shows differs by some columns only: its tours run once, in the full one."""
        outcome = Outcome()
        database = self.session.database("plain", "plain")
        self._tests(outcome, database, "-u", addons.BASE, f"{self.tags},-is_tour")
        return outcome

    def demo(self):
        """Install with demo data, and look at them."""
        outcome = Outcome()
        database = self.session.database("demo", "bare_demo")
        self._quiet(outcome, "demo data", database, "-i", ADDONS, "--with-demo")
        if not outcome.failed:
            self._tests(outcome, database, "-u", addons.BASE, DEMO_TAG)
        return outcome

    def _odoo(self, name, database, verb, modules, *options):
        log = self.session.folder / f"{name}.log"
        arguments = ["-d", database, verb, ",".join(modules), "--stop-after-init"]
        status = self.session.workspace.odoo(log, *arguments, *options)
        return status, Log(log)

    def _quiet(self, outcome, name, database, verb, modules, *options):
        """One run without tests: it has to succeed and to log nothing bad."""
        options += ("--no-http",)
        status, log = self._odoo(name, database, verb, modules, *options)
        outcome.check(f"exit status of {name}", status and _last_lines(log.text))
        outcome.check(f"log of {name}", _complaints(log))

    def _tests(self, outcome, database, verb, modules, tags=None):
        """One run with tests: Odoo's counts, its log and that there were any."""
        options = ("--test-enable", "--test-tags", tags or self.tags)
        options += ("--http-port", str(free_port()))
        name = f"tests of {'_'.join(modules)} in {database}"
        status, log = self._odoo(name, database, verb, modules, *options)
        count, failed = log.tests()
        outcome.add(passed=count - failed, failed=failed)
        outcome.check("tests were run", "" if count else "no test was found")
        complaints = _complaints(log)
        outcome.check(f"log of {name}", complaints)
        if status and not failed and not complaints:
            outcome.check("exit status", _last_lines(log.text))


def _failed_names(report):
    """Names of pytest's failed tests, to stand before their tracebacks."""
    cases = ElementTree.parse(report).getroot().iter("testcase")
    return "\n".join(
        f"FAILED {case.get('classname')}::{case.get('name')}"
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None
    )


def _complaints(log):
    """What a log holds from WARNING up, shortened."""
    return _last_lines("\n".join(log.complaints()))


def _last_lines(text):
    lines = text.splitlines()
    if len(lines) > LINES:
        lines = [f"[{len(lines) - LINES} lines left out]", *lines[-LINES:]]
    return "\n".join(lines)


def _halves(arguments):
    """``{name: files}``: both halves, or all that was asked for."""
    if any((ROOT / argument.partition("::")[0]).exists() for argument in arguments):
        return {"chosen": []}
    folder = ROOT / "tests"
    second = {file for name in SECOND_HALF for file in folder.glob(name)}
    first = set(folder.glob("test_*.py")) - second
    return {"first": sorted(first), "second": sorted(second)}


def _pytest(session, slow, arguments, name, files):
    """Stage 2: the repository's tests in a copy of the full database."""
    report = session.folder / f"pytest-{name}.xml"
    log = session.folder / f"pytest-{name}.log"
    database = session.database(f"pytest_{name}", "full")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--tb=short"]
    command += [
        "--color=no",
        "-rN",
        f"--rootdir={ROOT}",
        "-o",
        "faulthandler_timeout=600",
    ]
    # of passlib, with which Odoo keeps passwords
    command += ["-W", "ignore:'crypt' is deprecated:DeprecationWarning"]
    command += [f"--odoo-config={session.workspace.conf}", "--odoo-http"]
    command += [f"--odoo-database={database}", f"--junit-xml={report}"]
    if not slow and not any(argument.startswith("-m") for argument in arguments):
        command += ["-m", "not slow"]
    command += ["--odoo-extra", f"http-port={free_port()}", *arguments]
    command += [str(file.relative_to(ROOT)) for file in files]
    environ = session.environ(database, f"{name}_")
    status = processes.run(command, log, cwd=ROOT, env=environ)
    outcome = Outcome()
    if report.exists():
        suite = ElementTree.parse(report).getroot().find("testsuite").attrib
        failed = int(suite["failures"]) + int(suite["errors"])
        passed = int(suite["tests"]) - failed - int(suite["skipped"])
        outcome.add(passed=passed, failed=failed, details=_failed_names(report))
    text = log.read_text(errors="replace")
    if status == NO_TESTS and arguments and files:
        outcome.add(details="nothing chosen here")
    elif status:
        outcome.add(details=_last_lines(text))
        if not outcome.failed:
            outcome.add(failed=1)
    else:
        outcome.add(details=text.strip().rpartition("\n")[2])
    return outcome
