# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmLifecycleLostReason(models.Model):
    _name = "crm.lifecycle.lost.reason"
    _description = "Reason for Losing a Customer"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    ended_by = fields.Selection(
        selection=[("customer", "Customer"), ("we", "We"), ("nobody", "Nobody")],
        required=True,
        default="customer",
        help="Who ended the relation. Customers we ended are never won back.",
    )
    is_recoverable = fields.Boolean(
        string="Recoverable",
        default=True,
        help="Whether a customer lost for this reason can be won back.",
    )
    description = fields.Text(translate=True)
