# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class CrmLifecycleEngine(models.AbstractModel):
    """The day of the last contact, on the profile."""

    _inherit = "crm.lifecycle.engine"

    def _sql_time_zones(self):
        """Return a FROM item with the time zone of every enabled company."""
        companies = self._get_enabled_companies()
        return SQL(
            "unnest(%s::int[], %s::text[]) AS company (id, tz)",
            companies.ids,
            [self._get_timezone(company) for company in companies],
        )

    def _sql_company_day(self, moment):
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE company.tz)::date", moment)

    def _grow_last_contact(self, moments):
        """Take in new touchpoints.

        :param dict moments: ``{profile id: latest moment}``
        """
        if not moments:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lifecycle_profile profile
                   SET last_contact_date = %(day)s
                  FROM unnest(%(ids)s::int[], %(moments)s::timestamp[])
                       AS made (profile_id, moment), %(zones)s
                 WHERE profile.id = made.profile_id
                   AND company.id = profile.company_id
                   AND COALESCE(profile.last_contact_date < %(day)s, TRUE)
                """,
                day=self._sql_company_day(SQL("made.moment")),
                ids=list(moments),
                moments=list(moments.values()),
                zones=self._sql_time_zones(),
            )
        )

    @api.model
    def _refresh_last_contact(self, profile_ids):
        """Compute the last contact of some profiles anew, from all that counts."""
        if profile_ids:
            self.env["crm.touchpoint"].flush_model()
            self._write_last_contact(SQL("profile.id = ANY(%s)", list(profile_ids)))
            self._invalidate_last_contact()

    def _write_last_contact(self, scope):
        """Write what differs.

        :param SQL scope: condition on ``profile``
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lifecycle_profile written
                   SET last_contact_date = latest.day
                  FROM (
                        SELECT profile.id, %(day)s AS day
                          FROM crm_lifecycle_profile profile
                          JOIN %(zones)s ON company.id = profile.company_id
                          LEFT JOIN LATERAL (
                               SELECT t.date FROM crm_touchpoint t
                                WHERE t.profile_id = profile.id
                                  AND t.is_ignored IS NOT TRUE
                                ORDER BY t.date DESC LIMIT 1) made ON TRUE
                         WHERE %(scope)s
                       ) latest
                 WHERE written.id = latest.id
                   AND written.last_contact_date IS DISTINCT FROM latest.day
                """,
                day=self._sql_company_day(SQL("made.date")),
                zones=self._sql_time_zones(),
                scope=scope,
            )
        )

    @api.model
    def _invalidate_last_contact(self):
        self.env["crm.lifecycle.profile"].invalidate_model(["last_contact_date"])
        for model in ("res.partner", "crm.lead"):
            self.env[model].invalidate_model(["lifecycle_last_contact_date"])
