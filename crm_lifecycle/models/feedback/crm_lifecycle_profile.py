# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain

from .crm_feedback import BANDS, SCORES


class CrmLifecycleProfile(models.Model):
    """What the customer thinks of us, on its card."""

    _inherit = "crm.lifecycle.profile"

    feedback_ids = fields.One2many(
        comodel_name="crm.feedback", inverse_name="profile_id", readonly=True
    )
    last_feedback_id = fields.Many2one(
        comodel_name="crm.feedback",
        compute="_compute_last_feedback_id",
    )
    last_score = fields.Selection(selection=SCORES, compute="_compute_last_feedback_id")
    last_band = fields.Selection(selection=BANDS, compute="_compute_last_feedback_id")
    has_open_feedback = fields.Boolean(
        string="Dissatisfied",
        compute="_compute_has_open_feedback",
        search="_search_has_open_feedback",
        help="A low score or a complaint is still to be put right: offer nothing.",
    )

    @api.depends("feedback_ids.score", "feedback_ids.date")
    def _compute_last_feedback_id(self):
        feedbacks = self.env["crm.feedback"].search(
            [("profile_id", "in", self._origin.ids), ("score", "!=", False)],
            order="date, id",
        )
        last = {feedback.profile_id.id: feedback for feedback in feedbacks}
        for profile in self:
            feedback = last.get(profile._origin.id, feedbacks.browse())
            profile.last_feedback_id = feedback
            profile.last_score = feedback.score
            profile.last_band = feedback.band

    @api.depends("feedback_ids.is_open")
    def _compute_has_open_feedback(self):
        Feedback = self.env["crm.feedback"]
        domain = [("profile_id", "in", self._origin.ids), ("is_open", "=", True)]
        groups = Feedback._read_group(domain, ["profile_id"])
        dissatisfied = self.browse([profile.id for (profile,) in groups])
        for profile in self:
            profile.has_open_feedback = profile._origin in dissatisfied

    @api.model
    def _search_has_open_feedback(self, operator, value):
        if operator != "in":
            return NotImplemented
        dissatisfied = Domain("feedback_ids", "any", [("is_open", "=", True)])
        return Domain.OR(
            [dissatisfied if wanted else ~dissatisfied for wanted in set(value)]
        )

    def action_view_feedback(self):
        """Open what this customer said."""
        return self._prepare_line_action("crm_lifecycle.crm_feedback_action")
