# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, date_utils, format_date

MONTHS = {"month": 1, "quarter": 3, "half_year": 6}
# What the buttons write
SETTLED = {"state", "frozen_user_id", "frozen_at"}
DRAFT_ONLY = {"company_id", "team_id", "period", "date_from"}


class CrmCadencePlan(models.Model):
    """A month's, quarter's or half-year's contacts of a team, frozen by its head.

    Frozen, the lines stay as they are: what was made since is counted against them.
    """

    _name = "crm.cadence.plan"
    _description = "Period Plan of Contacts"
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True, readonly=False)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Sales Team",
        required=True,
        check_company=True,
        ondelete="cascade",
        default=lambda self: self._default_team_id(),
        help="Customers whose responsible manager is in this team.",
    )
    period = fields.Selection(
        selection=[
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("half_year", "Half-year"),
        ],
        required=True,
        default="quarter",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self._default_date_from(),
        help="Any day of the first month: a plan begins with the first of a month.",
    )
    date_to = fields.Date(string="Until", compute="_compute_date_to", store=True)
    state = fields.Selection(
        selection=[("draft", "Draft"), ("frozen", "Frozen")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    frozen_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Frozen By",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    frozen_at = fields.Datetime(string="Frozen On", readonly=True, copy=False)
    note = fields.Text(help="For the team: what matters in this period.")
    line_ids = fields.One2many(
        comodel_name="crm.cadence.plan.line", inverse_name="plan_id", readonly=True
    )
    planned_count = fields.Integer(string="Planned", compute="_compute_counts")
    made_count = fields.Integer(string="Made", compute="_compute_counts")
    progress = fields.Float(string="Fulfilled", compute="_compute_counts")

    # ------------------------------------------------------------
    # DEFAULTS AND COMPUTES
    # ------------------------------------------------------------

    @api.model
    def _default_team_id(self):
        return self.env["crm.team"].search([("user_id", "=", self.env.uid)], limit=1)

    @api.model
    def _default_date_from(self):
        return date_utils.start_of(fields.Date.context_today(self), "quarter")

    @api.depends("team_id", "date_from", "period")
    def _compute_name(self):
        for plan in self:
            if not plan.date_from or not plan.team_id:
                plan.name = False
                continue
            plan.name = self.env._(
                "%(team)s: %(first)s – %(last)s",
                team=plan.team_id.name,
                first=format_date(self.env, plan.date_from, date_format="LLLL y"),
                last=format_date(self.env, plan._get_last_day(), date_format="LLLL y"),
            )

    @api.depends("date_from", "period")
    def _compute_date_to(self):
        for plan in self:
            plan.date_to = plan.date_from and plan._get_last_day()

    def _get_last_day(self):
        first = self.date_from.replace(day=1)
        return first + relativedelta(months=MONTHS[self.period], days=-1)

    @api.depends("line_ids")
    def _compute_counts(self):
        counts = {
            plan.id: (planned, made)
            for plan, planned, made in self.env["crm.cadence.plan.line"]._read_group(
                [("plan_id", "in", self.ids)],
                ["plan_id"],
                ["planned:sum", "made:sum"],
            )
        }
        for plan in self:
            planned, made = counts.get(plan._origin.id, (0, 0))
            plan.planned_count = planned
            plan.made_count = made
            plan.progress = made / planned if planned else 0.0

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {name: value for name, value in vals.items() if name not in SETTLED}
                for vals in vals_list
            ]
        plans = super().create([self._begin_with_month(vals) for vals in vals_list])
        plans._check_may_plan()
        return plans

    def write(self, vals):
        if not self.env.su and SETTLED.intersection(vals):
            raise UserError(
                self.env._(
                    "A plan is frozen and reopened by the buttons, which keep who did "
                    "so and when."
                )
            )
        if DRAFT_ONLY.intersection(vals) and "frozen" in self.mapped("state"):
            raise UserError(
                self.env._("A frozen plan is not changed. Reopen it first.")
            )
        res = super().write(self._begin_with_month(vals))
        if "team_id" in vals:
            self._check_may_plan()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        if "frozen" in self.mapped("state"):
            raise UserError(
                self.env._("A frozen plan is not deleted. Reopen it first.")
            )

    @api.model
    def _begin_with_month(self, vals):
        day = fields.Date.to_date(vals.get("date_from"))
        return {**vals, "date_from": day.replace(day=1)} if day else vals

    def _check_may_plan(self):
        """Refuse teams the user neither leads nor manages."""
        if self.env.su or self.env.user.has_group("sales_team.group_sale_manager"):
            return
        # sudo: who leads the team is asked whatever else may be read of it
        if any(team.user_id != self.env.user for team in self.sudo().team_id):
            raise AccessError(
                self.env._("Plans are made by the leader of the team and by managers.")
            )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_freeze(self):
        """Write down the contacts the rules ask for in the period."""
        self._check_may_plan()
        for plan in self.filtered(lambda plan: plan.state == "draft"):
            plan._write_lines()
            plan._settle(
                {
                    "state": "frozen",
                    "frozen_user_id": self.env.uid,
                    "frozen_at": self.env.cr.now().replace(microsecond=0),
                }
            )
        return True

    def action_reopen(self):
        """Forget the frozen contacts, so that the plan can be made anew."""
        self._check_may_plan()
        frozen = self.filtered(lambda plan: plan.state == "frozen")
        # sudo: lines are made and forgotten as a whole, by whoever may do so
        frozen.sudo().line_ids.unlink()
        frozen._settle({"state": "draft", "frozen_user_id": False, "frozen_at": False})
        return True

    def _settle(self, vals):
        # past our own write, which keeps people from these columns
        # pylint: disable-next=super-method-mismatch
        return super().write(vals)

    def action_view_lines(self):
        """Open plan against fact, by manager and month."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_lifecycle.crm_cadence_plan_line_action"
        )
        return {**action, "domain": [("plan_id", "=", self.id)]}

    def _write_lines(self):
        """One line for each customer, rule and month, in one statement."""
        self.ensure_one()
        self.env.flush_all()
        # sudo: the plan of a team covers its customers, whoever of them is seen
        self.sudo().line_ids.unlink()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_cadence_plan_line (
                    plan_id, company_id, profile_id, rule_id, category_id, user_id,
                    team_id, month, first_date, planned)
                SELECT %(plan)s, asked.company_id, asked.profile_id, asked.rule_id,
                       asked.category_id, asked.user_id, %(team)s,
                       date_trunc('month', asked.day)::date, min(asked.day), count(*)
                  FROM (%(asked)s) asked
                 GROUP BY asked.company_id, asked.profile_id, asked.rule_id,
                          asked.category_id, asked.user_id,
                          date_trunc('month', asked.day)
                """,
                plan=self.id,
                team=self.team_id.id,
                asked=self._sql_asked(),
            )
        )
        self.env["crm.cadence.plan.line"].invalidate_model()

    def _sql_asked(self):
        """Return the SELECT of every single contact the rules ask for in the period.

        The first is due when the clock says, at the earliest on the first day; each
        next one interval later. A pause ends the sequence with its first day, and
        another one begins an interval after its last.
        """
        Rule = self.env["crm.cadence.rule"]
        paused = SQL(
            "crm_cadence_pause pause WHERE pause.profile_id = status.profile_id "
            "AND pause.state = 'approved' "
            "AND (pause.rule_id IS NULL OR pause.rule_id = status.rule_id)"
        )
        return SQL(
            """
            SELECT status.company_id, status.profile_id, status.rule_id,
                   profile.category_id, profile.user_id, turn.day
              FROM crm_cadence_status status
              JOIN crm_lifecycle_profile profile ON profile.id = status.profile_id
              JOIN crm_cadence_rule rule ON rule.id = status.rule_id
             CROSS JOIN LATERAL (SELECT %(step)s AS step) norm
             CROSS JOIN LATERAL (
                   SELECT status.base_date AS base,
                          GREATEST(status.due_date, %(first)s::date) AS first_day
                    UNION
                   SELECT pause.date_to, GREATEST(
                              (pause.date_to + norm.step)::date, %(first)s::date)
                     FROM %(paused)s AND pause.date_to > status.base_date) series
             CROSS JOIN LATERAL (
                   SELECT (series.first_day + number * norm.step)::date AS day
                     FROM generate_series(0, %(last)s::date - series.first_day) number
                    WHERE series.first_day + number * norm.step <= %(last)s) turn
             WHERE status.company_id = %(company)s AND profile.team_id = %(team)s
               AND NOT EXISTS (
                    SELECT FROM %(paused)s AND pause.date_to > series.base
                       AND pause.date_from <= turn.day)
            """,
            paused=paused,
            step=Rule._sql_step(),
            first=self.date_from,
            last=self.date_to,
            company=self.company_id.id,
            team=self.team_id.id,
        )
