"""Python functions and scheduled jobs in Odoo processes of their own.

:func:`call` runs a function of this repository inside Odoo's shell; a
:class:`JobProcess` is a server whose scheduler thread runs the job of the customer
base, and which a test may kill at any moment.
"""

import contextlib
import json
import os
import re
import signal
import subprocess
import time

from .environment import OdooError

RESULT = "=RESULT="
JOB = "Customer Base: keep stages and figures current"
STARTED = re.compile(rf"Job '{JOB}' \(\d+\) starting")
ENDED = re.compile(rf"Job '{JOB}' \(\d+\) (fully done|partially done|failed)")
PATIENCE = 240  # seconds


def call(
    environment, database, function, /, options=(), patience=2 * PATIENCE, **arguments
):
    """Run ``function(env, **arguments)`` in an Odoo process, commit, and return what
    it returns.

    :param function: of an importable module; arguments and result must fit into JSON
    :param options: further options of Odoo's command line
    :param patience: seconds after which the process is given up
    """
    script = (
        "import json\n"
        f"from {function.__module__} import {function.__name__} as function\n"
        f"result = function(env, **json.loads({json.dumps(arguments)!r}))\n"
        "env.cr.commit()\n"
        f"print({f'{chr(10)}{RESULT}'!r} + json.dumps(result, default=str))\n"
    )
    command = ("shell", "-d", database, "--no-http", *options)
    output = environment.odoo(*command, stdin=script, timeout=patience).stdout
    return json.loads(output.rpartition(RESULT)[2])


def complaints(text):
    """Log lines from WARNING up."""
    pattern = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")
    return [line for line in text.splitlines() if pattern.match(line)]


class JobProcess:
    """A server without HTTP whose one scheduler thread runs what is due."""

    def __init__(self, environment, database, name="job"):
        self.environment = environment
        self.database = database
        self.log = environment.folder / f"{database}-{name}.log"

    def __enter__(self):
        self.log.unlink(missing_ok=True)
        with self.log.open("wb") as handle:
            self.process = subprocess.Popen(
                self.environment.command(
                    *("-d", self.database, "--no-http", "--max-cron-threads=1")
                ),
                env=self.environment.environ,
                stdin=subprocess.DEVNULL,
                stdout=handle,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    def __exit__(self, *_exception):
        self.kill()

    @property
    def text(self):
        return self.log.read_text(errors="replace")

    def await_start(self):
        """Return as soon as the job has begun."""
        # The scheduler wakes up once a minute, or when the database is notified, as
        # Odoo does whenever a job is triggered.
        self._await(STARTED, self.wake)

    def await_end(self):
        """Return how the job ended; the process is stopped, ``peak`` is what memory it
        had needed."""
        ended = self._await(ENDED, self.wake)[1]
        # The job's row is updated after the line is logged.
        deadline = time.monotonic() + PATIENCE
        while self._is_busy() and time.monotonic() < deadline:
            time.sleep(0.05)
        self.peak = self._peak_memory()
        self.kill()
        return ended

    def wake(self):
        self.environment.psql(
            "postgres", "SELECT pg_notify('cron_trigger', %s)", [self.database]
        )

    def kill(self):
        """End the process like ``kill -9`` does."""
        # The number of a process that was waited for may belong to another one.
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _peak_memory(self):
        """The most resident memory the process has had, in bytes."""
        with open(f"/proc/{self.process.pid}/status") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
        raise OdooError("The kernel does not tell the memory of the process.")

    def _await(self, pattern, meanwhile):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            found = pattern.search(self.text)
            if found:
                return found
            if not STARTED.search(self.text):
                meanwhile()
            time.sleep(0.05)
        tail = "\n".join(self.text.splitlines()[-60:])
        raise OdooError(f"The job did not get to {pattern.pattern}\n{tail}")

    def _is_busy(self):
        """Whether somebody holds the row of the job."""
        with contextlib.closing(self.environment.connect(self.database)) as connection:
            cursor = connection.cursor()
            cursor.execute(
                "SELECT count(*) FROM ir_cron WHERE id = %s",
                [job_id(self.environment, self.database)],
            )
            all_rows = cursor.fetchone()[0]
            cursor.execute(
                "SELECT id FROM ir_cron WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED",
                [job_id(self.environment, self.database)],
            )
            return all_rows != len(cursor.fetchall())


def job_id(environment, database):
    """Id of the job of the customer base."""
    rows = environment.psql(
        database,
        "SELECT res_id FROM ir_model_data "
        "WHERE module = 'crm_lifecycle' AND name = 'ir_cron_lifecycle'",
    )
    return rows[0][0]


def trigger(environment, database):
    """Make the job due, as documents do."""
    environment.psql(
        database,
        "INSERT INTO ir_cron_trigger (cron_id, call_at) "
        "VALUES (%s, now() AT TIME ZONE 'UTC')",
        [job_id(environment, database)],
    )


def is_due(environment, database):
    """Whether the scheduler has to run the job now."""
    query = (
        "SELECT EXISTS (SELECT FROM ir_cron_trigger WHERE cron_id = %(id)s "
        "AND call_at <= now() AT TIME ZONE 'UTC') OR (SELECT nextcall FROM ir_cron "
        "WHERE id = %(id)s) <= now() AT TIME ZONE 'UTC'"
    )
    parameters = {"id": job_id(environment, database)}
    return environment.psql(database, query, parameters)[0][0]


def run_job(environment, database, name="job"):
    """Have the scheduler of a fresh server run the job; how it ended, and its log."""
    trigger(environment, database)
    with JobProcess(environment, database, name) as job:
        ended = job.await_end()
        return ended, job.text
