# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _erase_lifecycle_person(self):
        """Who asks to be forgotten is forgotten as the one who said something; the
        score without a name stays in the figures."""
        count = super()._erase_lifecycle_person()
        # sudo: see the method extended
        said = self.env["crm.feedback"].sudo().with_context(active_test=False)
        said = said.search(
            ["|", ("contact_id", "in", self.ids), ("partner_id", "in", self.ids)]
        )
        said.write({"contact_id": False, "comment": False, "answer": False})
        return count + len(said)
