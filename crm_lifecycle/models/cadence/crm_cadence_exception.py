# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

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
