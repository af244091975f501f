# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_key_approval = fields.Boolean(
        string="Second Approval of Key Accounts",
        groups="base.group_user",
        help="Marking a key account only nominates it: another leader or sales manager "
        "approves.",
    )
    lifecycle_key_cap = fields.Integer(
        string="Key Accounts per Manager",
        groups="base.group_user",
        help="How many key accounts one manager may have. 0: no limit.",
    )

    @api.constrains("lifecycle_key_cap")
    def _check_lifecycle_key_cap(self):
        for company in self:
            if company.lifecycle_key_cap < 0:
                raise ValidationError(
                    self.env._(
                        "%(company)s: the number of key accounts per manager cannot be "
                        "negative. 0 means no limit.",
                        company=company.display_name,
                    )
                )
