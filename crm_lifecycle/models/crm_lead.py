# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = [
        "crm.lead",
        "crm.lifecycle.document.mixin",
        "crm.lifecycle.customer.mixin",
    ]

    _lifecycle_partner_field = "partner_id"
    _lifecycle_owner_columns = frozenset({"partner_id", "company_id"})
    _lifecycle_status_columns = frozenset({"type", "active", "stage_id", "won_status"})
