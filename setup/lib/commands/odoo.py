"""setup/odoo ARGS...: Odoo's own command line inside this environment."""

import os
import signal
import subprocess
import sys

from ..processes import with_parent
from ..workspace import Workspace


def main(argv):
    """Run Odoo with standard input, output and exit status passed through."""
    # Inside a test run the databases are those of the tests.
    name = os.environ.get("CRM_LIFECYCLE_WORKSPACE", "serve")
    with Workspace(name) as workspace:
        return _run(workspace, argv)


def _run(workspace, argv):
    process = subprocess.Popen(
        with_parent(workspace.odoo_command(*argv)), env=workspace.environ
    )

    def forward(signum, _frame):
        # A terminal's Ctrl-C reaches the child by itself.
        if signum == signal.SIGTERM or not sys.stdin.isatty():
            process.send_signal(signum)

    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, forward)
    status = process.wait()
    return status if status >= 0 else 128 - status
