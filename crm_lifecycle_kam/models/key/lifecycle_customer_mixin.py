# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from odoo.addons.crm_lifecycle.models.lifecycle_fields_mixin import open_field


class CrmLifecycleCustomerMixin(models.AbstractModel):
    """Whom to ask before dealing with a key account."""

    _inherit = "crm.lifecycle.customer.mixin"

    lifecycle_key_manager_id = open_field(
        fields.Many2one,
        "lifecycle_key_manager_id",
        comodel_name="res.users",
        string="Key Account Manager",
        help="Who manages the key account. Empty: no key account, or nobody does.",
    )
