"""setup/serve as a person starts it: it looks whether all works, serves, and stops."""

import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.support.environment import free_port

DATABASE = "crm_lifecycle_served_by_test"
FIRST, SECOND = 1200, 90  # seconds: everything is made, then only started
OWN = ("CRM_LIFECYCLE_ENV", "CRM_LIFECYCLE_WORKSPACE", "ODOO_RC", "PYTHONPATH")


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def has_postgresql(environment):
    """Whether the private server of ``setup/serve`` runs."""
    record = environment.root / ".env" / "pg-serve.home"
    return (
        record.exists()
        and (Path(record.read_text()) / "run" / ".s.PGSQL.5432").exists()
    )


@pytest.fixture
def start(environment, tmp_path):
    """Starts commands of ``setup/`` without what marks the test run; what they say on
    standard error is in ``start.told``."""
    environ = {name: value for name, value in os.environ.items() if name not in OWN}
    processes = []

    def start(command, *arguments):
        path = environment.root / "setup" / command
        with start.told.open("a") as told:
            processes.append(
                subprocess.Popen(
                    [path, *arguments],
                    env=environ,
                    text=True,
                    stdout=subprocess.PIPE,
                    stderr=told,
                )
            )
        return processes[-1]

    start.told = tmp_path / "told"
    yield start
    start("odoo", "db", "drop", DATABASE).wait(SECOND)
    for process in processes:
        if process.poll() is None:
            process.terminate()
            process.wait(SECOND)


@pytest.mark.slow
def test_serve_looks_then_serves_until_ctrl_c(environment, start):
    port = free_port()
    options = ("--db", DATABASE, "--port", str(port))
    ran = has_postgresql(environment)

    looking = start("serve", "--check", *options)
    printed, _errors = looking.communicate(timeout=FIRST)
    assert looking.returncode == 0, start.told.read_text()
    assert re.search(r"list of customers \([1-9]\d*\) answered", printed)
    assert "Installing the add-ons and demo data" in start.told.read_text()
    assert not listens(port)
    assert has_postgresql(environment) == ran

    started = time.monotonic()
    serving = start("serve", *options)
    lines = iter(serving.stdout.readline, "")
    address = next(line.strip() for line in lines if "http" in line)
    assert address == f"http://127.0.0.1:{port}"
    assert next(lines).split() == ["login", "admin,", "password", "admin"]
    assert time.monotonic() - started < SECOND, "the second start is slow"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{address}/web/login") as page:
        assert page.status == 200
    serving.send_signal(signal.SIGINT)  # what Ctrl-C sends
    assert serving.wait(SECOND) == 0, start.told.read_text()
    assert not listens(port)
    assert has_postgresql(environment) == ran
