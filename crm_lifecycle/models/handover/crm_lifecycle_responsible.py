# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmLifecycleResponsible(models.Model):
    _inherit = "crm.lifecycle.responsible"

    handover_id = fields.Many2one(
        comodel_name="crm.handover",
        string="Hand-over",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        groups="sales_team.group_sale_manager",
    )
    reason = fields.Char(readonly=True, help="Why the customer was handed over.")
