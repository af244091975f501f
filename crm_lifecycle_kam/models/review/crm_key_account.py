# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..key.crm_key_account import PROGRAMME_STATES


class CrmKeyAccount(models.Model):
    """When a key account is reviewed next."""

    _inherit = "crm.key.account"

    review_date = fields.Date(
        string="Next Review",
        help="Empty: some time after the account came into the programme, see the "
        "settings.",
    )

    def write(self, vals):
        if "review_date" in vals and not self.env.su:
            self._check_may_postpone()
        return super().write(vals)

    def _check_may_postpone(self):
        """Nobody lets his own account go unreviewed: the answer names the next day."""
        running = self.filtered(lambda key: key.state in PROGRAMME_STATES)
        if running and not running.profile_id._is_leader_or_manager():
            raise AccessError(
                self.env._(
                    "When a key account is reviewed is said by the answer to a review, "
                    "by leaders of a sales team and by sales managers."
                )
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
