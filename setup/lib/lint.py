"""The linters, each a function that returns what it complains about."""

import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from . import node, processes, repository
from .common import ADDONS, ENV, ROOT, SetupError
from .jobs import Outcome

LINES = 120  # of one linter, enough to see what is wrong
PYTHON_TOOLS = ("ruff", "pylint", "pylint_odoo", "oca_pre_commit_hooks")
PROGRAMS = Path(sys.prefix) / "bin"
OCA_MODULE = [PROGRAMS / "oca-checks-odoo-module"]
OCA_PO = [PROGRAMS / "oca-checks-po", "--disable=po-pretty-format"]
PRETTIER_SUFFIXES = {".js", ".cjs", ".mjs", ".xml", ".css", ".scss", ".md"}
PRETTIER_SUFFIXES |= {".yml", ".yaml"}


def check():
    """Run every linter; each counts as one check."""
    _require()
    outcome = Outcome()
    for title, complain in CHECKS.items():
        outcome.check(title, complain())
    return outcome


def fix():
    """Format what can be formatted."""
    _require()
    problems = [
        _run(_ruff("check", "--fix")),
        _run(_ruff("format")),
        _run([*OCA_MODULE, "--fix", "--enable=xml-header-wrong", *ADDONS]),
        _prettier("--write"),
        _eslint("--fix"),
    ]
    return "\n".join(filter(None, problems))


def _require():
    """A linter that is missing is an error, never a check that passes."""
    node.require()
    for name in PYTHON_TOOLS:
        if importlib.util.find_spec(name) is None:
            raise SetupError(f"The linter {name} is not installed.")
    for path in (OCA_MODULE[0], OCA_PO[0]):
        if not path.exists():
            raise SetupError(f"The linter {path.name} is not installed.")


def files(*suffixes):
    """Files of the repository, committed or not, but not ignored ones."""
    listing = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "-co"]
        + ["--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode:
        raise SetupError(f"git cannot list the files: {listing.stderr}")
    names = sorted(set(filter(None, listing.stdout.split("\0"))))
    return [
        name
        for name in names
        if (ROOT / name).is_file() and (not suffixes or Path(name).suffix in suffixes)
    ]


def _run(command):
    """The output of a command when it fails, else an empty string."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        # The tools' own caches must not land in the home directory.
        environ = {**os.environ, "RUFF_CACHE_DIR": str(ENV / "ruff"), "NO_COLOR": "1"}
        environ["PYLINTHOME"] = str(ENV / "pylint")
        status = processes.run(command, log, cwd=ROOT, env=environ)
        text = log.read_text(errors="replace").strip()
    lines = text.splitlines()
    if len(lines) > LINES:
        text = "\n".join([*lines[:LINES], f"[{len(lines) - LINES} more lines]"])
    return (text or f"exit status {status}") if status else ""


def _ruff(*arguments):
    return [sys.executable, "-m", "ruff", *arguments, "setup", "tests", *ADDONS] + [
        f"setup/{path.name}" for path in _scripts()
    ]


def _scripts():
    """The executables without a suffix, which ruff does not find by itself."""
    return [
        path
        for path in sorted((ROOT / "setup").iterdir())
        if not path.suffix and path.is_file()
    ]


def _pylint():
    command = [sys.executable, "-m", "pylint", "--rcfile=.pylintrc-mandatory"]
    return _run([*command, *ADDONS])


def _oca_module():
    return _run([*OCA_MODULE, *ADDONS])


def _oca_po():
    names = files(".po", ".pot")
    return _run([*OCA_PO, *names]) if names else "There are no translations."


def _prettier(action="--check"):
    return _run([*node.command("prettier"), action, *files(*PRETTIER_SUFFIXES)])


def _eslint(*options):
    return _run([*node.command("eslint"), *options, *files(".js", ".cjs")])


CHECKS = {
    "ruff check": lambda: _run(_ruff("check", "--no-fix")),
    "ruff format": lambda: _run(_ruff("format", "--diff")),
    "pylint-odoo": _pylint,
    "oca-checks-odoo-module": _oca_module,
    "oca-checks-po": _oca_po,
    "prettier": _prettier,
    "eslint": _eslint,
    "README is valid reStructuredText": lambda: repository.readme(files(".rst")),
    "translations are complete": repository.translations,
    "files hold nothing that stays out of a repository": lambda: repository.texts(
        files()
    ),
}
