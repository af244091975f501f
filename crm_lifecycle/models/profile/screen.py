# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models


class CrmLifecycleProfile(models.Model):
    """What the card shows around the figures: colours, and the way to documents."""

    _inherit = "crm.lifecycle.profile"

    # Computed, not related: a new colour or a finished pass would otherwise make the
    # ORM look for every profile of the company.
    stage_color = fields.Integer(compute="_compute_colors")
    category_color = fields.Integer(compute="_compute_colors")
    last_pass_at = fields.Datetime(
        string="Base Computed At",
        compute="_compute_company_facts",
        help="When the last pass over the whole base ended.",
    )
    has_margin = fields.Boolean(compute="_compute_company_facts")
    contact_phone = fields.Char(string="Phone", compute="_compute_contact_data")
    contact_email = fields.Char(string="Email", compute="_compute_contact_data")
    contact_ids = fields.One2many(
        comodel_name="res.partner",
        string="Contact Persons",
        compute="_compute_contact_data",
        inverse="_inverse_contact_ids",
    )
    order_count = fields.Integer(string="Orders", compute="_compute_order_count")
    invoice_count = fields.Integer(string="Invoices", compute="_compute_invoice_count")
    opportunity_count = fields.Integer(
        string="Opportunities", compute="_compute_opportunity_count"
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("stage_id", "category_id")
    def _compute_colors(self):
        for profile in self:
            profile.stage_color = profile.stage_id.color
            profile.category_color = profile.category_id.color

    @api.depends("company_id")
    def _compute_company_facts(self):
        for company, profiles in self.grouped("company_id").items():
            profiles.last_pass_at = company.lifecycle_last_pass_at
            profiles.has_margin = company.lifecycle_has_margin

    @api.depends("partner_id")
    @api.depends_context("uid")
    def _compute_contact_data(self):
        readable = set(self.partner_id._filtered_access("read")._ids)
        nobody = self.env["res.partner"]
        for profile in self:
            # not by `&`, which would make every customer a query of its own
            partner = profile.partner_id
            partner = partner if partner.id in readable else nobody
            profile.contact_phone = partner.phone
            profile.contact_email = partner.email
            profile.contact_ids = partner.child_ids

    def _inverse_contact_ids(self):
        """Create the persons added on the card; changed ones are written already, and
        nobody is removed here."""
        for profile in self:
            added = profile.contact_ids.filtered(lambda contact: not contact.id)
            profile.partner_id.child_ids = [
                Command.create(contact._convert_to_write(contact._cache))
                for contact in added
            ]
        self.invalidate_recordset(["contact_ids"], flush=False)

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

    def action_recompute_now(self):
        """Recompute these customers at once, or soon when they are many.

        :return: a notification that says what was done and what was not, and why
        """
        result = self.recompute_now()
        skipped = {}
        for line in result["skipped"]:
            skipped.setdefault(line["reason"], []).append(line["id"])
        return self._prepare_result(self.env._("Recompute Now"), result, skipped)
