# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta
from math import ceil

from odoo import models
from odoo.tools import SQL

EPOCH = datetime(1970, 1, 1)
# Keys are read again this far below the mark. Ids: a number may be taken a moment
# before its transaction gets its own. Moments: an all-day meeting ends at 18:00 for
# the database and at midnight for the company, wherever that is.
ID_OVERLAP = 1000
MOMENT_OVERLAP = 2 * 24 * 3600
# The first pass reads everything. Afterwards only rows this young can still be missing:
# no transaction that was open meanwhile is older.
SETTLED_DAYS = 7


class CrmLifecycleEngine(models.AbstractModel):
    """How far each source has been read, so that late commits are not lost.

    A row may become visible after rows with higher keys were read. So the end of a
    pass is pending until every transaction that was open when the pass began has
    ended (PostgreSQL's snapshots say so), is read once more then, and is safe only
    after that.
    """

    _inherit = "crm.lifecycle.engine"

    def _to_moment(self, key):
        return EPOCH + timedelta(seconds=key)

    def _get_id_bounds(self, table, is_first):
        """Return (a key below all, the highest, the highest settled one) of a table
        read by id.

        :param bool is_first: else only the highest is asked for
        """
        names = {
            "table": SQL.identifier(table),
            "settled": self._now() - timedelta(SETTLED_DAYS),
        }
        if not is_first:
            query = "SELECT 0, COALESCE(max(id), 0), 0 FROM %(table)s"
        else:
            query = """
                SELECT COALESCE(min(id) - 1, 0), COALESCE(max(id), 0),
                       COALESCE((SELECT old.id FROM %(table)s old
                                  WHERE old.create_date < %(settled)s
                                  ORDER BY old.id DESC LIMIT 1), min(id) - 1, 0)
                  FROM %(table)s
            """
        return self.env.execute_query(SQL(query, **names))[0]

    def _get_moment_bounds(self, table, column, is_first):
        """Return (a key below all, now, a week ago) of a table read by moment.

        :param bool is_first: else nobody asks for the lowest
        """
        # not rounded down: what was changed in this very second is there already
        top = ceil((self.env.cr.now() - EPOCH).total_seconds())
        settled = top - SETTLED_DAYS * 24 * 3600
        if not is_first:
            return top, top, settled
        column, table = SQL.identifier(column), SQL.identifier(table)
        [(first,)] = self.env.execute_query(
            SQL("SELECT min(%s) FROM %s", column, table)
        )
        if first is None:
            return top, top, settled
        return min(top, int((first - EPOCH).total_seconds()) - 1), top, settled

    def _begin_pass(self, source, bounds):
        """Return the pass to go on with: the one cut off, or a new one.

        :param source: ``crm.touchpoint.source`` record
        :param bounds: (a key below all, the highest, the highest settled) visible now
        """
        marks = dict(source.marks or {})
        if marks.get("passing"):
            return marks["passing"]
        lowest, highest, settled = bounds
        self.env.cr.execute(
            "SELECT pg_snapshot_xmin(s)::text::bigint, "
            "pg_snapshot_xmax(s)::text::bigint FROM pg_current_snapshot() s"
        )
        oldest, newest = self.env.cr.fetchone()
        safe, pending = marks.get("safe"), marks.get("pending")
        if pending and pending["transaction"] > newest:
            pending = None  # copied to another server, which counts anew
        becomes_safe = safe
        if pending and oldest >= pending["transaction"]:
            becomes_safe, pending = pending["key"], None
        return {
            "low": lowest if safe is None else safe,
            "position": None,
            "high": highest,
            "full": safe is None,
            "safe": settled if safe is None else becomes_safe,
            "pending": pending or {"key": highest, "transaction": newest},
        }

    def _end_pass(self, source, current):
        marks = {name: current[name] for name in ("safe", "pending")}
        if current.get("fresh"):
            marks["swept"] = str(self._now().date())
        elif "swept" in (source.marks or {}):
            marks["swept"] = source.marks["swept"]
        source.write(
            {
                "marks": marks,
                "progress": 100.0,
                "is_complete": True,
                "read_at": self._now(),
            }
        )
        source.flush_recordset()

    def _keep_pass(self, source, current):
        """Remember how far the pass is, in the transaction of its chunk."""
        span = max(current["high"] - current["low"], 1)
        done = (current["position"] or current["low"]) - current["low"]
        source.write(
            {
                "marks": {**(source.marks or {}), "passing": current},
                "progress": round(100 * min(done / span, 1), 1),
            }
        )
        source.flush_recordset()
