# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmStage(models.Model):
    _inherit = "crm.stage"

    lifecycle_needs_scorecard = fields.Boolean(
        string="Asks for a Scorecard",
        help="An opportunity comes into this stage only with a finished card against "
        "the target profile that is not older than a year.",
    )
