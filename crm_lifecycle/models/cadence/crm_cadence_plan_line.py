# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from ..lifecycle_derived_mixin import derived


class CrmCadencePlanLine(models.Model):
    """The contacts one rule asks for with one customer in one month of a plan."""

    _name = "crm.cadence.plan.line"
    _inherit = ["lifecycle.derived.mixin", "lifecycle.export.mixin"]
    _description = "Line of a Period Plan"
    _order = "month, first_date, id"
    _rec_name = "profile_id"
    _log_access = False

    plan_id = fields.Many2one(
        comodel_name="crm.cadence.plan",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="cascade"
    )
    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer Card",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(related="profile_id.partner_id")
    rule_id = fields.Many2one(
        comodel_name="crm.cadence.rule",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    category_id = fields.Many2one(
        comodel_name="crm.lifecycle.category",
        readonly=True,
        ondelete="set null",
        help="When the plan was frozen.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible Manager",
        readonly=True,
        ondelete="set null",
        help="When the plan was frozen.",
    )
    team_id = fields.Many2one(
        comodel_name="crm.team", string="Sales Team", readonly=True, ondelete="cascade"
    )
    month = fields.Date(required=True, readonly=True)
    first_date = fields.Date(string="First Due", required=True, readonly=True)
    planned = fields.Integer(required=True, readonly=True)
    made = derived(
        fields.Integer,
        "made",
        aggregator="sum",
        help="Days of the month with a contact that fulfils the rule; more than "
        "planned do not make up for other customers.",
    )
    missing = derived(fields.Integer, "missing", aggregator="sum", string="Not Made")

    def _get_derived_depends(self):
        return [*super()._get_derived_depends(), "planned", "profile_id", "rule_id"]

    def _sql_made(self, column):
        """Count the days with contacts that fulfil the rule, as the ledger does.

        Rules switched off since the plan was frozen count on.
        """
        engine = self.env["crm.lifecycle.engine"]
        span = SQL(
            "t.date >= %(month)s::timestamp - interval '1 day' "
            "AND t.date < %(month)s::timestamp + interval '1 month 1 day'",
            month=column("month"),
        )
        made = SQL(" UNION ALL ").join(
            SQL(
                "SELECT of_company.day FROM (%s) of_company WHERE %s = %s",
                engine._sql_fulfilled_days(
                    engine._get_norms(company, archived=True),
                    column("profile_id"),
                    column("rule_id"),
                    span,
                ),
                column("company_id"),
                company.id,
            )
            for company in self._get_lifecycle_companies()
        )
        return SQL(
            "(SELECT LEAST(count(DISTINCT made.day), %(planned)s)::integer "
            "FROM (%(made)s) made WHERE date_trunc('month', made.day) = %(month)s)",
            planned=column("planned"),
            made=made or SQL("SELECT NULL::date AS day"),
            month=column("month"),
        )

    def _sql_missing(self, column):
        return SQL("(%s - %s)", column("planned"), self._sql_made(column))
