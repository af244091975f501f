"""Builds the environment, then runs a command inside its Python.

The first part runs in any Python 3.11 with nothing installed. It makes a virtual
environment, finds Odoo, and replaces this process by the same script in the new Python.
"""

import importlib
import importlib.util
import os
import sys
import sysconfig

from . import odoo_source, system
from .common import (
    ENV,
    ROOT,
    SetupError,
    digest,
    ensure_env,
    file_lock,
    read_text,
    remove_tree,
    run_logged,
    say,
    stop_on_terminate,
    write_atomically,
)

VENV = ENV / "venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements.txt"
# Packages whose own requirements are not wanted: data files, and an add-on of Odoo.
NO_DEPS = ROOT / "setup" / "requirements-no-deps.txt"


def run(command):
    """Entry point of ``setup/<command>``: build what is missing, then do it."""
    try:
        if os.path.realpath(sys.prefix) != os.path.realpath(VENV):
            _build(_option("--odoo"))
            os.execv(PYTHON, [str(PYTHON), *sys.argv])
        stop_on_terminate()
        module = importlib.import_module(f"lib.commands.{command}")
        status = module.main(sys.argv[1:])
    except SetupError as error:
        say(f"setup/{command}: {error}")
        status = 1
    except KeyboardInterrupt:
        say(f"setup/{command}: stopped")
        status = 130
    sys.stdout.flush()
    sys.exit(status)


def _option(name):
    """The value of an option that matters before options can be parsed properly."""
    arguments = sys.argv[1:]
    for index, argument in enumerate(arguments):
        if argument == name and index + 1 < len(arguments):
            return arguments[index + 1]
        if argument.startswith(f"{name}="):
            return argument.partition("=")[2]
    return None


def _build(odoo_path):
    """Make or refresh the environment; a second run only compares fingerprints."""
    if sys.version_info < (3, 11):
        raise SetupError("Python 3.11 or newer is needed, as 'python3' on the PATH.")
    ensure_env()
    with file_lock("build", "Another command is building the environment, waiting"):
        system.require(
            {"python3-venv": lambda: importlib.util.find_spec("ensurepip") is not None}
        )
        _build_venv()
        source = odoo_source.locate(odoo_path)
        _point_to(source)


def _build_venv():
    """Install the pinned packages; the stamp is written only when all are there."""
    stamp = VENV / "complete"
    base = f"{sys.version} {sys.base_prefix}"
    wanted = digest(REQUIREMENTS, NO_DEPS, base)
    if read_text(stamp) == wanted:
        return
    origin = VENV / "origin"
    if read_text(origin) != base:
        remove_tree(VENV)
        say("Creating the Python environment")
        run_logged([sys.executable, "-m", "venv", VENV], ENV / "logs" / "venv.log")
        origin.write_text(base)
    say("Installing Python packages (about a minute)")
    stamp.unlink(missing_ok=True)
    pip = [PYTHON, "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    log = ENV / "logs" / "pip.log"
    run_logged([*pip, "-r", REQUIREMENTS], log, attempts=3, cwd=ROOT)
    run_logged([*pip, "--no-deps", "-r", NO_DEPS], log, attempts=3, cwd=ROOT)
    write_atomically(stamp, wanted)


def _point_to(source):
    """Make ``import odoo`` work in the environment's Python."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = sysconfig.get_path(
        "purelib", "venv", {"base": str(VENV), "py_version_short": version[6:]}
    )
    pointer = os.path.join(packages, "odoo-tree.pth")
    if read_text(pointer) != f"{source.path}\n":
        write_atomically(pointer, f"{source.path}\n")
