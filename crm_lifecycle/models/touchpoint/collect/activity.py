# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL


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
        :param pairs: (activity id, message id) known exactly
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
               AND NOT EXISTS (SELECT FROM calendar_event e
                                WHERE e.id = done.calendar_event_id AND e.active)
            """,
            doers=self._sql_colleagues(),
            done=self._sql_done_activities(ids, pairs),
            document=self._sql_document_of(SQL("done.res_model"), SQL("done.res_id")),
        )

    def _sql_done_activities(self, ids, pairs):
        """Return the SELECT of done activities with the moment and who did them."""
        exact = SQL(
            "SELECT * FROM unnest(%s::int[], %s::int[]) AS pair (id, message_id)",
            [activity_id for activity_id, __ in pairs],
            [message_id for __, message_id in pairs],
        )
        return SQL(
            """
            SELECT a.id, a.res_model, a.res_id, a.activity_type_id,
                   a.calendar_event_id, u.id AS doer_id, u.company_id,
                   COALESCE(known.date, m.date) AS moment
              FROM mail_activity a
              JOIN (%(ids)s) asked (id) ON asked.id = a.id
              LEFT JOIN crm_touchpoint known
                ON known.source_model = 'mail.activity' AND known.source_id = a.id
              LEFT JOIN (%(exact)s) exact ON exact.id = a.id
              LEFT JOIN (%(matched)s) matched ON matched.id = a.id
              LEFT JOIN mail_message m
                ON m.id = COALESCE(exact.message_id, matched.message_id)
              LEFT JOIN doer ON doer.partner_id = m.author_id
              LEFT JOIN res_users u
                ON u.id = COALESCE(known.user_id, doer.id, a.user_id)
             WHERE a.active IS FALSE AND a.date_done IS NOT NULL
               AND (known.id IS NOT NULL OR m.id IS NOT NULL)
            """,
            ids=ids,
            exact=exact,
            matched=self._sql_matched_activities(ids)
            if not pairs
            else SQL("SELECT NULL::int AS id, NULL::int AS message_id WHERE FALSE"),
        )

    def _sql_matched_activities(self, ids):
        """Return the SELECT of (activity, message) matched in the order of time.

        The user is the one it was planned for, else the one who wrote it last. All
        activities of the documents concerned take part, so that the result is the
        same however few are asked for.
        """
        return SQL(
            """
            WITH document AS (
                SELECT DISTINCT a.res_model, a.res_id
                  FROM mail_activity a JOIN (%(ids)s) asked (id) ON asked.id = a.id
                 WHERE a.active IS FALSE AND a.res_model IS NOT NULL
            ), put_away AS (
                SELECT a.id, a.res_model, a.res_id, a.activity_type_id, a.date_done,
                       a.user_id, a.write_uid, a.write_date
                  FROM mail_activity a JOIN document USING (res_model, res_id)
                 WHERE a.active IS FALSE AND a.date_done IS NOT NULL
            ), said AS (
                SELECT m.id, m.model AS res_model, m.res_id,
                       m.mail_activity_type_id AS activity_type_id,
                       m.date::date AS date_done, m.date, u.id AS doer_id
                  FROM mail_message m
                  JOIN document
                    ON document.res_model = m.model AND document.res_id = m.res_id
                  JOIN res_users u ON u.partner_id = m.author_id AND NOT u.share
                 WHERE m.mail_activity_type_id IS NOT NULL
                   AND m.subtype_id = %(subtype)s
            ), planned AS (%(planned)s), written AS (%(written)s)
            SELECT id, message_id FROM planned
             UNION ALL
            SELECT id, message_id FROM written
            """,
            ids=ids,
            subtype=self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_activities")
            or None,
            planned=self._sql_matched_by(SQL("a.user_id"), SQL("TRUE"), SQL("TRUE")),
            written=self._sql_matched_by(
                SQL("a.write_uid"),
                SQL("a.id NOT IN (SELECT id FROM planned)"),
                SQL("m.id NOT IN (SELECT message_id FROM planned)"),
            ),
        )

    def _sql_matched_by(self, doer, activity_left, message_left):
        """One round of the matching: the n-th with the n-th of the same user."""
        key = SQL("a.res_model, a.res_id, a.activity_type_id, a.date_done")
        return SQL(
            """
            SELECT done.id, posted.id AS message_id
              FROM (SELECT %(key)s, a.id, %(doer)s AS doer_id, row_number() OVER (
                           PARTITION BY %(key)s, %(doer)s
                           ORDER BY a.write_date, a.id) AS turn
                      FROM put_away a WHERE %(activity_left)s) done
              JOIN (SELECT m.*, row_number() OVER (
                           PARTITION BY m.res_model, m.res_id, m.activity_type_id,
                                        m.date_done, m.doer_id
                           ORDER BY m.date, m.id) AS turn
                      FROM said m WHERE %(message_left)s) posted
             USING (res_model, res_id, activity_type_id, date_done, doer_id, turn)
            """,
            key=key,
            doer=doer,
            activity_left=activity_left,
            message_left=message_left,
        )

    def _count_activities(self):
        """Return (archived activities of collected types, those no message confirms).

        Counted once, after the past has been read.
        """
        archived = SQL(
            "SELECT a.id FROM mail_activity a "
            "JOIN crm_touchpoint_channel_activity_rel mapped "
            "ON mapped.activity_type_id = a.activity_type_id "
            "WHERE a.active IS FALSE AND a.date_done IS NOT NULL "
            "AND a.res_model IS NOT NULL"
        )
        return self.env.execute_query(
            SQL(
                "SELECT count(*), count(*) FILTER (WHERE matched.id IS NULL) "
                "FROM (%(archived)s) archived "
                "LEFT JOIN (%(matched)s) matched ON matched.id = archived.id",
                archived=archived,
                matched=self._sql_matched_activities(archived),
            )
        )[0]

    # ------------------------------------------------------------
    # WHAT TO READ
    # ------------------------------------------------------------

    def _touchpoint_bounds_activity(self):
        return self._get_id_bounds("mail_activity")

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
