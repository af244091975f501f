# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmKeyAccountMember(models.Model):
    """Who of us works for a key account, and as what."""

    _name = "crm.key.account.member"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Member of a Key Account Team"
    _order = "key_id, role, id"
    _rec_name = "user_id"

    key_id = fields.Many2one(
        comodel_name="crm.key.account",
        string="Key Account",
        required=True,
        ondelete="cascade",
        index=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Colleague",
        required=True,
        ondelete="cascade",
        index=True,
        domain="[('share', '=', False)]",
    )
    role = fields.Selection(
        selection=[
            ("deputy", "Deputy, takes over the management"),
            ("sales", "Sales"),
            ("technical", "Technical expert"),
            ("service", "Service"),
            ("delivery", "Delivery"),
            ("finance", "Finance"),
            ("other", "Other"),
        ],
        required=True,
        default="sales",
        help="The deputy takes over when the manager is ill, away or leaves.",
    )
    task = fields.Char(help="What this colleague does for the account.")

    _once = models.UniqueIndex(
        "(key_id, user_id)", "This colleague already belongs to the team."
    )

    @api.constrains("user_id", "key_id")
    def _check_user(self):
        for member in self:
            self.env["crm.lifecycle.profile"]._check_user(
                member.user_id,
                member.key_id.company_id,
                member._fields["user_id"]._description_string(self.env),
            )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_may_join(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_may_join([vals])
        return super().write(vals)

    def _check_may_join(self, vals_list):
        """Before: who joins a team sees the account, so nobody lets himself in."""
        ids = {vals["key_id"] for vals in vals_list if vals.get("key_id")}
        self.env["crm.key.account"].browse(ids).check_access("write")
