# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmObjection(models.Model):
    """What a customer objected or asked: experience the company keeps."""

    _name = "crm.objection"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Objection or Question"
    _order = "is_answered, date desc, id desc"

    name = fields.Char(string="What the Customer Said", required=True)
    kind = fields.Selection(
        selection=[("objection", "Objection"), ("question", "Question")],
        required=True,
        default="objection",
    )
    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer Card",
        required=True,
        ondelete="cascade",
        index=True,
    )
    partner_id = fields.Many2one(related="profile_id.partner_id")
    company_id = fields.Many2one(related="profile_id.company_id")
    touchpoint_id = fields.Many2one(
        comodel_name="crm.touchpoint",
        string="Heard In",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Person",
        ondelete="set null",
        index="btree_not_null",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    answer = fields.Text(help="What was answered, and what of it worked.")
    is_answered = fields.Boolean(string="Answered")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Heard By",
        default=lambda self: self.env.user,
        ondelete="set null",
        domain="[('share', '=', False)]",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            self.env["crm.touchpoint"]._add_profile_to_vals(vals_list)
        )

    def write(self, vals):
        self.env["crm.touchpoint"]._check_moved(vals)
        return super().write(vals)
