# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmLifecycleEvent(models.Model):
    """Append-only queue: customers whose documents changed since the last drain."""

    _name = "crm.lifecycle.event"
    _description = "Customer Awaiting Recomputation"
    _order = "id"
    _log_access = False
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        comodel_name="res.partner", required=True, readonly=True, ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="cascade"
    )
    cause = fields.Selection(
        selection=[("event", "Event"), ("manual", "Set by hand")],
        required=True,
        readonly=True,
    )
    date = fields.Date(readonly=True, help="The day an action by hand counts from.")
    user_id = fields.Many2one(
        comodel_name="res.users", readonly=True, ondelete="set null"
    )
    recorded_at = fields.Datetime(required=True, readonly=True)

    _company_idx = models.Index("(company_id, id)")
