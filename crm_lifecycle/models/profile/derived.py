# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..lifecycle_derived_mixin import derived

# Columns the derived fields are made of; a change of one makes them stale.
DEPENDS = (
    *("company_id", "user_id", "added_date", "last_contact_date", "is_vip"),
    *("last_purchase_date", "last_document_date", "expected_purchase_date"),
    *("rhythm_days", "revenue", "margin", "abc_class", "computed_stage_id"),
    *("stage_id", "potential_amount", "potential_date"),
)
REACHED_CODES = ("working", "regular", "partner")


class CrmLifecycleProfile(models.Model):
    """Figures that today's date changes: never stored, derived by one definition."""

    _name = "crm.lifecycle.profile"
    _inherit = ["crm.lifecycle.profile", "lifecycle.derived.mixin"]

    silence_days = derived(
        fields.Integer,
        "silence_days",
        string="Silence (days)",
        aggregator="avg",
        help="Days since the last purchase.",
    )
    lateness = derived(
        fields.Float,
        "lateness",
        aggregator="avg",
        digits=(16, 2),
        help="Silence divided by the customer's own purchase rhythm: above 1 the next "
        "purchase is late.",
    )
    abc_share = derived(
        fields.Float,
        "abc_share",
        string="Share of Total Value",
        aggregator="sum",
        digits=(16, 6),
        help="The customer's value as a part of what all ranked customers together "
        "brought, as of the last pass.",
    )
    share_of_wallet = derived(
        fields.Float,
        "share_of_wallet",
        aggregator="avg",
        digits=(16, 4),
        help="Yearly revenue divided by the yearly potential. Of a group: all its "
        "revenue divided by all its potential.",
    )
    is_late = derived(
        fields.Boolean,
        "is_late",
        string="Late Against Own Rhythm",
        help="Silent for longer than the customer's own purchase rhythm.",
    )
    is_expected_this_week = derived(
        fields.Boolean,
        "is_expected_this_week",
        string="Purchase Expected This Week",
        help="The expected next purchase lies in this week, Monday to Sunday.",
    )
    is_dormant = derived(
        fields.Boolean,
        "is_dormant",
        string="Dormant Prospect",
        help="A potential or agreed customer without a document or contact for longer "
        "than the company allows.",
    )
    is_potential_stale = derived(
        fields.Boolean,
        "is_potential_stale",
        string="Potential Is Stale",
        help="The potential was estimated too long ago to count.",
    )
    meets_vip_criteria = derived(
        fields.Boolean,
        "meets_vip_criteria",
        string="Meets the VIP Criteria",
        help="Reaches revenue, margin and stage the company asks of a VIP.",
    )
    misses_vip_criteria = derived(
        fields.Boolean,
        "misses_vip_criteria",
        string="Misses the VIP Criteria",
        help="The company has criteria for VIPs, and the customer does not meet them.",
    )
    has_no_responsible = derived(
        fields.Boolean,
        "has_no_responsible",
        string="No Active Responsible",
        help="Nobody answers for the customer, or somebody who no longer works here.",
    )

    @api.model
    def _get_derived_depends(self):
        return [*super()._get_derived_depends(), *DEPENDS]

    # ------------------------------------------------------------
    # DEFINITIONS: ``column`` is a function from a column's name to SQL
    # ------------------------------------------------------------

    def _sql_silence_days(self, column):
        return SQL("(%s - %s)", self._sql_today(column), column("last_purchase_date"))

    def _sql_lateness(self, column):
        return SQL(
            "(%s / NULLIF(%s, 0))",
            self._sql_silence_days(column),
            column("rhythm_days"),
        )

    def _sql_abc_share(self, column):
        """Share of the ranked customers' total; newcomers are not ranked."""
        engine = self.env["crm.lifecycle.engine"]

        def get_total(company):
            total = (company.lifecycle_limits or {}).get("total")
            return Decimal(str(total or 0))

        def get_basis(company):
            has_margin = engine._has_margin(company.lifecycle_basis)
            return company.lifecycle_abc_value if has_margin else "revenue"

        return SQL(
            "(CASE WHEN %(class)s IN ('a', 'b', 'c') THEN "
            "CASE WHEN %(basis)s = 'margin' THEN %(margin)s ELSE %(revenue)s END "
            "/ NULLIF(%(total)s, 0) END)",
            **{"class": column("abc_class")},
            basis=self._sql_by_company(column, get_basis, SQL("text")),
            margin=column("margin"),
            revenue=column("revenue"),
            total=self._sql_by_company(column, get_total, SQL("numeric")),
        )

    def _sql_yearly(self, column):
        """Revenue of the window as of a year."""
        window = self._sql_setting(column, "lifecycle_window_days")
        return SQL("(%s * 365 / NULLIF(%s, 0))", column("revenue"), window)

    def _sql_potential(self, column):
        """The known potential; nothing without an estimate and of an estimate of 0."""
        return SQL(
            "(CASE WHEN %s IS NOT NULL THEN NULLIF(%s, 0) END)",
            column("potential_date"),
            column("potential_amount"),
        )

    def _sql_share_of_wallet(self, column):
        return SQL("(%s / %s)", self._sql_yearly(column), self._sql_potential(column))

    def _sql_is_late(self, column):
        return SQL("COALESCE(%s > 1, FALSE)", self._sql_lateness(column))

    def _sql_is_expected_this_week(self, column):
        return SQL(
            "COALESCE(date_trunc('week', %s::timestamp) "
            "= date_trunc('week', %s::timestamp), FALSE)",
            column("expected_purchase_date"),
            self._sql_today(column),
        )

    def _sql_is_dormant(self, column):
        stages = self.env["crm.lifecycle.stage"]._ids_by_code()
        return SQL(
            "COALESCE(%(stage)s IN %(birth)s AND %(today)s - GREATEST("
            "%(document)s, %(contact)s, %(added)s) > %(days)s, FALSE)",
            stage=column("stage_id"),
            birth=(stages["potential"], stages["active"]),
            today=self._sql_today(column),
            document=column("last_document_date"),
            contact=column("last_contact_date"),
            added=column("added_date"),
            days=self._sql_setting(column, "lifecycle_dormant_days"),
        )

    def _sql_is_potential_stale(self, column):
        return SQL(
            "COALESCE(%s - %s > %s, FALSE)",
            self._sql_today(column),
            column("potential_date"),
            self._sql_setting(column, "lifecycle_potential_stale_days"),
        )

    def _sql_has_vip_criteria(self, column):
        def has_criteria(company):
            return bool(
                company.lifecycle_vip_min_revenue
                or company.lifecycle_vip_min_margin
                or company.lifecycle_vip_stage_id
            )

        return self._sql_by_company(column, has_criteria, SQL("boolean"))

    def _sql_meets_vip_criteria(self, column):
        """All criteria that are set; a company without any has no candidates."""
        stages = self.env["crm.lifecycle.stage"]._ids_by_code()
        order = [stages[code] for code in REACHED_CODES]

        def get_rank(company):
            code = company.lifecycle_vip_stage_id.code
            return REACHED_CODES.index(code) + 1 if code in REACHED_CODES else 0

        def reaches(name, setting):
            minimum = self._sql_setting(column, setting, "numeric")
            return SQL("(%(m)s = 0 OR %(v)s >= %(m)s)", m=minimum, v=column(name))

        return SQL(
            "COALESCE(%(has)s AND %(revenue)s AND %(margin)s "
            "AND COALESCE(array_position(%(order)s, %(stage)s), 0) >= %(rank)s, FALSE)",
            has=self._sql_has_vip_criteria(column),
            revenue=reaches("revenue", "lifecycle_vip_min_revenue"),
            margin=reaches("margin", "lifecycle_vip_min_margin"),
            order=order,
            stage=column("computed_stage_id"),
            rank=self._sql_by_company(column, get_rank, SQL("integer")),
        )

    def _sql_misses_vip_criteria(self, column):
        return SQL(
            "COALESCE(%s AND NOT %s, FALSE)",
            self._sql_has_vip_criteria(column),
            self._sql_meets_vip_criteria(column),
        )

    def _sql_has_no_responsible(self, column):
        return SQL(
            "(%(company)s IS NOT NULL AND NOT EXISTS (SELECT FROM res_users u "
            "WHERE u.id = %(user)s AND u.active AND NOT u.share))",
            company=column("company_id"),
            user=column("user_id"),
        )
