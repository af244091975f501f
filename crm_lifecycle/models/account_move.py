# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = [
        "account.move",
        "crm.lifecycle.document.mixin",
        "crm.lifecycle.fields.mixin",
    ]

    _lifecycle_partner_field = "partner_id"
    _lifecycle_owner_columns = frozenset(
        {"partner_id", "company_id", "reversed_entry_id"}
    )
    _lifecycle_status_columns = frozenset({"state"})
    _lifecycle_counted_columns = frozenset(
        {"invoice_date", "amount_untaxed", "amount_untaxed_signed", "currency_id"}
    )
    # Invoices are drafts when created, and drafts mean nothing.
    _lifecycle_from_creation = False

    @api.model
    def _is_lifecycle_document(self, document):
        return document.is_sale_document(
            include_receipts=True
        ) and super()._is_lifecycle_document(document)
