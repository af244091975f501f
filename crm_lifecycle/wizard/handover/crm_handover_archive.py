# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError


class CrmHandoverArchive(models.TransientModel):
    """Before somebody is archived: what hangs on him, and what to do with it."""

    _name = "crm.handover.archive"
    _description = "Archive Users With Customers"

    user_ids = fields.Many2many(
        comodel_name="res.users",
        relation="crm_handover_archive_user_rel",
        string="Users",
        readonly=True,
        context={"active_test": False},
    )
    lines = fields.Text(compute="_compute_lines", export_string_translation=False)
    may_hand_over = fields.Boolean(
        compute="_compute_lines", export_string_translation=False
    )

    @api.depends("user_ids")
    @api.depends_context("uid", "lang")
    def _compute_lines(self):
        manager = self.env.user.has_group("sales_team.group_sale_manager")
        for wizard in self:
            wizard.may_hand_over = manager
            wizard.lines = "\n".join(
                self.env._("%(user)s – %(what)s", user=user.name, what=what)
                for user in wizard.user_ids._origin
                if (what := user._describe_hanging())
            )

    def action_hand_over(self):
        """Begin the hand-over of the first of these users."""
        self.ensure_one()
        leaving = self.user_ids.filtered(lambda user: user._count_hanging())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand-over"),
            "res_model": "crm.handover",
            "view_mode": "form",
            "context": {"default_from_user_id": (leaving or self.user_ids)[:1].id},
        }

    def action_archive_anyway(self):
        """Archive the users; their planned activities are deleted by Odoo."""
        self.ensure_one()
        if not self.user_ids.has_access("write"):
            raise AccessError(self.env._("You may not archive these users."))
        self.user_ids.with_context(lifecycle_archive_anyway=True).action_archive()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
