# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    lifecycle_run_id = fields.Many2one(
        comodel_name="crm.lifecycle.playbook.run",
        string="Playbook",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        copy=False,
    )

    def action_ask_satisfaction(self):
        """Open the dialog of an activity that asks how satisfied the customer is."""
        self.ensure_one()
        return self.env["crm.lifecycle.satisfaction"]._prepare_action(activity=self)
