# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models


class CrmKeyAccount(models.Model):
    """When a key account is reviewed next."""

    _inherit = "crm.key.account"

    review_date = fields.Date(
        string="Next Review",
        help="Empty: some time after the account came into the programme, see the "
        "settings.",
    )

    @api.model
    def _prepare_adopted(self, profile, reason=None):
        """An account that has been one for years is not late on its first day."""
        values = super()._prepare_adopted(profile, reason)
        days = profile.company_id.lifecycle_key_review_days
        today = profile._company_today(profile.company_id)
        if days:
            values["review_date"] = max(
                (profile.key_date or today) + timedelta(days), today
            )
        return values
