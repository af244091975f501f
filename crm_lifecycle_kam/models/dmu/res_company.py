# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_dmu_fade_months = fields.Integer(
        string="Lines Fade After (months)",
        default=6,
        help="Lines of influence that nobody has confirmed for so long are drawn "
        "faintly on the map. 0: never.",
        groups="base.group_user",
    )

    @api.constrains("lifecycle_dmu_fade_months")
    def _check_lifecycle_dmu_fade_months(self):
        for company in self:
            if not 0 <= company.lifecycle_dmu_fade_months <= 120:
                raise ValidationError(
                    self.env._(
                        "%(company)s: lines fade after %(months)s months. Choose a "
                        "number from 0 (never) to 120.",
                        company=company.display_name,
                        months=company.lifecycle_dmu_fade_months,
                    )
                )
