# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .crm_scorecard import get_value

# Computed, or noted with the score
NOTED_FIELDS = {"value", "serves", "user_id", "date", "dimension_id", "sequence"}


class CrmScorecardLine(models.Model):
    """The score of one criterion, by whom and why."""

    _name = "crm.scorecard.line"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Score"
    _order = "scorecard_id, dimension_id, sequence, id"
    _rec_name = "criterion_id"

    scorecard_id = fields.Many2one(
        comodel_name="crm.scorecard", required=True, ondelete="cascade", index=True
    )
    criterion_id = fields.Many2one(
        comodel_name="crm.target.profile.criterion",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    dimension_id = fields.Many2one(related="criterion_id.dimension_id", store=True)
    sequence = fields.Integer(related="criterion_id.sequence", store=True)
    profile_id = fields.Many2one(related="scorecard_id.profile_id")
    lead_id = fields.Many2one(related="scorecard_id.lead_id")
    score = fields.Integer(help="From 1 to the scale of the profile; 0: not scored.")
    value = fields.Float(
        string="Value (0-100)",
        compute="_compute_value",
        store=True,
        aggregator="avg",
    )
    serves = fields.Boolean(
        string="Serves It",
        compute="_compute_value",
        store=True,
        help="Reaches “Serves From” of the target profile.",
    )
    guidance = fields.Text(compute="_compute_guidance")
    note = fields.Char(string="Why")
    user_id = fields.Many2one(
        comodel_name="res.users", string="Scored By", readonly=True, ondelete="set null"
    )
    date = fields.Date(string="Scored On", readonly=True)

    _criterion_unique = models.Constraint(
        "UNIQUE(scorecard_id, criterion_id)", "A criterion is scored once on a card."
    )

    @api.depends(
        "score",
        "criterion_id.target_id.scale",
        "criterion_id.target_id.serves_limit",
    )
    def _compute_value(self):
        for line in self:
            target = line.criterion_id.target_id
            value = get_value(line.score, target.scale)
            line.value = value or 0
            line.serves = value is not None and value >= target.serves_limit

    @api.depends("criterion_id")
    @api.depends_context("lang")
    def _compute_guidance(self):
        for line in self:
            line.guidance = line.criterion_id._get_guidance()

    @api.constrains("score")
    def _check_score(self):
        for line in self:
            scale = line.scorecard_id.target_id.scale
            if not 0 <= line.score <= scale:
                raise ValidationError(
                    self.env._(
                        "%(criterion)s: choose a score from 1 to %(scale)s, or 0 for "
                        "none.",
                        criterion=line.criterion_id.name,
                        scale=scale,
                    )
                )

    @api.constrains("scorecard_id", "criterion_id")
    def _check_criterion(self):
        for line in self:
            if line.criterion_id.target_id != line.scorecard_id.target_id:
                raise ValidationError(
                    self.env._("The criterion belongs to another target profile.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {name: vals[name] for name in vals.keys() - NOTED_FIELDS}
                for vals in vals_list
            ]
        lines = super().create(vals_list)
        lines.scorecard_id._check_open()
        return lines

    @api.ondelete(at_uninstall=False)
    def _unlink_except_finished(self):
        self.scorecard_id._check_open()

    def write(self, vals):
        if not self.env.su and not NOTED_FIELDS.isdisjoint(vals):
            raise UserError(
                self.env._("Choose a score: everything else of it is computed.")
            )
        if {"score", "note", "criterion_id", "scorecard_id"} & set(vals):
            self.scorecard_id._check_open()
        if vals.get("scorecard_id"):
            card = self.env["crm.scorecard"].browse(vals["scorecard_id"])
            card.check_access("write")
            card._check_open()
        if "score" in vals or "note" in vals:
            vals = {
                **vals,
                "user_id": self.env.uid,
                "date": fields.Date.context_today(self),
            }
        return super().write(vals)
