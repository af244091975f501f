# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

SOURCE = "crm.lifecycle.test.sale"


class CrmLifecycleTestSale(models.Model):
    _name = "crm.lifecycle.test.sale"
    _description = "Sale over the Counter"

    name = fields.Char(required=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    sold_on = fields.Date(required=True)
    amount = fields.Float()

    @api.model_create_multi
    def create(self, vals_list):
        sales = super().create(vals_list)
        self.env["crm.lifecycle.event"]._gather_documents(SOURCE, sales.ids)
        return sales

    def unlink(self):
        self.env["crm.lifecycle.event"]._gather_before(SOURCE, self.ids)
        return super().unlink()
