# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lifecycle_fulfilled_by = fields.Selection(
        related="company_id.lifecycle_fulfilled_by", readonly=False
    )
    lifecycle_fulfilled_days = fields.Integer(
        related="company_id.lifecycle_fulfilled_days", readonly=False
    )
