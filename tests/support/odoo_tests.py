"""Runs test classes of Odoo itself inside an Odoo process and tells what happened."""

import contextlib
import inspect
import logging
from unittest.mock import patch

from odoo.tests import TransactionCase
from odoo.tests.loader import make_suite, run_suite

MODULES = ("sales_team", "crm", "sale", "sale_crm")


class Failures(logging.Handler):
    """Collects the names of failing tests from what the runner logs."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.names = []

    def emit(self, record):
        text = record.getMessage()
        if text.startswith(("FAIL: ", "ERROR: ")):
            self.names.append(text.splitlines()[0])


def run(env):
    """Run what ``--test-tags`` selects.

    :return: number of tests, failures by name, and the number of queries of every
        block whose queries the tests count, by place in order of running
    """
    env.cr.rollback()
    counts = {}

    @contextlib.contextmanager
    def count_queries(case, default=0, flush=True, **counters):
        frame = inspect.stack()[2]
        place = f"{case.id()}, line {frame.lineno}, {case.env.user.login}"
        with patch("random.random", lambda: 1):
            case.env.flush_all()
            case.env.cr.flush()
            before = case.cr.sql_log_count
            yield
            case.env.flush_all()
            case.env.cr.flush()
        if case.warm:
            counts.setdefault(place, []).append(case.cr.sql_log_count - before)

    handler = Failures()
    logging.getLogger().addHandler(handler)
    total = 0
    with patch.object(TransactionCase, "assertQueryCount", count_queries):
        for position in ("at_install", "post_install"):
            total += run_suite(make_suite(MODULES, position)).testsRun
    return {"run": total, "failed": sorted(handler.names), "counts": counts}
