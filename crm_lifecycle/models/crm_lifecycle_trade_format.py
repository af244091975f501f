# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmLifecycleTradeFormat(models.Model):
    """How a customer does business: wholesale, retail, production, services."""

    _name = "crm.lifecycle.trade.format"
    _description = "Trade Format"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _name_unique = models.Constraint(
        "UNIQUE(name)", "There is already a trade format with this name."
    )
