# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..lifecycle_derived_mixin import derived

DEPENDS = ("due_date", "pause_from", "pause_until", "last_date", "rule_id.lead_days")
STATES = [
    ("overdue", "Overdue"),
    ("today", "Due today"),
    ("soon", "Due soon"),
    ("ok", "In order"),
    ("paused", "Paused"),
]

# Colour of a state in lists and boards, one of Odoo's numbered colours
COLORS = {"overdue": 1, "today": 2, "soon": 3, "ok": 10, "paused": 0}


class CrmCadenceStatus(models.Model):
    """The clock of one rule at one customer. Written by the engine alone, in SQL.

    Days are stored, the state is derived from them and today's date.
    """

    _name = "crm.cadence.status"
    _inherit = ["lifecycle.derived.mixin", "lifecycle.export.mixin"]
    _description = "Contact Plan"
    _order = "due_date, id"
    _rec_name = "profile_id"
    _log_access = False

    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer Card",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="cascade"
    )
    rule_id = fields.Many2one(
        comodel_name="crm.cadence.rule",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    partner_id = fields.Many2one(related="profile_id.partner_id")
    user_id = fields.Many2one(related="profile_id.user_id")
    team_id = fields.Many2one(related="profile_id.team_id")
    category_id = fields.Many2one(related="profile_id.category_id")
    stage_id = fields.Many2one(related="profile_id.stage_id")
    kind = fields.Selection(related="rule_id.kind")
    since_date = fields.Date(
        string="Under the Rule Since",
        readonly=True,
        help="The day the customer came into one of the rule's categories.",
    )
    last_touchpoint_id = fields.Many2one(
        comodel_name="crm.touchpoint",
        string="Last Contact That Counted",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    last_date = fields.Date(
        string="Last Counted On",
        readonly=True,
        help="Empty: never contacted as the rule asks.",
    )
    uncovered_date = fields.Date(
        string="Touched, Not Covered",
        readonly=True,
        help="A later contact with somebody who does not decide at the customer.",
    )
    base_date = fields.Date(string="Counted From", readonly=True, required=True)
    base_kind = fields.Selection(
        selection=[
            ("touchpoint", "Last contact"),
            ("since", "Came under the rule"),
            ("start", "Start of the rule"),
            ("pause", "End of a pause"),
        ],
        string="Counted From What",
        readonly=True,
        required=True,
    )
    due_date = fields.Date(string="Due", readonly=True, required=True)
    pause_from = fields.Date(string="Paused From", readonly=True)
    pause_until = fields.Date(string="Paused Until", readonly=True)

    state = derived(
        fields.Selection,
        "state",
        selection=STATES,
        help="Overdue from the day after it was due.",
    )
    state_rank = derived(
        fields.Integer, "state_rank", string="Urgency", aggregator="min"
    )
    days_late = derived(
        fields.Integer,
        "days_late",
        aggregator="max",
        help="Days since it was due; 0 before that and while paused.",
    )
    color = derived(
        fields.Integer, "color", string="Colour of the State", aggregator=None
    )
    is_never = derived(
        fields.Boolean,
        "is_never",
        string="Never Contacted",
        help="No contact has ever counted for this rule.",
    )

    _profile_rule_unique = models.Constraint(
        "UNIQUE(profile_id, rule_id)", "A customer has one clock per rule."
    )
    _due_idx = models.Index("(company_id, due_date)")

    @api.model
    def _get_derived_depends(self):
        return [*super()._get_derived_depends(), *DEPENDS]

    # ------------------------------------------------------------
    # DEFINITIONS: ``column`` is a function from a column's name to SQL
    # ------------------------------------------------------------

    def _sql_is_paused(self, column):
        return SQL(
            "COALESCE(%s BETWEEN %s AND %s, FALSE)",
            self._sql_today(column),
            column("pause_from"),
            column("pause_until"),
        )

    def _sql_lead_days(self, column):
        return SQL(
            "(SELECT lead_days FROM crm_cadence_rule WHERE id = %s)", column("rule_id")
        )

    def _sql_state(self, column):
        return SQL(
            "(CASE WHEN %(paused)s THEN 'paused' "
            "WHEN %(due)s < %(today)s THEN 'overdue' "
            "WHEN %(due)s = %(today)s THEN 'today' "
            "WHEN %(due)s <= %(today)s + %(lead)s THEN 'soon' "
            "ELSE 'ok' END)",
            paused=self._sql_is_paused(column),
            due=column("due_date"),
            today=self._sql_today(column),
            lead=self._sql_lead_days(column),
        )

    def _sql_state_rank(self, column):
        """The customer's colour is that of its worst rule: the lowest rank."""
        return SQL(
            "array_position(%s::text[], %s)",
            [state for state, __ in STATES],
            self._sql_state(column),
        )

    def _sql_color(self, column):
        return SQL(
            "(%s::int[])[%s]",
            [COLORS[state] for state, __ in STATES],
            self._sql_state_rank(column),
        )

    def _sql_days_late(self, column):
        return SQL(
            "(CASE WHEN %s THEN 0 ELSE GREATEST(%s - %s, 0) END)",
            self._sql_is_paused(column),
            self._sql_today(column),
            column("due_date"),
        )

    def _sql_is_never(self, column):
        return SQL(
            "(%s IS NOT NULL AND %s IS NULL)",
            column("company_id"),
            column("last_date"),
        )
