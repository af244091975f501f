# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmCadencePause(models.Model):
    """A time in which a customer is not to be contacted; its last day belongs to it."""

    _name = "crm.cadence.pause"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Contact Pause"
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
        help="Empty: all rules.",
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(
        string="Until", required=True, help="The last day of the pause."
    )
    reason = fields.Char(required=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Asked By",
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="set null",
    )
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting for approval"),
            ("approved", "In force"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="approved",
        help="A pause longer than the company allows waits for the leader.",
    )
    approver_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided By",
        readonly=True,
        ondelete="set null",
    )
    approval_date = fields.Datetime(string="Decided On", readonly=True)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for pause in self:
            if pause.date_to < pause.date_from:
                raise ValidationError(
                    self.env._("A pause cannot end before it begins.")
                )
