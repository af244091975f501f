# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError


class CrmAccountReview(models.Model):
    """The answer, and what it does to the status."""

    _inherit = "crm.account.review"

    def action_answer(self):
        """Close the review with the answer given; renew or withdraw the status.

        A VIP's status goes on or ends by the base's own actions, with their rights; a
        key account stays in the programme until its next review, or leaves it.
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "open":
            raise UserError(self.env._("The review is closed already."))
        self._check_answer()
        goes_on = self.decision in ("keep", "other")
        if self.kind == "vip":
            self._answer_vip(goes_on)
        elif self.kind == "key":
            self._answer_key(goes_on)
        # sudo: past our own write, which keeps people from these columns
        self.sudo().write(
            {
                "state": "done",
                "done_by_id": self.env.uid,
                "done_date": self.profile_id._company_today(self.company_id),
                "kept_facts": self.facts,
            }
        )
        return True

    def _check_answer(self):
        """Say what is missing for an answer."""
        missing = [
            name
            for name, is_needed in (
                ("customer_side", True),
                ("decision", True),
                ("terms", self.decision == "other"),
                ("reason", self.decision in ("withdraw", "stop")),
                (
                    "next_date",
                    self.kind != "turn" and self.decision in ("keep", "other"),
                ),
            )
            if is_needed and not self[name]
        ]
        if missing:
            labels = self.fields_get(missing, ["string"])
            raise UserError(
                self.env._(
                    "Fill in first: %(fields)s.",
                    fields=", ".join(labels[name]["string"] for name in missing),
                )
            )
        if self.kind == "turn" and self.decision == "withdraw":
            raise UserError(
                self.env._("A turn has no status to withdraw: choose another decision.")
            )
        today = self.profile_id._company_today(self.company_id)
        if self.next_date and self.next_date <= today:
            raise UserError(self.env._("The next review lies in the future."))

    def _answer_vip(self, goes_on):
        profile = self.profile_id
        if goes_on:
            profile._change_vip(
                profile.vip_sponsor_id.id or self.env.uid,
                profile.vip_reason or self.reason or self.terms or self.display_name,
                self.next_date,
            )
        elif profile.is_vip:
            profile.withdraw_vip(self.reason)

    def _answer_key(self, goes_on):
        profile = self.profile_id
        if goes_on:
            # sudo: the answer is the decision on the record of the programme
            keys = self.env["crm.key.account"].sudo()
            keys = keys.search(
                [
                    ("profile_id", "=", profile.id),
                    ("state", "in", ("running", "review")),
                ]
            )
            keys.write({"state": "running", "review_date": self.next_date})
        elif profile.is_key_account:
            profile.unmark_key_account(self.reason)
