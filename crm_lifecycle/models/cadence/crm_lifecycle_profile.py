# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmLifecycleProfile(models.Model):
    """The contact regulation on the customer's card."""

    _inherit = "crm.lifecycle.profile"

    reactivated_date = fields.Date(
        string="Back in the Base Since",
        readonly=True,
        help="The day the customer's card became active again. Contact rules count "
        "from it.",
    )
    cadence_status_ids = fields.One2many(
        comodel_name="crm.cadence.status", inverse_name="profile_id", readonly=True
    )
    cadence_pause_ids = fields.One2many(
        comodel_name="crm.cadence.pause", inverse_name="profile_id"
    )
    cadence_exception_ids = fields.One2many(
        comodel_name="crm.cadence.exception", inverse_name="profile_id"
    )
    cadence_period_ids = fields.One2many(
        comodel_name="crm.cadence.period", inverse_name="profile_id", readonly=True
    )
