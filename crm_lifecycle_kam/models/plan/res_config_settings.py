# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lifecycle_objective_days = fields.Integer(
        related="company_id.lifecycle_objective_days", readonly=False
    )
    lifecycle_health_weight_updated = fields.Integer(
        related="company_id.lifecycle_health_weight_updated", readonly=False
    )
    lifecycle_health_weight_people = fields.Integer(
        related="company_id.lifecycle_health_weight_people", readonly=False
    )
    lifecycle_health_weight_norms = fields.Integer(
        related="company_id.lifecycle_health_weight_norms", readonly=False
    )
    lifecycle_health_weight_feedback = fields.Integer(
        related="company_id.lifecycle_health_weight_feedback", readonly=False
    )
    lifecycle_health_weight_balance = fields.Integer(
        related="company_id.lifecycle_health_weight_balance", readonly=False
    )
