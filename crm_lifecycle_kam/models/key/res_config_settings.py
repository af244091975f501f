# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lifecycle_key_approval = fields.Boolean(
        related="company_id.lifecycle_key_approval", readonly=False
    )
    lifecycle_key_cap = fields.Integer(
        related="company_id.lifecycle_key_cap", readonly=False
    )
