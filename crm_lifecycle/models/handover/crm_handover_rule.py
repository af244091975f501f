# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmHandoverRule(models.Model):
    """Which customers go to whom; the first rule that fits decides."""

    _name = "crm.handover.rule"
    _description = "Rule of a Hand-over"
    _order = "sequence, id"
    _rec_name = "user_id"

    handover_id = fields.Many2one(
        comodel_name="crm.handover", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    country_ids = fields.Many2many(
        comodel_name="res.country", string="Countries", help="Empty: any."
    )
    state_ids = fields.Many2many(
        comodel_name="res.country.state", string="Regions", help="Empty: any."
    )
    category_ids = fields.Many2many(
        comodel_name="crm.lifecycle.category", string="Categories", help="Empty: any."
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="To Manager",
        required=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )
