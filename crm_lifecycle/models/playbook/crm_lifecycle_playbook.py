# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..engine.parameters import MAX_DAYS
from ..feedback.crm_feedback import BANDS

TRIGGERS = [
    ("stage_entered", "Enters a stage"),
    ("stage_left", "Leaves a stage"),
    ("category_entered", "Enters a category"),
    ("fulfilled", "Order fulfilled"),
    ("in_use", "Order in use for some days"),
    ("rhythm_late", "Late against the own rhythm"),
    ("lapsed", "VIP or key account falls silent"),
    ("dormant", "Prospect falls asleep"),
    ("potential", "Potential far above revenue"),
    ("feedback", "Feedback given"),
    ("complaint", "Complaint"),
    ("promise_broken", "Our promise broken"),
    ("birthday", "Birthday"),
    ("professional_day", "Professional day"),
    ("holiday", "Holiday of the calendar"),
    ("lead", "Inquiry comes in"),
    ("reply", "Customer writes or calls"),
    ("no_responsible", "Nobody answers for the customer"),
]
MONTHS = [
    *(("1", "January"), ("2", "February"), ("3", "March"), ("4", "April")),
    *(("5", "May"), ("6", "June"), ("7", "July"), ("8", "August")),
    *(("9", "September"), ("10", "October"), ("11", "November")),
    ("12", "December"),
]
# What a trigger needs to be told: {trigger: field that must be set}
NEEDED = {
    "stage_entered": "stage_ids",
    "stage_left": "stage_ids",
    "category_entered": "category_ids",
    "in_use": "days",
    "rhythm_late": "factor",
    "potential": "factor",
    "feedback": "band",
    "holiday": "holiday_month",
}
DAY_FIELDS = ("days", "days_before", "delay_days", "cooldown_days", "daily_limit")


