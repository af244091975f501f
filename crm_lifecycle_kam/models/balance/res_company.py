# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_hour_cost = fields.Float(
        string="Cost of an Hour",
        groups="base.group_user",
        help="What an hour of a colleague costs, in the company's currency: the time "
        "of touchpoints counts as investment in the customer. 0: time costs nothing.",
    )

    _lifecycle_hour_cost_positive = models.Constraint(
        "CHECK(lifecycle_hour_cost IS NULL OR lifecycle_hour_cost >= 0)",
        "The cost of an hour cannot be negative.",
    )
