# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lifecycle_pause_days = fields.Integer(
        related="company_id.lifecycle_pause_days", readonly=False
    )
    lifecycle_grace_days = fields.Integer(
        related="company_id.lifecycle_grace_days", readonly=False
    )
    lifecycle_ledger_years = fields.Integer(
        related="company_id.lifecycle_ledger_years", readonly=False
    )
    lifecycle_plan_enabled = fields.Boolean(
        related="company_id.lifecycle_plan_enabled", readonly=False
    )
    lifecycle_plan_days = fields.Integer(
        related="company_id.lifecycle_plan_days", readonly=False
    )
    lifecycle_plan_limit = fields.Integer(
        related="company_id.lifecycle_plan_limit", readonly=False
    )
    lifecycle_escalation_days = fields.Integer(
        related="company_id.lifecycle_escalation_days", readonly=False
    )
