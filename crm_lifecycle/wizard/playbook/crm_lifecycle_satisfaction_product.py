# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Command


class CrmLifecycleSatisfactionProduct(models.TransientModel):
    """A product that could be proposed to a glad customer, and why this one."""

    _name = "crm.lifecycle.satisfaction.product"
    _description = "Product to Propose"

    wizard_id = fields.Many2one(
        comodel_name="crm.lifecycle.satisfaction",
        required=True,
        ondelete="cascade",
        index=True,
    )
    product_id = fields.Many2one(
        comodel_name="product.product", required=True, ondelete="cascade"
    )
    reason = fields.Char(string="Why")
    is_chosen = fields.Boolean(string="Propose")


class CrmLifecycleSatisfaction(models.TransientModel):
    _inherit = "crm.lifecycle.satisfaction"

    suggestion_ids = fields.One2many(
        comodel_name="crm.lifecycle.satisfaction.product",
        inverse_name="wizard_id",
        string="Customers Like This One Also Buy",
        compute="_compute_suggestion_ids",
        compute_sudo=False,  # of the customers the user sees
        store=True,
        readonly=False,
    )

    @api.depends("band", "partner_id", "company_id")
    def _compute_suggestion_ids(self):
        """Only for who is glad, and once: what was chosen stays chosen."""
        for wizard in self:
            if wizard.band != "promoter" or wizard.suggestion_ids:
                continue
            profile = self.env["crm.lifecycle.profile"].search(
                [
                    ("partner_id", "=", wizard.partner_id._origin.id),
                    ("company_id", "=", wizard.company_id._origin.id),
                ]
            )
            wizard.suggestion_ids = [
                Command.create({"product_id": product.id, "reason": reason})
                for product, reason in (profile._get_suggestions() if profile else ())
            ]

    def _get_proposed(self):
        """Return the products to propose: chosen of the suggestions, and others."""
        chosen = self.suggestion_ids.filtered("is_chosen")
        return chosen.product_id | self.product_ids

    def _get_proposal_text(self):
        """What the customer said, and why these products."""
        words = [self._get_words() or ""]
        words += [
            f"{line.product_id.display_name}: {line.reason}"
            for line in self.suggestion_ids.filtered("is_chosen")
        ]
        return "\n".join(word for word in words if word) or False
