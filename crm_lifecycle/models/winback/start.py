# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import Command, api, models
from odoo.exceptions import UserError

from .crm_winback_attempt import OPEN_STATES


class CrmLifecycleProfile(models.Model):
    """Starting to win customers back: attempt, opportunity and activities."""

    _inherit = "crm.lifecycle.profile"

    def start_winback(
        self,
        argument,
        user_id=None,
        lost_reason_id=None,
        expectation=None,
        first_argument=None,
        plan_id=None,
    ):
        """Start an attempt to win each of the customers back.

        Each gets an opportunity with the tag “Win-Back”, in the owner's team, and the
        activities of a plan. A postponed attempt goes on instead of a second one.

        :param str argument: why the customer should come back; refused when it won
            the first sale, a customer with whom it was tried before is skipped
        :param int user_id: who wins them back; default: each one's responsible
            manager, else the user
        :param int lost_reason_id: why they left; default: as declared
        :param str expectation: which expectation was broken; default: as noted
        :param str first_argument: what won the first sale
        :param int plan_id: a ``mail.activity.plan`` for opportunities; default: one
            call, today
        :return: like the other actions
        """
        self._check_may_act()
        argument = self._check_reason(argument)
        if self.env["crm.winback.attempt"]._is_same(argument, first_argument):
            raise UserError(
                self.env._(
                    "This argument won the first sale and did not keep the customer. "
                    "Find another one."
                )
            )
        owner = self.env["res.users"].browse(user_id or 0)
        if owner:
            for company in self.company_id:
                self._check_user(owner, company, self.env._("Owner"))
        plan = self.env["mail.activity.plan"].browse(plan_id or 0)
        self._check_winback_plan(plan)
        known = self._get_winback_history()
        accepted, skipped = self._split(
            lambda profile: profile._why_no_start(argument, known[profile])
        )
        values = {
            "argument": argument,
            "lost_reason_id": lost_reason_id or False,
            "expectation": (expectation or "").strip(),
            "first_argument": (first_argument or "").strip(),
            "plan_id": plan.id,
        }
        attempts = accepted._create_attempts(values, owner)
        attempts._start(plan)
        accepted._write_people({"winback_date": None})
        if values["expectation"]:
            accepted._write_people({"winback_expectation": values["expectation"]})
        return {"done": accepted.ids, "skipped": skipped, "state": "recomputed"}

    @api.model
    def _check_winback_plan(self, plan):
        if plan and plan.res_model != "crm.lead":
            raise UserError(
                self.env._(
                    "“%(plan)s” is no plan for opportunities. Choose one that is.",
                    plan=plan.name,
                )
            )

    def _get_winback_history(self):
        """Return ``{profile: all attempts with it}``."""
        # sudo: an argument that failed has failed, whoever tried it
        attempts = self.env["crm.winback.attempt"].sudo()
        attempts = attempts.search([("profile_id", "in", self.ids)])
        by_profile = attempts.grouped(lambda attempt: attempt.profile_id.id)
        return {
            profile: by_profile.get(profile.id, attempts.browse()) for profile in self
        }

    def _why_no_start(self, argument, attempts):
        """Return why no attempt with this argument can start here, or None."""
        if "running" in attempts.mapped("state"):
            return self.env._("is being won back already")
        closed = attempts.filtered(lambda a: a.state not in OPEN_STATES)
        for attempt in closed:
            if attempt._is_same(attempt.argument, argument):
                return self.env._(
                    "this argument was tried on %(day)s",
                    day=self._text(attempt.date_start),
                )
        return self._why_no_winback()

    def _create_attempts(self, values, owner):
        """Create the attempts of these profiles, or let postponed ones go on."""
        attempts = self._get_open_attempts()
        playbooks = self._get_winback_playbooks()
        to_create, resumed = [], self.env["crm.winback.attempt"]
        for profile in self:
            reason_id = values["lost_reason_id"] or profile.lost_reason_id.id
            vals = {
                **values,
                "lost_reason_id": reason_id,
                "expectation": values["expectation"] or profile.winback_expectation,
                "user_id": (owner or profile._get_winback_owner()).id,
                "state": "running",
                "postponed_until": False,
            }
            if profile in attempts:
                attempts[profile]._set_state(vals)
                resumed += attempts[profile]
                continue
            to_create.append(
                {
                    **vals,
                    "profile_id": profile.id,
                    "playbook_id": playbooks.get(profile.id),
                    "date_start": self._company_today(profile.company_id),
                    "date_lost": profile.stage_date,
                    "last_purchase_date": profile.last_purchase_date,
                    "value_at_stake": profile.lost_value,
                }
            )
        # sudo: attempts are made by this action alone, which has checked the rights
        created = self.env["crm.winback.attempt"].sudo().create(to_create)
        return created.sudo(False) + resumed

    def _get_winback_playbooks(self):
        """Return ``{profile id: playbook id}`` of the latest playbook that did
        something since the customer was lost."""
        # sudo: which playbook it was, whoever is told of its runs
        runs = self.env["crm.lifecycle.playbook.run"].sudo()
        runs = runs.search(
            [("profile_id", "in", self.ids), ("state", "=", "done")],
            order="fired_date, id",
        )
        return {
            run.profile_id.id: run.playbook_id.id
            for run in runs
            if run.fired_date >= (run.profile_id.stage_date or run.fired_date)
        }

    def _get_winback_owner(self):
        """Return the responsible manager if he still works here, else the user."""
        self.ensure_one()
        responsible = self.user_id.sudo()  # whether he works here, whoever asks
        if responsible.active and self.company_id in responsible.company_ids:
            return self.user_id
        return self.env.user


