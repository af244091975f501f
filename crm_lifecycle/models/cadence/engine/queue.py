# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

from ...engine.engine import AT_ONCE_LIMIT


class CrmLifecycleEngine(models.AbstractModel):
    """Contact regulation: clocks follow what people do."""

    _inherit = "crm.lifecycle.engine"

    @api.model
    def _follow_cadence(self, profile_ids):
        """Have the clocks follow what just happened to some customers.

        Few are computed in the person's own transaction, so that he sees the clock
        restart; many are left to the job.

        :param profile_ids: ids of ``crm.lifecycle.profile``
        """
        profile_ids = set(profile_ids)
        if not profile_ids:
            return
        if len(profile_ids) > AT_ONCE_LIMIT:
            self.env["crm.cadence.event"]._append(profile_ids)
            return
        for company, ids in self._get_cadence_groups(profile_ids).items():
            self._recompute_cadence(company, sorted(ids))

    @api.model
    def _get_cadence_groups(self, profile_ids):
        """Return ``{company: profile ids}`` of companies whose clocks run already."""
        companies = self._get_cadence_companies()
        if not companies:
            return {}
        self.env["crm.lifecycle.profile"].flush_model(["company_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT company_id, array_agg(id) FROM crm_lifecycle_profile "
                "WHERE id = ANY(%s) AND company_id = ANY(%s) GROUP BY company_id",
                list(profile_ids),
                companies.ids,
            )
        )
        return {companies.browse(company_id): ids for company_id, ids in rows}

    @api.model
    def _get_cadence_companies(self):
        """Return the companies whose clocks have been set for the first time."""
        return self._get_collecting_companies().filtered("lifecycle_cadence_digest")

    @api.model
    def _recompute(self, company, partners=None, today=None, *args, **kwargs):
        """A change of category brings other rules, at once for few customers."""
        result = super()._recompute(company, partners, today, *args, **kwargs)
        if partners is not None and result["transitions"]:
            ids = partners if isinstance(partners, list | tuple) else partners.ids
            rows = self.env.execute_query(
                SQL(
                    "SELECT profile.id FROM crm_lifecycle_profile profile "
                    "WHERE profile.company_id = %(company)s AND profile.partner_id IN ("
                    "SELECT commercial_partner_id FROM res_partner "
                    "WHERE id = ANY(%(ids)s) UNION SELECT unnest(%(ids)s))",
                    company=company.id,
                    ids=list(ids),
                )
            )
            self._follow_cadence([profile_id for (profile_id,) in rows])
        return result

    def _sql_queue(self, parameters, is_changed):
        """Queue who came, went or changed category. After the baseline every clock is
        set anyway."""
        if parameters.cause == "baseline":
            return super()._sql_queue(parameters, is_changed)
        profile = SQL("COALESCE(f.profile_id, i.id)")
        return SQL(
            "INSERT INTO crm_cadence_event (profile_id) "
            "SELECT %(profile)s FROM fresh f "
            "LEFT JOIN inserted i ON i.partner_id = f.partner_id "
            "WHERE %(profile)s IS NOT NULL AND (%(is_changed)s)",
            profile=profile,
            is_changed=is_changed,
        )

    def _after_sync(self, profile_ids, at_once):
        """Contacts of these customers have come, changed or gone."""
        super()._after_sync(profile_ids, at_once)
        if not profile_ids:
            return
        if at_once:
            self._follow_cadence(profile_ids)
        else:
            self.env["crm.cadence.event"]._append(profile_ids)

    def _finish_first_reading(self, source):
        """Clocks may have been set before the past was read (again)."""
        res = super()._finish_first_reading(source)
        self._request_cadence()
        return res

    @api.model
    def _request_cadence(self):
        """Have the job look at every customer's clocks."""
        # sudo: asked on behalf of whoever changed a rule
        companies = self.env["res.company"].sudo().search([])  # pylint: disable=no-search-all
        for company in companies.filtered("lifecycle_cadence_digest"):
            company.lifecycle_cadence_digest = "asked"
        self._trigger()
