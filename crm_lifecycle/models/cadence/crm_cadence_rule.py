# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

# Twelfths of a day: a month is the twelfth part of 365 days.
TWELFTHS = {"day": 12, "week": 84, "month": 365}
MAX_INTERVAL = {"day": 3650, "week": 520, "month": 120}


class CrmCadenceRule(models.Model):
    """A norm of the contact regulation: so many contacts per period, by category."""

    _name = "crm.cadence.rule"
    _description = "Contact Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        ondelete="cascade",
        help="Empty: the rule holds in every company.",
    )
    kind = fields.Selection(
        selection=[("personal", "Personal contact"), ("reminder", "Reminder")],
        required=True,
        default="personal",
        help="A reminder is fulfilled by a mailing too and never asks for a call; "
        "personal contacts are kept apart from it.",
    )
    category_ids = fields.Many2many(
        comodel_name="crm.lifecycle.category",
        relation="crm_cadence_rule_category_rel",
        column1="rule_id",
        column2="category_id",
        string="Categories",
        required=True,
        help="The customers who are under the rule.",
    )
    channel_ids = fields.Many2many(
        comodel_name="crm.touchpoint.channel",
        relation="crm_cadence_rule_channel_rel",
        column1="rule_id",
        column2="channel_id",
        string="Channels",
        required=True,
        help="A contact over any of them fulfils the rule.",
    )
    times = fields.Integer(
        string="Contacts",
        required=True,
        default=1,
        help="How many contacts per period; they are spread evenly over it.",
    )
    interval_number = fields.Integer(string="Every", required=True, default=1)
    interval_unit = fields.Selection(
        selection=[("day", "Days"), ("week", "Weeks"), ("month", "Months")],
        string="Unit",
        required=True,
        default="month",
    )
    direction = fields.Selection(
        selection=[
            ("channel", "As the channel says"),
            ("any", "Whoever began it"),
            ("out", "Only on our initiative"),
        ],
        string="Begun By",
        required=True,
        default="channel",
        help="“Only on our initiative”: call first, do not wait to be called.",
    )
    right_person = fields.Boolean(
        help="Counts only with somebody who decides at the customer or speaks for us "
        "there. Contacts with others show as “touched, not covered”. Without known "
        "decision makers every contact counts.",
    )
    date_start = fields.Date(
        string="In Force Since",
        required=True,
        default=fields.Date.context_today,
        help="Nothing is due sooner than one interval after this day, and the ledger "
        "of the rule begins with it.",
    )
    lead_days = fields.Integer(
        string="Due Soon (days before)",
        required=True,
        default=3,
        help="So many days before it is due a contact shows as due soon.",
    )
    minutes = fields.Integer(
        string="Minutes per Contact",
        compute="_compute_minutes",
        store=True,
        readonly=False,
        help="How much work one contact takes, for the load check.",
    )
    agenda_ids = fields.One2many(
        comodel_name="crm.cadence.agenda", inverse_name="rule_id"
    )
    interval_text = fields.Char(string="Norm", compute="_compute_interval_text")

    @api.depends("channel_ids.minutes")
    def _compute_minutes(self):
        for rule in self:
            rule.minutes = rule.channel_ids.sorted("sequence")[:1].minutes

    @api.depends("times", "interval_number", "interval_unit")
    @api.depends_context("lang")
    def _compute_interval_text(self):
        for rule in self:
            rule.interval_text = rule._get_interval_text()

    def _get_interval_text(self):
        """Return the norm in words, as "2 in 3 months"."""
        self.ensure_one()
        return self._format_interval(
            self.times, self.interval_number, self.interval_unit
        )

    @api.model
    def _format_interval(self, times, number, unit):
        """Return so many contacts in a period in words."""
        if number == 1:
            texts = {
                "day": self.env._("%(times)s a day", times=times),
                "week": self.env._("%(times)s a week", times=times),
                "month": self.env._("%(times)s a month", times=times),
            }
        else:
            texts = {
                "day": self.env._(
                    "%(times)s in %(number)s days", times=times, number=number
                ),
                "week": self.env._(
                    "%(times)s in %(number)s weeks", times=times, number=number
                ),
                "month": self.env._(
                    "%(times)s in %(number)s months", times=times, number=number
                ),
            }
        return texts.get(unit, "")

    @api.constrains("times", "interval_number", "interval_unit", "lead_days", "minutes")
    def _check_numbers(self):
        for rule in self:
            limit = MAX_INTERVAL.get(rule.interval_unit, 0)
            if not 1 <= rule.interval_number <= limit:
                raise ValidationError(
                    self.env._(
                        "%(rule)s: choose a period from 1 to %(limit)s.",
                        rule=rule.name,
                        limit=limit,
                    )
                )
            days = rule.interval_number * TWELFTHS[rule.interval_unit] // 12
            if not 1 <= rule.times <= days:
                raise ValidationError(
                    self.env._(
                        "%(rule)s: %(times)s contacts in %(days)s days is more than "
                        "one a day, or none. Choose a number from 1 to %(days)s.",
                        rule=rule.name,
                        times=rule.times,
                        days=days,
                    )
                )
            if rule.lead_days < 0 or not 0 <= rule.minutes <= 24 * 60:
                raise ValidationError(
                    self.env._(
                        "%(rule)s: days before and minutes cannot be negative, and a "
                        "contact takes at most 1440 minutes.",
                        rule=rule.name,
                    )
                )

    @api.constrains("category_ids", "channel_ids")
    def _check_lists(self):
        for rule in self:
            if not rule.category_ids or not rule.channel_ids:
                raise ValidationError(
                    self.env._(
                        "%(rule)s: choose at least one category and one channel.",
                        rule=rule.name,
                    )
                )

    @api.model
    def _get_interval(self, times, number, unit):
        """Return (months, days) between two contacts; one of the two is 0.

        Several contacts per period are spread evenly: whole days, rounded down, at
        least 1. A month is counted by the calendar only for one contact per period.
        """
        if unit == "month" and times == 1:
            return number, 0
        return 0, max(1, number * TWELFTHS[unit] // (12 * times))

    def _sql_interval(self):
        """Return the rule's interval as a PostgreSQL interval."""
        self.ensure_one()
        months, days = self._get_interval(
            self.times, self.interval_number, self.interval_unit
        )
        return SQL("make_interval(months => %s, days => %s)", months, days)
