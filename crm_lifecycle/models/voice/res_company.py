# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_feedback_days = fields.Integer(
        string="Ask No More Often Than (days)",
        default=90,
        help="Nobody is asked for feedback twice within so many days.",
        groups="base.group_user",
    )
    lifecycle_feedback_expiry_days = fields.Integer(
        string="Answer Within (days)",
        default=30,
        help="So long the personal link works, and an answer can be changed.",
        groups="base.group_user",
    )
    lifecycle_rescue_days = fields.Integer(
        string="Put Right Within (days)",
        default=2,
        help="A dissatisfied customer is to be helped within so many days; afterwards "
        "the leader of the team is told.",
        groups="base.group_user",
    )

    _lifecycle_feedback_days_positive = models.Constraint(
        "CHECK(lifecycle_feedback_days BETWEEN 0 AND 3650 "
        "AND lifecycle_feedback_expiry_days BETWEEN 1 AND 3650 "
        "AND lifecycle_rescue_days BETWEEN 0 AND 3650)",
        "Days of feedback lie between 0 and 3650; a link works one day at least.",
    )
