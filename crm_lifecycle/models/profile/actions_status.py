# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError

HOLD_DAYS = 90
VIP_REVIEW_DAYS = 180
HOLDABLE_CODES = ("potential", "active", "working", "regular", "partner")


class CrmLifecycleProfile(models.Model):
    """What people decide about a customer's status.

    Every method acts on all records of ``self`` at once and returns
    ``{"done": [profile ids], "skipped": [{"id": profile id, "reason": text}],
    "state": "recomputed" | "queued"}``: with "queued" the stages follow within
    minutes. A customer for whom the action makes no sense is skipped; a call that is
    wrong as a whole raises ``UserError``, a missing right ``AccessError``. Days are
    dates or ISO strings, in the company's own calendar.
    """

    _inherit = "crm.lifecycle.profile"

    # ------------------------------------------------------------
    # VIP
    # ------------------------------------------------------------

    def name_vip(self, sponsor_id, reason, review_date=None, despite_reason=None):
        """Name the customers VIP. For team leaders and sales managers.

        :param int sponsor_id: the user in the management who stands for it
        :param str reason: why
        :param review_date: when the status is reviewed; default: in 180 days
        :param str despite_reason: why also customers who are no proven partners;
            without it they are skipped
        """
        self._check_may_act(name=True)
        values = self._prepare_vip_values(
            sponsor_id, reason, review_date, despite_reason
        )

        def why_not(profile):
            if profile.is_vip:
                return self.env._("is VIP already")
            if not despite_reason and not profile._is_eligible("name_vip"):
                return self.env._(
                    "is no proven partner: a reason is needed why despite"
                )
            return profile._why_no_flag()

        accepted, skipped = self._split(why_not)
        for company, profiles in accepted.grouped("company_id").items():
            today = self._company_today(company)
            profiles._write_people(
                {
                    **values,
                    "vip_review_date": values["vip_review_date"]
                    or today + timedelta(VIP_REVIEW_DAYS),
                    "is_vip": True,
                    "vip_user_id": self.env.uid,
                    "vip_date": today,
                }
            )
        return accepted._finish_action(skipped)

    def withdraw_vip(self, reason=None):
        """Withdraw the VIP status. For team leaders and sales managers.

        :param str reason: why; kept as the VIP reason of the former VIP
        """
        self._check_may_act(name=True)
        accepted, skipped = self._split(
            lambda profile: None if profile.is_vip else self.env._("is not VIP")
        )
        accepted._write_people(self._prepare_no_vip_values(reason))
        return accepted._finish_action(skipped)

    def _change_vip(self, sponsor_id, reason, review_date=None, despite_reason=None):
        """Change sponsor, reason and review day of VIPs, who keep their VIP day."""
        self._check_may_act(name=True)
        values = self._prepare_vip_values(sponsor_id, reason, review_date)
        accepted, skipped = self._split(lambda profile: None)
        accepted._write_people({name: value for name, value in values.items() if value})
        return accepted._finish_action(skipped)

    def _prepare_vip_values(
        self, sponsor_id, reason, review_date=None, despite_reason=None
    ):
        """Check what is said of a VIP; return it as column values."""
        reason = self._check_reason(reason)
        sponsor = self._browse_one("res.users", sponsor_id)
        for company in self.company_id:
            self._check_user(sponsor, company, self.env._("VIP Sponsor"))
        review_date = self._check_day(review_date, self.env._("VIP Review"), past=False)
        return {
            "vip_sponsor_id": sponsor.id,
            "vip_reason": self._join_reasons(reason, despite_reason),
            "vip_review_date": review_date,
        }

    def _prepare_no_vip_values(self, reason=None):
        return {
            "is_vip": False,
            "vip_sponsor_id": None,
            "vip_user_id": None,
            "vip_date": None,
            "vip_reason": self._check_text(reason, self.env._("Reason")),
            "vip_review_date": None,
        }

    # ------------------------------------------------------------
    # KEY ACCOUNT
    # ------------------------------------------------------------

    def mark_key_account(self, reason, despite_reason=None):
        """Mark the customers as key accounts. For team leaders and sales managers.

        :param str reason: why
        :param str despite_reason: why also customers who are neither proven partners
            nor VIPs; without it they are skipped
        """
        self._check_may_act(name=True)
        reason = self._join_reasons(self._check_reason(reason), despite_reason)

        def why_not(profile):
            if profile.is_key_account:
                return self.env._("is a key account already")
            if not despite_reason and not profile._is_eligible("mark_key"):
                return self.env._(
                    "is neither proven partner nor VIP: a reason is needed why despite"
                )
            return profile._why_no_flag()

        accepted, skipped = self._split(why_not)
        for company, profiles in accepted.grouped("company_id").items():
            profiles._write_people(
                {
                    "is_key_account": True,
                    "key_user_id": self.env.uid,
                    "key_date": self._company_today(company),
                    "key_reason": reason,
                }
            )
        return accepted._finish_action(skipped)

    def unmark_key_account(self, reason=None):
        """Take the customers out of the key accounts. Leaders and sales managers.

        :param str reason: why; kept as the key account reason of the former one
        """
        self._check_may_act(name=True)
        accepted, skipped = self._split(
            lambda profile: (
                None if profile.is_key_account else self.env._("is no key account")
            )
        )
        accepted._write_people(self._prepare_no_key_values(reason))
        return accepted._finish_action(skipped)

    def _prepare_no_key_values(self, reason=None):
        return {
            "is_key_account": False,
            "key_user_id": None,
            "key_date": None,
            "key_reason": self._check_text(reason, self.env._("Reason")),
        }

    # ------------------------------------------------------------
    # DECLARED LOST
    # ------------------------------------------------------------

    def declare_lost(self, reason_id, date=None, withdraw_flags=False, replace=False):
        """Declare the customers lost.

        :param int reason_id: a ``crm.lifecycle.lost.reason``
        :param date: since when; not before a customer's last purchase and not after
            today, which is the default
        :param bool withdraw_flags: withdraw VIP and key account status as well (team
            leaders and sales managers); without it such customers are skipped
        :param bool replace: give another reason or day to customers declared lost
            already; without it they are skipped
        """
        withdraw_flags = self._check_yes_no(withdraw_flags, "withdraw_flags")
        replace = self._check_yes_no(replace, "replace")
        flagged = self.filtered(
            lambda profile: profile.is_vip or profile.is_key_account
        )
        self._check_may_act(name=bool(withdraw_flags and flagged))
        lost_reason = self._browse_one("crm.lifecycle.lost.reason", reason_id)
        if not lost_reason:
            raise UserError(
                self.env._("Choose a lost reason: a customer is declared lost for one.")
            )
        date = self._check_day(date, self.env._("Declared Lost On"), future=False)
        accepted, skipped = self._split(
            lambda profile: profile._why_not_lost(date, withdraw_flags, replace)
        )
        if withdraw_flags:
            accepted.filtered("is_vip")._write_people(self._prepare_no_vip_values())
            accepted.filtered("is_key_account")._write_people(
                self._prepare_no_key_values()
            )
        for company, profiles in accepted.grouped("company_id").items():
            profiles._write_people(
                {
                    "lost_reason_id": lost_reason.id,
                    "lost_date": date or self._company_today(company),
                    "lost_user_id": self.env.uid,
                }
            )
        return accepted._finish_action(skipped)

    def return_to_base(self):
        """Take back the declaration: the stage is again what the purchases say."""
        self._check_may_act()
        accepted, skipped = self._split(
            lambda profile: (
                None if profile.lost_date else self.env._("was not declared lost")
            )
        )
        accepted._write_people(
            {"lost_reason_id": None, "lost_date": None, "lost_user_id": None}
        )
        return accepted._finish_action(skipped)

    def _is_declared_lost(self):
        """The declaration holds until a purchase is dated after it."""
        self.ensure_one()
        return bool(self.lost_date) and not (
            self.last_purchase_date and self.last_purchase_date > self.lost_date
        )

    def _why_not_lost(self, date, withdraw_flags, replace):
        """Return why this customer cannot be declared lost as of a day, or None."""
        today = self._company_today(self.company_id)
        if self.is_excluded:
            return self.env._("is excluded from the base")
        if self._is_declared_lost() and not replace:
            return self.env._("is declared lost already")
        if self._is_held():
            return self._text_of_hold()
        if (self.is_vip or self.is_key_account) and not withdraw_flags:
            return self.env._("is VIP or key account: withdraw the status as well")
        if self.last_purchase_date and (date or today) < self.last_purchase_date:
            return self.env._(
                "bought on %(day)s, after that day",
                day=self._text(self.last_purchase_date),
            )
        return None

    # ------------------------------------------------------------
    # HOLD
    # ------------------------------------------------------------

    def hold_stage(self, stage_code, reason, until=None, replace=False):
        """Hold the customers in a stage, whatever the rules say.

        :param str stage_code: potential, active, working, regular or partner
        :param str reason: why
        :param until: last day of the hold; default: in 90 days
        :param bool replace: replace holds that exist; without it they are kept and
            the customer is skipped
        """
        self._check_may_act()
        reason = self._check_reason(reason)
        replace = self._check_yes_no(replace, "replace")
        if stage_code not in HOLDABLE_CODES:
            raise UserError(
                self.env._(
                    "A customer can be held as Potential, Active, Working, Regular or "
                    "Proven Partner only. For the other stages use Name VIP, Mark Key "
                    "Account or Declare Lost."
                )
            )
        until = self._check_day(until, self.env._("Hold Until"), past=False)
        stage_id = self.env["crm.lifecycle.stage"]._ids_by_code()[stage_code]

        def why_not(profile):
            if profile.is_excluded:
                return self.env._("is excluded from the base")
            if profile._is_held() and not replace:
                return profile._text_of_hold()
            return None

        accepted, skipped = self._split(why_not)
        for company, profiles in accepted.grouped("company_id").items():
            today = self._company_today(company)
            profiles._write_people(
                {
                    "hold_stage_id": stage_id,
                    "hold_date": today,
                    "hold_until": until or today + timedelta(HOLD_DAYS),
                    "hold_reason": reason,
                    "hold_user_id": self.env.uid,
                }
            )
        return accepted._finish_action(skipped)

    def release_hold(self):
        """End the hold before its day: the rules decide again."""
        self._check_may_act()
        accepted, skipped = self._split(
            lambda profile: None if profile._is_held() else self.env._("is not held")
        )
        accepted._write_people(
            {
                "hold_stage_id": None,
                "hold_date": None,
                "hold_until": None,
                "hold_reason": None,
                "hold_user_id": None,
            }
        )
        return accepted._finish_action(skipped)

    def _is_held(self):
        """The last day of a hold belongs to it."""
        self.ensure_one()
        return bool(self.hold_stage_id and self.hold_until) and (
            self.hold_until >= self._company_today(self.company_id)
        )

    def _text_of_hold(self):
        return self.env._(
            "is held as %(stage)s until %(day)s: release the hold first",
            stage=self.hold_stage_id.name,
            day=self._text(self.hold_until),
        )

    # ------------------------------------------------------------
    # AGREED
    # ------------------------------------------------------------

    def set_agreed(self, date=None):
        """Note that the customers agreed to buy.

        :param date: the day they agreed; default: today, not later
        """
        self._check_may_act()
        date = self._check_day(date, self.env._("Agreed Date"), future=False)

        def why_not(profile):
            if profile.is_excluded:
                return self.env._("is excluded from the base")
            if profile.is_agreed:
                return self.env._(
                    "agreed on %(day)s already", day=self._text(profile.agreed_date)
                )
            if profile.purchase_count:
                return self.env._("has bought already")
            return None

        accepted, skipped = self._split(why_not)
        for company, profiles in accepted.grouped("company_id").items():
            profiles._write_people(
                {
                    "is_agreed": True,
                    "agreed_date": date or self._company_today(company),
                    "agreed_user_id": self.env.uid,
                }
            )
        return accepted._finish_action(skipped)

    def clear_agreed(self):
        """Take back the agreement set by hand."""
        self._check_may_act()
        accepted, skipped = self._split(
            lambda profile: (
                None
                if profile.is_agreed
                else self.env._("is not set as agreed by hand")
            )
        )
        accepted._write_people(
            {"is_agreed": False, "agreed_date": None, "agreed_user_id": None}
        )
        return accepted._finish_action(skipped)