class CrmLifecyclePlaybook(models.Model):
    """When this happens to a customer, do that: once for each time it happens.

    The engine finds the events, each trigger by one SQL (``_sql_trigger_<code>``), and
    notes each in a run; the run does the work in a transaction of its own.
    """

    _name = "crm.lifecycle.playbook"
    _description = "Playbook"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=50)
    active = fields.Boolean(default=True)
    description = fields.Text(
        translate=True, help="What it is for, for those who work by it."
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        ondelete="cascade",
        help="Empty: every company, each with its own days and limits.",
    )
    is_on = fields.Boolean(
        string="Running",
        copy=False,
        help="Only what happens from the day on which it is switched on counts.",
    )
    activated_at = fields.Datetime(string="Running Since", readonly=True, copy=False)

    # When
    trigger = fields.Selection(
        selection=TRIGGERS, string="When", required=True, default="stage_entered"
    )
    stage_ids = fields.Many2many(
        comodel_name="crm.lifecycle.stage",
        relation="crm_lifecycle_playbook_stage_rel",
        column1="playbook_id",
        column2="stage_id",
        string="Stages",
    )
    category_ids = fields.Many2many(
        comodel_name="crm.lifecycle.category",
        relation="crm_lifecycle_playbook_category_rel",
        column1="playbook_id",
        column2="category_id",
        string="Categories",
    )
    occurrence = fields.Selection(
        selection=[
            ("first", "The first order"),
            ("nth", "Every n-th order"),
            ("every", "Every order"),
        ],
        string="Which Order",
        default="first",
        required=True,
    )
    every = fields.Integer(
        string="Every n-th",
        default=5,
        help="5: the fifth, tenth, fifteenth order, counted by their dates.",
    )
    days = fields.Integer(
        string="In Use for (days)",
        default=14,
        help="Days since the order was fulfilled.",
    )
    factor = fields.Float(
        default=1.5,
        help="Late by the factor: the silence is so many times the customer's own "
        "rhythm. Potential: so many times the yearly revenue.",
    )
    band = fields.Selection(selection=BANDS, string="Which Feedback")
    holiday_day = fields.Integer(string="Day of the Month", default=1)
    holiday_month = fields.Selection(selection=MONTHS)
    days_before = fields.Integer(
        help="So many days before the day itself, to prepare something.",
    )
    filter_domain = fields.Char(
        string="Only Customers",
        help="Looked at when it happens, and again when the time has come to act.",
    )
    delay_days = fields.Integer(
        string="Wait (days)", help="Calendar days between the event and the work."
    )
    cooldown_days = fields.Integer(
        string="Not Again Within (days)",
        help="For the same customer. 0: as often as it happens.",
    )
    daily_limit = fields.Integer(
        string="At Most a Day",
        help="So many customers a day and company; the others wait for the next day. "
        "0: no limit.",
    )

    # Who
    responsible_type = fields.Selection(
        selection=[
            ("responsible", "The customer's responsible manager"),
            ("leader", "The leader of his team"),
            ("fixed", "Always the same person"),
        ],
        string="Who Does It",
        required=True,
        default="responsible",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Person",
        domain="[('share', '=', False)]",
        ondelete="restrict",
        help="Who does it; otherwise who does it where nobody answers for the "
        "customer.",
    )

    # What
    plan_id = fields.Many2one(
        comodel_name="mail.activity.plan",
        string="Activity Plan",
        domain="[('res_model', '=', 'res.partner'), "
        "('company_id', 'in', (False, company_id))]",
        ondelete="restrict",
        help="Its activities are planned on the customer, or on the person concerned.",
    )
    template_id = fields.Many2one(
        comodel_name="mail.template",
        string="Letter",
        domain="[('model', 'in', ('res.partner', 'crm.lifecycle.profile'))]",
        ondelete="restrict",
        help="Sent to the person concerned, else to the customer. Nobody on the "
        "blacklist or who refused e-mails gets one.",
    )
    asks_feedback = fields.Boolean(
        string="Ask for Feedback by Letter",
        help="With a personal page on which the customer answers. Nobody is asked more "
        "often than the settings of the company say.",
    )
    server_action_id = fields.Many2one(
        comodel_name="ir.actions.server",
        domain="[('model_id.model', '=', 'crm.lifecycle.profile')]",
        ondelete="restrict",
        help="Runs on the customer's card. What it does outside of this database (a "
        "call of another service, for instance) may happen twice when the server "
        "breaks off in between.",
    )
    makes_opportunity = fields.Boolean(string="Create an Opportunity")
    opportunity_name = fields.Char(
        string="About",
        translate=True,
        help="The customer's name is added. Empty: the name of the playbook.",
    )
    tag_ids = fields.Many2many(
        comodel_name="crm.tag",
        relation="crm_lifecycle_playbook_tag_rel",
        column1="playbook_id",
        column2="tag_id",
        string="Tags",
    )
    team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Sales Team",
        ondelete="set null",
        help="Of the opportunity. Empty: that of who does it.",
    )

    run_ids = fields.One2many(
        comodel_name="crm.lifecycle.playbook.run",
        inverse_name="playbook_id",
        readonly=True,
    )
    planned_count = fields.Integer(compute="_compute_run_counts", string="Waiting")
    done_count = fields.Integer(compute="_compute_run_counts", string="Done")
    failed_count = fields.Integer(compute="_compute_run_counts", string="Failed")

    _running_idx = models.Index("(id) WHERE is_on AND active")

    # ------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------

    @api.depends("run_ids.state")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_run_counts(self):
        """Of the customers the user may see."""
        counts = {
            (playbook.id, state): count
            for playbook, state, count in self.env[
                "crm.lifecycle.playbook.run"
            ]._read_group(
                [("playbook_id", "in", self._origin.ids)],
                ["playbook_id", "state"],
                ["__count"],
            )
        }
        for playbook in self:
            for state in ("planned", "done", "failed"):
                key = (playbook._origin.id, state)
                playbook[f"{state}_count"] = counts.get(key, 0)

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    @api.constrains(*DAY_FIELDS, "every", "factor", "holiday_day", "holiday_month")
    def _check_numbers(self):
        for playbook in self:
            for name in DAY_FIELDS:
                if not 0 <= playbook[name] <= MAX_DAYS:
                    playbook._raise_number(name, 0, MAX_DAYS)
            if playbook.occurrence == "nth" and not 1 <= playbook.every <= 1000:
                playbook._raise_number("every", 1, 1000)
            if NEEDED.get(playbook.trigger) == "factor" and playbook.factor <= 0:
                playbook._raise_number("factor", 0.1, 100)
            if playbook.trigger == "holiday" and playbook.holiday_month:
                last = 29 if playbook.holiday_month == "2" else 31
                last = 30 if playbook.holiday_month in ("4", "6", "9", "11") else last
                if not 1 <= playbook.holiday_day <= last:
                    playbook._raise_number("holiday_day", 1, last)

    def _raise_number(self, name, least, most):
        raise ValidationError(
            self.env._(
                "%(playbook)s: “%(field)s” is %(value)s. Choose a number from "
                "%(least)s to %(most)s.",
                playbook=self.name,
                field=self._fields[name]._description_string(self.env),
                value=self[name],
                least=least,
                most=most,
            )
        )

    @api.constrains("filter_domain")
    def _check_filter_domain(self):
        for playbook in self:
            try:
                domain = playbook._get_filter()
                domain.validate(self.env["crm.lifecycle.profile"])
            except (ValueError, SyntaxError, TypeError) as error:
                raise ValidationError(
                    self.env._(
                        "%(playbook)s: the filter “%(filter)s” cannot be read. Choose "
                        "the conditions anew.",
                        playbook=playbook.name,
                        filter=playbook.filter_domain,
                    )
                ) from error

    @api.constrains(
        *("is_on", "trigger", *sorted(set(NEEDED.values()))),
        *("responsible_type", "user_id"),
    )
    def _check_complete(self):
        """A playbook that runs knows when, and who where that is one person."""
        for playbook in self.filtered("is_on"):
            needed = NEEDED.get(playbook.trigger)
            if needed and not playbook[needed]:
                playbook._raise_missing(needed)
            if playbook.responsible_type == "fixed" and not playbook.user_id:
                playbook._raise_missing("user_id")

    def _raise_missing(self, name):
        raise ValidationError(
            self.env._(
                "%(playbook)s cannot run: fill in “%(field)s”.",
                playbook=self.name,
                field=self._fields[name]._description_string(self.env),
            )
        )

    @api.constrains("template_id", "plan_id", "server_action_id")
    def _check_effects(self):
        for playbook in self:
            if playbook.template_id.model not in self._get_letter_models():
                raise ValidationError(
                    self.env._(
                        "%(letter)s is no letter to customers: it is written for "
                        "another kind of record.",
                        letter=playbook.template_id.name,
                    )
                )
            if playbook.plan_id.res_model not in (False, "res.partner"):
                raise ValidationError(
                    self.env._(
                        "%(plan)s is not planned on contacts: choose another plan.",
                        plan=playbook.plan_id.name,
                    )
                )
            model = playbook.server_action_id.sudo().model_name
            if model not in (False, "crm.lifecycle.profile"):
                raise ValidationError(
                    self.env._(
                        "%(action)s does not run on customer cards: choose another "
                        "server action.",
                        action=playbook.server_action_id.sudo().name,
                    )
                )

    @api.model
    def _get_letter_models(self):
        return (False, "res.partner", "crm.lifecycle.profile")

    def _get_filter(self):
        """Return the domain on profiles; everybody where there is none."""
        return Domain(literal_eval((self.filter_domain or "").strip() or "[]"))

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_view_runs(self):
        """Open the runs of this playbook."""
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                "crm_lifecycle.crm_lifecycle_playbook_run_action"
            ),
            "domain": [("playbook_id", "=", self.id)],
            "context": self.env.context.get("run_filter") or {},
        }

    def action_dry_run(self):
        """Open the dialog that says for whom it would fire, and changes nothing."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dry Run"),
            "res_model": "crm.lifecycle.playbook.dry.run",
            "view_mode": "form",
            "target": "new",
            "context": {"default_playbook_id": self.id},
        }
