# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

REFERRER_HELP = "Who recommended us: a customer, one of its people, or anybody else."


class ResPartner(models.Model):
    _inherit = "res.partner"

    lifecycle_referrer_id = fields.Many2one(
        comodel_name="res.partner",
        string="Recommended By",
        ondelete="set null",
        index="btree_not_null",
        groups="base.group_user",
        help=REFERRER_HELP,
    )

    @api.constrains("lifecycle_referrer_id")
    def _check_lifecycle_referrer_id(self):
        for partner in self:
            referrer = partner.lifecycle_referrer_id
            if referrer and referrer.commercial_partner_id == (
                partner.commercial_partner_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(customer)s cannot have been recommended by itself.",
                        customer=partner.display_name,
                    )
                )


class CrmLead(models.Model):
    _inherit = "crm.lead"

    lifecycle_referrer_id = fields.Many2one(
        comodel_name="res.partner",
        string="Recommended By",
        ondelete="set null",
        index="btree_not_null",
        help=REFERRER_HELP,
    )

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        """A customer made of a recommended lead is a recommended customer."""
        values = super()._prepare_customer_values(partner_name, is_company, parent_id)
        referrer = self.lifecycle_referrer_id
        if referrer and not parent_id:
            values["lifecycle_referrer_id"] = referrer.id
        return values
