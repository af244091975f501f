# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import format_date


class CrmLifecycleProfile(models.Model):
    """What playbooks did for the customer, on its card."""

    _inherit = "crm.lifecycle.profile"

    playbook_run_ids = fields.One2many(
        comodel_name="crm.lifecycle.playbook.run",
        inverse_name="profile_id",
        readonly=True,
    )
    letters_seen = fields.Char(
        string="Has Been Sent",
        compute="_compute_letters_seen",
        help="Letters of playbooks, with the day each was sent.",
    )

    @api.depends("playbook_run_ids.template_id")
    @api.depends_context("lang")
    def _compute_letters_seen(self):
        runs = self.env["crm.lifecycle.playbook.run"].search(
            [
                ("profile_id", "in", self._origin.ids),
                ("template_id", "!=", False),
                ("state", "=", "done"),
            ],
            order="fired_date, id",
        )
        seen = {}
        for run in runs:
            # sudo: the name of a letter is no secret to who sees the card
            name = run.playbook_id.sudo().name
            day = format_date(self.env, run.fired_date)
            seen.setdefault(run.profile_id.id, []).append(f"{name} ({day})")
        for profile in self:
            profile.letters_seen = ", ".join(seen.get(profile._origin.id, []))

    def action_ask_satisfaction(self):
        """Open the dialog that asks how satisfied the customer is."""
        self.ensure_one()
        return self.env["crm.lifecycle.satisfaction"]._prepare_action(profile=self)
