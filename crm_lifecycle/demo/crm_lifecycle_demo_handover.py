# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class CrmLifecycleDemo(models.AbstractModel):
    """Greg has left, and nobody has taken over his customers yet."""

    _inherit = "crm.lifecycle.demo"

    @api.model
    def _load(self):
        """Begin his hand-over, for a visitor to look at and to end."""
        res = super()._load()
        if self.env.ref("crm_lifecycle.demo_handover", raise_if_not_found=False):
            return res
        admin = self._user("admin")
        company = self.env.ref("base.main_company")
        handover = (
            self.env["crm.handover"]
            .with_user(admin)
            .create(
                {
                    "company_ids": company.ids,
                    "from_user_id": self._user("greg").id,
                    "mode": "even",
                    "to_user_ids": (self._user("daniel") + self._user("petra")).ids,
                    "reason": "Left the company",
                }
            )
        )
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": "crm_lifecycle.demo_handover",
                    "record": handover,
                    "noupdate": True,
                }
            ]
        )
        if not company.lifecycle_owner_ids:
            company.lifecycle_owner_ids = admin
        return res
