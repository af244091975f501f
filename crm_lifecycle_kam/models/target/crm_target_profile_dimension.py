# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmTargetProfileDimension(models.Model):
    """One side of the triad: our goals, market opportunities, resources. Readiness to
    buy is scored on leads beside it and is no part of the fit."""

    _name = "crm.target.profile.dimension"
    _description = "Dimension of a Target Profile"
    _order = "sequence, id"

    target_id = fields.Many2one(
        comodel_name="crm.target.profile",
        string="Target Profile",
        required=True,
        ondelete="cascade",
        index=True,
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        selection=[
            ("goals", "Our goals"),
            ("opportunities", "Opportunities"),
            ("resources", "Resources"),
            ("readiness", "Readiness to buy"),
        ],
        required=True,
        default="goals",
        help="Readiness is scored on leads only and kept apart from the fit.",
    )
    weight = fields.Float(
        required=True,
        default=1,
        help="Commercial significance against the other dimensions, in any unit.",
    )
    share = fields.Float(
        string="Share of the Total",
        compute="_compute_share",
        help="The weight as a part of all weights.",
    )
    criterion_ids = fields.One2many(
        comodel_name="crm.target.profile.criterion",
        inverse_name="dimension_id",
        string="Criteria",
        copy=True,
    )

    @api.depends("weight", "kind", "target_id.dimension_ids.weight")
    def _compute_share(self):
        for dimension in self:
            is_fit = dimension.kind != "readiness"
            same = dimension.target_id.dimension_ids.filtered(
                lambda other, is_fit=is_fit: (other.kind != "readiness") == is_fit
            )
            total = sum(same.mapped("weight"))
            dimension.share = dimension.weight / total if total else 0

    @api.constrains("weight")
    def _check_weight(self):
        if any(dimension.weight <= 0 for dimension in self):
            raise ValidationError(
                self.env._("The weight of a dimension must be above 0.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        dimensions = super().create(vals_list)
        dimensions.target_id._check_draft()
        return dimensions

    def write(self, vals):
        if {"weight", "kind", "target_id"} & set(vals):
            self.target_id._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        self.target_id._check_draft()
