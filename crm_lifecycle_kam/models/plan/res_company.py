# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .plan_health import PARTS


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_objective_days = fields.Integer(
        string="Look at Objectives Every (days)",
        default=30,
        help="An objective nobody has looked at for longer lowers the plan's health.",
        groups="base.group_user",
    )
    lifecycle_health_weight_updated = fields.Integer(
        string="Health Weight: Objectives Looked At",
        default=2,
        groups="base.group_user",
    )
    lifecycle_health_weight_people = fields.Integer(
        string="Health Weight: People Known", default=1, groups="base.group_user"
    )
    lifecycle_health_weight_norms = fields.Integer(
        string="Health Weight: Contact Rules Kept", default=1, groups="base.group_user"
    )
    lifecycle_health_weight_feedback = fields.Integer(
        string="Health Weight: Feedback", default=1, groups="base.group_user"
    )
    lifecycle_health_weight_balance = fields.Integer(
        string="Health Weight: Balance", default=1, groups="base.group_user"
    )

    @api.constrains(
        "lifecycle_objective_days",
        *(f"lifecycle_health_weight_{name}" for name in PARTS),
    )
    def _check_lifecycle_plan(self):
        for company in self:
            weights = [company[f"lifecycle_health_weight_{name}"] for name in PARTS]
            if min(weights) < 0 or not any(weights):
                raise ValidationError(
                    self.env._(
                        "The weights of a plan's health cannot be negative, and one of "
                        "them must be above 0."
                    )
                )
            if not 1 <= company.lifecycle_objective_days <= 366:
                raise ValidationError(
                    self.env._("Look at objectives every 1 to 366 days.")
                )
