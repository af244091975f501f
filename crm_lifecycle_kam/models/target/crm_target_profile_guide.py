# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmTargetProfileGuide(models.Model):
    """What one score of a criterion means, so that two people score alike."""

    _name = "crm.target.profile.guide"
    _description = "Meaning of a Score"
    _order = "criterion_id, score, id"
    _rec_name = "text"

    criterion_id = fields.Many2one(
        comodel_name="crm.target.profile.criterion",
        required=True,
        ondelete="cascade",
        index=True,
    )
    score = fields.Integer(required=True, default=1)
    text = fields.Char(string="Meaning", required=True, translate=True)

    _score_unique = models.Constraint(
        "UNIQUE(criterion_id, score)", "A score has one meaning."
    )

    @api.constrains("score", "criterion_id")
    def _check_score(self):
        for guide in self:
            scale = guide.criterion_id.target_id.scale
            if not 1 <= guide.score <= scale:
                raise ValidationError(
                    self.env._("Scores lie from 1 to %(scale)s.", scale=scale)
                )
