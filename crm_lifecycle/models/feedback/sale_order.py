# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Who is dissatisfied is sent no quotation; what he orders himself is an order."""

    _inherit = "sale.order"

    def action_quotation_send(self):
        self._check_lifecycle_offer()
        return super().action_quotation_send()

    def action_quotation_sent(self):
        self._check_lifecycle_offer()
        return super().action_quotation_sent()

    def _check_lifecycle_offer(self):
        """Refuse to send quotations to customers with something to put right."""
        for order in self.filtered(lambda order: order.state in ("draft", "sent")):
            partner = order.partner_id.with_company(order.company_id)
            feedback = partner._get_lifecycle_open_feedback()[:1] if partner else None
            if feedback:
                raise UserError(partner._get_lifecycle_feedback_warning(feedback))
