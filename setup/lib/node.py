"""The formatters and linters that need Node.js, installed from package-lock.json."""

import os
import shutil

from . import system
from .common import (
    ENV,
    ROOT,
    digest,
    file_lock,
    read_text,
    run_logged,
    say,
    write_atomically,
)

MODULES = ROOT / "node_modules"
STAMP = ENV / "node.stamp"


def require():
    """Install what is missing; the stamp is written only when all is there."""
    system.require(
        {
            "nodejs": lambda: shutil.which("node"),
            "npm": lambda: shutil.which("npm"),
        }
    )
    wanted = digest(ROOT / "package.json", ROOT / "package-lock.json")
    with file_lock("node", "Another command is installing the linters, waiting"):
        if read_text(STAMP) == wanted and MODULES.is_dir():
            return
        say("Installing prettier and eslint")
        STAMP.unlink(missing_ok=True)
        run_logged(
            ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
            ENV / "logs" / "npm.log",
            attempts=3,
            cwd=ROOT,
            env={**os.environ, "npm_config_update_notifier": "false"},
        )
        write_atomically(STAMP, wanted)


def command(name):
    """The command line of an installed program."""
    suffix = {"prettier": "cjs"}.get(name, "js")
    return ["node", MODULES / name / "bin" / f"{name}.{suffix}"]
