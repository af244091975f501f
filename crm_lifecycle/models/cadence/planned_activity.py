# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class MailActivity(models.Model):
    """What the planner made: it ends by itself when the clock restarts."""

    _inherit = "mail.activity"

    lifecycle_due_date = fields.Date(
        string="Contact Due",
        readonly=True,
        groups="base.group_user",
        help="The due day this was planned or reminded for. When a contact has been "
        "made, the activity ends by itself.",
    )
    lifecycle_escalation_id = fields.Many2one(
        comodel_name="crm.cadence.status",
        string="Contact Overdue",
        readonly=True,
        ondelete="set null",
        groups="base.group_user",
        help="The leader was told of this violation.",
    )

    _lifecycle_planned_idx = models.Index(
        "(lifecycle_due_date) WHERE active AND lifecycle_due_date IS NOT NULL"
    )
    _lifecycle_escalation_unique = models.UniqueIndex(
        "(lifecycle_escalation_id) "
        "WHERE active AND lifecycle_escalation_id IS NOT NULL",
        "The leader has been told of this already.",
    )
