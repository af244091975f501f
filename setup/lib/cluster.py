"""A private PostgreSQL server per clone and purpose, shared by its commands."""

import contextlib
import fcntl
import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg2

from . import system
from .common import (
    ENV,
    SetupError,
    file_lock,
    read_text,
    remove_tree,
    run_logged,
    tail,
    write_atomically,
)

SUPERUSER = "odoo"
SERVER_ACCOUNT = "postgres"  # who runs PostgreSQL when we are root: it refuses root
SOCKET_LIMIT = 100  # bytes; the kernel allows 107 for the path of a socket
PORT = 5432
SETTINGS = {
    "listen_addresses": "''",
    "max_connections": 200,
    "shared_buffers": "'512MB'",
    "work_mem": "'32MB'",
    "maintenance_work_mem": "'256MB'",
    "max_wal_size": "'4GB'",
    "wal_level": "minimal",
    "max_wal_senders": 0,
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
}
# Only for databases that tests throw away.
RECKLESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Server:
    """What both kinds share: knowing whether other commands of this clone use it."""

    def __init__(self, name):
        self.users_path = ENV / f"pg-{name}.users"
        self.users = None
        self.name = name

    def acquire(self):
        """Make the server usable, and note that this process uses it."""
        with self.gate():
            self._begin()
            self.users = self.users_path.open("a")
            fcntl.flock(self.users, fcntl.LOCK_SH)

    def release(self):
        """Stop what was started if no other command of this clone uses it."""
        if self.users is None:
            return
        with self.gate():
            self.users.close()
            self.users = None
            if not self.used():
                self._end()

    def gate(self):
        """Held while a command comes or goes; under it ``used`` stays as it is."""
        return file_lock(f"pg-{self.name}")

    def used(self):
        """Whether another command uses the server; call it inside ``gate``."""
        if self.users:
            fcntl.flock(self.users, fcntl.LOCK_UN)
        try:
            with self.users_path.open("a") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
        except BlockingIOError:
            return True
        finally:
            if self.users:
                fcntl.flock(self.users, fcntl.LOCK_SH)


class External(Server):
    """The server named by PGHOST: used as it is, never started or stopped."""

    def __init__(self, name):
        super().__init__(name)
        self.host = os.environ["PGHOST"]
        self.port = int(os.environ.get("PGPORT") or PORT)
        self.user = os.environ.get("PGUSER") or getpass.getuser()

    def _begin(self):
        """Fail now, with the reason, rather than inside Odoo."""
        try:
            connect(self, "postgres").close()
        except psycopg2.OperationalError as error:
            raise SetupError(
                f"The PostgreSQL server of PGHOST does not let us in: {error}"
            ) from error

    def _end(self):
        """Nothing was started."""

    def destroy(self):
        """A server that others may use is not ours to delete: always false."""
        return False


