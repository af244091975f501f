# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date as date_type
from datetime import datetime

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from .protection import DEFERRED_KEY, DeferredProfiles

YEARS_AHEAD = 10


class CrmLifecycleProfile(models.Model):
    """What the actions of people (``actions_*.py``) have in common."""

    _inherit = "crm.lifecycle.profile"

    # ------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------

    def _check_may_act(self, name=False):
        """Refuse an action on customers the user may not change.

        :param bool name: the action names VIPs or key accounts
        """
        self.check_access("write")
        for company in self.company_id:
            self._check_company_enabled(company)
        if name and not self._is_leader_or_manager():
            raise AccessError(
                self.env._(
                    "VIPs and key accounts are named, and the status is withdrawn, by "
                    "leaders of a sales team and by sales managers."
                )
            )

    @api.model
    def _check_company_enabled(self, company):
        """Refuse what a company that keeps no customer base would not compute."""
        if not company.sudo().lifecycle_enabled:  # a switch, whoever asks
            raise UserError(
                self.env._(
                    "%(company)s does not manage its customer base. Switch it on in "
                    "the settings: Manage the Customer Base.",
                    company=company.name,
                )
            )

    @api.model
    def _is_leader_or_manager(self):
        """Whether the user leads a sales team or manages sales."""
        user = self.env.user
        if self.env.su or user.has_group("sales_team.group_sale_manager"):
            return True
        # sudo: teams of other companies must not make a leader an error
        teams = self.env["crm.team"].sudo().search([("user_id", "=", user.id)], limit=1)
        return bool(teams)

    # ------------------------------------------------------------
    # ARGUMENTS
    # ------------------------------------------------------------

    @api.model
    def _company_today(self, company):
        return self.env["crm.lifecycle.engine"]._today(company)

    @api.model
    def _text(self, day):
        """A day in the reader's format."""
        return format_date(self.env, day)

    @api.model
    def _check_text(self, value, label):
        """Return a text trimmed, None for an empty one; refuse what is no text.

        :param str label: the argument a message names
        """
        if value is None or value is False:
            return None
        if not isinstance(value, str):
            raise UserError(self.env._("%(label)s: give a text.", label=label))
        # PostgreSQL knows no such character
        return value.replace("\0", "").strip() or None

    @api.model
    def _check_reason(self, reason):
        """Return the reason trimmed, or refuse an empty one."""
        reason = self._check_text(reason, self.env._("Reason"))
        if not reason:
            raise UserError(self.env._("Give a reason: it is kept with the customer."))
        return reason

    @api.model
    def _join_reasons(self, reason, despite_reason):
        """Return one text of the reason and of why the usual condition was waived."""
        despite_reason = self._check_text(despite_reason, self.env._("Why Despite"))
        return "; ".join(dict.fromkeys(filter(None, (reason, despite_reason))))

    @api.model
    def _check_yes_no(self, value, label):
        """Return a yes or no; refuse a text, of which "false" would mean yes."""
        if value not in (None, False, True):
            raise UserError(self.env._("%(label)s: give true or false.", label=label))
        return bool(value)

    @api.model
    def _browse_one(self, model, id_):
        """Return the record with an id that came from outside, or none."""
        is_id = isinstance(id_, int) and not isinstance(id_, bool) and 0 < id_ < 2**31
        return self.env[model].browse(id_ if is_id else 0).exists()

    def _check_day(self, value, label, past=True, future=True):
        """Return a date, or None when none is given; refuse what is no day.

        :param str label: the field a message names
        :param bool past: whether days before today are allowed
        :param bool future: whether days after today are allowed
        """
        if value is None or value is False:
            return None
        try:
            if not isinstance(value, (str, date_type, datetime)):
                raise ValueError
            day = fields.Date.to_date(value)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "%(label)s: “%(value)s” is no date. Write it as YYYY-MM-DD.",
                    label=label,
                    value=value,
                )
            ) from error
        for company in self.company_id:
            today = self._company_today(company)
            if day < today and not past:
                raise UserError(
                    self.env._(
                        "%(label)s: %(day)s lies in the past. Choose today or later.",
                        label=label,
                        day=self._text(day),
                    )
                )
            if day > today + relativedelta(years=YEARS_AHEAD):
                # Days computed from it must stay days that Python can read
                raise UserError(
                    self.env._(
                        "%(label)s: %(day)s is more than %(years)s years away. Choose "
                        "an earlier day.",
                        label=label,
                        day=self._text(day),
                        years=YEARS_AHEAD,
                    )
                )
            if day > today and not future:
                raise UserError(
                    self.env._(
                        "%(label)s: %(day)s lies in the future. Choose today or "
                        "earlier.",
                        label=label,
                        day=self._text(day),
                    )
                )
        return day

    @api.model
    def _check_user(self, user, company, label):
        """Refuse somebody who does not work in the company."""
        user = user.sudo()  # who works where is asked on behalf of any salesperson
        if not user or not user.active or user.share:
            raise UserError(
                self.env._("%(label)s: choose an active internal user.", label=label)
            )
        if company not in user.company_ids:
            raise UserError(
                self.env._(
                    "%(label)s: %(user)s may not work in %(company)s. Choose somebody "
                    "else, or allow the company in the user's settings.",
                    label=label,
                    user=user.name,
                    company=company.name,
                )
            )

    def _is_eligible(self, kind):
        """Whether the customer has come as far as a status usually asks.

        :param str kind: ``name_vip`` or ``mark_key``
        """
        if self.computed_stage_id.code == "partner":
            return True
        return kind == "mark_key" and self.is_vip

    def _why_no_flag(self):
        """Return why this customer cannot become VIP or key account, or None."""
        if self.is_excluded:
            return self.env._("is excluded from the base")
        if self._is_declared_lost():
            return self.env._("is declared lost: return it to the base first")
        return None

    # ------------------------------------------------------------
    # SETS
    # ------------------------------------------------------------

    def _split(self, why_not, archived=False):
        """Part the records into those to act on and those to skip.

        :param why_not: function of one profile returning a reason to skip it, or None
        :param bool archived: whether to act on archived customers, whom nothing
            computes
        :return: ``(profiles, [{"id": profile id, "reason": text}])``
        """
        accepted, skipped = [], []
        for profile in self:
            if profile.active or archived:
                reason = why_not(profile)
            else:
                reason = self.env._("is archived: it is not computed")
            if reason:
                skipped.append({"id": profile.id, "reason": reason})
            else:
                accepted.append(profile.id)
        return self.browse(accepted), skipped

    def _finish_action(self, skipped, react=True):
        """Have the engine follow what was written; return the result of the action."""
        state = "recomputed"
        waiting = self.env.context.get(DEFERRED_KEY)
        if self and isinstance(waiting, DeferredProfiles):
            waiting.append(self.ids)
            state = "queued"
        elif self:
            state = self.env["crm.lifecycle.engine"]._after_action(self, react=react)
        return {"done": self.ids, "skipped": skipped, "state": state}
