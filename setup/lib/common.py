"""Paths, messages, locks and retries, with the standard library only."""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENV = ROOT / ".env"
# Distinguishes the databases of two clones that share one PostgreSQL server.
CLONE = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
DEFAULT_ADDONS = "crm_lifecycle,crm_lifecycle_kam"
ADDONS = [
    name
    for name in os.environ.get("CRM_LIFECYCLE_ADDONS", DEFAULT_ADDONS).split(",")
    if name
]
STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")


class SetupError(Exception):
    """Something the person at the keyboard has to know; shown without a traceback."""


def say(message):
    """Print one line on standard error: standard output belongs to commands."""
    print(message, file=sys.stderr, flush=True)


def ensure_env():
    """Create the ignored folder; searchable by all, so that a database user gets in."""
    ENV.mkdir(mode=0o755, exist_ok=True)
    return ENV


@contextlib.contextmanager
def file_lock(name, waiting=None):
    """Hold an exclusive lock among all processes of this clone; kill -9 frees it."""
    path = ensure_env() / f"{name}.lock"
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting:
                say(waiting)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def write_atomically(path, text):
    """Replace a file in one step: a reader sees the old text or the new, never half."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text)
    temporary.replace(path)


def read_text(path):
    """The text of a file, or an empty string when it does not exist."""
    try:
        return Path(path).read_text()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def digest(*parts):
    """A short fingerprint of strings and files, for stamps and template names."""
    total = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else str(part).encode()
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()[:16]


def remove_tree(path):
    """Delete a folder if it exists."""
    if Path(path).exists():
        shutil.rmtree(path)


def run_logged(command, log, attempts=1, **options):
    """Run a quiet command with its output in ``log``; show the end of it on failure.

    Steps that use the network pass ``attempts``: a mirror may fail once.
    """
    log = Path(log)
    log.parent.mkdir(parents=True, exist_ok=True)
    for attempt in range(1, attempts + 1):
        with log.open("wb") as handle:
            status = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=handle,
                stderr=subprocess.STDOUT,
                check=False,
                **options,
            ).returncode
        if not status:
            return
        if attempt < attempts:
            say(f"  failed (attempt {attempt} of {attempts}), trying again")
            time.sleep(5 * attempt)
    raise SetupError(
        f"This command failed with status {status}:\n  "
        + " ".join(str(part) for part in command)
        + f"\n{tail(log, 25)}"
    )


def tail(path, lines):
    """The last lines of a file, indented."""
    text = Path(path).read_text(errors="replace").splitlines()
    return "\n".join(f"  | {line}" for line in text[-lines:])


def stop_on_terminate():
    """Let signals end a command through the same clean-up as Ctrl-C."""

    def interrupt(_signum, _frame):
        for signum in STOP:  # impatience must not cut the clean-up short
            signal.signal(signum, signal.SIG_IGN)
        raise KeyboardInterrupt

    for signum in STOP:
        # A shell starts commands in the background with SIGINT ignored, but nohup
        # means what it says.
        if signum != signal.SIGHUP or signal.getsignal(signum) != signal.SIG_IGN:
            signal.signal(signum, interrupt)
