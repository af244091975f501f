# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError


class CrmLifecycleAction(models.TransientModel):
    """Which method of the profile each kind of dialog calls, and with what.

    The rules, the checks and the reasons to skip a customer are those methods' own.
    """

    _inherit = "crm.lifecycle.action"

    def _get_calls(self):
        """Return ``{kind: function of profiles}``; an add-on adds its own kinds."""
        return {
            "name_vip": lambda profiles: profiles.name_vip(
                self.vip_sponsor_id.id,
                self.reason,
                self.vip_review_date or None,
                self.despite_reason or None,
            ),
            "withdraw_vip": lambda profiles: profiles.withdraw_vip(self.reason),
            "mark_key": lambda profiles: profiles.mark_key_account(
                self.reason, self.despite_reason or None
            ),
            "unmark_key": lambda profiles: profiles.unmark_key_account(self.reason),
            "declare_lost": lambda profiles: profiles.declare_lost(
                self.lost_reason_id.id,
                self.lost_date or None,
                self.withdraw_flags,
                self.lost_replace,
            ),
            "return_to_base": lambda profiles: profiles.return_to_base(),
            "hold": lambda profiles: profiles.hold_stage(
                self.hold_stage_id.code,
                self.reason,
                self.hold_until or None,
                self.hold_replace,
            ),
            "release": lambda profiles: profiles.release_hold(),
            "set_potential": self._call_set_potential,
            "clear_potential": lambda profiles: profiles.clear_potential(),
            "agree": lambda profiles: profiles.set_agreed(self.agreed_date or None),
            "clear_agreed": lambda profiles: profiles.clear_agreed(),
            "assign": lambda profiles: profiles.assign_responsible(self.user_id.id),
            "exclude": lambda profiles: profiles.exclude(self.reason),
            "include": lambda profiles: profiles.include(),
            "recompute": lambda profiles: profiles.recompute_now(),
        }

    def _call_set_potential(self, profiles):
        """Set the potential by the one of the three ways that was chosen."""
        values = {
            "source": self.potential_source or None,
            "confidence": self.potential_confidence or None,
            "date": self.potential_date or None,
        }
        if self.potential_by == "amount":
            self._check_one_currency(profiles)
            values["amount"] = self.potential_amount
        elif self.potential_by == "factor":
            values["revenue_factor"] = self.revenue_factor
        else:
            by_amount = self.potential_class == "amount"
            values["potential_class"] = False if by_amount else self.potential_class
        return profiles.set_potential(**values)

    def _check_one_currency(self, profiles):
        """One amount cannot be meant in the currencies of several companies."""
        # sudo: a currency, whoever asks
        currencies = profiles.company_id.sudo().currency_id
        if len(currencies) > 1:
            raise UserError(
                self.env._(
                    "These customers are kept in several currencies (%(currencies)s): "
                    "choose those of one company, or estimate by a factor of the "
                    "revenue.",
                    currencies=", ".join(currencies.mapped("name")),
                )
            )
