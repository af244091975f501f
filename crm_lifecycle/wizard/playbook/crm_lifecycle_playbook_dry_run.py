# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ...models.engine.parameters import MAX_DAYS

SHOWN = 80


class CrmLifecyclePlaybookDryRun(models.TransientModel):
    """For whom a playbook would fire, on today's base; it changes nothing."""

    _name = "crm.lifecycle.playbook.dry.run"
    _description = "Dry Run of a Playbook"

    playbook_id = fields.Many2one(
        comodel_name="crm.lifecycle.playbook", required=True, readonly=True
    )
    days = fields.Integer(
        string="Events of the Last (days)",
        default=30,
        help="How far back to look for what would have started it.",
    )
    customer_count = fields.Integer(compute="_compute_customers")
    sentence = fields.Char(compute="_compute_customers")
    profile_ids = fields.Many2many(
        comodel_name="crm.lifecycle.profile", compute="_compute_customers"
    )

    @api.depends("playbook_id", "days")
    @api.depends_context("uid", "company")
    def _compute_customers(self):
        for wizard in self:
            profiles = wizard._get_profiles()
            wizard.profile_ids = profiles[:SHOWN]
            wizard.customer_count = len(profiles)
            wizard.sentence = self.env._(
                "Customers for whom this would fire on today's base: %(count)s.",
                count=len(profiles),
            )

    def _get_profiles(self):
        """Return the customers, of those the user may see, in the current company."""
        playbook = self.playbook_id
        company = self.env.company
        if not playbook or playbook.company_id not in (
            company,
            company.browse(),
        ):
            return self.env["crm.lifecycle.profile"]
        days = min(max(self.days, 0), MAX_DAYS)
        # sudo: the engine reads everybody; the search below leaves out who is hidden
        engine = self.env["crm.lifecycle.engine"].sudo()
        found = engine._get_dry_run(playbook.sudo(), company, days)
        return self.env["crm.lifecycle.profile"].search([("id", "in", list(found))])

    def action_view_customers(self):
        """Open the list of these customers."""
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                "crm_lifecycle.crm_lifecycle_profile_action"
            ),
            "name": self.env._("Dry Run: %(name)s", name=self.playbook_id.name),
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self._get_profiles().ids)],
            "context": {"active_test": False},
        }
