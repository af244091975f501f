# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from ..engine.full_read import CHUNK

YEAR = 365


class CrmLifecycleEngine(models.AbstractModel):
    """What a lost customer bought in the year before it fell silent.

    Kept beside the figures and not among them: only lost customers have it, and no
    stage follows from it. It is written wherever their figures are.
    """

    _inherit = "crm.lifecycle.engine"

    def _write_selected(self, parameters, ids, limits=None):
        result = super()._write_selected(parameters, ids, limits)
        self._write_lost_values(
            parameters,
            self._get_lost_profiles(parameters, SQL("p.partner_id = ANY(%s)", ids)),
        )
        return result

    def _recompute_all(self, parameters):
        result = super()._recompute_all(parameters)
        self._write_lost_values(parameters, self._get_lost_profiles(parameters))
        return result

    def _read_everything(self, parameters):
        result = super()._read_everything(parameters)
        self._write_all_lost_values(parameters)
        return result

    def _recompute_due(self, parameters):
        res = super()._recompute_due(parameters)
        # of customers lost before there was such a figure
        self._write_all_lost_values(parameters, SQL("p.lost_value IS NULL"))
        return res

    def _write_all_lost_values(self, parameters, scope=None):
        """The same for everybody, chunk by chunk. Commits."""
        last_id = 0
        while True:
            profiles = self._get_lost_profiles(
                parameters,
                SQL("p.id > %s AND %s", last_id, scope or SQL("TRUE")),
                CHUNK,
            )
            if not profiles:
                return
            last_id = profiles[-1][0]
            self._attempt(self._write_lost_values, parameters, profiles)
            self._commit_progress()

    def _get_lost_profiles(self, parameters, scope=None, limit=None):
        """Return ``[(profile id, customer id)]`` of those that have a value lost, and
        of those that no longer have one."""
        self.env.cr.execute(
            SQL(
                """
                SELECT p.id, p.partner_id FROM crm_lifecycle_profile p
                 WHERE p.company_id = %(company)s AND p.active AND %(scope)s
                   AND (p.stage_id = %(lost)s OR p.lost_value IS NOT NULL)
                 ORDER BY p.id %(limit)s
                """,
                company=parameters.company_id,
                scope=scope or SQL("TRUE"),
                lost=parameters.stage_ids["lost_recoverable"],
                limit=SQL("LIMIT %s", limit) if limit else SQL(),
            )
        )
        return self.env.cr.fetchall()

    def _write_lost_values(self, parameters, profiles):
        """Write the value lost of some customers, where it is not as stored.

        :param list profiles: pairs of profile id and customer id
        """
        if not profiles:
            return
        self.env.cr.execute(
            self._sql_lost_values(
                parameters,
                [profile_id for profile_id, _partner_id in profiles],
                [partner_id for _profile_id, partner_id in profiles],
            ),
            log_exceptions=False,
        )

    def _sql_lost_values(self, parameters, profile_ids, partner_ids):
        return SQL(
            """
            WITH members AS MATERIALIZED (%(members)s),
            value AS (
                SELECT p.id, CASE WHEN p.stage_id = %(lost)s
                                  THEN COALESCE(%(amount)s, 0) END AS amount
                  FROM crm_lifecycle_profile p
                  LEFT JOIN (%(sources)s) document
                    ON document.partner_id = p.partner_id
                   AND document.day <= p.last_purchase_date
                   AND document.day > p.last_purchase_date - %(year)s
                   AND document.units IS NOT NULL
                 WHERE p.id = ANY(%(ids)s)
                 GROUP BY p.id
            )
            UPDATE crm_lifecycle_profile p SET lost_value = value.amount
              FROM value
             WHERE p.id = value.id AND p.lost_value IS DISTINCT FROM value.amount
            """,
            members=self._sql_members(SQL("%s::int[]", partner_ids)),
            sources=SQL(" UNION ALL ").join(
                SQL("(%s)", source) for source in self._get_document_sources(parameters)
            ),
            lost=parameters.stage_ids["lost_recoverable"],
            amount=self._sql_amount(parameters, SQL("SUM(document.units)")),
            year=YEAR,
            ids=profile_ids,
        )
