# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class CrmLifecycleProfile(models.Model):
    """What people decide about the contact regulation of some customers.

    Every method takes any number of profiles and returns ``{"done": [ids],
    "skipped": [{"id", "reason"}], "state": "recomputed"}``; server actions, automation
    rules and outside clients call them like the dialogs do.
    """

    _inherit = "crm.lifecycle.profile"

    # ------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------

    def _may_decide_contacts(self):
        """Whether the user may except this customer from rules and approve pauses."""
        self.ensure_one()
        if self.env.su or self.env.user.has_group("sales_team.group_sale_manager"):
            return True
        # sudo: who leads a team of another company is no secret here
        return self.sudo().team_id.user_id == self.env.user

    def _check_may_except(self):
        """Refuse somebody who decides for none of these customers."""
        if not any(profile._may_decide_contacts() for profile in self):
            raise AccessError(
                self.env._(
                    "Exceptions from the contact regulation are decided by the leader "
                    "of the responsible manager's team and by sales managers."
                )
            )

    def _check_rule(self, rule_id):
        """Return the rule with an id, or none; refuse what is no rule of theirs."""
        rule = self.env["crm.cadence.rule"].browse(rule_id or []).exists()
        if rule_id and not rule:
            raise UserError(self.env._("This contact rule no longer exists."))
        if rule.company_id and self.company_id - rule.company_id:
            raise UserError(
                self.env._(
                    "%(rule)s is a rule of %(company)s: choose customers of it.",
                    rule=rule.name,
                    company=rule.company_id.name,
                )
            )
        return rule

    def _why_no_norms(self):
        """Return why the contact regulation does not hold for this customer."""
        if self.is_excluded:
            return self.env._("is excluded from the base")
        if not self.active:
            return self.env._("is archived")
        return None

    def _result(self, done, skipped):
        return {"done": done.ids, "skipped": skipped, "state": "recomputed"}

    # ------------------------------------------------------------
    # PAUSE AND RESUME
    # ------------------------------------------------------------

    def pause_contacts(
        self, date_to=None, reason=None, date_from=None, rule_id=None, days=None
    ):
        """Ask nobody to contact these customers for a time.

        A pause longer than the company allows waits for the leader of the team.

        :param str date_to: last day of the pause (``YYYY-MM-DD``), required unless
            ``days`` is given
        :param str reason: why, required
        :param str date_from: first day; default: today
        :param int rule_id: the rule to pause; default: all
        :param int days: length of the pause instead of ``date_to``
        :return: see the class
        :raise UserError: a pause without end or without reason
        """
        self._check_may_act()
        reason = self._check_reason(reason)
        rule = self._check_rule(rule_id)
        first = self._check_day(date_from, self.env._("From"))
        last = self._check_day(date_to, self.env._("Until"), past=False)
        if not last and not (isinstance(days, int) and days > 0):
            raise UserError(
                self.env._(
                    "A pause needs an end: say until which day nobody is to contact "
                    "the customer."
                )
            )
        customers, skipped = self._split(lambda profile: profile._why_no_norms())
        self.env["crm.cadence.pause"].create(
            [
                profile._prepare_pause_vals(rule, first, last, days, reason)
                for profile in customers
            ]
        )
        return self._result(customers, skipped)

    def _prepare_pause_vals(self, rule, first, last, days, reason):
        first = first or self._company_today(self.company_id)
        return {
            "profile_id": self.id,
            "rule_id": rule.id,
            "date_from": first,
            "date_to": last or first + timedelta(days - 1),
            "reason": reason,
        }

    def resume_contacts(self, rule_id=None):
        """End the pauses of these customers: their clocks run from today on.

        :param int rule_id: the rule to resume, others stay paused; default: all
        :return: see the class
        """
        self._check_may_act()
        rule = self._check_rule(rule_id)
        domain = Domain("profile_id", "in", self.ids) & Domain("state", "!=", "refused")
        if rule:
            domain &= Domain("rule_id", "in", (rule.id, False))
        resumed = self.browse()
        for company, profiles in self.grouped("company_id").items():
            today = self._company_today(company)
            pauses = self.env["crm.cadence.pause"].search(
                domain
                & Domain("profile_id", "in", profiles.ids)
                & Domain("date_to", ">=", today)
            )
            resumed |= pauses.profile_id
            if rule:
                pauses._keep_others(rule, today)
            pauses._end(today)
        return resumed._result_of_some(self, self.env._("is not paused"))

    def _result_of_some(self, asked, reason):
        """Return the result of an action that concerned these of those asked for."""
        skipped = [{"id": profile.id, "reason": reason} for profile in asked - self]
        return self._result(self, skipped)

    # ------------------------------------------------------------
    # EXCEPTIONS
    # ------------------------------------------------------------

    def exempt_contacts(self, reason=None, rule_id=None, date_to=None, date_from=None):
        """Except these customers from contact rules. For leaders and managers.

        :param str reason: why, required
        :param int rule_id: the rule; default: all
        :param str date_to: last day (``YYYY-MM-DD``); default: without end
        :param str date_from: first day; default: today
        :return: see the class
        """
        return self._except_contacts(
            {"kind": "exempt", "rule_id": rule_id}, reason, date_from, date_to
        )

    def set_contact_interval(
        self,
        rule_id,
        times,
        interval_number,
        interval_unit,
        reason=None,
        date_to=None,
        date_from=None,
    ):
        """Let a rule be stricter or looser for these customers. For leaders and
        managers.

        :param int rule_id: the rule
        :param int times: how many contacts per period
        :param int interval_number: length of the period
        :param str interval_unit: ``day``, ``week`` or ``month``
        :param str reason: why, required
        :param str date_to: last day (``YYYY-MM-DD``); default: without end
        :param str date_from: first day; default: today
        :return: see the class
        """
        vals = {
            "kind": "interval",
            "rule_id": rule_id,
            "times": times,
            "interval_number": interval_number,
            "interval_unit": interval_unit,
        }
        return self._except_contacts(vals, reason, date_from, date_to)

    def _except_contacts(self, vals, reason, date_from, date_to):
        self._check_may_act()
        reason = self._check_reason(reason)
        self._check_rule(vals["rule_id"])
        first = self._check_day(date_from, self.env._("From"))
        last = self._check_day(date_to, self.env._("Until"), past=False)
        self._check_may_except()
        customers, skipped = self._split(lambda profile: profile._why_no_exception())
        # sudo: a leader decides for the customers of the teams he leads, checked above
        self.env["crm.cadence.exception"].sudo().create(
            [
                {
                    **vals,
                    "profile_id": profile.id,
                    "date_from": first or self._company_today(profile.company_id),
                    "date_to": last,
                    "reason": reason,
                    "user_id": self.env.uid,
                }
                for profile in customers
            ]
        )
        return self._result(customers, skipped)

    def _why_no_exception(self):
        """Return why this customer is not excepted, or None."""
        if not self._may_decide_contacts():
            return self.env._("is a customer of a team you do not lead")
        return self._why_no_norms()

    # ------------------------------------------------------------
    # PLANNING
    # ------------------------------------------------------------

    def plan_contacts(self):
        """Plan activities now for what the rules ask of these customers.

        For every norm that is due within the days the company plans ahead, unless one
        is open already, the customer is paused, or refuses every way of contact.

        :return: see the class; the reason of each customer skipped
        """
        return self._plan_contacts(self.cadence_status_ids)

    def _plan_contacts(self, rows):
        """Plan activities for some rows of the contact plan."""
        self._check_may_act()
        planned = self.env["crm.lifecycle.engine"]._plan_rows(rows)
        return planned._result_of_some(
            self,
            self.env._(
                "has nothing to plan: planned already, paused, refused or not due"
            ),
        )
