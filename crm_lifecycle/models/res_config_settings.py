# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    module_crm_lifecycle_kam = fields.Boolean(string="Key Account Management")
    lifecycle_enabled = fields.Boolean(
        related="company_id.lifecycle_enabled", readonly=False
    )
    lifecycle_basis = fields.Selection(
        related="company_id.lifecycle_basis", readonly=False
    )
    lifecycle_tz = fields.Selection(related="company_id.lifecycle_tz", readonly=False)
    lifecycle_window_days = fields.Integer(
        related="company_id.lifecycle_window_days", readonly=False
    )
    lifecycle_working_count = fields.Integer(
        related="company_id.lifecycle_working_count", readonly=False
    )
    lifecycle_regular_count = fields.Integer(
        related="company_id.lifecycle_regular_count", readonly=False
    )
    lifecycle_partner_count = fields.Integer(
        related="company_id.lifecycle_partner_count", readonly=False
    )
    lifecycle_partner_days = fields.Integer(
        related="company_id.lifecycle_partner_days", readonly=False
    )
    lifecycle_lost_min_days = fields.Integer(
        related="company_id.lifecycle_lost_min_days", readonly=False
    )
    lifecycle_lost_rhythm_factor = fields.Float(
        related="company_id.lifecycle_lost_rhythm_factor", readonly=False
    )
    lifecycle_lost_days = fields.Integer(
        related="company_id.lifecycle_lost_days", readonly=False
    )
    lifecycle_typical_cycle_days = fields.Integer(
        related="company_id.lifecycle_typical_cycle_days", readonly=False
    )
    lifecycle_dormant_days = fields.Integer(
        related="company_id.lifecycle_dormant_days", readonly=False
    )
    lifecycle_newcomer_days = fields.Integer(
        related="company_id.lifecycle_newcomer_days", readonly=False
    )
    lifecycle_abc_value = fields.Selection(
        related="company_id.lifecycle_abc_value", readonly=False
    )
    lifecycle_abc_a_limit = fields.Float(
        related="company_id.lifecycle_abc_a_limit", readonly=False
    )
    lifecycle_abc_b_limit = fields.Float(
        related="company_id.lifecycle_abc_b_limit", readonly=False
    )
    lifecycle_abc_newcomer_days = fields.Integer(
        related="company_id.lifecycle_abc_newcomer_days", readonly=False
    )
    lifecycle_abc_down_days = fields.Integer(
        related="company_id.lifecycle_abc_down_days", readonly=False
    )
    lifecycle_potential_stale_days = fields.Integer(
        related="company_id.lifecycle_potential_stale_days", readonly=False
    )
    lifecycle_potential_high = fields.Monetary(
        related="company_id.lifecycle_potential_high",
        currency_field="lifecycle_currency_id",
        readonly=False,
    )
    lifecycle_potential_medium = fields.Monetary(
        related="company_id.lifecycle_potential_medium",
        currency_field="lifecycle_currency_id",
        readonly=False,
    )
    lifecycle_quotation_is_agreement = fields.Boolean(
        related="company_id.lifecycle_quotation_is_agreement", readonly=False
    )
    lifecycle_vip_min_revenue = fields.Monetary(
        related="company_id.lifecycle_vip_min_revenue",
        currency_field="lifecycle_currency_id",
        readonly=False,
    )
    lifecycle_vip_min_margin = fields.Monetary(
        related="company_id.lifecycle_vip_min_margin",
        currency_field="lifecycle_currency_id",
        readonly=False,
    )
    lifecycle_vip_stage_id = fields.Many2one(
        related="company_id.lifecycle_vip_stage_id", readonly=False
    )
    lifecycle_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the Customer Base"
    )
    lifecycle_has_margin = fields.Boolean(related="company_id.lifecycle_has_margin")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._write_lifecycle_together(vals)
        return super().create(vals_list)

    def write(self, vals):
        for settings in self:
            settings._write_lifecycle_together(
                {"company_id": settings.company_id.id, **vals}
            )
        return super().write(vals)

    @api.model
    def _write_lifecycle_together(self, vals):
        """Write the base's settings to the company in one go.

        Related fields are written one by one, each of them checked against the others
        as they are then: raising two limits together would be refused half way.
        """
        company = self.env["res.company"].browse(
            vals.get("company_id") or self.env.company.id
        )
        company_vals = {
            name: value
            for name, value in vals.items()
            if name.startswith("lifecycle_")
            and name in company._fields
            and not self._fields[name].readonly
        }
        if company_vals:
            company.write(company_vals)