class CrmWinbackAttempt(models.Model):
    _inherit = "crm.winback.attempt"

    def _start(self, plan):
        """Give the attempts an opportunity each, where they have none that is open,
        and the activities of a plan."""
        # sudo: the owner's opportunity is his, also when a colleague starts it
        attempts = self.sudo()
        missing = attempts.filtered(
            lambda attempt: (
                not attempt.lead_id.active or attempt.lead_id.won_status != "pending"
            )
        )
        leads = self.env["crm.lead"].sudo()
        leads = leads.create([attempt._prepare_lead_vals() for attempt in missing])
        for attempt, lead in zip(missing, leads, strict=True):
            attempt.lead_id = lead
        self.env["mail.activity"].sudo().create(
            [
                vals
                for attempt in attempts
                for vals in attempt._prepare_activity_vals(plan)
            ]
        )

    def _prepare_lead_vals(self):
        """Return the values of the opportunity to win this customer back."""
        self.ensure_one()
        tag = self.env.ref("crm_lifecycle.crm_tag_winback", raise_if_not_found=False)
        return {
            "name": self.env._(
                "Win-back: %(customer)s", customer=self.partner_id.display_name
            ),
            "type": "opportunity",
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "user_id": self.user_id.id,
            "team_id": (self.user_id.sale_team_id or self.profile_id.team_id).id,
            "expected_revenue": self.value_at_stake,
            "tag_ids": [Command.link(tag.id)] if tag else [],
            "description": self._get_brief(),
        }

    def _get_brief(self):
        """What whoever calls the customer must know, as HTML; texts are escaped."""
        lines = [
            (self.env._("Argument"), self.argument),
            (self.env._("Not again"), self.first_argument),
            (self.env._("Broken expectation"), self.expectation),
            (self.env._("Left because"), self.lost_reason_id.name),
        ]
        return Markup().join(
            Markup("<p><strong>%s:</strong> %s</p>") % (label, text)
            for label, text in lines
            if text
        )

    def _prepare_activity_vals(self, plan):
        """Return the values of the activities: those of the plan, or one call."""
        self.ensure_one()
        today = self.env["crm.lifecycle.engine"]._today(self.company_id)
        common = {
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": self.lead_id.id,
            "user_id": self.user_id.id,
        }
        brief = self._get_brief()
        if not plan.template_ids:
            call = self.env.ref("mail.mail_activity_data_call", False)
            summary = self.env._("Win the customer back")
            return [
                {
                    **common,
                    "activity_type_id": call.id if call else False,
                    "summary": summary,
                    "note": brief,
                    "date_deadline": today,
                }
            ]
        return [
            {
                **common,
                "activity_type_id": template.activity_type_id.id,
                "summary": template.summary,
                "note": (template.note or Markup()) + brief,
                "date_deadline": template._get_date_deadline(today),
                "user_id": template.responsible_id.id or self.user_id.id,
            }
            for template in plan.template_ids
        ]
