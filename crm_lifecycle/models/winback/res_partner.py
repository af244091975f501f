# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _erase_lifecycle_person(self):
        """What was said about a customer who asks to be forgotten; that somebody tried
        to win it back, and the figures, stay."""
        count = super()._erase_lifecycle_person()
        # sudo: a request to be forgotten concerns every company
        attempts = self.env["crm.winback.attempt"].sudo()
        written = Domain("note", "!=", False) | Domain("expectation", "!=", False)
        attempts = attempts.search(Domain("partner_id", "in", self.ids) & written)
        attempts.write({"note": False, "expectation": False})
        profiles = self.env["crm.lifecycle.profile"].sudo()
        profiles = profiles.with_context(active_test=False).search(
            [("partner_id", "in", self.ids), ("winback_expectation", "!=", False)]
        )
        profiles._write_people({"winback_expectation": None})
        return count + len(attempts) + len(profiles)
