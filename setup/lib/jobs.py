"""Runs independent steps side by side and reports each one when it is over."""

import time
import traceback
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from . import processes
from .common import SetupError


class Outcome:
    """What one job found: counts for the closing line, and text for a failure."""

    def __init__(self, passed=0, failed=0, details=""):
        self.passed = passed
        self.failed = failed
        self.details = details

    def add(self, passed=0, failed=0, details=""):
        """Count another part of the same job."""
        self.passed += passed
        self.failed += failed
        if details:
            self.details += f"{details.rstrip()}\n"

    def check(self, title, problem):
        """Count one check that passed when ``problem`` is empty."""
        if problem:
            self.add(failed=1, details=f"-- {title}\n{problem}")
        else:
            self.add(passed=1)


class Job:
    """A named step; it starts when the jobs it needs have succeeded."""

    def __init__(self, name, function, needs=()):
        self.name = name
        self.function = function
        self.needs = set(needs)


def run(jobs, width=2):
    """Run jobs, ``width`` at once, in the order given as far as needs allow.

    :returns: the sum of all outcomes
    """
    total = Outcome()
    waiting, running = list(jobs), {}
    done, broken = set(), set()
    pool = ThreadPoolExecutor(width)
    try:
        while waiting or running:
            for job in list(waiting):
                if job.needs & broken:
                    waiting.remove(job)
                    broken.add(job.name)
                    reason = ", ".join(sorted(job.needs & broken))
                    _report(job, None, f"not run, as this failed: {reason}", 0)
                    total.add(failed=1)
                elif job.needs <= done and len(running) < width:
                    waiting.remove(job)
                    print(f"... {job.name}", flush=True)
                    running[pool.submit(_timed, job)] = job
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                job = running.pop(future)
                outcome, usable = _report(job, *future.result())
                total.add(outcome.passed, outcome.failed)
                (done if usable else broken).add(job.name)
    except BaseException:
        processes.stop_all()
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()
    return total


def _timed(job):
    start = time.monotonic()
    try:
        return job.function(), None, time.monotonic() - start
    except SetupError as error:
        return None, str(error), time.monotonic() - start
    except Exception:
        return None, traceback.format_exc(), time.monotonic() - start


def _report(job, outcome, error, seconds):
    """Print a job's result in one piece, so that parallel jobs stay readable."""
    if error is not None:
        outcome = Outcome(0, 1, error)
    counts = f"{outcome.passed} passed, {outcome.failed} failed"
    text = f"=== {job.name}: {counts} ({seconds:.0f} s)"
    if outcome.details:
        text += f"\n{outcome.details.rstrip()}"
    print(text, flush=True)
    return outcome, error is None
