# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lifecycle_result_days = fields.Integer(
        related="company_id.lifecycle_result_days", readonly=False
    )
    lifecycle_reply_hours = fields.Float(
        related="company_id.lifecycle_reply_hours", readonly=False
    )
    lifecycle_letter = fields.Selection(
        related="company_id.lifecycle_letter", readonly=False
    )
