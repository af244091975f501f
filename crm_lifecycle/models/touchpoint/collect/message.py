# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, models
from odoo.tools import SQL

from ..mail_notification import FAILED

NEAR_IDS = 100  # letters of one mailing have numbers close to each other


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
            message AS MATERIALIZED (%(messages)s),
            met AS (%(written)s UNION ALL %(received)s)
            SELECT message.id AS source_id, met.contact_id, 0 AS rank,
                   met.user_ids, message.date AS moment,
                   NULL::date AS first_day, NULL::date AS last_day,
                   0::float8 AS duration,
                   CASE WHEN message.message_type = 'sms' OR met.in_portal
                        THEN %(message_channel)s::int ELSE %(email_channel)s::int END
                       AS channel_id,
                   met.direction, document.company_id,
                   message.record_company_id AS near_company_id,
                   FALSE AS is_private, message.model AS res_model, message.res_id
              FROM met
              JOIN message ON message.id = met.message_id
              LEFT JOIN %(document)s document ON TRUE
            """,
            writers=self._sql_colleagues(),
            messages=self._sql_human_messages(ids),
            written=self._sql_written_to_contacts(),
            received=self._sql_received_from_contacts(),
            message_channel=mapping["message"],
            email_channel=mapping["email"],
            document=self._sql_company_of(SQL("message.model"), SQL("message.res_id")),
        )

    def _sql_human_messages(self, ids):
        """Messages that somebody wrote, with the colleague who did, if one did."""
        return SQL(
            """
            SELECT m.id, m.message_type, m.author_id, m.email_from, m.date, m.model,
                   m.res_id, m.record_company_id, m.subtype_id,
                   COALESCE(m.is_internal OR subtype.internal, FALSE) AS is_internal,
                   writer.id AS writer_id
              FROM mail_message m
              JOIN (%(ids)s) asked (id) ON asked.id = m.id
              LEFT JOIN mail_message_subtype subtype ON subtype.id = m.subtype_id
              LEFT JOIN writer ON writer.partner_id = m.author_id
             WHERE m.message_type IN ('email', 'comment', 'email_outgoing', 'sms')
               AND m.date IS NOT NULL
               AND COALESCE(m.model, '') <> 'discuss.channel'
               AND (m.message_type = 'email' OR m.create_uid <> %(robot)s)
               AND NOT COALESCE(
                   m.email_from ~* '(^|<)(mailer-daemon|postmaster)@', FALSE)
               AND NOT %(is_bulk)s
            """,
            ids=ids,
            robot=SUPERUSER_ID,
            is_bulk=self._sql_is_bulk_message(),
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
        """What colleagues wrote to people outside, and did not come back."""
        return SQL(
            """
            SELECT message.id AS message_id, recipient.partner_id AS contact_id,
                   ARRAY[message.writer_id] AS user_ids, 'out' AS direction,
                   FALSE AS in_portal
              FROM message
             CROSS JOIN LATERAL (
                    SELECT rel.res_partner_id AS partner_id
                      FROM mail_message_res_partner_rel rel
                     WHERE rel.mail_message_id = message.id
                     UNION
                    SELECT n.res_partner_id
                      FROM mail_notification n
                     WHERE n.mail_message_id = message.id
                       AND n.res_partner_id IS NOT NULL
                       AND n.notification_type <> 'inbox'
                   ) recipient
             WHERE message.writer_id IS NOT NULL
               AND (message.message_type = 'sms' OR NOT message.is_internal)
               AND NOT EXISTS (
                   SELECT FROM mail_notification failed
                    WHERE failed.mail_message_id = message.id
                      AND failed.res_partner_id = recipient.partner_id
                      AND failed.notification_status IN %(failed)s)
            """,
            failed=FAILED,
        )

    def _sql_received_from_contacts(self):
        """What people outside wrote to us, by e-mail or in the portal.

        An e-mail of somebody unknown is the contact's whose document it arrived on, if
        it came from the contact's address.
        """
        return SQL(
            """
            SELECT letter.id, letter.contact_id,
                   COALESCE(addressed.user_ids, '{}'), 'in',
                   letter.message_type = 'comment'
              FROM (
                    SELECT message.id, message.message_type,
                           message.author_id AS contact_id
                      FROM message
                     WHERE message.author_id IS NOT NULL AND %(received)s
                    UNION ALL
                    SELECT message.id, message.message_type, contact.id
                      FROM message
                     CROSS JOIN %(document)s document
                      JOIN res_partner contact
                        ON contact.id = document.partner_id
                       AND contact.email_normalized = COALESCE(
                           substring(lower(message.email_from) FROM '<([^<>]+)>'),
                           lower(trim(message.email_from)))
                     WHERE message.author_id IS NULL AND %(received)s
                   ) letter
              LEFT JOIN (
                   SELECT rel.mail_message_id, array_agg(u.id ORDER BY u.id) AS user_ids
                     FROM message
                     JOIN mail_message_res_partner_rel rel
                       ON rel.mail_message_id = message.id
                     JOIN res_users u
                       ON u.partner_id = rel.res_partner_id AND NOT u.share
                    GROUP BY rel.mail_message_id
                   ) addressed ON addressed.mail_message_id = letter.id
            """,
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

    def _touchpoint_bounds_message(self):
        return self._get_id_bounds("mail_message")

    def _touchpoint_range_message(self, low, high):
        return SQL(
            "SELECT m.id FROM mail_message m WHERE m.id > %s AND m.id <= %s "
            "AND m.message_type IN ('email', 'comment', 'email_outgoing', 'sms')",
            low,
            high,
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
