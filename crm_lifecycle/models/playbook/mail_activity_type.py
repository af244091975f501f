# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    category = fields.Selection(
        selection_add=[("lifecycle_satisfaction", "Ask how satisfied the customer is")],
        ondelete={"lifecycle_satisfaction": "set default"},
    )
