# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2.extras import Json

from odoo import api, models
from odoo.tools import SQL

# Columns a source decides; what people say about a touchpoint is never overwritten.
SOURCE_COLUMNS = (
    *("profile_id", "contact_id", "user_id", "channel_id", "direction", "date"),
    *("duration", "res_model", "res_id"),
)

ASKED_TABLE = "crm_touchpoint_asked"
WANTED_TABLE = "crm_touchpoint_wanted"
WANTED_COLUMNS = SQL(
    "source_id int, partner_id int, profile_id int, contact_id int, "
    "other_contact_ids int[], user_id int, other_user_ids int[], channel_id int, "
    "direction varchar, date timestamp, duration float8, res_model varchar, "
    "res_id int"
)
# Those that people's own transactions write as well as the job, see `_sync_few`.
COLLECTED_AT_ONCE = ("mail.activity", "calendar.event")
ANALYZE_FROM = 500  # rows; below, PostgreSQL's guess is good enough


class CrmLifecycleEngine(models.AbstractModel):
    """Touchpoints of some sources made equal to what the sources say, in sets.

    Twice is as good as once, and so are a changed, cancelled and deleted source: what
    they no longer say is deleted, what they say anew is inserted, the rest is left.
    """

    _inherit = "crm.lifecycle.engine"

    def _sync_touchpoints(self, companies, model, ids, pairs=(), follow=True):
        """Make the touchpoints of some sources equal to what the sources say.

        :param companies: ``res.company`` records; others' touchpoints stay as they are
        :param str model: the kind of source
        :param SQL ids: SELECT of ids of sources, existing or not
        :param pairs: see ``_touchpoints_of_activity``
        :param bool follow: whether the last contact of the customers is kept up
        :return: number of sources asked for
        """
        if follow:
            # few: what belongs to them is looked up, not read from end to end
            self.env.cr.execute("SET LOCAL random_page_cost = 1.1")
        count, *span = self._fill_tables(companies, model, ids, pairs)
        if not count:
            return 0
        asked, wanted = map(SQL.identifier, (ASKED_TABLE, WANTED_TABLE))
        is_known, lost = self._has_touchpoints(model, *span), set()
        self.env.cr.execute(SQL("ANALYZE %s (source_id, partner_id)", wanted))
        if is_known:
            lost = self._delete_touchpoints(companies, model, asked, wanted, *span)
        if is_known or follow or model in COLLECTED_AT_ONCE:
            grown, changed = self._put_touchpoints(model, wanted)
        else:
            self._insert_touchpoints(model, wanted)
        self._put_others(model, wanted, is_known)
        if follow:
            self._grow_last_contact(grown)
            self._refresh_last_contact(lost | changed)
            self._after_sync(lost | changed | set(grown), at_once=False)
        return count

    def _after_sync(self, profile_ids, at_once):
        """Hook: contacts of these customers have come, changed or gone.

        :param bool at_once: in the transaction of somebody who waits to see it
        """

    def _sync_few(self, companies, model, ids, pairs=()):
        """The same for a few sources in a user's transaction: no tables, and no more
        statements than this case needs.

        :param list ids: of sources
        """
        raw = self._get_source_method("s_of", model)(
            SQL("SELECT unnest(%s)", ids), pairs
        )
        self.env.cr.execute(
            SQL(
                """
                SELECT (SELECT COALESCE(jsonb_agg(to_jsonb(w)), '[]') FROM (%s) w),
                       EXISTS (SELECT FROM crm_touchpoint t
                                WHERE t.source_model = %s AND t.source_id = ANY(%s))
                """,
                self._sql_touchpoints(companies, raw),
                model,
                ids,
            )
        )
        [(rows, is_known)] = self.env.cr.fetchall()
        asked = SQL("(SELECT unnest(%s) AS id)", ids)
        wanted = SQL(
            "(SELECT * FROM jsonb_to_recordset(%s) AS said (%s))",
            Json(rows),
            WANTED_COLUMNS,
        )
        lost, grown, changed = set(), {}, set()
        if is_known:
            span = min(ids), max(ids)
            lost = self._delete_touchpoints(companies, model, asked, wanted, *span)
        if rows:
            grown, changed = self._put_touchpoints(model, wanted)
        if is_known or any(
            row["other_contact_ids"] or row["other_user_ids"] for row in rows
        ):
            self._put_others(model, wanted)
        self._grow_last_contact(grown)
        self._refresh_last_contact(lost | changed)
        self._after_sync(lost | changed | set(grown), at_once=True)

    def _fill_tables(self, companies, model, ids, pairs):
        """Put what is asked and what the sources say into tables of this connection.

        They are made once for a connection and emptied by every commit; between the
        statements PostgreSQL can count their rows and plan for many as for few.

        :return: number, lowest and highest id of the sources asked for
        """
        for name, columns in (
            (ASKED_TABLE, SQL("id int")),
            (WANTED_TABLE, WANTED_COLUMNS),
        ):
            table = SQL.identifier(name)
            self.env.cr.execute(
                SQL(
                    "CREATE TEMPORARY TABLE IF NOT EXISTS %s (%s) "
                    "ON COMMIT DELETE ROWS",
                    table,
                    columns,
                )
            )
            self.env.cr.execute(SQL("DELETE FROM %s", table))
        asked = SQL.identifier(ASKED_TABLE)
        self.env.cr.execute(
            SQL(
                "WITH put AS (INSERT INTO %s SELECT DISTINCT s.id FROM (%s) s (id) "
                "RETURNING id) SELECT count(*), min(id), max(id) FROM put",
                asked,
                ids,
            )
        )
        count, low, high = self.env.cr.fetchone()
        if not count:
            return 0, low, high
        if count > ANALYZE_FROM:
            self.env.cr.execute(SQL("ANALYZE %s", asked))
        chosen = SQL("SELECT asked.id FROM %s asked", asked)
        pairs = pairs or self._match_sources(model, chosen)
        raw = self._get_source_method("s_of", model)(chosen, pairs)
        wanted = SQL.identifier(WANTED_TABLE)
        self.env.cr.execute(
            SQL("INSERT INTO %s %s", wanted, self._sql_touchpoints(companies, raw))
        )
        return count, low, high

    def _match_sources(self, model, ids=None):
        """Hook: find out what belongs to some sources before they are read.

        :param SQL ids: SELECT of ids of sources; None: all of the past, once
        :return: ``pairs`` as ``_touchpoints_of_activity`` takes them
        """
        return ()

    def _has_touchpoints(self, model, low=0, high=2**31 - 1):
        """Tell whether a source with a number from ``low`` to ``high`` has been
        collected before: new ones have nothing that could be wrong."""
        self.env.cr.execute(
            SQL(
                "SELECT source_id FROM crm_touchpoint WHERE source_model = %s "
                "AND source_id BETWEEN %s AND %s ORDER BY source_id LIMIT 1",
                model,
                low,
                high,
            )
        )
        return bool(self.env.cr.rowcount)

    def _delete_touchpoints(self, companies, model, asked, wanted, low, high):
        """Delete what the sources no longer say.

        :param SQL asked: FROM item with the ids of the sources
        :param SQL wanted: FROM item with what they say
        :param int low: the lowest of the ids; ``high``: the highest
        :return: ids of the profiles that lost a touchpoint, to another one perhaps
        """
        held = SQL(
            """
            SELECT t.id, t.profile_id, wanted.profile_id AS wanted_profile_id
              FROM %(asked)s asked
              JOIN crm_touchpoint t
                ON t.source_model = %(model)s AND t.source_id = asked.id
               -- else every touchpoint of the model would be read to be merged
               AND t.source_id BETWEEN %(low)s AND %(high)s
              JOIN crm_lifecycle_profile profile ON profile.id = t.profile_id
              LEFT JOIN %(wanted)s wanted
                ON wanted.source_id = t.source_id AND wanted.partner_id = t.partner_id
             WHERE profile.company_id = ANY(%(companies)s)
               AND t.profile_id IS DISTINCT FROM wanted.profile_id
            """,
            asked=asked,
            wanted=wanted,
            model=model,
            companies=companies.ids,
            low=low,
            high=high,
        )
        self.env.cr.execute(held)
        rows = self.env.cr.fetchall()
        gone = [id_ for id_, __, wanted in rows if wanted is None]
        if gone:
            self.env.cr.execute(
                SQL("DELETE FROM crm_touchpoint WHERE id = ANY(%s)", gone)
            )
        return {profile_id for __, profile_id, __ in rows}

    def _insert_touchpoints(self, model, wanted):
        """Insert what is new for certain: nothing has to be compared."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_touchpoint (source_model, source_id, partner_id,
                                            recorded_at, %(columns)s)
                SELECT %(model)s, wanted.source_id, wanted.partner_id, %(now)s,
                       %(columns)s
                  FROM %(wanted)s wanted ORDER BY wanted.source_id
                """,
                columns=SQL(", ").join(map(SQL.identifier, SOURCE_COLUMNS)),
                model=model,
                now=self._now(),
                wanted=wanted,
            )
        )

    def _put_touchpoints(self, model, wanted):
        """Insert what is new, change what differs.

        :return: (``{profile id: latest new moment}``, ids of profiles with changes)
        """
        columns = SQL(", ").join(map(SQL.identifier, SOURCE_COLUMNS))
        excluded, held = (
            SQL(", ").join(
                SQL("%s.%s", SQL(table), SQL.identifier(name))
                for name in SOURCE_COLUMNS
            )
            for table in ("EXCLUDED", "crm_touchpoint")
        )
        self.env.cr.execute(
            SQL(
                """
                WITH put AS (
                    INSERT INTO crm_touchpoint (source_model, source_id, partner_id,
                                                recorded_at, %(columns)s)
                    SELECT %(model)s, wanted.source_id, wanted.partner_id, %(now)s,
                           %(columns)s
                      FROM %(wanted)s wanted ORDER BY wanted.source_id
                        ON CONFLICT (source_model, source_id, partner_id) DO UPDATE
                       SET (%(columns)s) = ROW(%(excluded)s)
                     WHERE (%(held)s) IS DISTINCT FROM (%(excluded)s)
                    RETURNING profile_id, date, xmax = 0 AS is_new
                )
                SELECT profile_id, is_new, max(date) FROM put
                 GROUP BY profile_id, is_new
                """,
                columns=columns,
                model=model,
                now=self._now(),
                wanted=wanted,
                excluded=excluded,
                held=held,
            )
        )
        rows = self.env.cr.fetchall()
        grown = {profile_id: moment for profile_id, is_new, moment in rows if is_new}
        return grown, {profile_id for profile_id, is_new, __ in rows if not is_new}

    def _put_others(self, model, wanted, is_known=True):
        """Keep the further people of both sides.

        :param bool is_known: some may have been there before
        """
        for table, column, ids in (
            ("crm_touchpoint_contact_rel", "partner_id", "other_contact_ids"),
            ("crm_touchpoint_user_rel", "user_id", "other_user_ids"),
        ):
            names = {
                "rel": SQL.identifier(table),
                "column": SQL.identifier(column),
                "ids": SQL.identifier(ids),
                "wanted": wanted,
                "model": model,
            }
            if is_known:
                self.env.cr.execute(
                    SQL(
                        """
                        DELETE FROM %(rel)s rel
                         USING crm_touchpoint t, %(wanted)s wanted
                         WHERE t.source_model = %(model)s
                           AND t.source_id = wanted.source_id
                           AND t.partner_id = wanted.partner_id
                           AND rel.touchpoint_id = t.id
                           AND rel.%(column)s <> ALL(wanted.%(ids)s)
                        """,
                        **names,
                    )
                )
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO %(rel)s (touchpoint_id, %(column)s)
                    SELECT t.id, unnest(wanted.%(ids)s)
                      FROM %(wanted)s wanted
                      JOIN crm_touchpoint t
                        ON t.source_model = %(model)s
                       AND t.source_id = wanted.source_id
                       AND t.partner_id = wanted.partner_id
                     WHERE wanted.%(ids)s <> '{}'
                        ON CONFLICT DO NOTHING
                    """,
                    **names,
                )
            )

    @api.model
    def _collect_at_once(self, model, ids, pairs=()):
        """Collect some sources in the transaction of who made them; no commit."""
        companies = self._get_collecting_companies()
        if not ids or not companies:
            return
        self.env.flush_all()
        self._sync_few(companies, model, ids, pairs)
        self.env["crm.touchpoint"].invalidate_model()
        self._invalidate_last_contact()
