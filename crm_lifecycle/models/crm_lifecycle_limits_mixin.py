# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

# The company's settings that a ready set brings; each has the same name here.
LIMIT_FIELDS = (
    "lifecycle_window_days",
    "lifecycle_working_count",
    "lifecycle_regular_count",
    "lifecycle_partner_count",
    "lifecycle_partner_days",
    "lifecycle_lost_min_days",
    "lifecycle_lost_rhythm_factor",
    "lifecycle_lost_days",
    "lifecycle_typical_cycle_days",
    "lifecycle_dormant_days",
    "lifecycle_newcomer_days",
    "lifecycle_abc_a_limit",
    "lifecycle_abc_b_limit",
)


class CrmLifecycleLimitsMixin(models.AbstractModel):
    """Limits that are not those of a company yet."""

    _name = "crm.lifecycle.limits.mixin"
    _description = "Limits of a Customer Base"

    lifecycle_window_days = fields.Integer(
        string="Window (days)",
        help="Revenue, ABC and RFM look at this many days up to today.",
    )
    lifecycle_working_count = fields.Integer(string="Working From (purchases)")
    lifecycle_regular_count = fields.Integer(string="Regular From (purchases)")
    lifecycle_partner_count = fields.Integer(string="Proven Partner From (purchases)")
    lifecycle_partner_days = fields.Integer(
        string="Proven Partner After (days)",
        help="Days since the first purchase.",
    )
    lifecycle_lost_min_days = fields.Integer(
        string="Lost, At Least (days)",
        help="A customer is never lost sooner than this many days after the last "
        "purchase.",
    )
    lifecycle_lost_rhythm_factor = fields.Float(
        string="Lost After (times the rhythm)",
        help="A customer with a purchase rhythm is lost after this many times the "
        "rhythm without a purchase.",
    )
    lifecycle_lost_days = fields.Integer(
        string="Lost Without a Rhythm (days)",
        help="Used for customers without a purchase rhythm when no typical cycle is "
        "stated.",
    )
    lifecycle_typical_cycle_days = fields.Integer(
        string="Typical Purchase Cycle (days)",
        help="How often a customer of yours typically buys; empty: not stated.",
    )
    lifecycle_dormant_days = fields.Integer(string="Dormant Prospect After (days)")
    lifecycle_newcomer_days = fields.Integer(
        string="New Customer For (days)",
        help="Category New lasts this many days after the first purchase.",
    )
    lifecycle_abc_a_limit = fields.Float(string="Class A Up To (%)")
    lifecycle_abc_b_limit = fields.Float(string="Class B Up To (%)")

    @api.model
    def default_get(self, fields):
        """Start from the limits of the current company."""
        values = super().default_get(fields)
        limits = self._get_company_limits(self.env.company)
        return {**{name: limits[name] for name in fields if name in limits}, **values}

    @api.constrains(*LIMIT_FIELDS)
    def _check_limits(self):
        """What a company would refuse is refused here."""
        for record in self:
            record._get_limits_company()._lifecycle_check_draft(
                record._get_limits(), record.display_name
            )

    def _get_limits_company(self):
        """Hook: the company whose other settings the limits have to agree with."""
        return self.env.company

    def _get_limits(self):
        """Return the limits as ``{company field: value}``."""
        self.ensure_one()
        return {name: self[name] for name in LIMIT_FIELDS}

    @api.model
    def _get_company_limits(self, company):
        """Return the limits of a company as ``{company field: value}``."""
        return {name: company[name] for name in LIMIT_FIELDS}
