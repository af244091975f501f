# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


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

    lifecycle_warning = fields.Text(
        string="Note on the Customer",
        compute="_compute_lifecycle_warning",
        groups="base.group_user",
        help="What the salesperson should know before the quotation is sent. It never "
        "stops an order.",
    )

    # ------------------------------------------------------------
    # WARNINGS ON A QUOTATION
    # ------------------------------------------------------------

    @api.depends("partner_id", "company_id", "state")
    @api.depends_context("uid", "lang", "company")
    def _compute_lifecycle_warning(self):
        """Shown on quotations alone, to whoever may know what it says."""
        self.lifecycle_warning = False
        quotations = self.filtered(
            lambda order: order.partner_id and order.state in ("draft", "sent")
        )
        for company, orders in quotations.grouped("company_id").items():
            partners = orders.partner_id.with_company(company or self.env.company)
            warnings = {
                partner.id: "\n".join(partner._get_lifecycle_warnings())
                for partner in partners
            }
            for order in orders:
                order.lifecycle_warning = warnings[order.partner_id.id]
