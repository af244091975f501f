# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError


class CrmLifecycleProfile(models.Model):
    """Reviews that somebody asks for: any customer, any day."""

    _inherit = "crm.lifecycle.profile"

    def action_start_review(self):
        """Open the dialog that starts a review of this customer."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "crm_lifecycle_kam.crm_account_review_start_action"
            ),
            "context": {"default_profile_id": self.id},
        }

    def _start_review(self, kind, due_date, user):
        """Open a review of this customer, or return the one that waits already.

        :param str kind: ``vip``, ``key`` or ``turn``
        :param due_date: day the answer is wanted by, from today on
        :param user: who answers; empty: whoever the job would ask
        :return: a record of ``crm.account.review``
        """
        self.ensure_one()
        self._check_may_act()
        refusal = self._why_no_review(kind)
        if refusal:
            raise UserError(
                self.env._(
                    "%(customer)s: %(reason)s",
                    customer=self.partner_id.display_name,
                    reason=refusal,
                )
            )
        # sudo: people do not write reviews but through their actions
        Review = self.env["crm.account.review"].sudo()
        found = Review.search(
            [("profile_id", "=", self.id), ("kind", "=", kind), ("state", "=", "open")]
        )
        if not found:
            found = Review.create(self._prepare_review(kind, due_date, user))
            if kind == "key":
                # sudo: the state of the programme follows from its reviews
                self.sudo()._get_programme().write({"state": "review"})
        return found.with_env(self.env)

    def _why_no_review(self, kind):
        """Say why there is nothing of that kind to review; None: there is."""
        if not self.active or self.is_excluded:
            return self.env._("is archived or excluded: it is not reviewed")
        if kind == "vip" and not self.is_vip:
            return self.env._("is not VIP")
        if kind == "key" and not self.is_key_account:
            return self.env._("is no key account")
        return None

    def _get_review_kind(self):
        """Return what a review of this customer is about at first sight."""
        if self.is_key_account:
            return "key"
        return "vip" if self.is_vip else "turn"

    def _get_review_user(self, kind):
        """Return whom the job would ask."""
        by_kind = {"vip": self.vip_sponsor_id, "key": self.key_manager_id}
        return by_kind.get(kind) or self.user_id

    def _prepare_review(self, kind, due_date, user):
        """Values of a review started by hand.

        A decision point is about the last purchase, so that the job does not open it a
        second time; everything else about the day it was asked for.
        """
        today = self._company_today(self.company_id)
        event = self.last_purchase_date if kind == "turn" else False
        reviewed = self.review_ids.filtered(lambda review: review.kind == kind)
        days = reviewed.mapped("event_date")
        if not event or event > today or event in days:
            event = today
        if event in days:
            raise UserError(
                self.env._(
                    "%(customer)s has been reviewed today.",
                    customer=self.partner_id.display_name,
                )
            )
        if due_date < today:
            raise UserError(self.env._("The answer cannot be due in the past."))
        user = user or self._get_review_user(kind)
        if user:
            self._check_user(user, self.company_id, self.env._("Who Answers"))
        return {
            "profile_id": self.id,
            "kind": kind,
            "event_date": event,
            "due_date": due_date,
            "user_id": user.id,
            "is_manual": True,
        }


class CrmKeyAccount(models.Model):
    _inherit = "crm.key.account"

    def action_start_review(self):
        """Open the dialog that starts a review of this key account."""
        self.ensure_one()
        return self.profile_id.action_start_review()
