# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

# Longer than this is no meeting but a period marked in the calendar. It also bounds
# how far back the starts of meetings that end in a span of time have to be looked for.
LONGEST_DAYS = 31


class CrmLifecycleEngine(models.AbstractModel):
    """Touchpoints from meetings of the calendar that took place."""

    _inherit = "crm.lifecycle.engine"

    def _touchpoints_of_event(self, ids, pairs=()):
        """Return the SELECT of raw touchpoints, see ``_sql_touchpoints``.

        :param SQL ids: SELECT of meeting ids
        """
        return SQL(
            """
            WITH event AS MATERIALIZED (%(events)s),
            person AS MATERIALIZED (
                SELECT a.event_id, a.partner_id, a.state, colleague.id AS user_id
                  FROM calendar_attendee a
                  JOIN event ON event.id = a.event_id
                  LEFT JOIN (%(colleagues)s) colleague
                    ON colleague.partner_id = a.partner_id
            ), ours AS (%(ours)s),
            theirs AS (%(theirs)s)
            SELECT event.id AS source_id, theirs.contact_id, theirs.rank,
                   CASE WHEN event.is_private THEN ours.user_ids[1:1]
                        ELSE ours.user_ids END AS user_ids,
                   event.moment, event.first_day, event.last_day, event.duration,
                   event.channel_id,
                   CASE WHEN ours.organised THEN 'out' ELSE 'in' END AS direction,
                   theirs.company_id, NULL::int AS near_company_id,
                   event.is_private,
                   CASE WHEN NOT event.is_private THEN event.res_model END AS res_model,
                   CASE WHEN NOT event.is_private THEN event.res_id END AS res_id
              FROM event
              JOIN ours ON ours.event_id = event.id
              JOIN theirs ON theirs.event_id = event.id
            """,
            events=self._sql_finished_events(ids),
            colleagues=self._sql_colleagues(),
            ours=self._sql_event_colleagues(),
            theirs=self._sql_event_contacts(),
        )

    def _sql_finished_events(self, ids):
        """Meetings that are over, or whose activity somebody has done already.

        The day of an all-day meeting is not over before midnight of the company,
        which is looked at once the company is known (``last_day``).
        """
        return SQL(
            """
            SELECT e.id, e.user_id, e.opportunity_id, e.res_model, e.res_id,
                   COALESCE(e.privacy, settings.calendar_default_privacy, 'public')
                       = 'private' AS is_private,
                   CASE WHEN NOT e.allday THEN LEAST(e.start, done.moment) END
                       AS moment,
                   CASE WHEN e.allday THEN LEAST(e.start_date, done.day) END
                       AS first_day,
                   CASE WHEN e.allday AND done.day IS NULL THEN e.stop_date END
                       AS last_day,
                   CASE WHEN e.allday THEN 0
                        ELSE extract(epoch FROM e.stop - e.start) / 3600 END
                       AS duration,
                   COALESCE(%(tagged)s, done.channel_id, %(channel)s) AS channel_id
              FROM (%(ids)s) asked (id)
             CROSS JOIN %(event)s e
              LEFT JOIN res_users_settings settings ON settings.user_id = e.user_id
             CROSS JOIN LATERAL (
                    SELECT min(a.write_date) AS moment, min(a.date_done) AS day,
                           min(mapped.channel_id) AS channel_id
                      FROM mail_activity a
                      LEFT JOIN crm_touchpoint_channel_activity_rel mapped
                        ON mapped.activity_type_id = a.activity_type_id
                     WHERE a.calendar_event_id = e.id AND a.active IS FALSE
                       AND a.date_done IS NOT NULL
                   ) done
             WHERE e.active AND e.stop - e.start <= interval %(longest)s
               AND (e.allday OR e.stop <= %(now)s OR done.moment IS NOT NULL)
            """,
            tagged=self._sql_tagged_channel(),
            channel=self.env["crm.touchpoint.channel"]._get_mapping()["event"],
            ids=ids,
            event=self._sql_row_of("calendar_event", SQL("asked.id")),
            longest=f"{LONGEST_DAYS} days",
            now=self._get_collection_now(),
        )

    def _sql_tagged_channel(self):
        """The channel that a tag of the meeting leads to."""
        return SQL(
            "(SELECT min(channel.id) FROM meeting_category_rel tag "
            "JOIN crm_touchpoint_channel_event_rel mapped "
            "ON mapped.event_type_id = tag.type_id "
            "JOIN crm_touchpoint_channel channel "
            "ON channel.id = mapped.channel_id AND channel.active "
            "WHERE tag.event_id = e.id)"
        )

    def _sql_event_colleagues(self):
        """Who of us was there; the organiser first. Who declined was not."""
        return SQL(
            """
            SELECT here.event_id, array_agg(DISTINCT here.user_id) FILTER (
                       WHERE here.user_id = here.organiser_id)
                   || array_agg(DISTINCT here.user_id) FILTER (
                       WHERE here.user_id IS DISTINCT FROM here.organiser_id)
                       AS user_ids,
                   bool_or(here.organised) AS organised
              FROM (
                    SELECT person.event_id, person.user_id,
                           event.user_id AS organiser_id,
                           organiser.id IS NOT NULL AS organised
                      FROM person
                      JOIN event ON event.id = person.event_id
                      LEFT JOIN res_users organiser
                        ON organiser.id = event.user_id AND NOT organiser.share
                     WHERE person.user_id IS NOT NULL
                       AND person.state IS DISTINCT FROM 'declined'
                    UNION
                    -- an organiser who is not invited, and nobody else of us is
                    SELECT event.id, event.user_id, event.user_id, TRUE
                      FROM event
                      JOIN res_users organiser
                        ON organiser.id = event.user_id AND NOT organiser.share
                     WHERE NOT EXISTS (SELECT FROM person
                                        WHERE person.event_id = event.id
                                          AND person.user_id IS NOT NULL)
                   ) here
             GROUP BY here.event_id
            """
        )

    def _sql_event_contacts(self):
        """Whom we met: the attendees, and the customer of the document when nobody of
        it was invited. A contact who declined was invited."""
        return SQL(
            """
            SELECT person.event_id, person.partner_id AS contact_id, 0 AS rank,
                   document.company_id
              FROM person
              JOIN event ON event.id = person.event_id
              LEFT JOIN %(document)s document ON TRUE
             WHERE person.user_id IS NULL
               AND person.state IS DISTINCT FROM 'declined'
            UNION
            SELECT linked.id, document.partner_id, 1, document.company_id
              FROM (SELECT event.id, event.res_model, event.res_id FROM event
                    UNION
                    SELECT event.id, 'crm.lead', event.opportunity_id FROM event
                     WHERE event.opportunity_id IS NOT NULL
                    UNION
                    SELECT event.id, a.res_model, a.res_id
                      FROM event
                      JOIN mail_activity a ON a.calendar_event_id = event.id
                   ) linked
             CROSS JOIN %(linked)s document
              JOIN res_partner customer ON customer.id = document.partner_id
             WHERE NOT EXISTS (
                   SELECT FROM person
                     JOIN res_partner invited ON invited.id = person.partner_id
                    WHERE person.event_id = linked.id
                      AND invited.commercial_partner_id
                          = customer.commercial_partner_id)
            """,
            document=self._sql_document_of(SQL("event.res_model"), SQL("event.res_id")),
            linked=self._sql_document_of(SQL("linked.res_model"), SQL("linked.res_id")),
        )

    # ------------------------------------------------------------
    # WHAT TO READ: keys are seconds of the end of meetings
    # ------------------------------------------------------------

    def _touchpoint_bounds_event(self, is_first):
        return self._get_moment_bounds("calendar_event", "stop", is_first)

    def _touchpoint_range_event(self, low, high):
        return SQL(
            "SELECT e.id FROM calendar_event e "
            "WHERE e.stop > %(low)s AND e.stop <= %(high)s "
            "AND e.start > %(low)s - interval %(longest)s AND e.start <= %(high)s",
            low=self._to_moment(low),
            high=self._to_moment(high),
            longest=f"{LONGEST_DAYS} days",
        )

    def _touchpoint_ids_event(self, contact_ids, documents):
        return SQL(
            """
            SELECT rel.calendar_event_id
              FROM calendar_event_res_partner_rel rel
             WHERE rel.res_partner_id = ANY(%(contacts)s)
            UNION
            SELECT e.id FROM calendar_event e
              JOIN (%(documents)s) document
                ON document.model = 'crm.lead' AND document.id = e.opportunity_id
            UNION
            SELECT e.id FROM calendar_event e
              JOIN (%(documents)s) document
                ON document.model = e.res_model AND document.id = e.res_id
            """,
            contacts=contact_ids,
            documents=documents,
        )
