# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from markupsafe import Markup

from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CrmLifecyclePlaybookRun(models.Model):
    """What a run does, all of it in the transaction of its caller."""

    _inherit = "crm.lifecycle.playbook.run"

    def _fire(self):
        """Do the work of one run, unless something speaks against it; no commit.

        Called by the job, as the superuser: a playbook does what the company decided,
        whoever's customer it is.

        :return: the state of the run afterwards
        """
        self.ensure_one()
        # whoever holds the row does the work; a row changed meanwhile is a conflict
        run = self.try_lock_for_update()
        if not run or run.state != "planned":
            return self.state
        company = run.company_id
        run = run.with_company(company).with_context(
            allowed_company_ids=company.ids,
            # planned work and opportunities are seen in their lists, and not announced
            # one by one by e-mail
            mail_activity_quick_update=True,
            mail_create_nosubscribe=True,
            mail_auto_subscribe_no_notify=True,
        )
        reason = run._why_not()
        if reason:
            run._skip(reason)
            return run.state
        run._do()
        return run.state

    # ------------------------------------------------------------
    # WHETHER
    # ------------------------------------------------------------

    def _why_not(self):
        """Return why the work is not done any more, or None."""
        if not self.playbook_id.is_on or not self.playbook_id.active:
            return self.env._("The playbook was switched off.")
        if not self.env["crm.lifecycle.engine"]._is_event_current(self):
            return self.env._("What happened is no longer so.")
        if not self._fits_filter():
            return self.env._("The customer no longer fits the filter.")
        return self._why_cooling_down()

    def _fits_filter(self):
        domain = self.playbook_id._get_filter()
        return bool(self.profile_id.filtered_domain(domain))

    def _why_cooling_down(self):
        days = self.playbook_id.cooldown_days
        if not days:
            return None
        today = self.env["crm.lifecycle.engine"]._today(self.company_id)
        last = self.search(
            [
                ("playbook_id", "=", self.playbook_id.id),
                ("profile_id", "=", self.profile_id.id),
                ("state", "=", "done"),
                ("fired_date", ">", today - timedelta(days)),
            ],
            order="fired_date desc",
            limit=1,
        )
        if not last:
            return None
        return self.env._(
            "Done for this customer on %(day)s already, and not again within %(days)s "
            "days.",
            day=format_date(self.env, last.fired_date),
            days=days,
        )

    # ------------------------------------------------------------
    # WHAT
    # ------------------------------------------------------------

    def _do(self):
        """Plan, write, run and open what the playbook says."""
        user = self._get_responsible()
        if user.lang:
            self = self.with_context(lang=user.lang)
        playbook = self.playbook_id
        done = {"state": "done", "user_id": user.id, "message": False}
        if playbook.plan_id:
            self._plan_activities(user)
        done.update(self._write_letters(user))
        if playbook.makes_opportunity:
            done["lead_id"] = self._create_opportunity(user).id
        if playbook.server_action_id:
            self._run_server_action()
        self.write({**done, **self._prepare_fired()})

    def _write_letters(self, user):
        """Send what is to be sent; return what to note on the run."""
        playbook, noted, remarks = self.playbook_id, {}, []
        if playbook.template_id:
            remarks.append(self._why_no_letter())
            if not remarks[0]:
                self._send_letter(user)
                noted["template_id"] = playbook.template_id.id
        if playbook.asks_feedback:
            remarks.append(self._ask_feedback())
        noted["message"] = "\n".join(filter(None, remarks)) or False
        is_all = not (
            playbook.plan_id or playbook.server_action_id or playbook.makes_opportunity
        )
        if is_all and remarks and all(remarks):
            noted["state"] = "skipped"  # nothing was done at all
        return noted

    def _get_responsible(self):
        """Return who does it; refuse where somebody must and nobody is there."""
        playbook, profile = self.playbook_id, self.profile_id
        users = {
            "responsible": profile.user_id,
            "leader": profile.team_id.user_id,
            "fixed": playbook.user_id,
        }
        chosen = users[playbook.responsible_type]
        for user in (chosen, playbook.user_id, profile.user_id):
            if user.active and not user.share and self.company_id in user.company_ids:
                return user
        if playbook.plan_id or playbook.makes_opportunity:
            raise UserError(
                self.env._(
                    "Nobody is there to do it: give the customer a responsible "
                    "manager, or the playbook a person, who works in %(company)s.",
                    company=self.company_id.name,
                )
            )
        return chosen.browse()

    def _get_person(self):
        """Return whom it is about: the person concerned, else the customer."""
        return self.contact_id or self.profile_id.partner_id

    def _plan_activities(self, user):
        """Plan the activities of the plan, counted from today."""
        person = self._get_person()
        today = self.env["crm.lifecycle.engine"]._today(self.company_id)
        for step in self.playbook_id.plan_id.template_ids:
            assigned = step._determine_responsible(user, person)["responsible"] or user
            person.activity_schedule(
                activity_type_id=step.activity_type_id.id,
                automated=True,
                summary=step.summary,
                note=self._get_activity_note(step),
                user_id=assigned.id,
                date_deadline=max(step._get_date_deadline(today), today),
                lifecycle_run_id=self.id,
            )

    def _get_activity_note(self, step):
        """The text of the plan, and which playbook asks for it."""
        because = self.env._(
            "Playbook “%(name)s”, %(day)s",
            name=self.playbook_id.name,
            day=format_date(self.env, self.event_date),
        )
        return (step.note or Markup()) + Markup(
            '<p class="text-muted"><em>%s</em></p>'
        ) % because

    def _create_opportunity(self, user):
        return self.env["crm.lead"].create(self._prepare_opportunity(user))

    def _prepare_opportunity(self, user):
        playbook = self.playbook_id
        customer = self.profile_id.partner_id
        title = playbook.opportunity_name or playbook.name
        team = playbook.team_id or user.sudo().sale_team_id
        return {
            "type": "opportunity",
            "name": f"{title}: {customer.name}",
            "partner_id": self._get_person().id,
            "company_id": self.company_id.id,
            "user_id": user.id,
            "team_id": team.id,
            "tag_ids": [Command.set(playbook.tag_ids.ids)],
        }

    def _run_server_action(self):
        """Run the action on the customer's card."""
        self.playbook_id.server_action_id.with_context(
            active_model="crm.lifecycle.profile",
            active_id=self.profile_id.id,
            active_ids=self.profile_id.ids,
            lifecycle_run_id=self.id,
        ).run()
