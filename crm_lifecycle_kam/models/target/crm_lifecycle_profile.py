# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from odoo.addons.crm_lifecycle.models.lifecycle_derived_mixin import derived


class CrmLifecycleProfile(models.Model):
    _name = "crm.lifecycle.profile"
    _inherit = ["crm.lifecycle.profile", "lifecycle.fit.mixin"]

    _scorecard_owner = "profile_id"

    scorecard_ids = fields.One2many(
        comodel_name="crm.scorecard", inverse_name="profile_id", readonly=True
    )
    fit_score = derived(
        fields.Float,
        "fit_score",
        string="Fit (0-100)",
        aggregator="avg",
        help="How well the customer fits the target profile, by the latest card.",
    )
    fit_verdict = derived(
        fields.Selection,
        "fit_verdict",
        selection=[
            ("fits", "Fits"),
            ("doubtful", "Doubtful"),
            ("misfit", "Does not fit"),
        ],
        string="Fit to the Target",
    )
    scored_date = derived(fields.Date, "scored_date", string="Scored On")

    @api.model
    def _get_derived_depends(self):
        return [*super()._get_derived_depends(), *self._get_fit_depends()]

    def _get_candidate_figures(self):
        return self.revenue, self.potential_amount if self.potential_date else 0
