# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lifecycle_key_review_days = fields.Integer(
        related="company_id.lifecycle_key_review_days", readonly=False
    )
    lifecycle_review_lead_days = fields.Integer(
        related="company_id.lifecycle_review_lead_days", readonly=False
    )
    lifecycle_review_patience_days = fields.Integer(
        related="company_id.lifecycle_review_patience_days", readonly=False
    )
    lifecycle_turn_scope = fields.Selection(
        related="company_id.lifecycle_turn_scope", readonly=False
    )
