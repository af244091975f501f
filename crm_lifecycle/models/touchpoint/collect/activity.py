# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

MATCHED_TABLE = SQL.identifier("crm_touchpoint_matched")


class CrmLifecycleEngine(models.AbstractModel):
    """Touchpoints from done activities.

    An activity that is done at this moment brings the message it posted. Of the past
    no link between the two exists: the archived activities and the messages of one
    document, type, day and user are matched one to one in the order of time.
    Activities that were put away without being done find no message.
    """

    _inherit = "crm.lifecycle.engine"

    def _touchpoints_of_activity(self, ids, pairs=()):
        """Return the SELECT of raw touchpoints, see ``_sql_touchpoints``.

        :param SQL ids: SELECT of activity ids
        :param pairs: (activity id, message id) known exactly, or SQL: a SELECT of them
        """
        return SQL(
            """
            WITH doer AS MATERIALIZED (%(doers)s)
            SELECT done.id AS source_id, document.partner_id AS contact_id, 0 AS rank,
                   ARRAY[done.doer_id] AS user_ids, done.moment,
                   NULL::date AS first_day, NULL::date AS last_day,
                   0::float8 AS duration, mapped.channel_id, 'out' AS direction,
                   document.company_id, done.company_id AS near_company_id,
                   FALSE AS is_private, done.res_model, done.res_id
              FROM (%(done)s) done
              JOIN crm_touchpoint_channel_activity_rel mapped
                ON mapped.activity_type_id = done.activity_type_id
              JOIN crm_touchpoint_channel channel
                ON channel.id = mapped.channel_id AND channel.active
             CROSS JOIN %(document)s document
             WHERE document.partner_id IS NOT NULL
               -- a meeting and its activity are one: the meeting tells more
               AND (done.calendar_event_id IS NULL OR NOT EXISTS (
                    SELECT FROM calendar_event e
                     WHERE e.id = done.calendar_event_id AND e.active))
            """,
            doers=self._sql_colleagues(),
            done=self._sql_done_activities(ids, pairs),
            document=self._sql_document_of(SQL("done.res_model"), SQL("done.res_id")),
        )

    def _sql_done_activities(self, ids, pairs):
        """Return the SELECT of done activities with the moment and who did them."""
        if not pairs:
            pairs = self._sql_matched_activities(ids)
        elif not isinstance(pairs, SQL):
            pairs = SQL(
                "SELECT unnest(%s::int[]), unnest(%s::int[])",
                [activity_id for activity_id, __ in pairs],
                [message_id for __, message_id in pairs],
            )
        return SQL(
            """
            SELECT a.id, a.res_model, a.res_id, a.activity_type_id,
                   a.calendar_event_id, u.id AS doer_id, u.company_id,
                   COALESCE(known.date, posted.date) AS moment
              FROM (%(ids)s) asked (id)
             CROSS JOIN %(activity)s a
              LEFT JOIN crm_touchpoint known
                ON known.source_model = 'mail.activity' AND known.source_id = a.id
              LEFT JOIN (
                    SELECT pair.id, m.date, m.author_id
                      FROM (%(ids)s) asked (id)
                      JOIN (%(pairs)s) pair (id, message_id) ON pair.id = asked.id
                     CROSS JOIN %(message)s m
                    OFFSET 0
                   ) posted ON posted.id = a.id
              LEFT JOIN doer ON doer.partner_id = posted.author_id
              LEFT JOIN res_users u
                ON u.id = COALESCE(known.user_id, doer.id, a.user_id)
             WHERE a.active IS FALSE AND a.date_done IS NOT NULL
               AND (known.id IS NOT NULL OR posted.id IS NOT NULL)
            """,
            ids=ids,
            activity=self._sql_row_of("mail_activity", SQL("asked.id")),
            pairs=pairs,
            message=self._sql_row_of("mail_message", SQL("pair.message_id")),
        )

    def _sql_matched_activities(self, ids=None):
        """Return the SELECT of (activity, message) matched in the order of time.

        The user is the one it was planned for, else the one who wrote it last. All
        activities of the documents and days concerned take part, so that the result
        is the same however few are asked for.

        :param SQL ids: SELECT of activity ids; None: all there are
        """
        return SQL(
            """
            WITH %(documents)s
            put_away AS MATERIALIZED (
                SELECT a.id, a.res_model, a.res_id, a.activity_type_id, a.date_done,
                       a.user_id, a.write_uid, a.write_date
                  FROM mail_activity a %(of_documents)s
                 WHERE a.active IS FALSE AND a.date_done IS NOT NULL
                   AND a.res_model IS NOT NULL
            ), said AS MATERIALIZED (
                SELECT m.id, m.model AS res_model, m.res_id,
                       m.mail_activity_type_id AS activity_type_id,
                       m.date::date AS date_done, m.date, u.id AS doer_id
                  FROM %(messages)s m
                  JOIN res_users u ON u.partner_id = m.author_id AND NOT u.share
            ), planned AS MATERIALIZED (%(planned)s), written AS (%(written)s)
            SELECT id, message_id FROM planned
             UNION ALL
            SELECT id, message_id FROM written
            """,
            documents=self._sql_activity_documents(ids) if ids else SQL(),
            of_documents=SQL("JOIN document USING (res_model, res_id, date_done)")
            if ids
            else SQL(),
            messages=self._sql_activity_messages(ids is not None),
            planned=self._sql_matched_by(SQL("a.user_id"), SQL("TRUE"), SQL("TRUE")),
            written=self._sql_matched_by(
                SQL("a.write_uid"),
                SQL("a.id NOT IN (SELECT id FROM planned)"),
                SQL("m.id NOT IN (SELECT message_id FROM planned)"),
            ),
        )

    def _sql_activity_documents(self, ids):
        """Return the CTE of the documents and days that some activities were done on.

        Those that have been collected keep what was found then.
        """
        return SQL(
            """
            document AS MATERIALIZED (
                SELECT DISTINCT a.res_model, a.res_id, a.date_done
                  FROM mail_activity a JOIN (%s) asked (id) ON asked.id = a.id
                 WHERE a.active IS FALSE AND a.res_model IS NOT NULL
                   AND a.date_done IS NOT NULL
                   AND NOT EXISTS (
                       SELECT FROM crm_touchpoint known
                        WHERE known.source_model = 'mail.activity'
                          AND known.source_id = a.id)
            ),
            """,
            ids,
        )

    def _sql_activity_messages(self, of_documents):
        """Return a FROM item of the messages that done activities posted.

        Of few documents they are looked up one by one, by OFFSET 0: PostgreSQL would
        rather read everything our people ever wrote.
        """
        found = SQL(
            "SELECT m.* FROM mail_message m "
            "WHERE m.mail_activity_type_id IS NOT NULL AND m.subtype_id = %s",
            self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_activities") or None,
        )
        if not of_documents:
            return SQL("(%s)", found)
        return SQL(
            "document CROSS JOIN LATERAL (%s AND m.model = document.res_model "
            "AND m.res_id = document.res_id AND m.date >= document.date_done "
            "AND m.date < document.date_done + 1 OFFSET 0)",
            found,
        )

    def _sql_matched_by(self, doer, activity_left, message_left):
        """One round of the matching: the n-th with the n-th of the same user.

        Both are numbered in one list and meet by grouping: PostgreSQL cannot tell how
        many they are, and might join them each with each.
        """
        return SQL(
            """
            SELECT max(id) FILTER (WHERE is_activity) AS id,
                   max(id) FILTER (WHERE NOT is_activity) AS message_id
              FROM (SELECT done.*, row_number() OVER (
                           PARTITION BY res_id, date_done, activity_type_id, res_model,
                                        doer_id, is_activity
                           ORDER BY moment, id) AS turn
                      FROM (SELECT a.id, a.res_id, a.date_done, a.activity_type_id,
                                   a.res_model, %(doer)s AS doer_id,
                                   a.write_date AS moment, TRUE AS is_activity
                              FROM put_away a
                             WHERE %(doer)s IS NOT NULL AND %(activity_left)s
                             UNION ALL
                            SELECT m.id, m.res_id, m.date_done, m.activity_type_id,
                                   m.res_model, m.doer_id, m.date, FALSE
                              FROM said m WHERE %(message_left)s) done) numbered
             GROUP BY res_id, date_done, activity_type_id, res_model, doer_id, turn
            HAVING count(*) = 2
            """,
            doer=doer,
            activity_left=activity_left,
            message_left=message_left,
        )

    def _match_sources(self, model, ids=None):
        """Match activities in a statement of its own: PostgreSQL cannot tell how many
        of them find a message, and would join the rest as if nearly none did."""
        if model != "mail.activity":
            return super()._match_sources(model, ids)
        self._empty_matched_table()
        self.env.cr.execute(
            SQL("INSERT INTO %s %s", MATCHED_TABLE, self._sql_matched_activities(ids))
        )
        self.env.cr.execute(SQL("ANALYZE %s", MATCHED_TABLE))
        return SQL("SELECT id, message_id FROM %s", MATCHED_TABLE)

    def _empty_matched_table(self):
        """Make the table empty, or make it at all, for this connection."""
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE IF NOT EXISTS %s (id int, message_id int)",
                MATCHED_TABLE,
            )
        )
        self.env.cr.execute(SQL("TRUNCATE %s", MATCHED_TABLE))

    def _match_past(self, source, hands):
        """Tell what of the past cannot be told, and let the other hands know what can:
        each might match anew, but not from the same snapshot."""
        pairs = super()._match_past(source, hands)
        if source.name != "mail.activity":
            return pairs
        archived, unmatched = self._count_activities()
        source.write({"archived_count": archived, "unmatched_count": unmatched})
        source.flush_recordset()
        _logger.info(
            "Touchpoints: %s archived activities, %s of them without a message",
            archived,
            unmatched,
        )
        for other in hands.engines[1:]:
            other._empty_matched_table()
            other._copy_table(MATCHED_TABLE, self)
            other.env.cr.execute(SQL("ANALYZE %s", MATCHED_TABLE))
            other._commit_progress()
        return pairs

    def _forget_past(self, source, hands):
        res = super()._forget_past(source, hands)
        if source.name == "mail.activity":
            for engine in hands.engines:
                engine._empty_matched_table()
                engine._commit_progress()
        return res

    def _count_activities(self):
        """Return (archived activities of collected types, those without a message)."""
        return self.env.execute_query(
            SQL(
                "SELECT count(*), count(*) FILTER (WHERE matched.id IS NULL) "
                "FROM mail_activity a "
                "JOIN crm_touchpoint_channel_activity_rel mapped "
                "ON mapped.activity_type_id = a.activity_type_id "
                "LEFT JOIN %s matched ON matched.id = a.id "
                "WHERE a.active IS FALSE AND a.date_done IS NOT NULL "
                "AND a.res_model IS NOT NULL",
                MATCHED_TABLE,
            )
        )[0]

    # ------------------------------------------------------------
    # WHAT TO READ
    # ------------------------------------------------------------

    def _touchpoint_bounds_activity(self, is_first):
        return self._get_id_bounds("mail_activity", is_first)

    def _touchpoint_range_activity(self, low, high):
        return SQL(
            "SELECT a.id FROM mail_activity a WHERE a.id > %s AND a.id <= %s "
            "AND a.active IS FALSE",
            low,
            high,
        )

    def _touchpoint_ids_activity(self, contact_ids, documents):
        return SQL(
            "SELECT a.id FROM mail_activity a "
            "JOIN (%s) document ON document.model = a.res_model "
            "AND document.id = a.res_id WHERE a.active IS FALSE",
            documents,
        )
