# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import tempfile
import threading
from contextlib import ExitStack, contextmanager, suppress

import psycopg2

from odoo import api, models, modules
from odoo.sql_db import PoolError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# PostgreSQL inserts with one core for each connection, and checking references is most
# of that work, so that two of them take half the time.
HANDS = 2
COPIED_IN_MEMORY = 2**20
POSITIVE = 2**31 - 1  # the bits of a hash without its sign


class Hands:
    """Engines that work at the same time, each on a connection of its own; the first
    is the one of the job.

    Temporary tables and transactions belong to a connection, so each hand keeps its
    own until the work is done.
    """

    def __init__(self, engines):
        self.engines = engines

    def do(self, work):
        """Call ``work(engine, share)`` in every hand, and wait for all of them.

        :param work: gets the engine and its number, from 0
        :return: the results in that order
        :raise Exception: of the job's own hand, or else of another one; what the
            others have committed stays
        """
        others = [
            _Beside(work, engine, share)
            for share, engine in enumerate(self.engines[1:], start=1)
        ]
        for other in others:
            other.start()
        try:
            own = work(self.engines[0], 0)
        except BaseException:
            if others:  # they may wait for what this transaction has locked
                _roll_back(self.engines[0])
            raise
        finally:
            for other in others:
                other.join()
            failed = [other.error for other in others if other.error]
            for error in failed:
                _logger.info("Customer base: another hand failed: %r", error)
        if failed:
            raise failed[0]
        return [own, *(other.result for other in others)]


class _Beside(threading.Thread):
    """One hand beside that of the job. It ends with the server like the job does."""

    def __init__(self, work, engine, share):
        super().__init__(name=f"{threading.current_thread().name} {share}", daemon=True)
        self.work, self.engine, self.share = work, engine, share
        self.dbname = engine.env.cr.dbname  # Odoo's log lines tell it
        self.result = self.error = None

    def run(self):
        try:
            self.result = self.work(self.engine, self.share)
        except BaseException as error:  # nobody else would hear of it
            self.error = error
            _roll_back(self.engine)


def _roll_back(engine):
    """Give up the transaction; that of a lost connection is gone already."""
    with suppress(psycopg2.Error):
        engine.env.cr.rollback()


class CrmLifecycleEngine(models.AbstractModel):
    """Work that several connections share, dealt out by a hash of the ids, because
    these may well be all odd."""

    _inherit = "crm.lifecycle.engine"

    @contextmanager
    def _take_hands(self):
        """Yield :class:`Hands`: this engine and others beside it. Commits, because
        they see only what is committed.

        A test keeps everything in one transaction, and a server without a connection
        left lets the job work alone.
        """
        with ExitStack() as cursors:
            engines = [self]
            if not modules.module.current_test:
                self._commit_progress()
                engines += self._get_others(cursors)
            try:
                yield Hands(engines)
            except (psycopg2.OperationalError, psycopg2.InterfaceError):
                self._ask_to_be_repeated()
                raise

    def _ask_to_be_repeated(self):
        """Have the scheduler call the job again at once: that another connection was
        lost does not end it, so that it would wait for its next day."""
        with suppress(psycopg2.Error):  # the job's own may be lost as well
            self.env.cr.rollback()
            self.env.clear()
            self._trigger()
            self._commit_progress()

    def _get_others(self, cursors):
        """Engines on connections that are closed with ``cursors``."""
        others = []
        try:
            for _hand in range(HANDS - 1):
                cursor = cursors.enter_context(self.env.registry.cursor())
                # the job alone reports its progress
                context = {**self.env.context, "ir_cron_progress_id": False}
                env = api.Environment(cursor, self.env.uid, context, self.env.su)
                others.append(env[self._name])
        except (PoolError, psycopg2.OperationalError) as error:
            _logger.info("Customer base: the job works alone: %s", error)
        return others

    def _sql_is_own(self, id_, share, shares):
        """Condition: what has this id is in a share of the work.

        It names the other shares, because PostgreSQL expects an inequality to hold for
        most rows, and plans for many.

        :param SQL id_: expression for the id
        :param int share: number of the share, from 0; ``shares``: how many there are
        """
        return SQL(" AND ").join(
            SQL("(hashint4(%s) & %s) %% %s <> %s", id_, POSITIVE, shares, other)
            for other in range(shares)
            if other != share
        ) or SQL("TRUE")

    def _copy_table(self, name, source):
        """Append a temporary table of another hand to one of the same columns here.

        :param SQL name: the same in both connections
        """
        with tempfile.SpooledTemporaryFile(COPIED_IN_MEMORY) as buffer:
            source.env.cr.copy_expert(SQL("COPY %s TO STDOUT", name).code, buffer)
            buffer.seek(0)
            self.env.cr.copy_expert(SQL("COPY %s FROM STDIN", name).code, buffer)
