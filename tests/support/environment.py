"""Databases, Odoo processes and servers for tests that need their own.

``setup/test`` and ``setup/bench`` export ``CRM_LIFECYCLE_ENV``, a folder whose
``facts.json`` says where everything is. Usage::

    environment = Environment.current()
    database = environment.create_database("merge", template="full")
    environment.shell(database, "print(env['res.partner'].search_count([]))")
    with environment.serve(database) as url:
        requests.get(f"{url}/web/login")
    environment.drop_database(database)
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import psycopg2
from psycopg2 import sql


class OdooError(AssertionError):
    """An Odoo process failed; the message ends with the last lines it printed."""


class Server(str):
    """The base URL of a running server, with its process and its log file."""

    process: subprocess.Popen
    log: Path


class Environment:
    """What ``setup/test`` built, as test code uses it."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.facts = json.loads((self.folder / "facts.json").read_text())
        self.root = Path(self.facts["root"])
        self.setup_odoo = self.root / "setup" / "odoo"
        self.created = set()

    @classmethod
    def current(cls):
        """The environment of this test run."""
        folder = os.environ.get("CRM_LIFECYCLE_ENV")
        if not folder:
            raise RuntimeError("Run this through setup/test or setup/bench.")
        return cls(folder)

    # -- databases ----------------------------------------------------------------

    def connect(self, database="postgres", autocommit=True):
        """A psycopg2 connection of its own."""
        connection = psycopg2.connect(
            host=self.facts["host"],
            port=self.facts["port"],
            user=self.facts["user"],
            dbname=database,
        )
        connection.autocommit = autocommit
        return connection

    def psql(self, database, statement, parameters=None):
        """The rows of a statement, or an empty list when it gives none."""
        with contextlib.closing(self.connect(database)) as connection:
            cursor = connection.cursor()
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    def create_database(self, name, template="full"):
        """Copy a template with its attachments; the name of the new database.

        :param template: ``full`` (both add-ons, everything optional), ``plain``
            (the base add-on with its dependencies), ``bare`` (``full`` without the
            add-ons), ``bare_plain``, or the name of any database
        """
        database = f"{self.facts['prefix']}{name}"
        source = self.facts["templates"].get(template, template)
        self.drop_database(database)
        self._administer("CREATE DATABASE {} TEMPLATE {}", database, source)
        self.created.add(database)
        if self.filestore(source).exists():
            shutil.copytree(self.filestore(source), self.filestore(database))
        return database

    def drop_database(self, database):
        """Remove a database made here, whoever is connected, with its attachments."""
        if not database.startswith(self.facts["prefix"]):
            raise ValueError(f"{database} was not made by this run")
        self._administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)
        shutil.rmtree(self.filestore(database), ignore_errors=True)
        self.created.discard(database)

    def drop_created(self):
        """Remove every database made through this object and not dropped since."""
        for database in list(self.created):
            self.drop_database(database)

    def filestore(self, database):
        """The folder of a database's attachments."""
        return Path(self.facts["data_dir"]) / "filestore" / database

    def _administer(self, statement, *names):
        with contextlib.closing(self.connect()) as connection:
            query = sql.SQL(statement).format(*map(sql.Identifier, names))
            connection.cursor().execute(query)

    # -- Odoo processes -----------------------------------------------------------

    def command(self, *arguments):
        """Odoo's command line: run with ``environ``, in any working directory."""
        return [self.facts["python"], "-m", "odoo", *map(str, arguments)]

    @property
    def environ(self):
        """Environment variables of an Odoo process."""
        return {**os.environ, "ODOO_RC": self.facts["conf"]}

    def odoo(self, *arguments, stdin=None, timeout=None, check=True):
        """Run Odoo to its end; the completed process with its output as text.

        :raises OdooError: when it fails and ``check`` is set
        """
        done = subprocess.run(
            self.command(*arguments),
            env=self.environ,
            input=stdin if stdin is not None else "",
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if check and done.returncode:
            output = "\n".join((done.stdout + done.stderr).splitlines()[-80:])
            raise OdooError(f"odoo {arguments}: status {done.returncode}\n{output}")
        return done

    def shell(self, database, script, timeout=None):
        """What a script prints that runs in Odoo's shell, where ``env`` is defined."""
        arguments = ("shell", "-d", database, "--no-http")
        return self.odoo(*arguments, stdin=script, timeout=timeout).stdout

    @contextlib.contextmanager
    def serve(self, database, workers=0, options=(), patience=120):
        """Run a server of its own until the block ends; its base URL.

        The value also has ``process`` and ``log``, for tests that kill the server or
        read what it wrote. Scheduled jobs run only with ``--max-cron-threads=1``.
        """
        port = free_port()
        log = self.folder / f"server-{port}.log"
        arguments = ["-d", database, "--http-port", port, "--workers", workers]
        arguments += ["--gevent-port", free_port(), *options]
        with log.open("wb") as handle:
            process = subprocess.Popen(
                self.command(*arguments),
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=handle,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        server = Server(f"http://127.0.0.1:{port}")
        server.process, server.log = process, log
        try:
            self._await_login(server, time.monotonic() + patience)
            yield server
        finally:
            self._stop(process)

    def _await_login(self, server, deadline):
        # A proxy of the machine must not be asked for our own loop-back address.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while time.monotonic() < deadline and server.process.poll() is None:
            with contextlib.suppress(OSError):
                with opener.open(f"{server}/web/login", timeout=30) as page:
                    if page.status == 200:
                        return
            time.sleep(0.2)
        output = "\n".join(server.log.read_text(errors="replace").splitlines()[-60:])
        raise OdooError(f"The server at {server} did not answer.\n{output}")

    def _stop(self, process):
        """End a server with its workers, which share its process group.

        A process that was waited for has given its number back, which may be another
        program's by now: then nothing is signalled.
        """
        if process.returncode is None:
            os.kill(process.pid, signal.SIGTERM)
            deadline = time.monotonic() + 20
            flags = os.WEXITED | os.WNOWAIT | os.WNOHANG
            while not os.waitid(os.P_PID, process.pid, flags):
                if time.monotonic() > deadline:
                    break
                time.sleep(0.05)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def free_port():
    """A TCP port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
