# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Scorecards follow merged customers; the latest of both is the latest."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _get_lifecycle_history_models(self):
        return [*super()._get_lifecycle_history_models(), "crm.scorecard"]

    @api.model
    def _move_lifecycle_history(self, pairs):
        res = super()._move_lifecycle_history(pairs)
        self.env["crm.scorecard"].invalidate_model()
        # sudo: the cards of a customer are one history, whoever merges
        kept = self.env["crm.lifecycle.profile"].sudo().browse(dict(pairs).values())
        self.env["crm.scorecard"]._mark_latest(kept, self.env["crm.lead"])
        return res
