# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from pytz import all_timezones_set as known_timezones

from odoo import api, models
from odoo.exceptions import ValidationError

from .engine.parameters import MAX_DAYS

DAY_FIELDS = (
    "lifecycle_partner_days",
    "lifecycle_lost_min_days",
    "lifecycle_lost_days",
    "lifecycle_typical_cycle_days",
    "lifecycle_dormant_days",
    "lifecycle_newcomer_days",
    "lifecycle_abc_newcomer_days",
    "lifecycle_abc_down_days",
    "lifecycle_potential_stale_days",
    "lifecycle_touchpoint_days",
)
AMOUNT_FIELDS = (
    "lifecycle_potential_high",
    "lifecycle_potential_medium",
    "lifecycle_vip_min_revenue",
    "lifecycle_vip_min_margin",
)


class ResCompany(models.Model):
    """Refuse settings that contradict each other, naming the field and the fix."""

    _inherit = "res.company"

    @api.constrains(
        "lifecycle_working_count", "lifecycle_regular_count", "lifecycle_partner_count"
    )
    def _check_lifecycle_counts(self):
        for company in self:
            company._lifecycle_check_minimum(1, "lifecycle_working_count")
            company._lifecycle_check_order(
                "lifecycle_working_count", "lifecycle_regular_count"
            )
            company._lifecycle_check_order(
                "lifecycle_regular_count", "lifecycle_partner_count"
            )

    @api.constrains("lifecycle_abc_a_limit", "lifecycle_abc_b_limit")
    def _check_lifecycle_abc_limits(self):
        for company in self:
            a_limit = company.lifecycle_abc_a_limit
            b_limit = company.lifecycle_abc_b_limit
            if not 0 < a_limit < b_limit <= 100:
                raise ValidationError(
                    self.env._(
                        "%(company)s: %(a_field)s (%(a_limit)s) and %(b_field)s "
                        "(%(b_limit)s) contradict each other. Choose a first limit "
                        "above 0 and below the second one, and a second one of at "
                        "most 100.",
                        company=company.display_name,
                        a_field=self._lifecycle_label("lifecycle_abc_a_limit"),
                        a_limit=a_limit,
                        b_field=self._lifecycle_label("lifecycle_abc_b_limit"),
                        b_limit=b_limit,
                    )
                )

    @api.constrains("lifecycle_window_days", *DAY_FIELDS)
    def _check_lifecycle_days(self):
        for company in self:
            company._lifecycle_check_minimum(1, "lifecycle_window_days")
            for name in DAY_FIELDS:
                company._lifecycle_check_minimum(0, name)
            for name in ("lifecycle_window_days", *DAY_FIELDS):
                company._lifecycle_check_maximum(MAX_DAYS, name)

    @api.constrains("lifecycle_lost_rhythm_factor")
    def _check_lifecycle_lost_rhythm_factor(self):
        for company in self:
            company._lifecycle_check_maximum(1000, "lifecycle_lost_rhythm_factor")
            if company.lifecycle_lost_rhythm_factor <= 0:
                raise ValidationError(
                    self.env._(
                        "%(company)s: %(field)s must be above 0, for example 3.",
                        company=company.display_name,
                        field=self._lifecycle_label("lifecycle_lost_rhythm_factor"),
                    )
                )

    @api.constrains(*AMOUNT_FIELDS)
    def _check_lifecycle_amounts(self):
        for company in self:
            for name in AMOUNT_FIELDS:
                company._lifecycle_check_minimum(0, name)
            company._lifecycle_check_order(
                "lifecycle_potential_medium", "lifecycle_potential_high"
            )

    @api.constrains("lifecycle_abc_value", "lifecycle_basis")
    def _check_lifecycle_abc_value(self):
        for company in self:
            if company.lifecycle_abc_value != "margin":
                continue
            if company.lifecycle_basis != "sale":
                reason = self.env._("invoices carry no margin")
            elif not self._lifecycle_margin_installed():
                reason = self.env._("the application Sales Margin is not installed")
            else:
                continue
            raise ValidationError(
                self.env._(
                    "%(company)s: %(field)s cannot be Margin, because %(reason)s. "
                    "Choose Revenue, or let sales orders count as purchases and "
                    "install Sales Margin.",
                    company=company.display_name,
                    field=self._lifecycle_label("lifecycle_abc_value"),
                    reason=reason,
                )
            )

    @api.constrains("lifecycle_vip_stage_id")
    def _check_lifecycle_vip_stage_id(self):
        for company in self:
            stage = company.lifecycle_vip_stage_id
            if stage and stage.code not in ("working", "regular", "partner"):
                raise ValidationError(
                    self.env._(
                        "%(company)s: %(field)s must be a stage that purchases lead "
                        "to (working, regular or proven partner), not %(stage)s.",
                        company=company.display_name,
                        field=self._lifecycle_label("lifecycle_vip_stage_id"),
                        stage=stage.display_name,
                    )
                )

    @api.constrains("lifecycle_tz")
    def _check_lifecycle_tz(self):
        for company in self:
            if company.lifecycle_tz and company.lifecycle_tz not in known_timezones:
                raise ValidationError(
                    self.env._(
                        "%(company)s: %(field)s is %(value)s, which is no known time "
                        "zone. Choose one from the list, for example Europe/Berlin, "
                        "or leave it empty.",
                        company=company.display_name,
                        field=self._lifecycle_label("lifecycle_tz"),
                        value=company.lifecycle_tz,
                    )
                )

    def _lifecycle_label(self, name):
        """Return the label of a setting in the reader's language."""
        return self._fields[name].get_description(self.env, ["string"])["string"]

    def _lifecycle_check_minimum(self, minimum, name):
        """Refuse a setting below ``minimum``, naming it."""
        self.ensure_one()
        if self[name] < minimum:
            raise ValidationError(
                self.env._(
                    "%(company)s: %(field)s is %(value)s, but must be at least "
                    "%(minimum)s.",
                    company=self.display_name,
                    field=self._lifecycle_label(name),
                    value=self[name],
                    minimum=minimum,
                )
            )

    def _lifecycle_check_maximum(self, maximum, name):
        """Refuse a setting above ``maximum``, naming it."""
        self.ensure_one()
        if self[name] > maximum:
            raise ValidationError(
                self.env._(
                    "%(company)s: %(field)s is %(value)s, but must be at most "
                    "%(maximum)s.",
                    company=self.display_name,
                    field=self._lifecycle_label(name),
                    value=self[name],
                    maximum=maximum,
                )
            )

    def _lifecycle_check_order(self, low, high):
        """Refuse the setting ``low`` above the setting ``high``, naming both."""
        self.ensure_one()
        if self[low] > self[high]:
            raise ValidationError(
                self.env._(
                    "%(company)s: %(low)s (%(low_value)s) is above %(high)s "
                    "(%(high_value)s). Lower the first or raise the second.",
                    company=self.display_name,
                    low=self._lifecycle_label(low),
                    low_value=self[low],
                    high=self._lifecycle_label(high),
                    high_value=self[high],
                )
            )
