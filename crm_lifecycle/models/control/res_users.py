# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    lifecycle_weekly_letter = fields.Boolean(
        string="Weekly Letter on Contacts",
        default=True,
        help="Once a week, what of the contact rules was violated in the teams that "
        "the user leads.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["lifecycle_weekly_letter"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ["lifecycle_weekly_letter"]
