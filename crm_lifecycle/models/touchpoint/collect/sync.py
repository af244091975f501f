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
ANALYZE_FROM = 500  # rows; below, PostgreSQL's guess is good enough


class CrmLifecycleEngine(models.AbstractModel):
    """Touchpoints of some sources made equal to what the sources say, in sets.

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
        """
        if not self._fill_tables(companies, model, ids, pairs):
            return
        asked, wanted = map(SQL.identifier, (ASKED_TABLE, WANTED_TABLE))
        is_known, lost = self._has_touchpoints_near(model, asked), set()
        self.env.cr.execute(SQL("ANALYZE %s", wanted))
        if is_known:
            lost = self._delete_touchpoints(companies, model, asked, wanted)
        grown, changed = self._put_touchpoints(model, wanted)
        self._put_others(model, wanted, is_known)
        if follow:
            self._grow_last_contact(grown)
            self._refresh_last_contact(lost | changed)
            self._after_sync(lost | changed | set(grown), at_once=False)

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
            lost = self._delete_touchpoints(companies, model, asked, wanted)
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

        :return: number of sources asked for
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
            SQL("INSERT INTO %s SELECT DISTINCT s.id FROM (%s) s (id)", asked, ids)
        )
        count = self.env.cr.rowcount
        if not count:
            return 0
        if count > ANALYZE_FROM:
            self.env.cr.execute(SQL("ANALYZE %s", asked))
        raw = self._get_source_method("s_of", model)(
            SQL("SELECT asked.id FROM %s asked", asked), pairs
        )
        wanted = SQL.identifier(WANTED_TABLE)
        self.env.cr.execute(
            SQL("INSERT INTO %s %s", wanted, self._sql_touchpoints(companies, raw))
        )
        return count

    def _has_touchpoints_near(self, model, asked):
        """Tell whether a source between the first and the last asked for has been
        collected before: new ones have nothing that could be wrong."""
        self.env.cr.execute(
            SQL(
                """
                SELECT EXISTS (
                    SELECT FROM (SELECT min(id) AS low, max(id) AS high FROM %s) span
                      JOIN crm_touchpoint t
                        ON t.source_model = %s
                       AND t.source_id BETWEEN span.low AND span.high)
                """,
                asked,
                model,
            )
        )
        return self.env.cr.fetchone()[0]

    def _delete_touchpoints(self, companies, model, asked, wanted):
        """Delete what the sources no longer say.

        :param SQL asked: FROM item with the ids of the sources
        :param SQL wanted: FROM item with what they say
        :return: ids of the profiles that lost a touchpoint, to another one perhaps
        """
        held = SQL(
            """
            SELECT t.id, t.profile_id, wanted.profile_id AS wanted_profile_id
              FROM %(asked)s asked
              JOIN crm_touchpoint t
                ON t.source_model = %(model)s AND t.source_id = asked.id
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
        )
        self.env.cr.execute(held)
        rows = self.env.cr.fetchall()
        gone = [id_ for id_, __, wanted in rows if wanted is None]
        if gone:
            self.env.cr.execute(
                SQL("DELETE FROM crm_touchpoint WHERE id = ANY(%s)", gone)
            )
        return {profile_id for __, profile_id, __ in rows}

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
