"""setup/lint [--fix]: run every linter, or format what can be formatted."""

import argparse
import sys

from .. import jobs, lint


def main(argv):
    """Check the whole repository; with --fix change files first."""
    parser = argparse.ArgumentParser("setup/lint", description=__doc__)
    parser.add_argument("--fix", action="store_true")
    options = parser.parse_args(argv)
    if options.fix and (problem := lint.fix()):
        print(problem, file=sys.stderr)
    total = jobs.run([jobs.Job("linters", lint.check)])
    print(f"{total.passed} passed, {total.failed} failed", flush=True)
    return 1 if total.failed else 0
