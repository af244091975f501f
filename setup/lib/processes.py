"""Child processes that are waited for in threads, and ended together on Ctrl-C."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from .common import SetupError

_guard = threading.Lock()
_live = set()
_stopping = threading.Event()


def with_parent(command):
    """Make a child end with its parent: kill -9 of a command leaves no server."""
    if shutil.which("setpriv"):
        return ["setpriv", "--pdeathsig", "TERM", "--", *command]
    return list(command)


def start(command, stdout, stdin=subprocess.DEVNULL, **options):
    """Start a program in its own session: only we end it, not the terminal."""
    with _guard:
        if _stopping.is_set():
            raise SetupError("stopped")
        process = subprocess.Popen(
            with_parent([str(part) for part in command]),
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **options,
        )
        _live.add(process)
    return process


def run(command, log, stdin=None, watch=None, **options):
    """Run a program to its end with everything it prints in ``log``; its status.

    :param log: a path, or None for our own standard error
    :param watch: called now and then with what it has printed so far
    """
    with _output(log) as handle:
        source = subprocess.DEVNULL if stdin is None else subprocess.PIPE
        process = start(command, handle, source, **options)
        try:
            if stdin is not None:
                with contextlib.suppress(BrokenPipeError), process.stdin:
                    process.stdin.write(stdin.encode())
            while watch and not _ended(process, 0.3):
                watch(Path(log).read_text(errors="replace"))
            _ended(process)
        finally:
            stop(process)
    return process.returncode


@contextlib.contextmanager
def _output(log):
    """A new log file, or our own standard error when there is none."""
    if log is None:
        sys.stderr.flush()
        yield sys.stderr
        return
    Path(log).parent.mkdir(parents=True, exist_ok=True)
    with Path(log).open("wb") as handle:
        yield handle


def _ended(process, seconds=None):
    """Wait for the end of a child, but leave it to be reaped: its number stays its own.

    A number that was given back may belong to any program a moment later, and a signal
    to the group would hit that one.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    flags = os.WEXITED | os.WNOWAIT | (0 if deadline is None else os.WNOHANG)
    with contextlib.suppress(ChildProcessError):  # stopped by another thread
        while process.returncode is None:
            if os.waitid(os.P_PID, process.pid, flags):
                break
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
    return True


def stop(process, patience=20):
    """End a child and what is left of its session: politely, then by force."""
    if not _ended(process, 0):
        os.kill(process.pid, signal.SIGTERM)
        _ended(process, patience)
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    with _guard:
        _live.discard(process)


def stop_all():
    """End every child and let none start any more."""
    with _guard:
        _stopping.set()
        children = list(_live)
    for process in children:
        process.terminate()
    for process in children:
        stop(process)
