# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_touchpoint_days = fields.Integer(
        string="Collect Contacts of the Last (days)",
        default=730,
        help="How far back the first collection of touchpoints looks. Raising it later "
        "has the past read again.",
        groups="base.group_user",
    )
    lifecycle_touchpoint_since = fields.Date(
        string="Contacts Collected Since",
        readonly=True,
        help="Earlier meetings, messages and activities are not collected.",
        groups="base.group_user",
    )

    def write(self, vals):
        res = super().write(vals)
        if "lifecycle_touchpoint_days" in vals:
            self._lifecycle_reach_back()
        return res

    def _lifecycle_reach_back(self):
        """Have the job collect a longer past; what is collected already stays."""
        # sudo: whoever may change the setting has its consequences computed
        for company in self.sudo():
            today = self.env["crm.lifecycle.engine"]._today(company)
            since = today - timedelta(company.lifecycle_touchpoint_days)
            known = company.lifecycle_touchpoint_since
            if known and since < known:
                company.lifecycle_touchpoint_since = since
                self.env["crm.touchpoint.source"].sudo()._request_collection()
