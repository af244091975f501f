# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmContactConsent(models.Model):
    """What a contact allows us over a channel, since when, and how we know it."""

    _name = "crm.contact.consent"
    _description = "Consent to Be Contacted"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact",
        required=True,
        ondelete="cascade",
        index=True,
    )
    channel_id = fields.Many2one(
        comodel_name="crm.touchpoint.channel",
        ondelete="cascade",
        help="Empty: every channel.",
    )
    state = fields.Selection(
        selection=[
            ("given", "Consent given"),
            ("withdrawn", "Consent withdrawn"),
            ("refused", "Do not contact"),
        ],
        required=True,
        default="refused",
    )
    date = fields.Date(string="Since", required=True, default=fields.Date.context_today)
    proof = fields.Char(
        help="How we know: a letter, a form, a remark on the telephone."
    )
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment", string="Document", ondelete="set null"
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Noted By",
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="set null",
    )
