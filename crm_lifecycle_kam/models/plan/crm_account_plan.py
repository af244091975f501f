# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# Written by the plan itself
COMPUTED_FIELDS = {"health", "health_parts", "health_date", "touched_date"}


class CrmAccountPlan(models.Model):
    """What we want to reach at an account in a period, with whom, and how it goes."""

    _name = "crm.account.plan"
    _inherit = ["mail.thread", "mail.activity.mixin", "lifecycle.export.mixin"]
    _description = "Account Plan"
    _order = "state desc, date_to desc, id desc"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer Card",
        required=True,
        ondelete="cascade",
        index=True,
    )
    partner_id = fields.Many2one(related="profile_id.partner_id")
    company_id = fields.Many2one(related="profile_id.company_id")
    currency_id = fields.Many2one(related="profile_id.currency_id")
    stage_id = fields.Many2one(related="profile_id.stage_id")
    category_id = fields.Many2one(related="profile_id.category_id")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        ondelete="set null",
        tracking=True,
    )
    date_from = fields.Date(string="From", required=True, tracking=True)
    date_to = fields.Date(string="Until", required=True, tracking=True)
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("running", "In Progress"),
            ("closed", "Closed"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    previous_id = fields.Many2one(
        comodel_name="crm.account.plan",
        string="Carried Over From",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    result = fields.Html(
        string="What Came of It",
        help="Said when the plan is closed; the next one begins with it.",
    )

    # What the plan rests on
    situation = fields.Html(help="Where we stand, in words.")
    strengths = fields.Html(help="What speaks for us at this account.")
    weaknesses = fields.Html(help="What speaks against us.")
    opportunities = fields.Html(help="What could be won.")
    threats = fields.Html(help="What could be lost.")
    needs = fields.Html(help="What the account needs, also beside our offer.")
    competitor_ids = fields.Many2many(related="profile_id.competitor_ids")
    member_ids = fields.One2many(
        related="profile_id.dmu_member_ids", string="People Who Decide"
    )
    objective_ids = fields.One2many(
        comodel_name="crm.account.plan.objective",
        inverse_name="plan_id",
        string="Objectives",
        copy=True,
    )
    risk_ids = fields.One2many(
        comodel_name="crm.account.plan.risk",
        inverse_name="plan_id",
        string="Risks",
        copy=True,
    )

    # Ageing
    touched_date = fields.Date(
        string="Last Worked On",
        readonly=True,
        copy=False,
        default=lambda self: self.env["crm.lifecycle.engine"]._today(self.env.company),
    )
    age_days = fields.Integer(
        string="Untouched (days)",
        compute="_compute_age_days",
        help="Days since anybody changed the plan or one of its objectives.",
    )

    @api.depends("touched_date")
    def _compute_age_days(self):
        for plan in self:
            today = self.env["crm.lifecycle.engine"]._today(plan.company_id)
            touched = plan.touched_date or today
            plan.age_days = max((today - touched).days, 0)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for plan in self:
            if plan.date_to < plan.date_from:
                raise ValidationError(self.env._("A plan cannot end before it begins."))

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {name: vals[name] for name in vals.keys() - COMPUTED_FIELDS}
                for vals in vals_list
            ]
        plans = super().create(vals_list)
        plans._check_card()
        plans._update_health()
        return plans

    def write(self, vals):
        if not self.env.su and not COMPUTED_FIELDS.isdisjoint(vals):
            raise UserError(
                self.env._("The health and the age of a plan are computed.")
            )
        closed = self.filtered(lambda plan: plan.state == "closed")
        if closed and set(vals) - {"state", "active", "result"} - self._get_free():
            raise UserError(
                self.env._(
                    "%(plan)s is closed. Carry it over into a new plan to go on.",
                    plan=closed[0].name,
                )
            )
        res = super().write(vals)
        if "profile_id" in vals:
            self._check_card()
        if set(vals) - self._get_free():
            self._touch()
        return res

    @api.model
    def _get_free(self):
        """Return the columns that change without anybody working on the plan."""
        return {
            *COMPUTED_FIELDS,
            *(
                name
                for name in self._fields
                if name.startswith(("activity_", "message_"))
            ),
        }

    def _touch(self):
        """Somebody worked on these plans today."""
        for plan in self:
            today = self.env["crm.lifecycle.engine"]._today(plan.company_id)
            if plan.touched_date != today:
                # sudo: past our own write, which keeps people from this column
                plan.sudo().touched_date = today

    def _check_card(self):
        """Refuse plans for customers the user may not see."""
        # sudo: reading the field would leave out those that must not be there
        self.sudo().profile_id.with_env(self.env).check_access("read")

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        return [
            {**vals, "name": self.env._("%(name)s (copy)", name=plan.name)}
            if not (default or {}).get("name")
            else vals
            for plan, vals in zip(self, vals_list, strict=True)
        ]
