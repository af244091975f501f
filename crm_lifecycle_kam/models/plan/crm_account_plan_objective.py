# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..dmu.crm_dmu_member import RELATIONS

KINDS = [
    ("revenue", "Revenue in the period"),
    ("orders", "Purchases in the period"),
    ("product_categories", "New product categories"),
    ("margin", "Margin of the window"),
    ("share_of_wallet", "Share of wallet (%)"),
    ("coverage", "Unit known (%)"),
    ("relation", "Relation with a person"),
    ("custom", "Something else"),
]
# What grows from nothing during the period; the others are levels
GROWING = ("revenue", "orders", "product_categories")
MONEY = ("revenue", "margin")
PERCENT = ("share_of_wallet", "coverage")
TOLERANCE = 0.1
LEVELS = [code for code, __ in RELATIONS]


class CrmAccountPlanObjective(models.Model):
    """One thing to reach, with where we began, where we are and what is wanted."""

    _name = "crm.account.plan.objective"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Objective of an Account Plan"
    _order = "plan_id, sequence, id"

    plan_id = fields.Many2one(
        comodel_name="crm.account.plan", required=True, ondelete="cascade", index=True
    )
    profile_id = fields.Many2one(related="plan_id.profile_id")
    company_id = fields.Many2one(related="plan_id.company_id")
    currency_id = fields.Many2one(related="plan_id.currency_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    kind = fields.Selection(
        selection=KINDS,
        required=True,
        default="revenue",
        help="All but the last are computed from what is in the database. Product "
        "categories: those bought in the period and never before.",
    )
    member_id = fields.Many2one(
        comodel_name="crm.dmu.member",
        string="Person",
        ondelete="set null",
        index="btree_not_null",
        domain="[('profile_id', '=', profile_id), ('lead_id', '=', False)]",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        domain="[('share', '=', False)]",
        ondelete="set null",
    )
    baseline = fields.Float(
        digits=(16, 2),
        help="Where we began; of what grows in the period: the same period before.",
    )
    target = fields.Float(required=True, digits=(16, 2))
    typed_value = fields.Float(string="Reached", digits=(16, 2))
    current_value = fields.Float(
        string="Current", compute="_compute_current_value", digits=(16, 2)
    )
    progress = fields.Float(
        compute="_compute_progress",
        help="1: reached. Of levels: the way from the baseline to the target.",
    )
    state = fields.Selection(
        selection=[
            ("reached", "Reached"),
            ("on_track", "On track"),
            ("behind", "Behind"),
            ("failed", "Not reached"),
        ],
        compute="_compute_progress",
        help="Behind: more than a tenth less than the part of the period that is over.",
    )
    looked_date = fields.Date(
        string="Looked At", copy=False, default=lambda self: self._get_today()
    )
    note = fields.Char()

    @api.model
    def _get_today(self):
        return self.env["crm.lifecycle.engine"]._today(self.env.company)

    @api.depends(
        "kind",
        "member_id.relation_now",
        "typed_value",
        "plan_id.date_from",
        "plan_id.date_to",
        "plan_id.profile_id",
    )
    def _compute_current_value(self):
        figures = self.plan_id._get_figures()
        for objective in self:
            if objective.kind == "custom":
                objective.current_value = objective.typed_value
            elif objective.kind == "relation":
                level = objective.member_id.relation_now or LEVELS[0]
                objective.current_value = LEVELS.index(level)
            else:
                plan = figures.get(objective.plan_id._origin.id, {})
                objective.current_value = plan.get(objective.kind, 0)

    @api.depends("current_value", "baseline", "target", "kind")
    def _compute_progress(self):
        for objective in self:
            objective.progress = objective._get_progress()
            objective.state = objective._get_state()

    def _get_progress(self):
        start = 0 if self.kind in GROWING else self.baseline
        way = self.target - start
        if not way:
            return 1.0 if self.current_value >= self.target else 0.0
        return max((self.current_value - start) / way, 0)

    def _get_state(self):
        if self.progress >= 1:
            return "reached"
        plan = self.plan_id
        today = self.env["crm.lifecycle.engine"]._today(plan.company_id)
        if not plan.date_from or not plan.date_to:
            return "on_track"
        if today > plan.date_to:
            return "failed"
        length = (plan.date_to - plan.date_from).days + 1
        over = min(max((today - plan.date_from).days / length, 0), 1)
        return "on_track" if self.progress >= over - TOLERANCE else "behind"

    @api.onchange("kind", "member_id")
    def _onchange_kind(self):
        """Begin where we are."""
        if self.kind == "custom":
            return
        self.baseline = (
            self.plan_id._get_baseline(self.kind)
            if self.kind in GROWING
            else self.current_value
        )
        if (
            not self.name
            or self.name
            in dict(self._fields["kind"]._description_selection(self.env)).values()
        ):
            labels = dict(self._fields["kind"]._description_selection(self.env))
            self.name = labels[self.kind]

    @api.constrains("kind", "member_id")
    def _check_member(self):
        for objective in self:
            if objective.kind == "relation" and not objective.member_id:
                raise ValidationError(
                    self.env._(
                        "%(objective)s: say with whom the relation is to change.",
                        objective=objective.name,
                    )
                )
            if (
                objective.member_id
                and objective.member_id.profile_id != objective.plan_id.profile_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(objective)s: the person belongs to another customer.",
                        objective=objective.name,
                    )
                )

    @api.constrains("kind", "target")
    def _check_target(self):
        for objective in self:
            limit = {"relation": len(LEVELS) - 1}.get(objective.kind)
            if objective.kind in PERCENT:
                limit = 100 if objective.kind == "coverage" else None
            if objective.target < 0 or limit is not None and objective.target > limit:
                raise ValidationError(
                    self.env._(
                        "%(objective)s: the target lies from 0 to %(limit)s.",
                        objective=objective.name,
                        limit=limit if limit is not None else "∞",
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        objectives = super().create(vals_list)
        objectives.plan_id._worked_on()
        return objectives

    def write(self, vals):
        if set(vals) & {"typed_value", "target", "note"}:
            vals = {"looked_date": self._get_today(), **vals}
        res = super().write(vals)
        self.plan_id._worked_on()
        return res

    def unlink(self):
        plans = self.plan_id
        res = super().unlink()
        plans._worked_on()
        return res

    def action_looked_at(self):
        """Say that somebody has looked at the objectives today."""
        self.write({"looked_date": self._get_today()})
