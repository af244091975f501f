# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .crm_lifecycle_stage import PHASES


class CrmStage(models.Model):
    _inherit = "crm.stage"

    lifecycle_is_agreement = fields.Boolean(
        string="Counts as Agreement",
        compute="_compute_lifecycle_is_agreement",
        store=True,
        readonly=False,
        help="An opportunity in this stage means that the customer agreed to buy: a "
        "customer without a purchase becomes Active.",
    )
    lifecycle_phase = fields.Selection(
        selection=PHASES,
        string="Management Phase",
        default="conversion",
        required=True,
        help="The phase of the four-stage customer management model this stage "
        "belongs to.",
    )

    @api.depends("is_won")
    def _compute_lifecycle_is_agreement(self):
        """A won opportunity is an agreement unless somebody says otherwise."""
        for stage in self:
            stage.lifecycle_is_agreement = stage.is_won or stage.lifecycle_is_agreement
