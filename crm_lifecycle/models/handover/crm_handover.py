# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

STATES = [
    ("draft", "To prepare"),
    ("ready", "Prepared"),
    ("running", "Being handed over"),
    ("done", "Handed over"),
    ("returning", "Being returned"),
    ("returned", "Returned"),
]
# Who decided and how far it is: written by the actions and the job
PROGRESS_FIELDS = {
    *("state", "user_id", "return_user_id", "line_count", "done_count"),
    *("started_at", "done_at", "returned_at", "problem"),
}


class CrmHandover(models.Model):
    """Everything that hangs on one of ours goes to others: for good, or for a while.

    Preparing writes one line for each record that would move (``plan.py``); handing
    over works off the lines in batches (``run.py``), each in one transaction with the
    record it moves, so that a run that was cut off goes on where it stood and moves
    nothing twice. The lines are the log, and what undoing needs (``undo.py``). What
    can be handed over is described in ``scopes.py``.
    """

    _name = "crm.handover"
    _description = "Hand-over"
    _order = "id desc"

    company_ids = fields.Many2many(
        comodel_name="res.company",
        string="Companies",
        required=True,
        default=lambda self: self.env.companies,
        domain="[('id', 'in', allowed_company_ids)]",
        help="Customers and documents of these companies are handed over.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        help="What this person may not see or change is left where it is.",
    )
    from_user_id = fields.Many2one(
        comodel_name="res.users",
        string="From Manager",
        required=True,
        ondelete="cascade",
        index=True,
        context={"active_test": False},
        domain="[('share', '=', False)]",
        help="Who leaves, is ill or away.",
    )
    mode = fields.Selection(
        selection=[
            ("one", "One person"),
            ("even", "Spread evenly"),
            ("rule", "By region or category"),
            ("line", "Customer by customer"),
        ],
        string="Who Takes Over",
        required=True,
        default="one",
        help="Spread evenly: the customers are dealt out by revenue, so that everybody "
        "gets about the same. Documents, activities and meetings go to whoever gets "
        "the customer.",
    )
    to_user_id = fields.Many2one(
        comodel_name="res.users",
        string="To Manager",
        ondelete="set null",
        domain="[('share', '=', False), ('id', '!=', from_user_id)]",
        help="Takes over everything, or what no rule and no customer decides.",
    )
    team_id = fields.Many2one(
        comodel_name="crm.team",
        string="The Members Of",
        ondelete="set null",
        help="Fills in the members of this sales team.",
    )
    to_user_ids = fields.Many2many(
        comodel_name="res.users",
        string="Among",
        domain="[('share', '=', False), ('id', '!=', from_user_id)]",
    )
    rule_ids = fields.One2many(
        comodel_name="crm.handover.rule", inverse_name="handover_id", string="Rules"
    )
    kind = fields.Selection(
        selection=[("permanent", "For good"), ("temporary", "Temporary cover")],
        string="For How Long",
        required=True,
        default="permanent",
    )
    return_date = fields.Date(
        string="Back On",
        help="On this day everything that is still as the hand-over left it returns "
        "by itself.",
    )
    reason = fields.Char(help="Kept in the history of responsible managers.")
    introduce = fields.Selection(
        selection=[
            ("none", "Nobody"),
            ("important", "Key, VIP, A and B customers"),
            ("all", "All customers"),
        ],
        string="Plan an Introduction To",
        compute="_compute_introduce",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Plans an activity for the new responsible manager: introduce yourself, "
        "within so many days.",
    )
    first_contact_days = fields.Integer(
        string="First Contact Within (days)",
        default=lambda self: self.env.company.lifecycle_first_contact_days,
    )
    scope_ids = fields.One2many(
        comodel_name="crm.handover.scope",
        inverse_name="handover_id",
        string="What Is Handed Over",
        default=lambda self: self._default_scope_ids(),
    )
    line_ids = fields.One2many(
        comodel_name="crm.handover.line", inverse_name="handover_id", string="Log"
    )

    # How far it is
    state = fields.Selection(
        selection=STATES, required=True, readonly=True, default="draft", copy=False
    )
    is_running = fields.Boolean(compute="_compute_is_running")
    line_count = fields.Integer(string="Records", readonly=True, copy=False)
    done_count = fields.Integer(string="Worked Off", readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress")
    started_at = fields.Datetime(readonly=True, copy=False)
    done_at = fields.Datetime(string="Handed Over On", readonly=True, copy=False)
    returned_at = fields.Datetime(string="Returned On", readonly=True, copy=False)
    return_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Undone By",
        readonly=True,
        ondelete="set null",
        copy=False,
    )
    problem = fields.Text(readonly=True, copy=False)

    # ------------------------------------------------------------
    # DEFAULTS, COMPUTES, CONSTRAINTS
    # ------------------------------------------------------------

    @api.model
    def _default_scope_ids(self):
        return [Command.create({"scope": scope}) for scope in self._get_scopes()]

    @api.depends("from_user_id", "state", "create_date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for handover in self:
            # sudo: a colleague's name is no secret
            handover.display_name = self.env._(
                "Customers of %(user)s",
                user=handover.sudo().from_user_id.name or self.env._("somebody"),
            )

    @api.depends("kind")
    def _compute_introduce(self):
        for handover in self:
            temporary = handover.kind == "temporary"
            handover.introduce = "none" if temporary else "important"

    @api.depends("state")
    def _compute_is_running(self):
        for handover in self:
            handover.is_running = handover.state in ("running", "returning")

    @api.depends("line_count", "done_count")
    def _compute_progress(self):
        for handover in self:
            total = handover.line_count
            handover.progress = 100 * handover.done_count / total if total else 0

    @api.onchange("team_id", "from_user_id")
    def _onchange_team_id(self):
        if self.team_id:
            self.to_user_ids = self.team_id.member_ids - self.from_user_id

    @api.constrains("first_contact_days")
    def _check_first_contact_days(self):
        for handover in self:
            if not 0 <= handover.first_contact_days <= 365:
                raise ValidationError(
                    self.env._("First contact: choose between 0 and 365 days.")
                )

    @api.constrains("company_ids", "user_id")
    def _check_companies(self):
        for handover in self:
            foreign = handover.company_ids - handover.user_id.company_ids
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%(user)s may not work in %(companies)s.",
                        user=handover.user_id.name,
                        companies=", ".join(foreign.mapped("name")),
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model
    def _get_fixed_fields(self):
        """Return the fields that stay as they are once something was handed over."""
        return {
            *("company_ids", "from_user_id", "mode", "to_user_id", "to_user_ids"),
            *("rule_ids", "kind", "introduce", "first_contact_days", "scope_ids"),
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever makes it decides it, and it begins at the beginning."""
        if not self.env.su:
            vals_list = [
                {name: vals[name] for name in vals.keys() - PROGRESS_FIELDS}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and not PROGRESS_FIELDS.isdisjoint(vals):
            raise UserError(
                self.env._(
                    "Who decided a hand-over and how far it is follows from its "
                    "buttons."
                )
            )
        if self._get_fixed_fields() & set(vals):
            for handover in self:
                if handover.state != "draft":
                    raise UserError(
                        self.env._(
                            "This hand-over is prepared already: press “Change” first, "
                            "or begin a new one."
                        )
                    )
        return super().write(vals)

    def _note_progress(self, vals):
        """Write who decided and how far it is; the caller has checked the rights."""
        # sudo: past our own write, which keeps people from these columns
        return self.sudo().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handed_over(self):
        if any(handover.state not in ("draft", "ready") for handover in self):
            raise UserError(
                self.env._(
                    "A hand-over that took place is the log of who got what, and what "
                    "undoing needs: it cannot be deleted."
                )
            )

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    def _get_takers(self):
        """Return the users who take something over."""
        self.ensure_one()
        if self.mode == "even":
            return self.to_user_ids
        if self.mode == "rule":
            return self.to_user_id | self.rule_ids.user_id
        return self.to_user_id

    def _check_complete(self):
        """Refuse to prepare what cannot be handed over."""
        self.ensure_one()
        self.check_access("write")
        takers = self._get_takers()
        if not takers or (self.mode != "even" and not self.to_user_id):
            raise UserError(self.env._("Say who takes over."))
        if self.from_user_id in takers:
            raise UserError(
                self.env._(
                    "%(user)s cannot take over the own customers.",
                    user=self.from_user_id.name,
                )
            )
        if not any(self.scope_ids.mapped("is_chosen")):
            raise UserError(self.env._("Choose what is handed over."))
        if self.mode == "rule" and not self.rule_ids:
            raise UserError(self.env._("Write at least one rule."))
        self._check_active(takers)
        self._check_return_date()

    def _check_active(self, users):
        """Refuse takers who do not work here, in none of the companies."""
        Profile = self.env["crm.lifecycle.profile"]
        label = self.env._("Who Takes Over")
        for user in users:
            # sudo: who works where is asked on behalf of any manager
            known = user.sudo().company_ids & self.company_ids
            Profile._check_user(user, known[:1] or self.company_ids[:1], label)

    def _check_takers(self, field_name="new_user_id"):
        """Refuse to give records of a company to somebody who may not work there."""
        Profile = self.env["crm.lifecycle.profile"]
        label = self.env._("Who Takes Over")
        groups = self.env["crm.handover.line"]._read_group(
            [
                ("handover_id", "=", self.id),
                ("state", "in", ("planned", "moved")),
                ("company_id", "!=", False),
            ],
            ["company_id", field_name],
        )
        for company, user in groups:
            Profile._check_user(user, company, label)

    def _check_return_date(self):
        if self.kind != "temporary":
            return
        if not self.return_date:
            raise UserError(self.env._("Say when the temporary cover ends."))
        if self.return_date <= self._get_today():
            raise UserError(
                self.env._("The day the customers come back must be after today.")
            )

    def _get_today(self):
        """The day of the company where it began last."""
        engine = self.env["crm.lifecycle.engine"]
        # sudo: a time zone, whoever asks
        return min(engine._today(company) for company in self.sudo().company_ids)
