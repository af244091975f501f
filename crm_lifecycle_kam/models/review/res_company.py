# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

NUMBERS = (
    "lifecycle_key_review_days",
    "lifecycle_review_lead_days",
    "lifecycle_review_patience_days",
)


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_key_review_days = fields.Integer(
        string="Key Account Review After (days)",
        default=180,
        groups="base.group_user",
        help="How long after it came into the programme a key account is reviewed "
        "first; later the answer says when. 0: never by itself.",
    )
    lifecycle_review_lead_days = fields.Integer(
        string="Review Opens Before (days)",
        default=14,
        groups="base.group_user",
        help="So many days before its day a review is prepared and put in the queue.",
    )
    lifecycle_review_patience_days = fields.Integer(
        string="Goes to the Leader After (days)",
        default=7,
        groups="base.group_user",
        help="So many days after its day an unanswered review goes to the leader of "
        "the sales team.",
    )
    lifecycle_turn_scope = fields.Selection(
        selection=[
            ("none", "Nobody"),
            ("flags", "Key accounts and VIPs"),
            ("a", "Key accounts, VIPs and class A"),
            ("all", "All customers"),
        ],
        string="Decision Point at Every Turn",
        default="none",
        groups="base.group_user",
        help="Whose new purchases open a review: does the customer go on, and we?",
    )

    @api.constrains(*NUMBERS)
    def _check_lifecycle_review_days(self):
        for company in self:
            for name in NUMBERS:
                if not 0 <= company[name] <= 3650:
                    raise ValidationError(
                        self.env._(
                            "%(company)s: “%(field)s” is a number of days from 0 to "
                            "3650.",
                            company=company.display_name,
                            field=company._fields[name]._description_string(self.env),
                        )
                    )
