"""setup/serve: a database with the add-ons and demo data, served until Ctrl-C."""

import argparse
import contextlib
import fcntl
import importlib.util
import json
import os
import re
import socket
import tempfile
import time
from pathlib import Path

from .. import addons, processes
from ..client import Client
from ..common import ADDONS, ENV, NAME, ROOT, SetupError, remove_tree, say, tail
from ..progress import Bar
from ..workspace import Workspace

LANGUAGES = "en_US,ru_RU"  # the first is everybody's until a user switches
LOGIN = PASSWORD = "admin"
CUSTOMERS = "crm.lifecycle.profile"
RUN_ENGINE = 'env["crm.lifecycle.engine"]._cron_run()\nenv.cr.commit()\n'
DATA = {"cdnow": ("lifetimes", "datasets/CDNOW_master.txt")}
LOGS = ENV / "logs"


def main(argv):
    """Make what is missing, start the server, wait."""
    parser = argparse.ArgumentParser("setup/serve", description=__doc__)
    parser.add_argument(
        "--port", type=_port_number, help="default: 8069 or the next free one"
    )
    parser.add_argument(
        "--db", type=_database_name, default="crm_lifecycle", metavar="NAME"
    )
    parser.add_argument(
        "--fresh", action="store_true", help="delete the database first"
    )
    parser.add_argument("--data", choices=sorted(DATA), help="load real purchases too")
    parser.add_argument("--check", action="store_true", help="look whether it works")
    parser.add_argument("--odoo", metavar="PATH", help="an Odoo 19.0 checkout to use")
    options = parser.parse_args(argv)
    workspace = Workspace("serve")
    if options.fresh:
        _forget(workspace)
    with workspace:
        if options.fresh:
            workspace.drop(options.db)
        _prepare_database(workspace, options.db)
        if options.data:
            _load(workspace, options.db, options.data)
        with _reserve_port(options.port) as port:
            return _serve(workspace, options.db, port, options.check)


def _port_number(text):
    """What argparse makes of --port."""
    if not (text.isdecimal() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"no number from 1 to 65535: {text}")
    return int(text)


def _database_name(text):
    """What argparse makes of --db: the name is that of a folder, too."""
    if not NAME.match(text):
        raise argparse.ArgumentTypeError(f"not usable as a database name: {text}")
    return text


def _forget(workspace):
    """Delete the private server with everything in it, wherever it lives."""
    if workspace.server.destroy():
        remove_tree(workspace.data_dir)


# -- the database -----------------------------------------------------------------


def _prepare_database(workspace, database):
    """Create the database, or bring it up to date with the add-ons' files."""
    current = addons.fingerprint(ADDONS)
    created = workspace.once(database, lambda name: _install(workspace, name))
    state = _state(workspace, database)
    if not created and state.get("addons") != current:
        say("The add-ons have changed: upgrading the database")
        names = ",".join(ADDONS)
        _odoo(workspace, "upgrade", "-d", database, "-i", names, "-u", names)
    if state.get("addons") != current:
        _note(workspace, database, addons=current)


def _install(workspace, database):
    workspace.create(database)
    options = ("--with-demo", "--load-language", LANGUAGES)
    bar = Bar("Installing the add-ons and demo data")

    def watch(text):
        # Odoo first loads "base" alone, as 1 of 1.
        if found := re.findall(r"Loading module \S+ \((\d+)/(\d\d+)\)", text):
            bar(*map(int, found[-1]))

    arguments = ("-d", database, "-i", ",".join(ADDONS), *options)
    _odoo(workspace, "install", *arguments, watch=watch)
    say("Computing stages and value of the demo customers")
    _script(workspace, database, RUN_ENGINE)


def _odoo(workspace, name, *arguments, watch=None):
    log = LOGS / f"serve-{name}.log"
    arguments += ("--stop-after-init", "--no-http")
    if workspace.odoo(log, *arguments, watch=watch):
        raise SetupError(f"Odoo failed ({name}), see {log}\n{tail(log, 40)}")


