# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmLead(models.Model):
    """What a lead has already been sent by a series of letters."""

    _inherit = "crm.lead"

    lifecycle_letters_seen = fields.Char(
        string="Has Been Sent",
        compute="_compute_lifecycle_letters_seen",
        groups="sales_team.group_sale_salesman",
        help="Letters that playbooks sent to this customer.",
    )

    @api.depends("partner_id.commercial_partner_id", "company_id")
    @api.depends_context("uid", "lang", "company")
    def _compute_lifecycle_letters_seen(self):
        self.lifecycle_letters_seen = False
        for company, leads in self.grouped("company_id").items():
            customers = leads.partner_id.commercial_partner_id
            profiles = self.env["crm.lifecycle.profile"].search(
                [
                    ("partner_id", "in", customers.ids),
                    ("company_id", "=", (company or self.env.company).id),
                ]
            )
            seen = {profile.partner_id.id: profile.letters_seen for profile in profiles}
            for lead in leads:
                customer = lead.partner_id.commercial_partner_id
                lead.lifecycle_letters_seen = seen.get(customer.id, False)
