"""A server, its databases with their file stores, and Odoo's command line on them."""

import contextlib
import os
import shutil
import socket
import sys

from psycopg2 import sql

from . import odoo_source, processes
from .cluster import cluster, connect
from .common import (
    CLONE,
    ENV,
    NAME,
    ROOT,
    SetupError,
    file_lock,
    remove_tree,
    write_atomically,
)


class Workspace:
    """Everything of one purpose: ``serve`` keeps its data, ``test`` may lose them."""

    def __init__(self, name):
        self.name = name
        self.server = cluster(name, reckless=name == "test")
        self.data_dir = ENV / f"data-{name}"
        self.conf = ENV / f"odoo-{name}.conf"
        self.source = odoo_source.locate()

    def __enter__(self):
        self.server.acquire()
        self.data_dir.mkdir(exist_ok=True)
        self._write_conf()
        return self

    def __exit__(self, *_exception):
        self.server.release()

    def _write_conf(self):
        """Odoo's configuration; every option that differs from its defaults."""
        folders = [*self.source.addons, ROOT]
        options = {
            "addons_path": ",".join(map(str, folders)),
            "data_dir": self.data_dir,
            "db_host": self.server.host,
            "db_port": self.server.port,
            "db_user": self.server.user,
            "http_interface": "127.0.0.1",
            # Odoo starts itself anew when something takes longer, which fails for a
            # server started by "python -m odoo"; a first run may take its time.
            "limit_time_real": 1800,
            "limit_time_real_cron": 7200,
            "max_cron_threads": 1 if self.name == "serve" else 0,
            "screenshots": ENV / "screenshots",
        }
        text = "".join(f"{key} = {value}\n" for key, value in options.items())
        write_atomically(self.conf, f"[options]\n{text}")

    # -- Odoo ---------------------------------------------------------------------

    @property
    def environ(self):
        """The environment of an Odoo process: its configuration file by default."""
        environ = {**os.environ, "ODOO_RC": str(self.conf)}
        # Odoo lets these variables win over its configuration file.
        environ.pop("PGDATABASE", None)
        if "PGHOST" not in environ:
            for name in ("PGPORT", "PGUSER", "PGPASSWORD"):
                environ.pop(name, None)
        return environ

    def odoo_command(self, *arguments):
        """A command line of Odoo."""
        return [sys.executable, "-m", "odoo", *map(str, arguments)]

    def odoo(self, log, *arguments, stdin=None, watch=None):
        """Run Odoo to its end with everything it prints in ``log``; its exit status."""
        return processes.run(
            self.odoo_command(*arguments),
            log,
            stdin,
            watch,
            env=self.environ,
            cwd=ROOT,
        )

    # -- databases ----------------------------------------------------------------

    @contextlib.contextmanager
    def _admin(self):
        connection = connect(self.server, "postgres")
        try:
            yield connection.cursor()
        finally:
            connection.close()

    def _execute(self, statement, *names):
        with self._admin() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def comment(self, database, text):
        """Leave a note with a database; it goes when the database goes."""
        with self._admin() as cursor:
            statement = sql.SQL("COMMENT ON DATABASE {} IS %s")
            cursor.execute(statement.format(sql.Identifier(database)), [text])

    def query(self, database, statement, parameters=None):
        """Rows of a statement run in ``database``."""
        connection = connect(self.server, database)
        try:
            cursor = connection.cursor()
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def databases(self):
        """Names of all databases of the server."""
        with self._admin() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")
            return [name for (name,) in cursor.fetchall()]

    def filestore(self, database):
        """Where Odoo keeps the attachments of a database."""
        return self.data_dir / "filestore" / database

    def create(self, database, template=None):
        """Create a database, empty or as a copy with its attachments."""
        if not NAME.match(database):
            raise SetupError(f"Not usable as a database name: {database}")
        self.drop(database)
        if template is None:
            self._execute(
                "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' "
                "LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'",
                database,
            )
            return
        self._execute("CREATE DATABASE {} TEMPLATE {}", database, template)
        if self.filestore(template).exists():
            shutil.copytree(self.filestore(template), self.filestore(database))

    def drop(self, database):
        """Remove a database and its attachments, whoever is connected."""
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)
        remove_tree(self.filestore(database))

    def rename(self, database, name):
        """Give a finished database its real name."""
        remove_tree(self.filestore(name))
        if self.filestore(database).exists():
            self.filestore(database).rename(self.filestore(name))
        self._execute("ALTER DATABASE {} RENAME TO {}", database, name)

    def once(self, database, fill):
        """Create ``database`` by ``fill(temporary name)`` unless it is there.

        It gets its name only when whole, so that one cut off half-way is never used;
        two commands that want the same one make it once.
        """
        with file_lock(f"db-{database}", f"Waiting for {database} to be made"):
            if database in self.databases():
                return False
            temporary = f"{database[:50]}_building"
            fill(temporary)
            self.rename(temporary, database)
            return True


def free_port():
    """A TCP port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def prefixed(name):
    """A database name that no other clone uses on a shared server."""
    return f"crmlc_{CLONE}_{name}"
