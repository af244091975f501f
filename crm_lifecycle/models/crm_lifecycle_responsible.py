# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmLifecycleResponsible(models.Model):
    _name = "crm.lifecycle.responsible"
    _inherit = ["lifecycle.export.mixin"]
    _description = "History of Responsible Managers"
    _order = "date_from desc, id desc"
    _rec_name = "user_id"

    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(related="profile_id.partner_id")
    company_id = fields.Many2one(related="profile_id.company_id")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible Manager",
        readonly=True,
        ondelete="cascade",
        index=True,
        required=True,
    )
    date_from = fields.Date(required=True, readonly=True)
    date_to = fields.Date(
        readonly=True, help="Last day of the responsibility; empty while it lasts."
    )
    changed_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, ondelete="set null"
    )
