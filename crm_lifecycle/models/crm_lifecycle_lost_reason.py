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

    def write(self, vals):
        """Customers declared lost follow their reason when it ceases to be one to
        win them back for, or becomes one."""
        changed = self.filtered(
            lambda reason: (
                reason.is_recoverable
                != vals.get("is_recoverable", reason.is_recoverable)
            )
        )
        res = super().write(vals)
        if changed:
            # sudo: whoever may edit reasons has the consequences computed
            companies = self.env["res.company"].sudo()
            self.env["crm.lifecycle.engine"]._request_full_read(
                companies.search([("lifecycle_enabled", "=", True)]), "settings"
            )
        return res
