# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

from ..engine.full_read import CHUNK


class CrmFeedback(models.Model):
    """Who is dissatisfied is called, soon; if nobody does it, the leader is told."""

    _inherit = "crm.feedback"

    rescue_deadline = fields.Date(
        string="Put Right Until",
        readonly=True,
        help="After this day the leader of the team is told.",
    )
    escalated_date = fields.Date(
        string="Leader Told On",
        readonly=True,
        help="The day the leader was told that nobody had put it right in time.",
    )

    _rescue_idx = models.Index(
        "(rescue_deadline) WHERE is_open AND escalated_date IS NULL"
    )

    @api.model_create_multi
    def create(self, vals_list):
        feedbacks = super().create(vals_list)
        feedbacks._plan_rescue()
        return feedbacks

    def write(self, vals):
        was_bad = self.filtered(lambda feedback: feedback.band == "detractor")
        res = super().write(vals)
        if "score" in vals:
            worse = self.filtered(lambda f: f.band == "detractor") - was_bad
            # a new low score is a new wrong, also after an old one was put right
            worse.filtered("resolved_date")._set_resolved(False)
        if not {"score", "kind"}.isdisjoint(vals):
            self._plan_rescue()
        return res

    def _set_resolved(self, resolved):
        res = super()._set_resolved(resolved)
        if resolved:
            self._end_rescue()
        else:
            # sudo: the clock of the rescue is nobody's to set
            self.sudo().write({"rescue_deadline": False, "escalated_date": False})
            self._plan_rescue()
        return res

    # ------------------------------------------------------------
    # THE TASK
    # ------------------------------------------------------------

    def _plan_rescue(self):
        """Plan one task for each dissatisfied customer, for who answers for it."""
        for company, feedbacks in (
            self.filtered("is_open").grouped("company_id").items()
        ):
            today = self.env["crm.lifecycle.engine"]._today(company)
            # sudo: a setting; and a person outside may have said it on his page
            days = company.sudo().lifecycle_rescue_days
            feedbacks.sudo().filtered(lambda f: not f.rescue_deadline).write(
                {"rescue_deadline": today + timedelta(days)}
            )
            planned = feedbacks._get_rescues().mapped("res_id")
            self._create_rescues(
                [
                    (feedback, feedback._get_rescuer(), feedback.rescue_deadline)
                    for profile, group in feedbacks.sudo().grouped("profile_id").items()
                    for feedback in group[:1]
                    if profile.partner_id.id not in planned
                ]
            )

    @api.model
    def _get_rescue_type(self):
        return self.env.ref("crm_lifecycle.mail_activity_type_rescue", False)

    def _get_rescues(self):
        """Return the open tasks of these customers."""
        # sudo: whoever has them
        activities = self.env["mail.activity"].sudo()
        rescue_type = self._get_rescue_type()
        if not rescue_type:
            return activities
        return activities.search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", self.sudo().partner_id.ids),
                ("activity_type_id", "=", rescue_type.id),
            ]
        )

    def _get_rescuer(self):
        """Return who calls: the responsible manager, else the leader of his team."""
        self.ensure_one()
        user = self.profile_id.user_id
        return user if user.active else self._get_rescue_leader()

    def _get_rescue_leader(self):
        """Return the leader of the customer's team, else nobody."""
        leader = self.profile_id.team_id.user_id
        return leader if leader.active else leader.browse()

    @api.model
    def _create_rescues(self, lines, told=False):
        """Create the tasks.

        :param lines: list of (feedback, user, deadline); nobody: no task
        :param bool told: it is the leader's task, whom a deadline brought it to
        """
        rescue_type = self._get_rescue_type()
        model_id = self.env["ir.model"]._get_id("res.partner")
        # sudo: for whoever answers for the customer, whoever noted it
        activities = self.env["mail.activity"].sudo()
        activities.with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": feedback.partner_id.id,
                    "activity_type_id": rescue_type.id if rescue_type else False,
                    "user_id": user.id,
                    "summary": feedback._get_rescue_summary(told),
                    "date_deadline": deadline,
                }
                for feedback, user, deadline in lines
                if user
            ]
        )

    def _get_rescue_summary(self, told):
        """Return what the task says. What the customer said stays on its card: a task
        on a contact is seen by everybody who sees the contact."""
        if told:
            return self.env._("Dissatisfied, and nobody has put it right")
        if self.score:
            return self.env._("Dissatisfied: put it right")
        return self.env._("Complaint: put it right")

    def _end_rescue(self):
        """The tasks of customers with nothing left to put right are done."""
        # sudo: what a colleague noted about the same customer counts too
        content = self.sudo().filtered(
            lambda feedback: not feedback.profile_id.has_open_feedback
        )
        rescues = content._get_rescues()
        if rescues:
            rescues.action_feedback(feedback=self.env._("Put right"))

    # ------------------------------------------------------------
    # ESCALATION
    # ------------------------------------------------------------

    @api.model
    def _escalate(self, company):
        """Tell leaders of what was not put right in time; return how many. No commit.

        What was told is marked in the same transaction, so nobody is told twice.
        """
        today = self.env["crm.lifecycle.engine"]._today(company)
        late = self.sudo().search(
            [
                ("is_open", "=", True),
                ("escalated_date", "=", False),
                ("rescue_deadline", "<", today),
                ("profile_id.company_id", "=", company.id),
                ("profile_id.active", "=", True),
            ],
            limit=CHUNK,
            order="id",
        )
        late.write({"escalated_date": today})
        self._create_rescues(
            [
                (group[0], group[0]._get_rescue_leader(), today)
                for group in late.grouped("profile_id").values()
            ],
            told=True,
        )
        self.env.flush_all()
        return len(late)


class CrmLifecycleEngine(models.AbstractModel):
    _inherit = "crm.lifecycle.engine"

    @api.model
    def _react(self):
        self._do_for_companies(self._escalate_feedback)
        return super()._react()

    def _escalate_feedback(self, company):
        told = CHUNK
        while told == CHUNK:
            told = self._attempt(self.env["crm.feedback"]._escalate, company)
            self._commit_progress()
