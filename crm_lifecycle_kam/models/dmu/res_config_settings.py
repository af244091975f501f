# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lifecycle_dmu_fade_months = fields.Integer(
        related="company_id.lifecycle_dmu_fade_months", readonly=False
    )
