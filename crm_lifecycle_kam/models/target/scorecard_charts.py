# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

MAX_BUBBLES = 500


class CrmScorecard(models.Model):
    """What the pictures are drawn from."""

    _inherit = "crm.scorecard"

    radar = fields.Json(compute="_compute_radar")

    @api.depends("line_ids.score", "previous_id")
    @api.depends_context("lang")
    def _compute_radar(self):
        """Axes: criteria; this card, the card before and the target profile."""
        for card in self:
            criteria = card.line_ids.criterion_id
            card.radar = {
                "labels": [criterion.name for criterion in criteria],
                "current": card._get_values(criteria),
                "previous": card.previous_id._get_values(criteria)
                if card.previous_id.target_id == card.target_id
                else [],
                "wanted": [
                    100 * ((one.wanted_score or scale) - 1) / (scale - 1)
                    for one in criteria
                    for scale in [card.target_id.scale]
                ],
            }

    def _get_values(self, criteria):
        values = {
            line.criterion_id: line.value if line.score else None
            for line in self.line_ids
        }
        return [values.get(criterion) for criterion in criteria]

    @api.model
    def get_bubbles(self, model, domain):
        """Return the candidates of the ranking: fit against value, by potential.

        :param str model: ``crm.lifecycle.profile`` or ``crm.lead``
        :param list domain: which of them
        :return: ``{"bubbles": [{"id", "name", "fit" (0-100), "value" and
            "potential" (company currency), "rank" (fit x value x potential as a part
            of the best), "verdict"}], "currency_id", "left_out"}``, best first
        :raise UserError: for another model
        """
        if model not in ("crm.lifecycle.profile", "crm.lead"):
            raise UserError(self.env._("Only customers and leads are ranked."))
        subjects = self.env[model]._search_candidates(domain, MAX_BUBBLES + 1)
        bubbles = [one._prepare_bubble() for one in subjects[:MAX_BUBBLES]]
        best = max((bubble["product"] for bubble in bubbles), default=0)
        for bubble in bubbles:
            product = bubble.pop("product")
            bubble["rank"] = product / best if best else 0
        bubbles.sort(key=lambda one: (-one["rank"], -one["fit"], one["id"]))
        return {
            "bubbles": bubbles,
            "currency_id": self.env.company.currency_id.id,
            "left_out": max(len(subjects) - MAX_BUBBLES, 0),
        }
