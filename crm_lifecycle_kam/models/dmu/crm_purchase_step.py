# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmPurchaseStep(models.Model):
    """One step of the way a customer comes to a purchase: how long it usually takes
    and who acts there."""

    _name = "crm.purchase.step"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Step of the Customer's Purchase"
    _order = "profile_id, sequence, id"

    name = fields.Char(string="Step", required=True)
    sequence = fields.Integer(default=10)
    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer Card",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="profile_id.company_id")
    usual_days = fields.Integer(
        string="Usual Time (days)", help="How long the step usually takes the customer."
    )
    member_ids = fields.Many2many(
        comodel_name="crm.dmu.member",
        relation="crm_purchase_step_member_rel",
        column1="step_id",
        column2="member_id",
        string="Who Acts",
        domain="[('profile_id', '=', profile_id), ('lead_id', '=', False)]",
        help="The people at the customer without whom the step is not done.",
    )
    note = fields.Text(
        string="What Happens", help="What is decided here, and what they need from you."
    )

    _usual_days_positive = models.Constraint(
        "CHECK(usual_days >= 0)", "The usual time of a step is a number of days from 0."
    )

    @api.constrains("profile_id", "member_ids")
    def _check_members(self):
        for step in self:
            strangers = step.member_ids.filtered(
                lambda member, step=step: member.profile_id != step.profile_id
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(people)s: not of this customer. Who acts at a step of "
                        "%(customer)s is one of its people.",
                        people=", ".join(strangers.mapped("display_name")),
                        customer=step.profile_id.display_name,
                    )
                )

    def write(self, vals):
        self.env["crm.touchpoint"]._check_moved(vals)
        return super().write(vals)
