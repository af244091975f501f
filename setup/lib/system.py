"""System packages: found, installed when root, else named in a command to type."""

import os
import shutil
from pathlib import Path

from .common import ENV, SetupError, run_logged, say

LIBEXEC = Path("/usr/lib/postgresql")


def find_postgresql():
    """The folder with ``initdb`` and ``pg_ctl`` of the newest server, or None."""
    versions = sorted(
        (path.parent for path in LIBEXEC.glob("*/bin/initdb")),
        key=lambda path: [int(part) for part in path.parent.name.split(".")],
    )
    if versions:
        return versions[-1]
    program = shutil.which("initdb")
    return Path(os.path.realpath(program)).parent if program else None


def find_chromium():
    """A Chromium or Chrome that Odoo's browser tests can start."""
    names = "chromium chromium-browser google-chrome google-chrome-stable"
    for name in names.split():
        if path := shutil.which(name):
            return path
    return None


def find_curl():
    """The client with which tests answer letters, as programs of providers do."""
    return shutil.which("curl")


def require(checks):
    """Make sure that system programs are there.

    :param checks: Debian package -> function that is true once it is usable
    """
    missing = [package for package, found in checks.items() if not found()]
    if not missing:
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() or not shutil.which("apt-get"):
        raise SetupError(
            "System packages are missing. Install them, then start again:\n"
            f"  sudo apt-get update && sudo {' '.join(install)}"
        )
    say(f"Installing system packages: {' '.join(missing)}")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    logs = ENV / "logs"
    run_logged(["apt-get", "update"], logs / "apt-update.log", attempts=3, env=environ)
    # another clone, or the machine itself, may be installing something
    install += ["-o", "DPkg::Lock::Timeout=300"]
    run_logged(install, logs / "apt-install.log", attempts=3, env=environ)
    if still := [package for package in missing if not checks[package]()]:
        raise SetupError(f"Installed but still not usable: {' '.join(still)}")
