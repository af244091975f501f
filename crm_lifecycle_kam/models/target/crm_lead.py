# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.crm_lifecycle.models.lifecycle_derived_mixin import derived

SALES = "sales_team.group_sale_salesman"


class CrmLead(models.Model):
    """Fit and readiness of leads; some pipeline stages ask for a card first."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "lifecycle.fit.mixin", "lifecycle.derived.mixin"]

    _scorecard_owner = "lead_id"
    _scorecard_prefix = "lifecycle_"

    lifecycle_scorecard_ids = fields.One2many(
        comodel_name="crm.scorecard",
        inverse_name="lead_id",
        readonly=True,
        groups=SALES,
    )
    lifecycle_fit_score = derived(
        fields.Float,
        "lifecycle_fit_score",
        string="Fit (0-100)",
        aggregator="avg",
        groups=SALES,
        help="How well the lead fits the target profile, by the latest card.",
    )
    lifecycle_fit_verdict = derived(
        fields.Selection,
        "lifecycle_fit_verdict",
        selection=[
            ("fits", "Fits"),
            ("doubtful", "Doubtful"),
            ("misfit", "Does not fit"),
        ],
        string="Fit to the Target",
        groups=SALES,
    )
    lifecycle_readiness_score = derived(
        fields.Float,
        "lifecycle_readiness_score",
        string="Readiness (0-100)",
        aggregator="avg",
        groups=SALES,
        help="How ready the lead is to buy, by the latest card.",
    )

    @api.model
    def _get_derived_depends(self):
        return [*super()._get_derived_depends(), *self._get_fit_depends()]

    def _sql_lifecycle_fit_score(self, column) -> SQL:
        return self._sql_fit_score(column)

    def _sql_lifecycle_fit_verdict(self, column) -> SQL:
        return self._sql_fit_verdict(column)

    def _sql_lifecycle_readiness_score(self, column) -> SQL:
        return self._sql_readiness_score(column)

    def _get_candidate_figures(self):
        customer = self.lifecycle_profile_id
        potential = customer.potential_amount if customer.potential_date else 0
        return self.expected_revenue, potential

    @api.model_create_multi
    def create(self, vals_list):
        """A lead somebody makes in such a stage is refused like one moved there."""
        leads = super().create(vals_list)
        has_default = self.env.context.get("default_stage_id")
        placed = [
            lead.id
            for lead, vals in zip(leads, vals_list, strict=True)
            if has_default or vals.get("stage_id")
        ]
        if not self.env.su:  # nobody is there to score what a form of the website sent
            for stage, found in self.browse(placed).grouped("stage_id").items():
                found._check_scored(stage)
        return leads

    def write(self, vals):
        if vals.get("stage_id"):
            stage = self.env["crm.stage"].browse(vals["stage_id"])
            self.filtered(lambda lead: lead.stage_id != stage)._check_scored(stage)
        return super().write(vals)

    def _check_scored(self, stage):
        """Refuse to move leads into a stage that asks for a card they do not have."""
        # sudo: a setting of the stage, whoever moves the lead
        if not self or not stage.sudo().lifecycle_needs_scorecard:
            return
        missing = self - self.env["crm.scorecard"]._has_card(self)
        if missing:
            raise UserError(
                self.env._(
                    "“%(stage)s” asks for a scorecard not older than a year. Score "
                    "first: %(leads)s.",
                    stage=stage.name,
                    leads=", ".join(missing[:10].mapped("display_name")),
                )
            )

    def _merge_dependences(self, opportunities):
        """The cards of merged leads stay with the one that is left."""
        # sudo: nothing is lost, whoever merges
        opportunities.sudo().lifecycle_scorecard_ids._move_to(self.sudo())
        return super()._merge_dependences(opportunities)
