# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import AccessError


class CrmLifecycleTransition(models.Model):
    """Automation rules answer a transition once; what went wrong stays on it."""

    _inherit = "crm.lifecycle.transition"

    reaction_error = fields.Text(
        string="Automation Failed",
        readonly=True,
        help="What an automation rule of Odoo said when it was told of this change.",
    )

    def action_react_again(self):
        """Have the job tell the automation rules again of these changes."""
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._("Automation is tried again by sales managers.")
            )
        self.check_access("read")
        # sudo: the columns are the job's
        failed = self.sudo().filtered("reaction_error")
        failed.write({"reacted_at": False, "reaction_error": False})
        self.env["crm.lifecycle.engine"]._trigger()
        return True