class Private(Server):
    """A server reached through a socket only; the last command using it stops it."""

    def __init__(self, name, reckless=False):
        super().__init__(name)
        self.reckless = reckless
        self.record = ENV / f"pg-{name}.home"
        self.port = PORT
        self.user = SUPERUSER

    @property
    def home(self):
        """The folder of the cluster, or None before it was chosen."""
        text = read_text(self.record)
        return Path(text) if text else None

    @property
    def data(self):
        """PostgreSQL's data folder."""
        return self.home / "data"

    @property
    def host(self):
        """The folder of the socket."""
        return str(self.home / "run")

    # -- life ---------------------------------------------------------------------

    def _begin(self):
        system.require({"postgresql": system.find_postgresql})
        self._choose_home()
        self._start()

    def _end(self):
        self._stop()

    def destroy(self):
        """Delete the cluster, wherever it lives; true, as its databases are gone."""
        with self.gate():
            if self.used():
                raise SetupError(
                    "Another command of this clone uses the database server; stop it."
                )
            if self.home and self.home.exists():
                self._stop()
                remove_tree(self.home)
            self.record.unlink(missing_ok=True)
        return True

    # -- making it ----------------------------------------------------------------

    def _choose_home(self):
        """Pick a folder that the server's account reaches and whose path is short."""
        if self.home and (self.data / "PG_VERSION").exists():
            return
        if self.home:
            remove_tree(self.home)
        home = ENV / f"pg-{self.name}"
        remove_tree(home)
        home.mkdir()
        socket = home / "run" / f".s.PGSQL.{PORT}.lock"
        if len(os.fsencode(socket)) > SOCKET_LIMIT or not self._give_away(home):
            home.rmdir()
            home = Path(tempfile.mkdtemp(prefix="crm-lifecycle-", dir="/var/tmp"))
            if not self._give_away(home):
                remove_tree(home)
                raise SetupError(f"User {SERVER_ACCOUNT} cannot use {home}.")
        write_atomically(self.record, str(home))
        self._initialise()

    def _give_away(self, home):
        """Hand the folder to the server's account; false when it cannot get there."""
        home.chmod(0o700)
        if os.geteuid():
            return True
        try:
            account = pwd.getpwnam(SERVER_ACCOUNT)
        except KeyError:
            raise SetupError(
                f"PostgreSQL refuses root, and there is no user {SERVER_ACCOUNT}: "
                "install Debian's package postgresql, or set PGHOST."
            ) from None
        os.chown(home, account.pw_uid, account.pw_gid)
        reach = self._command("test", "-w", home)
        return not subprocess.run(reach, cwd="/", check=False).returncode

    def _command(self, program, *arguments):
        """A command line that runs as the server's account, not as root."""
        bindir = system.find_postgresql()
        path = bindir / program if (bindir / program).exists() else program
        command = [str(path), *map(str, arguments)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", SERVER_ACCOUNT, "--", *command]
        return command

    def _initialise(self):
        """Create the cluster beside its place and move it in when it is whole."""
        building = self.home / "building"
        remove_tree(building)
        (self.home / "run").mkdir(exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self.home / "run", SERVER_ACCOUNT, SERVER_ACCOUNT)
        (self.home / "run").chmod(0o700)
        options = ("-A", "trust", "-U", SUPERUSER, "-E", "UTF8", "--locale=C.UTF-8")
        run_logged(
            self._command("initdb", "-D", building, "--no-sync", *options),
            ENV / "logs" / "initdb.log",
            cwd="/",
        )
        settings = dict(SETTINGS, unix_socket_directories=f"'{self.host}'")
        if self.reckless:
            settings.update(RECKLESS)
        if _free_space("/dev/shm") < 1 << 30:
            # Containers often have 64 MB of it, too little for parallel queries.
            settings["dynamic_shared_memory_type"] = "mmap"
        with (building / "postgresql.conf").open("a") as handle:
            handle.writelines(f"{key} = {value}\n" for key, value in settings.items())
        building.rename(self.data)

    # -- starting and stopping ----------------------------------------------------

    def _ready(self):
        with contextlib.suppress(psycopg2.OperationalError):
            connect(self, "postgres").close()
            return True
        return False

    def _start(self):
        if self._ready():
            return
        if not self._drop_stale_files():
            deadline = time.monotonic() + 60  # it recovers after a crash, or is ending
            while time.monotonic() < deadline and not self._drop_stale_files():
                if self._ready():
                    return
                time.sleep(0.5)
        log = self.home / "server.log"
        if os.geteuid() == 0:
            log.touch()
            shutil.chown(log, SERVER_ACCOUNT, SERVER_ACCOUNT)
        try:
            run_logged(
                self._command(
                    "pg_ctl", "-D", self.data, "-l", log, "-w", "-t", "120", "start"
                ),
                ENV / "logs" / f"pg-{self.name}-start.log",
                cwd="/",
                start_new_session=True,  # Ctrl-C is for us; we stop it in good order
            )
        except SetupError as error:
            raise SetupError(f"PostgreSQL did not start.\n{tail(log, 20)}") from error

    def _drop_stale_files(self):
        """Remove what a killed server left; false while the real one still lives.

        PostgreSQL itself only looks whether the noted process exists, and after a
        crash the number may belong to another program of the same account.
        """
        pid = read_text(self.data / "postmaster.pid").partition("\n")[0]
        if pid and str(self.data) in read_text(f"/proc/{pid}/cmdline"):
            return False
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for path in (self.home / "run").glob(".s.PGSQL.*"):
            path.unlink(missing_ok=True)
        return True

    def _stop(self):
        if not (self.data / "postmaster.pid").exists():
            return
        command = self._command(
            "pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", "60", "stop"
        )
        subprocess.run(
            command,
            cwd="/",
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def cluster(name, reckless=False):
    """The server for ``name``: the user's when PGHOST is set, else a private one."""
    if os.environ.get("PGHOST"):
        return External(name)
    return Private(name, reckless)


def connect(server, database):
    """An autocommit connection that fails at once instead of asking for a password."""
    connection = psycopg2.connect(
        host=server.host,
        port=server.port,
        user=server.user,
        dbname=database,
        connect_timeout=10,
    )
    connection.autocommit = True
    return connection


def _free_space(path):
    try:
        state = os.statvfs(path)
    except OSError:
        return 0
    return state.f_bavail * state.f_frsize
