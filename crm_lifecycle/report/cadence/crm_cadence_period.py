# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ...models.lifecycle_derived_mixin import derived

CLOSED_STATES = ("met", "late", "missed")


class CrmCadencePeriod(models.Model):
    """Compliance: what share of the turns that were due was met in time."""

    _name = "crm.cadence.period"
    _inherit = [
        "crm.cadence.period",
        "lifecycle.derived.mixin",
        "lifecycle.export.mixin",
    ]

    compliance = derived(
        fields.Float,
        "compliance",
        string="Compliance",
        aggregator="avg",
        digits=(16, 1),
        help="Met in time, of all that were met, met late or missed. Open and void "
        "rows are left out.",
    )
    closed_count = derived(
        fields.Integer,
        "closed_count",
        string="Were Due",
        aggregator="sum",
        help="Contacts that were met, met late or missed.",
    )
    met_count = derived(
        fields.Integer, "met_count", string="Met in Time", aggregator="sum"
    )
    late_count = derived(
        fields.Integer, "late_count", string="Were Late", aggregator="sum"
    )
    missed_count = derived(
        fields.Integer, "missed_count", string="Were Missed", aggregator="sum"
    )
    is_corrected = derived(
        fields.Boolean,
        "is_corrected",
        help="Changed after it was closed, because a contact was collected late.",
    )
    category_color = fields.Integer(compute="_compute_category_color")

    @api.depends("category_id")
    def _compute_category_color(self):
        for period in self:
            period.category_color = period.category_id.color

    # ------------------------------------------------------------
    # DEFINITIONS: ``column`` is a function from a column's name to SQL
    # ------------------------------------------------------------

    @api.model
    def _get_derived_depends(self):
        return [*super()._get_derived_depends(), "state", "corrected_at"]

    def _sql_compliance(self, column):
        """One row is met or not; the average of rows is the share of a group."""
        return SQL(
            "(CASE WHEN %(state)s = 'met' THEN 1.0 WHEN %(state)s IN ('late', 'missed')"
            " THEN 0.0 END)",
            state=column("state"),
        )

    def _sql_closed_count(self, column):
        return SQL("(%s IN %s)::int", column("state"), CLOSED_STATES)

    def _sql_met_count(self, column):
        return SQL("(%s = 'met')::int", column("state"))

    def _sql_late_count(self, column):
        return SQL("(%s = 'late')::int", column("state"))

    def _sql_missed_count(self, column):
        return SQL("(%s = 'missed')::int", column("state"))

    def _sql_is_corrected(self, column):
        return SQL("(%s IS NOT NULL)", column("corrected_at"))

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == "days_late:avg":  # of contacts made late
            return SQL(
                "AVG(%s) FILTER (WHERE %s = 'late')",
                self._field_to_sql(self._table, "days_late", query),
                self._field_to_sql(self._table, "state", query),
            )
        return super()._read_group_select(aggregate_spec, query)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @api.readonly
    def action_open_card(self):
        """Open the card of the customer behind this row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lifecycle.profile",
            "res_id": self.profile_id.id,
            "view_mode": "form",
        }
