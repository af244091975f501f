# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = [
        "sale.order",
        "crm.lifecycle.document.mixin",
        "crm.lifecycle.fields.mixin",
    ]

    _lifecycle_partner_field = "partner_id"
    _lifecycle_owner_columns = frozenset({"partner_id", "company_id"})
    _lifecycle_status_columns = frozenset({"state", "date_order", "validity_date"})
    # The margin exists with `sale_margin` only, which recomputes it on its own.
    _lifecycle_counted_columns = frozenset(
        {"amount_untaxed", "currency_rate", "currency_id", "margin"}
    )
