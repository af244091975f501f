# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmLifecycleProfile(models.Model):
    """Reviews and concessions on the card."""

    _inherit = "crm.lifecycle.profile"

    concession_ids = fields.One2many(
        comodel_name="crm.account.concession",
        inverse_name="profile_id",
        string="Concessions",
    )
    review_ids = fields.One2many(
        comodel_name="crm.account.review",
        inverse_name="profile_id",
        string="Reviews",
        readonly=True,
    )
    late_review_date = fields.Date(
        string="Review Due Since",
        compute="_compute_late_review_date",
        help="A review that nobody has answered: the terms go on unchecked.",
    )

    @api.depends("review_ids.state", "review_ids.due_date")
    def _compute_late_review_date(self):
        for profile in self:
            late = profile.review_ids.filtered("is_late")
            profile.late_review_date = min(late.mapped("due_date"), default=False)

    @api.model
    def _get_fields_written_directly(self):
        return super()._get_fields_written_directly() | {"concession_ids"}

    def _prepare_card_action(self):
        """Return the action that opens this card."""
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_view_reviews(self):
        """Open the reviews of this customer."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "crm_lifecycle_kam.crm_account_review_action"
            ),
            "domain": [("profile_id", "=", self.id)],
            "context": {"default_profile_id": self.id},
        }
