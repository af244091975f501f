# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from .crm_lifecycle_stage import PHASES

RULES = ("lifecycle_is_agreement", "is_won")


class CrmStage(models.Model):
    _inherit = "crm.stage"

    lifecycle_is_agreement = fields.Boolean(
        string="Customer Agreed",
        help="An opportunity in this stage means that the customer agreed to buy: a "
        "potential customer becomes active.",
    )
    lifecycle_phase = fields.Selection(
        selection=PHASES,
        string="Management Phase",
        help="The phase of the four-stage customer management model this stage "
        "belongs to.",
    )

    def write(self, vals):
        changed = any(
            stage[name] != bool(vals[name])
            for name in RULES
            if name in vals
            for stage in self
        )
        res = super().write(vals)
        if changed:
            # Sudo: the stages are shared, so the rule is one of every company.
            companies = self.env["res.company"].sudo()
            self.env["crm.lifecycle.engine"]._request_full_read(
                companies.search([("lifecycle_enabled", "=", True)]), "settings"
            )
        return res
