"""Wall time and peak memory of a piece of work, and the facts of the machine."""

import datetime
import os
import platform
import re
import statistics
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

SETTINGS = (
    "shared_buffers",
    "work_mem",
    "maintenance_work_mem",
    "effective_cache_size",
    "max_parallel_workers_per_gather",
    "jit",
    "max_wal_size",
    "wal_level",
    "fsync",
    "synchronous_commit",
    "full_page_writes",
)
SAMPLE_EVERY = 0.03  # seconds
LOOK_FOR_WORKERS_EVERY = 10  # samples


@dataclass
class Sample:
    """Repeated measurements of one thing; seconds and megabytes."""

    name: str
    seconds: list = field(default_factory=list)
    bare: list = field(default_factory=list)
    odoo_mb: float = 0.0
    postgres_mb: float = 0.0
    note: str = ""

    @property
    def median(self):
        return statistics.median(self.seconds)

    @property
    def ratio(self):
        """Times the bare statement, measured right before each repetition."""
        return self.median / statistics.median(self.bare) if self.bare else None

    def as_dict(self):
        return {
            "name": self.name,
            "median_s": self.median,
            "seconds": self.seconds,
            "bare_s": self.bare,
            "ratio_to_bare": self.ratio,
            "odoo_peak_mb": round(self.odoo_mb, 1),
            "postgres_peak_mb": round(self.postgres_mb, 1),
            "note": self.note,
        }


def percentile(values, share):
    """The value that ``share`` of the sorted values do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def status(pid, name):
    """A figure of /proc/PID/status in megabytes; 0 when the process is gone."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


class Memory:
    """Peak memory while the block runs.

    Odoo: the kernel's high-water mark of this process, reset at the start. PostgreSQL:
    the private memory of the backend and its parallel workers, sampled; the shared
    buffers are not part of it. On a server elsewhere it stays 0.
    """

    def __init__(self, backend):
        self.backend = backend
        self.postgres_mb = 0.0
        self.odoo_mb = 0.0

    def __enter__(self):
        # Without the right to reset it, the mark is that of the process's life.
        try:
            Path("/proc/self/clear_refs").write_text("5")
        except OSError:
            pass
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_exception):
        self._stop.set()
        self._thread.join()
        self.odoo_mb = status(os.getpid(), "VmHWM")

    def _watch(self):
        turn = 0
        while not self._stop.wait(SAMPLE_EVERY):
            if turn % LOOK_FOR_WORKERS_EVERY == 0:
                pids = self._processes()
            turn += 1
            used = sum(status(pid, "RssAnon") for pid in pids)
            self.postgres_mb = max(self.postgres_mb, used)

    def _processes(self):
        """The backend, if it runs on this machine, and its parallel workers."""
        mark = f"parallel worker for PID {self.backend}".encode()
        pids = []
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if int(folder.name) == self.backend and command.startswith(b"postgres"):
                pids.append(self.backend)
            elif mark in command:
                pids.append(int(folder.name))
        return pids


def backend_pid(cr):
    """Process id of the PostgreSQL backend behind a cursor."""
    cr.execute("SELECT pg_backend_pid()")
    return cr.fetchone()[0]


def vacuum(cr, tables):
    """VACUUM ANALYZE, outside of any transaction."""
    cr.commit()
    connection = cr._cnx
    connection.autocommit = True
    try:
        for table in tables:
            cr.execute(f"VACUUM ANALYZE {table}")
    finally:
        connection.autocommit = False


def timed(work):
    """Seconds that ``work()`` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def facts(cr):
    """What the figures depend on: machine, versions, settings of PostgreSQL."""
    memory = Path("/proc/meminfo").read_text()
    cr.execute(
        "SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY(%s)",
        [list(SETTINGS)],
    )
    settings = dict(cr.fetchall())
    cr.execute("SHOW server_version")
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "cores": len(os.sched_getaffinity(0)),
        "ram_gb": round(int(re.search(r"MemTotal:\s+(\d+)", memory)[1]) / 2**20, 1),
        "load_average": round(os.getloadavg()[0], 1),
        "platform": platform.platform(),
        "python": platform.python_version(),
        "postgresql": cr.fetchone()[0],
        "settings": {name: settings[name] for name in SETTINGS if name in settings},
    }
