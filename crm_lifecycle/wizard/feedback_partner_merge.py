# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Whom we asked follows the customer; nobody recommends himself."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _get_lifecycle_history_models(self):
        return [*super()._get_lifecycle_history_models(), "crm.feedback.request"]

    @api.model
    def _fold_lifecycle_rows(self, src_partners, dst_partner):
        """Who recommended somebody he is now one with has recommended nobody."""
        # sudo: whoever may merge contacts sees them all
        people = (src_partners + dst_partner).sudo()
        self.env.cr.execute(
            "UPDATE res_partner p SET lifecycle_referrer_id = NULL "
            "FROM res_partner r WHERE r.id = p.lifecycle_referrer_id "
            "AND p.id = ANY(%(ids)s) AND (r.id = ANY(%(ids)s) "
            "OR r.commercial_partner_id = ANY(%(customers)s))",
            {"ids": people.ids, "customers": people.commercial_partner_id.ids},
        )
        return super()._fold_lifecycle_rows(src_partners, dst_partner)
