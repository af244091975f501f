# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from ..lifecycle_derived_mixin import derived


class CrmCadencePlanLine(models.Model):
    """The contacts one rule asks for with one customer in one month of a plan."""

    _name = "crm.cadence.plan.line"
    _inherit = ["lifecycle.derived.mixin"]
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
        string="Rule",
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
        help="Contacts of the month over a channel of the rule, begun by whom the rule "
        "asks; more than planned do not make up for other customers.",
    )
    missing = derived(fields.Integer, "missing", aggregator="sum", string="Not Made")

    def _get_derived_depends(self):
        return [*super()._get_derived_depends(), "planned", "profile_id", "rule_id"]

    def _sql_made(self, column):
        """Count what the rule counts, in the company's own days."""
        day = SQL(
            "(t.date AT TIME ZONE 'UTC' AT TIME ZONE %s)::date",
            self._sql_by_company(
                column, self.env["crm.lifecycle.engine"]._get_timezone, SQL("text")
            ),
        )
        return SQL(
            """
            (SELECT LEAST(count(*), %(planned)s)::integer
               FROM crm_touchpoint t
               JOIN crm_cadence_rule rule ON rule.id = %(rule)s
               JOIN crm_cadence_rule_channel_rel allowed
                 ON allowed.rule_id = rule.id AND allowed.channel_id = t.channel_id
               JOIN crm_touchpoint_channel channel ON channel.id = t.channel_id
              WHERE t.profile_id = %(profile)s AND t.is_ignored IS NOT TRUE
                AND (rule.direction = 'any' OR t.direction = 'out'
                     OR rule.direction = 'channel'
                    AND channel.counted_direction = 'any')
                AND t.date >= %(month)s::timestamp - interval '1 day'
                AND t.date < %(month)s::timestamp + interval '1 month 1 day'
                AND date_trunc('month', %(day)s) = %(month)s)
            """,
            planned=column("planned"),
            rule=column("rule_id"),
            profile=column("profile_id"),
            month=column("month"),
            day=day,
        )

    def _sql_missing(self, column):
        return SQL("(%s - %s)", column("planned"), self._sql_made(column))
