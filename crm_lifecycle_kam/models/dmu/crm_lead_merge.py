# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class CrmLead(models.Model):
    """What differs about people follows opportunities that are merged."""

    _inherit = "crm.lead"

    def _merge_dependences(self, opportunities):
        res = super()._merge_dependences(opportunities)
        # sudo: whoever may merge the opportunities need not see all their people
        kept = self.sudo()
        for source in opportunities.sudo():
            known = kept.lifecycle_dmu_member_ids.contact_id
            moved = source.lifecycle_dmu_member_ids.filtered(
                lambda member, known=known: (
                    member.contact_id not in known
                    and member.partner_id == kept.partner_id.commercial_partner_id
                )
            )
            moved.lead_id = kept
            kept.invalidate_recordset(["lifecycle_dmu_member_ids"])
        return res
