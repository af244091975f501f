# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class MailActivity(models.Model):
    """An activity that a contact rule asked for, planned or as a reminder."""

    _inherit = "mail.activity"

    lifecycle_profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer Card",
        readonly=True,
        ondelete="set null",
        groups="base.group_user",
    )
    lifecycle_rule_id = fields.Many2one(
        comodel_name="crm.cadence.rule",
        string="Contact Rule",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        groups="base.group_user",
    )
    lifecycle_reminder_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Reminded By",
        readonly=True,
        ondelete="set null",
        groups="base.group_user",
        help="Who asked the responsible to make this contact; empty: nobody yet.",
    )

    _lifecycle_open_unique = models.UniqueIndex(
        "(lifecycle_profile_id, lifecycle_rule_id) WHERE active AND "
        "lifecycle_profile_id IS NOT NULL AND lifecycle_rule_id IS NOT NULL",
        "This contact is planned already.",
    )