def _script(workspace, database, script, visible=False):
    """Run Python in Odoo's shell, its own output to be seen or kept in a file."""
    log = LOGS / "serve-shell.log"
    log.unlink(missing_ok=True)
    arguments = ("shell", "-d", database, "--no-http", "--logfile", log)
    printed = LOGS / "serve-shell.out"
    if workspace.odoo(None if visible else printed, *arguments, stdin=script):
        texts = [tail(path, 40) for path in (printed, log) if path.exists()]
        raise SetupError("\n".join(["A script in Odoo's shell failed.", *texts]))


def _load(workspace, database, name):
    """Load a public set of purchases from the package that carries it, once."""
    state = _state(workspace, database)
    if name in state.get("data", []):
        return
    loader = Path(__file__).resolve().parents[1] / f"{name}.py"
    if not loader.exists():
        raise SetupError(f"The loader {loader.relative_to(ROOT)} does not exist.")
    package, path = DATA[name]
    folder = importlib.util.find_spec(package).submodule_search_locations[0]
    script = (
        f"import sys\nsys.path.insert(0, {str(ROOT / 'setup')!r})\n"
        f"from lib import {name}, progress\n"
        f"bar = progress.Bar('Loading {name}')\n"
        f"{name}.load(env, {str(Path(folder) / path)!r}, bar)\n"
        "env.cr.commit()\n"
    )
    _script(workspace, database, script + RUN_ENGINE, visible=True)
    _note(workspace, database, data=[*state.get("data", []), name])


def _state(workspace, database):
    """What setup/serve noted about a database: the comment PostgreSQL keeps with it."""
    statement = (
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
        "WHERE datname = %s"
    )
    ((text,),) = workspace.query("postgres", statement, [database])
    try:
        return json.loads(text or "{}")
    except ValueError:
        return {}


def _note(workspace, database, **facts):
    text = json.dumps({**_state(workspace, database), **facts})
    workspace.comment(database, text)


# -- the server -------------------------------------------------------------------


@contextlib.contextmanager
def _reserve_port(port):
    """The port asked for, or the first free one from Odoo's usual one on.

    A lock keeps other clones from choosing it before the server listens.
    """
    deadline = time.monotonic() + 15  # one that was killed needs a moment to end
    while True:
        for candidate in [port] if port else range(8069, 8170):
            name = f"crm-lifecycle-{os.getuid()}-{candidate}.lock"
            with (Path(tempfile.gettempdir()) / name).open("a") as handle:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                if _is_free(candidate):
                    yield candidate
                    return
        if time.monotonic() > deadline:
            raise SetupError(f"Port {port} is in use; choose another with --port.")
        time.sleep(0.3)


def _is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _serve(workspace, database, port, check):
    log = LOGS / f"serve-{port}.log"
    options = ("--db-filter", f"^{re.escape(database)}$", "--no-database-list")
    command = workspace.odoo_command("-d", database, "--http-port", port, *options)
    with log.open("wb") as handle:
        process = processes.start(command, handle, env=workspace.environ, cwd=ROOT)
    try:
        client = Client(f"http://127.0.0.1:{port}")
        if not client.await_login_page(lambda: process.poll() is None):
            raise SetupError(f"The server did not answer, see {log}\n{tail(log, 40)}")
        if check:
            return _check(client, database)
        print(f"\n  {client.url}\n  login {LOGIN}, password {PASSWORD}\n", flush=True)
        say(f"Log: {log.relative_to(ROOT)}. Ctrl-C stops the server.")
        process.wait()
        raise SetupError(f"The server ended by itself, see {log}\n{tail(log, 40)}")
    except KeyboardInterrupt:
        say("Stopping")
        return 0
    finally:
        processes.stop(process)


def _check(client, database):
    """Look at the list of customers as a user; what goes wrong is raised."""
    client.login(database, LOGIN, PASSWORD)
    found = client.read_list(CUSTOMERS)
    print(f"Login page and list of customers ({found['length']}) answered.", flush=True)
    return 0
