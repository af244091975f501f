# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError

from .crm_winback_attempt import OPEN_STATES


class CrmLifecycleProfile(models.Model):
    """Postponing and giving up a win-back; for what the methods return see
    ``profile/actions_status.py``. Starting one is in ``start.py``."""

    _inherit = "crm.lifecycle.profile"

    def _get_open_attempts(self):
        """Return ``{profile: its open attempt}``."""
        # sudo: whoever may act on the customer may act on what is tried there
        attempts = self.env["crm.winback.attempt"].sudo()
        attempts = attempts.search(
            [("profile_id", "in", self.ids), ("state", "in", OPEN_STATES)]
        )
        return {
            attempt.profile_id.sudo(False): attempt.sudo(False) for attempt in attempts
        }

    def postpone_winback(self, until, note=None):
        """Let nobody try to win the customers back before a day.

        An attempt that runs is postponed too.

        :param until: the first day on which it makes sense, after today
        :param str note: why; kept with the attempt
        """
        self._check_may_act()
        until = self._check_day(until, self.env._("Not Before"), past=False)
        if not until:
            raise UserError(
                self.env._("Choose the day before which it makes no sense to try.")
            )
        attempts = self._get_open_attempts()

        def why_not(profile):
            if until <= self._company_today(profile.company_id):
                return self.env._("a win-back is postponed to a later day than today")
            if profile in attempts:
                return None
            return profile._why_no_winback()

        accepted, skipped = self._split(why_not)
        accepted._write_people({"winback_date": until})
        chosen = self.env["crm.winback.attempt"].browse(
            attempts[profile].id for profile in accepted if profile in attempts
        )
        vals = {"state": "postponed", "postponed_until": until}
        if (note or "").strip():
            vals["note"] = note.strip()
        chosen._set_state(vals)
        return {"done": accepted.ids, "skipped": skipped, "state": "recomputed"}

    def give_up_winback(self, note, lost_reason_id=None):
        """End the attempts without success.

        :param str note: what came of it
        :param int lost_reason_id: also declare the customers lost for this reason, one
            that is not recoverable; without it they stay in the queue
        """
        self._check_may_act()
        note = self._check_reason(note)
        reason = self.env["crm.lifecycle.lost.reason"].browse(lost_reason_id or 0)
        if reason and reason.exists().is_recoverable:
            raise UserError(
                self.env._(
                    "“%(reason)s” is recoverable: such a customer stays in the queue. "
                    "Choose a reason that is not, or none.",
                    reason=reason.name,
                )
            )
        attempts = self._get_open_attempts()
        accepted, skipped = self._split(
            lambda profile: (
                None if profile in attempts else self.env._("is not being won back")
            )
        )
        chosen = self.env["crm.winback.attempt"].browse(
            attempts[profile].id for profile in accepted
        )
        for company, group in chosen.grouped("company_id").items():
            group._set_state(
                {
                    "state": "given_up",
                    "result": "lost" if reason else "no",
                    "note": note,
                    "date_end": self._company_today(company),
                }
            )
        if not reason:
            return {"done": accepted.ids, "skipped": skipped, "state": "recomputed"}
        return accepted._declare_lost_for_good(reason, skipped)

    def _declare_lost_for_good(self, reason, skipped):
        """Declare lost after giving up; one declared recoverable before is declared
        anew, with the reason that has turned out."""
        declared = self.filtered(lambda profile: profile._is_declared_lost())
        if declared:
            declared.return_to_base()
        result = self.declare_lost(reason.id)
        return {**result, "done": self.ids, "skipped": skipped + result["skipped"]}

    def _why_no_winback(self):
        """Return why nobody should try to win this customer back, or None."""
        if self.is_excluded:
            return self.env._("is excluded from the base")
        if not self.active:
            return self.env._("is no active customer")
        if self.is_winback_candidate:
            return None
        if self.stage_id.code == "lost":
            return self.env._("is lost and not recoverable")
        if self.stage_id.code == "lost_recoverable":
            return self.env._("was ended by us: such customers are not won back")
        return self.env._("is not lost")
