# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Account plans follow merged customers."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _get_lifecycle_history_models(self):
        return [*super()._get_lifecycle_history_models(), "crm.account.plan"]
