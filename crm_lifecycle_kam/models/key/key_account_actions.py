# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .crm_key_account import OPEN_STATES, PROGRAMME_STATES


class CrmKeyAccount(models.Model):
    """Nomination, approval, refusal, leaving; and the flag on the card."""

    _inherit = "crm.key.account"

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_approve(self):
        """Take the nominated customers into the programme: leaders and managers."""
        self._check_may_decide()
        for key in self:
            if key.state != "nominated":
                raise UserError(
                    self.env._("%(key)s is not nominated.", key=key.display_name)
                )
            key._check_nomination()
            key._check_approver()
            profile = key.profile_id
            reason = profile._join_reasons(key.reason, key.despite_reason)
            # the hook on the flag brings this record into the programme
            profile._write_people(profile._prepare_key_values(reason))
            profile._finish_action([])
        return True

    def action_refuse(self):
        """Refuse nominations; why must be said before."""
        self._check_may_decide()
        for key in self:
            if key.state != "nominated":
                raise UserError(
                    self.env._("%(key)s is not nominated.", key=key.display_name)
                )
            if not key.end_reason:
                raise UserError(
                    self.env._("Say first why not: it is kept with the nomination.")
                )
            key._end("refused")
        return True

    def action_leave(self):
        """Open the dialog that takes the customer out of the programme."""
        self.ensure_one()
        self._check_may_decide()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_lifecycle_action_unmark_key"
        )
        action["context"] = {
            "default_kind": "unmark_key",
            "active_model": "crm.lifecycle.profile",
            "active_ids": self.profile_id.ids,
            "active_id": self.profile_id.id,
        }
        return action

    @api.readonly
    def action_open_card(self):
        """Open the card of the customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lifecycle.profile",
            "res_id": self.profile_id.id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    def _check_nomination(self):
        """Refuse customers who cannot be, or are not yet, key accounts."""
        for key in self:
            profile = key.profile_id
            refusal = profile._why_no_flag()
            if not profile.active:
                refusal = self.env._("is archived: it is not computed")
            if profile.is_key_account:
                refusal = self.env._("is a key account already")
            if not refusal and not key.is_eligible and not key.despite_reason:
                refusal = self.env._(
                    "is neither proven partner nor VIP: a reason is needed why despite"
                )
            if refusal:
                raise UserError(
                    self.env._(
                        "%(customer)s: %(reason)s",
                        customer=key.partner_id.display_name,
                        reason=refusal,
                    )
                )

    def _check_may_decide(self):
        self.check_access("write")
        self.profile_id._check_may_act(name=True)

    def _check_approver(self):
        """Where the company asks for it, two people bring an account in."""
        self.ensure_one()
        four_eyes = self.company_id.sudo().lifecycle_key_approval  # a setting
        if four_eyes and self.nominated_by_id == self.env.user:
            raise AccessError(
                self.env._(
                    "You have nominated %(customer)s yourself. Another leader or sales "
                    "manager approves it.",
                    customer=self.partner_id.display_name,
                )
            )

    # ------------------------------------------------------------
    # THE FLAG
    # ------------------------------------------------------------

    @api.model
    def _follow_flag(self, profiles, reason=None):
        """Bring customers into the programme whose flag has just been set.

        :param profiles: cards with the flag
        :param str reason: why, for those who were not nominated
        """
        # sudo: the decision on the card has been checked; this is its record
        Key = self.sudo()
        open_keys = Key.search(
            [("profile_id", "in", profiles.ids), ("state", "in", OPEN_STATES)]
        )
        for key in open_keys.filtered(lambda one: one.state == "nominated"):
            key.write(
                {
                    "state": "running",
                    "approved_by_id": self.env.uid,
                    "approved_date": key.profile_id.key_date,
                }
            )
        Key.create(
            [
                Key._prepare_adopted(profile.sudo(), reason)
                for profile in profiles - open_keys.profile_id
            ]
        )
        open_keys._show_manager()

    @api.model
    def _prepare_adopted(self, profile, reason=None):
        """Values of the record of a customer who has the flag already."""
        company = profile.company_id
        manager = profile.user_id
        cap = company.lifecycle_key_cap
        if manager and cap:
            managed = self._count_managed(company, manager).get(manager, 0)
            manager = manager if managed < cap else manager.browse()
        reason = reason or profile.key_reason
        return {
            "profile_id": profile.id,
            "state": "running",
            "reason": reason or self.env._("Key account before the programme began"),
            "nominated_by_id": profile.key_user_id.id,
            "nominated_date": profile.key_date,
            "approved_by_id": profile.key_user_id.id,
            "approved_date": profile.key_date,
            "manager_id": manager.id,
        }

    @api.model
    def _follow_no_flag(self, profiles, reason=None):
        """End the records of customers whose flag has just been withdrawn."""
        # sudo: the decision on the card has been checked; this is its record
        keys = self.sudo().search(
            [("profile_id", "in", profiles.ids), ("state", "in", PROGRAMME_STATES)]
        )
        if reason:
            keys.end_reason = reason
        keys._end("left")

    def _end(self, state):
        for company, keys in self.grouped("company_id").items():
            # sudo: past our own write, which keeps people from these columns
            keys.sudo().write(
                {
                    "state": state,
                    "date_end": keys.profile_id._company_today(company),
                    "ended_by_id": self.env.uid,
                }
            )
        # whoever is nominated again at once must not meet the old record
        self.flush_recordset(["state"])

    @api.model
    def _adopt_flags(self):
        """Make the records of key accounts marked before the add-on came."""
        # sudo: every company's, at installation
        profiles = self.env["crm.lifecycle.profile"].sudo()
        flagged = profiles.with_context(active_test=False).search(
            [("is_key_account", "=", True)]
        )
        known = self.sudo().search(
            [("profile_id", "in", flagged.ids), ("state", "in", PROGRAMME_STATES)]
        )
        self._follow_flag(flagged - known.profile_id)
