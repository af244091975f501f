# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from .crm_cadence_rule import MAX_INTERVAL


class CrmCadenceException(models.Model):
    """A customer for whom a rule is stricter, looser or does not hold."""

    _name = "crm.cadence.exception"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Exception from a Contact Rule"
    _order = "date_from desc, id desc"
    _rec_name = "profile_id"

    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer Card",
        required=True,
        ondelete="cascade",
        index=True,
    )
    partner_id = fields.Many2one(related="profile_id.partner_id")
    company_id = fields.Many2one(related="profile_id.company_id")
    responsible_id = fields.Many2one(
        related="profile_id.user_id", string="Responsible Manager"
    )
    rule_id = fields.Many2one(
        comodel_name="crm.cadence.rule",
        ondelete="cascade",
        help="Empty: all rules the customer is under.",
    )
    kind = fields.Selection(
        selection=[("exempt", "Rule does not hold"), ("interval", "Other interval")],
        required=True,
        default="interval",
    )
    times = fields.Integer(string="Contacts", default=1)
    interval_number = fields.Integer(string="Every", default=1)
    interval_unit = fields.Selection(
        selection=[("day", "Days"), ("week", "Weeks"), ("month", "Months")],
        string="Unit",
        default="month",
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(
        string="Until",
        help="The last day of the exception. Empty: until somebody ends it.",
    )
    reason = fields.Char(required=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided By",
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="set null",
    )

    may_end = fields.Boolean(compute="_compute_may_end")

    @api.depends("date_to", "profile_id")
    @api.depends_context("uid")
    def _compute_may_end(self):
        self.may_end = False
        for exception in self.filtered("profile_id"):
            today = self.env["crm.lifecycle.engine"]._today(exception.company_id)
            is_over = exception.date_to and exception.date_to < today
            exception.may_end = (
                not is_over and exception.profile_id._may_decide_contacts()
            )

    def action_end(self):
        """End exceptions: the rules hold from today on as for everybody.

        For the leader of the team and managers. One that has not lasted a whole day
        goes altogether.

        :raise AccessError: the user decides for none of the teams concerned
        """
        self.check_access("read")
        if any(not profile._may_decide_contacts() for profile in self.profile_id):
            raise AccessError(
                self.env._(
                    "Exceptions from the contact regulation are decided by the leader "
                    "of the responsible manager's team and by sales managers."
                )
            )
        for company, exceptions in self.grouped("company_id").items():
            today = self.env["crm.lifecycle.engine"]._today(company)
            # sudo: a leader decides for the customers of the teams he leads
            current = exceptions.sudo().filtered(
                lambda line, today=today: not line.date_to or line.date_to >= today
            )
            begun = current.filtered(lambda line, today=today: line.date_from < today)
            begun.write({"date_to": fields.Date.subtract(today, days=1)})
            (current - begun).unlink()
        return True

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for exception in self:
            if exception.date_to and exception.date_to < exception.date_from:
                raise ValidationError(
                    self.env._("An exception cannot end before it begins.")
                )

    @api.constrains("kind", "times", "interval_number", "interval_unit", "rule_id")
    def _check_interval(self):
        for exception in self.filtered(lambda record: record.kind == "interval"):
            limit = MAX_INTERVAL.get(exception.interval_unit, 0)
            if exception.times < 1 or not 1 <= exception.interval_number <= limit:
                raise ValidationError(
                    self.env._(
                        "Say how many contacts in which period: at least one, and a "
                        "period from 1 to %(limit)s.",
                        limit=limit,
                    )
                )
            if not exception.rule_id:
                raise ValidationError(
                    self.env._("Say for which rule the other interval holds.")
                )
