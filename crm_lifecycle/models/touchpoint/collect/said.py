# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class CrmLifecycleEngine(models.AbstractModel):
    """What the sources say: with whom there was a contact, when, over what."""

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

    def _sql_row_of(self, table, id_):
        """Return a LATERAL item: the row of a table with this number.

        Rows are looked up one by one, by OFFSET 0. Left to itself PostgreSQL, which
        takes memory for disk, may read a large table from one end to the other.
        """
        return SQL(
            "LATERAL (SELECT * FROM %s found WHERE found.id = %s OFFSET 0)",
            SQL.identifier(table),
            id_,
        )

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
        colleague, by_colleague = SQL(), SQL()
        if len(companies) > 1:
            colleague = SQL(
                "LEFT JOIN res_users colleague ON colleague.id = met.user_ids[1]"
            )
            by_colleague = SQL("company.id = colleague.company_id DESC NULLS LAST,")
        return SQL(
            """
            SELECT DISTINCT ON (met.source_id, met.partner_id)
                   met.source_id, met.partner_id, met.profile_id,
                   met.contact_ids[1] AS contact_id,
                   CASE WHEN met.is_private THEN '{}'::int[]
                        ELSE COALESCE(met.contact_ids[2:], '{}') END
                       AS other_contact_ids,
                   met.user_ids[1] AS user_id,
                   COALESCE(met.user_ids[2:], '{}') AS other_user_ids,
                   met.channel_id, met.direction, day.moment AS date, met.duration,
                   met.res_model, met.res_id
              FROM (%(met)s) met
              JOIN %(companies)s ON company.id = met.profile_company_id
              %(colleague)s
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
                      %(by_colleague)s
                      met.is_active DESC, company.id
            """,
            met=self._sql_met_profiles(raw),
            companies=self._sql_companies(companies),
            colleague=colleague,
            by_colleague=by_colleague,
            now=self._get_collection_now(),
        )

    def _sql_met_profiles(self, raw):
        """The same with the customer's card in each company, by OFFSET 0: PostgreSQL
        expects nearly nobody to be left by what is asked of the companies next."""
        return SQL(
            """
            SELECT met.*, profile.id AS profile_id, profile.active AS is_active,
                   profile.company_id AS profile_company_id
              FROM (%s) met
             CROSS JOIN LATERAL (
                    SELECT * FROM crm_lifecycle_profile held
                     WHERE held.partner_id = met.partner_id OFFSET 0
                   ) profile
            OFFSET 0
            """,
            self._sql_met_customers(raw),
        )

    def _sql_met_customers(self, raw):
        """One row per source and customer, with the people on both sides.

        Colleagues are no customers, whatever they bought. All rows are sorted once:
        sorting inside of each group would take longer than everything else.
        """
        return SQL(
            """
            SELECT raw.source_id, raw.partner_id,
                   array_agg(raw.contact_id) FILTER (WHERE NOT raw.is_company)
                       AS contact_ids,
                   min(raw.user_ids) AS user_ids, min(raw.moment) AS moment,
                   min(raw.first_day) AS first_day, max(raw.last_day) AS last_day,
                   min(raw.duration) AS duration, min(raw.channel_id) AS channel_id,
                   min(raw.direction) AS direction, min(raw.company_id) AS company_id,
                   min(raw.near_company_id) AS near_company_id,
                   bool_or(raw.is_private) AS is_private,
                   min(raw.res_model) AS res_model, min(raw.res_id) AS res_id
              FROM (
                    SELECT raw.*, contact.commercial_partner_id AS partner_id,
                           contact.is_company IS TRUE AS is_company
                      FROM (%(raw)s) raw
                     CROSS JOIN %(contact)s contact
                     WHERE NOT EXISTS (SELECT FROM res_users u
                                        WHERE u.partner_id = contact.id AND NOT u.share)
                     ORDER BY raw.source_id, contact.commercial_partner_id, raw.rank,
                              contact.id
                   ) raw
             GROUP BY raw.source_id, raw.partner_id
            """,
            raw=raw,
            contact=self._sql_row_of("res_partner", SQL("raw.contact_id")),
        )
