# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmLifecycleProfile(models.Model):
    """What the card shows around the figures: colours, and the way to documents."""

    _inherit = "crm.lifecycle.profile"

    stage_color = fields.Integer(
        related="stage_id.color", string="Stage Color", aggregator=None
    )
    category_color = fields.Integer(
        related="category_id.color", string="Category Color", aggregator=None
    )
    stage_zone = fields.Selection(related="stage_id.zone", string="Zone")
    last_pass_at = fields.Datetime(
        related="company_id.lifecycle_last_pass_at", string="Base Computed At"
    )
    has_margin = fields.Boolean(
        related="company_id.lifecycle_has_margin", string="Margin Is Shown"
    )
    order_count = fields.Integer(string="Orders", compute="_compute_order_count")
    invoice_count = fields.Integer(string="Invoices", compute="_compute_invoice_count")
    opportunity_count = fields.Integer(
        string="Opportunities", compute="_compute_opportunity_count"
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends_context("uid")
    def _compute_order_count(self):
        self._count_documents("order_count", "sale.order", [])

    @api.depends_context("uid")
    def _compute_invoice_count(self):
        self._count_documents(
            "invoice_count", "account.move", self._get_invoice_domain()
        )

    @api.depends_context("uid")
    def _compute_opportunity_count(self):
        self._count_documents("opportunity_count", "crm.lead", [])

    def _count_documents(self, name, model, domain):
        """Fill the counter ``name`` with what the user may read of ``model``."""
        Document = self.env[model]
        if not Document.has_access("read"):
            self[name] = 0
            return
        domain = [
            *domain,
            ("partner_id.commercial_partner_id", "in", self.partner_id.ids),
            ("company_id", "in", [*self.company_id.ids, False]),
        ]
        counts = {}
        for partner, company, count in Document._read_group(
            domain, ["partner_id", "company_id"], ["__count"]
        ):
            key = (partner.commercial_partner_id.id, company.id)
            counts[key] = counts.get(key, 0) + count
        for profile in self:
            partner_id = profile.partner_id.id
            profile[name] = counts.get((partner_id, profile.company_id.id), 0)
            profile[name] += counts.get((partner_id, False), 0)

    def _get_invoice_domain(self):
        return [("move_type", "in", ("out_invoice", "out_refund", "out_receipt"))]

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_view_partner(self):
        """Open the contact of this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "view_mode": "form",
        }

    def action_view_orders(self):
        """Open the quotations and orders of this customer in this company."""
        return self._prepare_document_action("sale.order", self.env._("Orders"), [])

    def action_view_invoices(self):
        """Open the invoices and credit notes of this customer in this company."""
        return {
            **self._prepare_document_action(
                "account.move", self.env._("Invoices"), self._get_invoice_domain()
            ),
            "context": {"create": False},
        }

    def action_view_opportunities(self):
        """Open the leads and opportunities of this customer in this company."""
        return self._prepare_document_action(
            "crm.lead", self.env._("Opportunities"), []
        )

    def _prepare_document_action(self, model, name, domain):
        """Return the action that lists the documents of this card."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": [
                *domain,
                ("partner_id.commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "in", (self.company_id.id, False)),
            ],
            "context": {"default_partner_id": self.partner_id.id},
        }
