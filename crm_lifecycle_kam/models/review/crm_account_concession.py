# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmAccountConcession(models.Model):
    """What a customer asked for beyond the usual terms, and what we gave.

    Concessions add up turn after turn; the log makes that visible before the floor is
    reached.
    """

    _name = "crm.account.concession"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Concession to a Customer"
    _order = "date DESC, id DESC"
    _rec_name = "asked"

    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer Card",
        required=True,
        ondelete="cascade",
        index=True,
    )
    partner_id = fields.Many2one(related="profile_id.partner_id", string="Customer")
    company_id = fields.Many2one(related="profile_id.company_id")
    currency_id = fields.Many2one(related="profile_id.currency_id")
    date = fields.Date(required=True, default=fields.Date.context_today)
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Asked By",
        ondelete="set null",
        index="btree_not_null",
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    asked = fields.Char(string="Asked For", required=True)
    state = fields.Selection(
        selection=[
            ("asked", "Open"),
            ("granted", "Granted"),
            ("part", "Granted in part"),
            ("refused", "Refused"),
        ],
        string="Answer",
        required=True,
        default="asked",
    )
    granted = fields.Char(string="What We Gave")
    amount = fields.Monetary(
        string="Costs a Year", help="What the concession costs us in a year, roughly."
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Approved By",
        ondelete="set null",
        domain="[('share', '=', False)]",
    )
    floor = fields.Char(help="The limit we do not go below, whatever is asked.")

    def write(self, vals):
        """Nobody notes something on the card of a customer he may not change."""
        self.env["crm.touchpoint"]._check_moved(vals)
        return super().write(vals)

    @api.depends("asked", "granted")
    def _compute_display_name(self):
        for concession in self:
            concession.display_name = concession.granted or concession.asked
