# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, models
from odoo.tools import SQL

from ..mail_message import LETTER_TYPES
from ..mail_notification import FAILED

NEAR_IDS = 100  # letters of one mailing have numbers close to each other
MESSAGE_COLUMNS = SQL(
    "message.id, message.message_type, message.date, message.model, message.res_id, "
    "message.record_company_id"
)


class CrmLifecycleEngine(models.AbstractModel):
    """Touchpoints from what people wrote: e-mails both ways, text messages, portal.

    Never notifications, automatic comments, answers of absence, bounces, letters of a
    job, and mailings to many.
    """

    _inherit = "crm.lifecycle.engine"

    def _touchpoints_of_message(self, ids, pairs=()):
        """Return the SELECT of raw touchpoints, see ``_sql_touchpoints``.

        :param SQL ids: SELECT of message ids
        """
        mapping = self.env["crm.touchpoint.channel"]._get_mapping()
        return SQL(
            """
            WITH writer AS MATERIALIZED (%(writers)s),
            human AS MATERIALIZED (%(human)s),
            message AS MATERIALIZED (%(messages)s)
            SELECT met.id AS source_id, met.contact_id, 0 AS rank,
                   met.user_ids, met.date AS moment,
                   NULL::date AS first_day, NULL::date AS last_day,
                   0::float8 AS duration,
                   CASE WHEN met.message_type = 'sms' OR met.in_portal
                        THEN %(message_channel)s::int ELSE %(email_channel)s::int END
                       AS channel_id,
                   met.direction, document.company_id,
                   met.record_company_id AS near_company_id,
                   FALSE AS is_private, met.model AS res_model, met.res_id
              FROM (%(written)s UNION ALL %(received)s) met
              LEFT JOIN %(document)s document ON TRUE
            """,
            writers=self._sql_colleagues(),
            human=self._sql_human_messages(ids),
            messages=self._sql_messages_with_writers(),
            written=self._sql_written_to_contacts(),
            received=self._sql_received_from_contacts(),
            message_channel=mapping["message"],
            email_channel=mapping["email"],
            document=self._sql_company_of(SQL("met.model"), SQL("met.res_id")),
        )

    def _sql_human_messages(self, ids):
        """Messages that somebody wrote."""
        return SQL(
            """
            SELECT m.id, m.message_type, m.author_id, m.email_from, m.date, m.model,
                   m.res_id, m.record_company_id, m.subtype_id, m.is_internal
              FROM (%(ids)s) asked (id)
             CROSS JOIN %(message)s m
             WHERE m.message_type IN %(types)s
               AND m.date IS NOT NULL
               AND COALESCE(m.model, '') <> 'discuss.channel'
               AND (m.message_type = 'email' OR m.create_uid <> %(robot)s)
               AND NOT COALESCE(
                   m.email_from ~* '(^|<)(mailer-daemon|postmaster)@', FALSE)
               AND NOT %(is_bulk)s
            """,
            types=LETTER_TYPES,
            ids=ids,
            message=self._sql_row_of("mail_message", SQL("asked.id")),
            robot=SUPERUSER_ID,
            is_bulk=self._sql_is_bulk_message(),
        )

    def _sql_messages_with_writers(self):
        """The same with the colleague who did, if one did.

        By itself: next to the price of looking for mailings PostgreSQL would not care
        how it joins these.
        """
        return SQL(
            """
            SELECT human.id, human.message_type, human.author_id, human.email_from,
                   human.date, human.model, human.res_id, human.record_company_id,
                   COALESCE(human.is_internal OR subtype.internal, FALSE)
                       AS is_internal,
                   writer.id AS writer_id
              FROM human
              LEFT JOIN mail_message_subtype subtype ON subtype.id = human.subtype_id
              LEFT JOIN writer ON writer.partner_id = human.author_id
            """
        )

    def _sql_is_bulk_message(self):
        """Condition on the message ``m``: it is one of a mailing to many.

        Odoo does not say so, but writes the letters of a mailing in one transaction,
        so that they share author and moment.
        """
        return SQL(
            """
            (m.message_type = 'email_outgoing' AND EXISTS (
                SELECT FROM mail_message twin
                 WHERE twin.id BETWEEN m.id - %(near)s AND m.id + %(near)s
                   AND twin.id <> m.id AND twin.message_type = m.message_type
                   AND twin.author_id = m.author_id
                   AND twin.create_date = m.create_date))
            """,
            near=NEAR_IDS,
        )

    def _sql_written_to_contacts(self):
        """What colleagues wrote to people outside, and did not come back.

        Of a recipient and message there is one notification at most.
        """
        is_written = SQL(
            "message.writer_id IS NOT NULL "
            "AND (message.message_type = 'sms' OR NOT message.is_internal)"
        )
        return SQL(
            """
            SELECT %(columns)s, rel.res_partner_id AS contact_id,
                   ARRAY[message.writer_id] AS user_ids, 'out' AS direction,
                   FALSE AS in_portal
              FROM message
              JOIN mail_message_res_partner_rel rel ON rel.mail_message_id = message.id
             WHERE %(is_written)s
               AND NOT EXISTS (
                   SELECT FROM mail_notification failed
                    WHERE failed.mail_message_id = message.id
                      AND failed.res_partner_id = rel.res_partner_id
                      AND failed.notification_status IN %(failed)s)
             UNION ALL
            SELECT %(columns)s, n.res_partner_id, ARRAY[message.writer_id], 'out', FALSE
              FROM message
              JOIN mail_notification n ON n.mail_message_id = message.id
             WHERE %(is_written)s AND n.res_partner_id IS NOT NULL
               AND n.notification_type <> 'inbox'
               AND COALESCE(n.notification_status, '') NOT IN %(failed)s
               AND NOT EXISTS (
                   SELECT FROM mail_message_res_partner_rel rel
                    WHERE rel.mail_message_id = n.mail_message_id
                      AND rel.res_partner_id = n.res_partner_id)
            """,
            columns=MESSAGE_COLUMNS,
            is_written=is_written,
            failed=FAILED,
        )

    def _sql_received_from_contacts(self):
        """What people outside wrote to us, by e-mail or in the portal.

        An e-mail of somebody unknown is the contact's whose document it arrived on, if
        it came from the contact's address.
        """
        return SQL(
            """
            SELECT %(columns)s, message.contact_id, COALESCE(addressed.user_ids, '{}'),
                   'in', message.message_type = 'comment'
              FROM (
                    SELECT %(columns)s, message.author_id AS contact_id
                      FROM message
                     WHERE message.author_id IS NOT NULL AND %(received)s
                    UNION ALL
                    SELECT %(columns)s, contact.id
                      FROM message
                     CROSS JOIN %(document)s document
                      JOIN res_partner contact
                        ON contact.id = document.partner_id
                       AND contact.email_normalized = COALESCE(
                           substring(lower(message.email_from) FROM '<([^<>]+)>'),
                           lower(trim(message.email_from)))
                     WHERE message.author_id IS NULL AND %(received)s
                   ) message
              LEFT JOIN (
                   SELECT rel.mail_message_id, array_agg(u.id ORDER BY u.id) AS user_ids
                     FROM message
                     JOIN mail_message_res_partner_rel rel
                       ON rel.mail_message_id = message.id
                     JOIN res_users u
                       ON u.partner_id = rel.res_partner_id AND NOT u.share
                    GROUP BY rel.mail_message_id
                   ) addressed ON addressed.mail_message_id = message.id
            """,
            columns=MESSAGE_COLUMNS,
            received=SQL(
                """
                message.writer_id IS NULL AND NOT message.is_internal
                AND (message.message_type = 'email'
                     OR (message.message_type = 'comment' AND EXISTS (
                         SELECT FROM res_users u
                          WHERE u.partner_id = message.author_id AND u.share)))
                """
            ),
            document=self._sql_document_of(SQL("message.model"), SQL("message.res_id")),
        )

    # ------------------------------------------------------------
    # WHAT TO READ
    # ------------------------------------------------------------

    def _touchpoint_bounds_message(self, is_first):
        return self._get_id_bounds("mail_message", is_first)

    def _touchpoint_range_message(self, low, high):
        return SQL(
            "SELECT m.id FROM mail_message m WHERE m.id > %s AND m.id <= %s "
            "AND m.message_type IN %s",
            low,
            high,
            LETTER_TYPES,
        )

    def _touchpoint_ids_message(self, contact_ids, documents):
        return SQL(
            """
            SELECT m.id FROM mail_message m WHERE m.author_id = ANY(%(contacts)s)
            UNION
            SELECT rel.mail_message_id FROM mail_message_res_partner_rel rel
             WHERE rel.res_partner_id = ANY(%(contacts)s)
            UNION
            SELECT n.mail_message_id FROM mail_notification n
             WHERE n.res_partner_id = ANY(%(contacts)s)
               AND n.notification_type <> 'inbox'
            UNION
            SELECT m.id FROM mail_message m
              JOIN (%(documents)s) document
                ON document.model = m.model AND document.id = m.res_id
             WHERE m.author_id IS NULL AND m.message_type = 'email'
            """,
            contacts=contact_ids,
            documents=documents,
        )
