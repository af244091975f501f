# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

from ..models.review.crm_account_review import KINDS

ANSWER_DAYS = 14


class CrmAccountReviewStart(models.TransientModel):
    """Ask for a review now: of a VIP, a key account, or of any customer's turn."""

    _name = "crm.account.review.start"
    _description = "Start a Review"

    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer",
        required=True,
        ondelete="cascade",
        domain="[('is_excluded', '=', False)]",
        index=True,
    )
    company_id = fields.Many2one(related="profile_id.company_id")
    is_vip = fields.Boolean(related="profile_id.is_vip")
    is_key_account = fields.Boolean(related="profile_id.is_key_account")
    kind = fields.Selection(
        selection=KINDS,
        string="What Is Decided",
        required=True,
        compute="_compute_kind",
        compute_sudo=False,  # of a card the user may see
        store=True,
        readonly=False,
        help="VIP and key account review: whether the status goes on. Decision point: "
        "whether both sides go on after the last purchase, and on which terms.",
    )
    due_date = fields.Date(
        string="Answer Until",
        required=True,
        default=lambda self: self._default_due_date(),
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who Answers",
        compute="_compute_user_id",
        compute_sudo=False,  # as above
        store=True,
        readonly=False,
        ondelete="cascade",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )

    @api.model
    def _default_due_date(self):
        today = self.env["crm.lifecycle.engine"]._today(self.env.company)
        return today + timedelta(ANSWER_DAYS)

    @api.model
    def default_get(self, fields):
        """From the card or the contact the dialog was opened on."""
        values = super().default_get(fields)
        model, id_ = (
            self.env.context.get(key) for key in ("active_model", "active_id")
        )
        if "profile_id" in fields and not values.get("profile_id") and id_:
            if model == "crm.lifecycle.profile":
                values["profile_id"] = id_
            elif model == "res.partner":
                partner = self.env["res.partner"].browse(id_)
                values["profile_id"] = partner.lifecycle_profile_id.id
        return values

    @api.depends("profile_id")
    def _compute_kind(self):
        for wizard in self:
            wizard.kind = wizard.profile_id._get_review_kind()

    @api.depends("profile_id", "kind")
    def _compute_user_id(self):
        for wizard in self:
            wizard.user_id = wizard.profile_id._get_review_user(wizard.kind)

    def action_start(self):
        """Start the review, or find the one that waits already, and open it.

        :return: action of the review's form
        """
        self.ensure_one()
        review = self.profile_id._start_review(self.kind, self.due_date, self.user_id)
        return review._prepare_form_action()
