# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

# Columns a source decides; what people say about a touchpoint is never overwritten.
SOURCE_COLUMNS = (
    *("profile_id", "contact_id", "user_id", "channel_id", "direction", "date"),
    *("duration", "res_model", "res_id"),
)


class CrmLifecycleEngine(models.AbstractModel):
    """Touchpoints of some sources made equal to what the sources say, in one statement.

    Twice is as good as once, and so are a changed, cancelled and deleted source: what
    they no longer say is deleted, what they say anew is inserted, the rest is left.
    """

    _inherit = "crm.lifecycle.engine"

    @api.model
    def _get_touchpoint_sources(self):
        """Return ``{model: suffix}`` of the sources, in the order of collection.

        A source is four methods named by its suffix: ``_touchpoints_of_`` (SELECT of
        raw touchpoints of given ids), ``_touchpoint_bounds_`` (lowest and highest
        key), ``_touchpoint_range_`` (SELECT of ids between two keys) and
        ``_touchpoint_ids_`` (SELECT of ids that concern contacts and documents).
        """
        return {
            "mail.activity": "activity",
            "calendar.event": "event",
            "mail.message": "message",
        }

    def _get_source_method(self, kind, model):
        suffix = self._get_touchpoint_sources()[model]
        return getattr(self, f"_touchpoint{kind}_{suffix}")

    # ------------------------------------------------------------
    # WHAT THE SOURCES SAY
    # ------------------------------------------------------------

    def _sql_touchpoints(self, companies, raw):
        """Return the SELECT of finished touchpoints: one per source and customer.

        :param SQL raw: SELECT of raw touchpoints, one row per source and contact:
            ``source_id``, ``contact_id`` (``res_partner``), ``rank`` (the lowest is the
            main contact), ``user_ids`` (internal users, the main one first),
            ``moment`` (UTC) or else ``first_day`` and ``last_day`` in the company's
            time zone, ``duration`` (hours), ``channel_id``, ``direction``,
            ``company_id`` (the source belongs to it; NULL: to none),
            ``near_company_id`` (the likelier one otherwise), ``is_private`` (say no
            more than one contact and one of us), ``res_model`` and ``res_id``
        """
        return SQL(
            """
            SELECT DISTINCT ON (met.source_id, met.partner_id)
                   met.source_id, met.partner_id, profile.id AS profile_id,
                   met.contact_ids[1] AS contact_id,
                   CASE WHEN met.is_private THEN '{}'::int[]
                        ELSE COALESCE(met.contact_ids[2:], '{}') END
                       AS other_contact_ids,
                   met.user_ids[1] AS user_id,
                   COALESCE(met.user_ids[2:], '{}') AS other_user_ids,
                   met.channel_id, met.direction, day.moment AS date, met.duration,
                   met.res_model, met.res_id
              FROM (%(met)s) met
              JOIN crm_lifecycle_profile profile ON profile.partner_id = met.partner_id
              JOIN %(companies)s ON company.id = profile.company_id
              LEFT JOIN res_users colleague ON colleague.id = met.user_ids[1]
             CROSS JOIN LATERAL (
                    SELECT date_trunc('second', COALESCE(
                        met.moment,
                        (met.first_day + time '12:00') AT TIME ZONE company.tz
                            AT TIME ZONE 'UTC')) AS moment
                   ) day
             WHERE (met.company_id IS NULL OR met.company_id = company.id)
               AND (met.last_day IS NULL OR met.last_day < company.today)
               AND day.moment >= company.since AND day.moment <= %(now)s
               AND met.channel_id IS NOT NULL
             ORDER BY met.source_id, met.partner_id,
                      company.id = met.near_company_id DESC NULLS LAST,
                      company.id = colleague.company_id DESC NULLS LAST,
                      profile.active DESC, company.id
            """,
            met=self._sql_met_customers(raw),
            companies=self._sql_companies(companies),
            now=self._get_collection_now(),
        )

    def _sql_met_customers(self, raw):
        """One row per source and customer, with the people on both sides.

        Colleagues are no customers, whatever they bought.
        """
        return SQL(
            """
            SELECT raw.source_id, contact.commercial_partner_id AS partner_id,
                   array_agg(contact.id ORDER BY raw.rank, contact.id)
                       FILTER (WHERE contact.is_company IS NOT TRUE) AS contact_ids,
                   min(raw.user_ids) AS user_ids, min(raw.moment) AS moment,
                   min(raw.first_day) AS first_day, max(raw.last_day) AS last_day,
                   min(raw.duration) AS duration, min(raw.channel_id) AS channel_id,
                   min(raw.direction) AS direction, min(raw.company_id) AS company_id,
                   min(raw.near_company_id) AS near_company_id,
                   bool_or(raw.is_private) AS is_private,
                   min(raw.res_model) AS res_model, min(raw.res_id) AS res_id
              FROM (%s) raw
              JOIN res_partner contact ON contact.id = raw.contact_id
             WHERE NOT EXISTS (SELECT FROM res_users u
                                WHERE u.partner_id = contact.id AND NOT u.share)
             GROUP BY raw.source_id, contact.commercial_partner_id
            """,
            raw,
        )

    # ------------------------------------------------------------
    # WRITING
    # ------------------------------------------------------------

    def _sync_touchpoints(self, companies, model, ids, pairs=(), follow=True):
        """Make the touchpoints of some sources equal to what the sources say.

        :param companies: ``res.company`` records; others' touchpoints stay as they are
        :param str model: the kind of source
        :param SQL ids: SELECT of ids of sources, existing or not
        :param pairs: see ``_touchpoints_of_activity``
        :param bool follow: whether the last contact of the customers is kept up
        :return: number of touchpoints inserted, changed or deleted
        """
        raw = self._get_source_method("s_of", model)(
            SQL("SELECT source_ids.id FROM source_ids"), pairs
        )
        self.env.cr.execute(
            self._sql_sync(model, ids, self._sql_touchpoints(companies, raw), companies)
        )
        rows = self.env.cr.fetchall()
        if follow and rows:
            grown = {
                profile_id: moment for profile_id, moment, is_new, __ in rows if is_new
            }
            self._grow_last_contact(grown)
            self._refresh_last_contact(
                {profile_id for profile_id, __, is_new, __ in rows if not is_new}
            )
        return sum(row[-1] for row in rows)

    def _sql_sync(self, model, ids, wanted, companies):
        """Return the one statement; its rows: profile, latest moment, whether it only
        gained touchpoints, number of rows."""
        columns = SQL(", ").join(map(SQL.identifier, SOURCE_COLUMNS))
        return SQL(
            """
            WITH source_ids (id) AS MATERIALIZED (
                SELECT DISTINCT s.id FROM (%(ids)s) s (id)
            ), wanted AS MATERIALIZED (%(wanted)s),
            held AS MATERIALIZED (
                SELECT t.id, t.source_id, t.partner_id, t.profile_id
                  FROM source_ids
                  JOIN crm_touchpoint t
                    ON t.source_model = %(model)s AND t.source_id = source_ids.id
                  JOIN crm_lifecycle_profile profile ON profile.id = t.profile_id
                 WHERE profile.company_id = ANY(%(companies)s)
            ), gone AS (
                DELETE FROM crm_touchpoint t USING held
                 WHERE t.id = held.id
                   AND NOT EXISTS (SELECT FROM wanted
                                    WHERE wanted.source_id = held.source_id
                                      AND wanted.partner_id = held.partner_id)
                RETURNING t.profile_id, t.date
            ), put AS (
                INSERT INTO crm_touchpoint (source_model, source_id, partner_id,
                                            recorded_at, %(columns)s)
                SELECT %(model)s, wanted.source_id, wanted.partner_id, %(now)s,
                       %(columns)s
                  FROM wanted ORDER BY wanted.source_id
                    ON CONFLICT (source_model, source_id, partner_id) DO UPDATE
                   SET (%(columns)s) = ROW(%(excluded)s)
                 WHERE (%(held_columns)s) IS DISTINCT FROM (%(excluded)s)
                RETURNING id, source_id, partner_id, profile_id, date,
                          xmax = 0 AS is_new
            ), placed AS (
                SELECT COALESCE(held.id, put.id) AS id, held.id IS NOT NULL AS is_held,
                       wanted.other_contact_ids, wanted.other_user_ids
                  FROM wanted
                  LEFT JOIN held ON held.source_id = wanted.source_id
                                AND held.partner_id = wanted.partner_id
                  LEFT JOIN put ON put.source_id = wanted.source_id
                               AND put.partner_id = wanted.partner_id
            ), %(others)s
            SELECT profile_id, max(date), bool_and(is_new), count(*)::int
              FROM (SELECT profile_id, date, is_new FROM put
                    UNION ALL
                    SELECT held.profile_id, put.date, FALSE
                      FROM put JOIN held ON held.id = put.id
                                        AND held.profile_id <> put.profile_id
                    UNION ALL
                    SELECT profile_id, date, FALSE FROM gone) touched
             GROUP BY profile_id
            """,
            ids=ids,
            wanted=wanted,
            model=model,
            companies=companies.ids,
            columns=columns,
            now=self._now(),
            excluded=SQL(", ").join(
                SQL("EXCLUDED.%s", SQL.identifier(name)) for name in SOURCE_COLUMNS
            ),
            held_columns=SQL(", ").join(
                SQL("crm_touchpoint.%s", SQL.identifier(name))
                for name in SOURCE_COLUMNS
            ),
            others=self._sql_sync_others(),
        )

    def _sql_sync_others(self):
        """Return the CTEs that keep the further people of both sides."""
        parts = []
        for table, column, ids in (
            ("crm_touchpoint_contact_rel", "partner_id", "other_contact_ids"),
            ("crm_touchpoint_user_rel", "user_id", "other_user_ids"),
        ):
            parts.append(
                SQL(
                    """
                    %(removed)s AS (
                        DELETE FROM %(table)s rel USING placed
                         WHERE placed.is_held AND rel.touchpoint_id = placed.id
                           AND rel.%(column)s <> ALL(placed.%(ids)s)
                    ), %(added)s AS (
                        INSERT INTO %(table)s (touchpoint_id, %(column)s)
                        SELECT placed.id, unnest(placed.%(ids)s) FROM placed
                         WHERE placed.id IS NOT NULL
                            ON CONFLICT DO NOTHING
                    )
                    """,
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    ids=SQL.identifier(ids),
                    removed=SQL.identifier(f"{column}_removed"),
                    added=SQL.identifier(f"{column}_added"),
                )
            )
        return SQL(", ").join(parts)

    @api.model
    def _collect_at_once(self, model, ids, pairs=()):
        """Collect some sources in the transaction of who made them; no commit."""
        companies = self._get_collecting_companies()
        if not ids or not companies:
            return
        self.env.flush_all()
        self._sync_touchpoints(companies, model, SQL("SELECT unnest(%s)", ids), pairs)
        self.env["crm.touchpoint"].invalidate_model()
        self._invalidate_last_contact()
