# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# What is decided by actions; the reason may be corrected afterwards.
DECIDED = {
    *("profile_id", "rule_id", "date_from", "date_to", "user_id"),
    *("state", "approver_id", "approval_date"),
}
DECIDED_KEY = "crm_cadence_pause_decided"  # context key


class Decided:
    """Stands in the context of a write that an action of ours makes: outside clients
    cannot send it."""


class CrmCadencePause(models.Model):
    """Who may pause a customer for how long: a long pause waits for the leader."""

    _inherit = "crm.cadence.pause"

    days = fields.Integer(compute="_compute_days", help="First and last day included.")
    may_decide = fields.Boolean(compute="_compute_may_decide")
    team_id = fields.Many2one(related="profile_id.team_id")

    def _is_decided(self):
        return self.state == "approved"

    @api.depends("date_from", "date_to")
    def _compute_days(self):
        for pause in self:
            has_days = pause.date_from and pause.date_to
            pause.days = (pause.date_to - pause.date_from).days + 1 if has_days else 0

    @api.depends("profile_id")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        for pause in self:
            pause.may_decide = pause.profile_id._may_decide_contacts()

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Whether a pause is in force is decided here, whatever the caller says."""
        vals_list = [
            {
                name: value
                for name, value in vals.items()
                if self.env.su
                or name not in ("state", "user_id", "approver_id", "approval_date")
            }
            for vals in vals_list
        ]
        profiles = self.env["crm.lifecycle.profile"].browse(
            [vals["profile_id"] for vals in vals_list if vals.get("profile_id")]
        )
        profiles._check_may_act()
        known = self._get_known(profiles)
        return super().create([self._add_state(vals, known) for vals in vals_list])

    @api.model
    def _get_known(self, profiles):
        """Return ``{card: [(rule id, first day, last day)]}`` of the pauses there are,
        those refused left out."""
        # sudo: a pause counts, whoever asked for it
        domain = [("profile_id", "in", profiles.ids), ("state", "!=", "refused")]
        known = {profile: [] for profile in profiles}
        for pause in self.sudo().search(domain):
            span = (pause.rule_id.id, pause.date_from, pause.date_to)
            known[profiles.browse(pause.profile_id.id)].append(span)
        return known

    @api.model
    def _get_joined_days(self, known, rule_id, first, last):
        """Return the length of the pause that one more makes with those there are, its
        own days included: short ones in a row are a long one.

        :param known: list of (rule id, first day, last day)
        :param rule_id: the rule it is for; False: all
        :param first: its first day
        :param last: its last day
        """
        left = [
            (begun, ended)
            for other_rule_id, begun, ended in known
            if not rule_id or other_rule_id in (False, rule_id)
        ]
        while True:
            joined = [
                (begun, ended)
                for begun, ended in left
                if (first - ended).days <= 1 and (begun - last).days <= 1
            ]
            if not joined:
                return (last - first).days + 1
            left = [span for span in left if span not in joined]
            first = min(first, *(begun for begun, __ in joined))
            last = max(last, *(ended for __, ended in joined))

    @api.model
    def _add_state(self, vals, known):
        """Let a pause that is too long for whoever asks wait for the leader."""
        first = fields.Date.to_date(vals.get("date_from"))
        last = fields.Date.to_date(vals.get("date_to"))
        profile = self.env["crm.lifecycle.profile"].browse(vals.get("profile_id"))
        if "state" in vals or not last or not profile:
            return vals
        first = first or fields.Date.context_today(self)
        limit = profile.company_id.sudo().lifecycle_pause_days  # whoever asks
        rule_id = vals.get("rule_id") or False
        days = self._get_joined_days(known[profile], rule_id, first, last)
        # the next one asked for at the same time follows on this one
        known[profile].append((rule_id, first, last))
        if days <= limit:
            return vals
        if profile._may_decide_contacts():
            return {
                **vals,
                "approver_id": self.env.uid,
                "approval_date": self.env.cr.now().replace(microsecond=0),
            }
        return {**vals, "state": "waiting"}

    def write(self, vals):
        by_action = isinstance(self.env.context.get(DECIDED_KEY), Decided)
        if not self.env.su and not by_action and DECIDED.intersection(vals):
            raise UserError(
                self.env._(
                    "A pause is not changed: resume the contacts, and pause them "
                    "again if needed."
                )
            )
        return super().write(vals)

    def _write_decision(self, vals):
        """Write what only actions decide, with the rights of whoever decides."""
        return self.with_context(**{DECIDED_KEY: Decided()}).write(vals)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_approve(self):
        """Let waiting pauses be in force. For the leader of the team and managers."""
        return self._decide_waiting("approved")

    def action_refuse(self):
        """Refuse waiting pauses. For the leader of the team and managers."""
        return self._decide_waiting("refused")

    def _decide_waiting(self, state):
        for profile in self.profile_id:
            if not profile._may_decide_contacts():
                raise AccessError(
                    self.env._(
                        "%(customer)s: a long pause is decided by the leader of the "
                        "responsible manager's team, or by a sales manager.",
                        customer=profile.display_name,
                    )
                )
        waiting = self.filtered(lambda pause: pause.state == "waiting")
        waiting._write_decision(
            {
                "state": state,
                "approver_id": self.env.uid,
                "approval_date": self.env.cr.now().replace(microsecond=0),
            }
        )
        return True

    def _keep_others(self, rule, today):
        """Let pauses of all rules go on for those that are not resumed, as they were
        decided.

        :param rule: the one that is
        :param date today: the company's
        """
        # sudo: what was asked for and decided stays what it was
        kept = self.sudo().filtered(lambda pause: not pause.rule_id)
        kept.create(
            [
                {
                    **pause.copy_data()[0],
                    "rule_id": other.id,
                    "date_from": max(pause.date_from, today),
                    "user_id": pause.user_id.id,
                    "state": pause.state,
                    "approver_id": pause.approver_id.id,
                    "approval_date": pause.approval_date,
                }
                for pause in kept
                for other in pause.profile_id.cadence_status_ids.rule_id - rule
            ]
        )

    def _end(self, today):
        """End pauses so that the customers' clocks run from today on.

        The last day belongs to a pause, so it ends yesterday. One that has not lasted
        a whole day, or was only asked for, goes altogether.
        """
        begun = self.filtered(
            lambda pause: pause.state == "approved" and pause.date_from < today
        )
        yesterday = fields.Date.subtract(today, days=1)
        begun._write_decision({"date_to": yesterday})
        # sudo: whoever may pause may take it back; deleting is for managers otherwise
        (self - begun).sudo().unlink()
