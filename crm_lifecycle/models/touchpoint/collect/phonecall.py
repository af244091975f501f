# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class CrmLifecycleEngine(models.AbstractModel):
    """Touchpoints from held calls of the application Phone Calls, when installed."""

    _inherit = "crm.lifecycle.engine"

    @api.model
    def _get_touchpoint_sources(self):
        sources = super()._get_touchpoint_sources()
        if "crm.phonecall" in self.env:
            sources["crm.phonecall"] = "phonecall"
        return sources

    def _touchpoints_of_phonecall(self, ids, pairs=()):
        """Return the SELECT of raw touchpoints, see ``_sql_touchpoints``.

        :param SQL ids: SELECT of call ids
        """
        return SQL(
            """
            SELECT call.id AS source_id,
                   COALESCE(call.partner_id, lead.partner_id) AS contact_id, 0 AS rank,
                   array_remove(ARRAY[call.user_id], NULL) AS user_ids,
                   LEAST(COALESCE(call.date, call.write_date), call.date_closed,
                         %(now)s) AS moment,
                   NULL::date AS first_day, NULL::date AS last_day,
                   call.duration / 60 AS duration, %(channel)s::int AS channel_id,
                   call.direction,
                   COALESCE(call.company_id, lead.company_id) AS company_id,
                   NULL::int AS near_company_id, FALSE AS is_private,
                   CASE WHEN lead.id IS NOT NULL THEN 'crm.lead' END AS res_model,
                   lead.id AS res_id
              FROM crm_phonecall call
              JOIN (%(ids)s) asked (id) ON asked.id = call.id
              LEFT JOIN crm_lead lead ON lead.id = call.opportunity_id
             WHERE call.state = 'done' AND call.active
               AND COALESCE(call.partner_id, lead.partner_id) IS NOT NULL
            """,
            now=self._get_collection_now(),
            channel=self.env["crm.touchpoint.channel"]._get_mapping()["phonecall"],
            ids=ids,
        )

    # ------------------------------------------------------------
    # WHAT TO READ: keys are seconds of the last change, since a foreign model
    # that may not be there cannot be watched
    # ------------------------------------------------------------

    def _touchpoint_bounds_phonecall(self, is_first):
        return self._get_moment_bounds("crm_phonecall", "write_date", is_first)

    def _touchpoint_range_phonecall(self, low, high):
        return SQL(
            "SELECT call.id FROM crm_phonecall call "
            "WHERE call.write_date > %s AND call.write_date <= %s",
            self._to_moment(low),
            self._to_moment(high),
        )

    def _touchpoint_ids_phonecall(self, contact_ids, documents):
        return SQL(
            """
            SELECT call.id FROM crm_phonecall call
             WHERE call.partner_id = ANY(%(contacts)s)
            UNION
            SELECT call.id FROM crm_phonecall call
              JOIN (%(documents)s) document
                ON document.model = 'crm.lead' AND document.id = call.opportunity_id
            """,
            contacts=contact_ids,
            documents=documents,
        )
