# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lifecycle_first_contact_days = fields.Integer(
        related="company_id.lifecycle_first_contact_days", readonly=False
    )
    lifecycle_owner_ids = fields.Many2many(
        related="company_id.lifecycle_owner_ids", readonly=False
    )
