# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_result_days = fields.Integer(
        string="Orders After a Contact (days)",
        default=30,
        help="A repeat order counts as the result of the last contact made with the "
        "customer so many days before it, or on its day.",
        groups="base.group_user",
    )
    lifecycle_reply_hours = fields.Float(
        string="Answer Within (working hours)",
        default=8.0,
        help="What a customer sent us is answered in time within so many hours of the "
        "company's working time.",
        groups="base.group_user",
    )
    lifecycle_letter = fields.Selection(
        selection=[
            ("none", "To nobody"),
            ("violations", "To leaders with violations"),
            ("always", "To all leaders"),
        ],
        string="Weekly Letter on Contacts",
        required=True,
        default="violations",
        help="Once a week each leader of a sales team receives what of the contact "
        "rules was violated in the team. “To all leaders”: also that all is in order.",
        groups="base.group_user",
    )

    @api.constrains("lifecycle_result_days", "lifecycle_reply_hours")
    def _check_lifecycle_control(self):
        for company in self:
            if not 0 <= company.lifecycle_result_days <= 3650:
                raise ValidationError(
                    self.env._("Orders after a contact: choose 0 to 3650 days.")
                )
            if company.lifecycle_reply_hours < 0:
                raise ValidationError(
                    self.env._("The hours to answer in cannot be negative.")
                )
