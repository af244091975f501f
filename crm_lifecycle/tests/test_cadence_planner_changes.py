# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from .planner_common import PlannerCommon


class TestCadencePlannerChanges(PlannerCommon):
    """What was planned follows what happens to the customer afterwards."""

    def _refuse(self, partner, channel, state="refused"):
        self.env["crm.contact.consent"].create(
            {"partner_id": partner.id, "channel_id": channel.id, "state": state}
        )

    def _told(self):
        return self._activities().filtered("lifecycle_escalation_id")

    # ------------------------------------------------------------
    # WHAT IS PLANNED ALREADY
    # ------------------------------------------------------------

    def test_a_next_step_with_a_person(self):
        """The dialog plans it with whom we met; the plan shows it."""
        step = self._create_activity(self.anna)
        self.assertFalse(self._plan())
        clock = self._get_clock(self.rule)
        self.assertEqual(clock.planned_date, step.date_deadline)
        step.unlink()
        self.assertTrue(self._plan())

    def test_a_next_step_on_a_document(self):
        """Of this customer, and of whoever answers for it."""
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "partner_id": self.ben.id, "type": "opportunity"}
        )
        step = self._create_activity(lead)
        self.assertFalse(self._plan())
        lead.partner_id = self._create_customer("Somebody else")
        self.assertTrue(self._plan())
        self._activities().unlink()
        lead.partner_id = self.ben
        step.user_id = self.user_leader
        self.env.cr.execute("UPDATE crm_cadence_status SET planned_due_date = NULL")
        self.assertTrue(self._plan())

    # ------------------------------------------------------------
    # THE SAME DUE DAY AGAIN
    # ------------------------------------------------------------

    def test_a_pause_by_mistake(self):
        """It was withdrawn with the pause, and comes back without it."""
        activity = self._plan()
        self.profile.pause_contacts(days=5, reason="By mistake")
        self.assertFalse(activity.exists())
        self.profile.resume_contacts()
        self.assertEqual(self._plan().lifecycle_due_date, self.day(50))

    def test_a_contact_that_does_not_count(self):
        """It had ended the activity: now the contact is due as before."""
        self.company.lifecycle_escalation_days = 50
        self.assertEqual(len(self._plan()), 2)
        touchpoint = self._log()
        self.assertFalse(self._activities())
        touchpoint.set_ignored("Nobody answered")
        self.assertEqual(len(self._plan()), 2)
        self.assertEqual(len(self._told()), 1)

    def test_done_without_a_contact(self):
        """Done, so never a second one, until the clock moves on."""
        activity = self._plan()
        activity.with_user(self.user_salesman).action_feedback("Left a message")
        self.assertFalse(self._plan())
        self._touchpoints().set_ignored("A message on the machine")
        self.assertEqual(len(self._plan()), 1)
        self.assertEqual(len(self._plan()), 1)

    # ------------------------------------------------------------
    # SOMEBODY ELSE ANSWERS
    # ------------------------------------------------------------

    def test_another_responsible(self):
        """Takes what is open; the new leader is told, the old one no longer."""
        self.company.lifecycle_escalation_days = 50
        self.team_2.user_id = self.user_manager
        activity = self._plan() - self._told()
        self.assertEqual(self._told().user_id, self.user_leader)
        self.profile.assign_responsible(self.user_salesman_2.id)
        self.assertEqual(activity.user_id, self.user_salesman_2)
        self.assertFalse(self._told())
        self.assertEqual(self._plan() - self._told(), activity)
        self.assertEqual(self._told().user_id, self.user_manager)
        self.assertIn(self.user_salesman_2.name, self._told().summary)

    def test_what_was_given_to_a_deputy(self):
        """Stays with the deputy."""
        activity = self._plan()
        activity.user_id = self.user_all
        self.profile.assign_responsible(self.user_salesman_2.id)
        self.assertEqual(activity.user_id, self.user_all)

    def test_nobody_answers(self):
        """Nobody's until somebody takes the customer: then it is planned."""
        activity = self._plan()
        self.profile.assign_responsible(False)
        self.assertFalse(activity.exists())
        self.assertFalse(self._plan())
        self.profile.assign_responsible(self.user_salesman_2.id)
        self.assertEqual(self._plan().user_id, self.user_salesman_2)

    # ------------------------------------------------------------
    # REFUSALS
    # ------------------------------------------------------------

    def test_refused_since(self):
        """What was planned over the channel goes at once, another one is found."""
        self.rule.channel_ids += self.meeting
        call = self._plan()
        self._refuse(self.anna, self.call)
        self.assertTrue(call.exists(), "Ben may be called")
        self._refuse(self.ben, self.call, "withdrawn")
        self.assertFalse(call.exists())
        activity = self._plan()
        self.assertIn(activity.activity_type_id, self.meeting.activity_type_ids)
        self._refuse(self.customer, self.call)
        self.assertEqual(self._plan(), activity)

    def test_blacklisted_since(self):
        """Seen by the job."""
        self.ben.active = False
        self.anna.phone = "+12015550123"
        activity = self._plan()
        self.env["phone.blacklist"].create({"number": self.anna.phone})
        self.assertFalse(self._plan())
        self.assertFalse(activity.exists())

    def test_type_of_the_rule_is_refused(self):
        """A rule planned as calls plans none with who refuses them."""
        self.rule.channel_ids += self.meeting
        self.rule.plan_type_id = self.call_type
        self._refuse(self.customer, self.call)
        activity = self._plan()
        self.assertIn(activity.activity_type_id, self.meeting.activity_type_ids)
        self.rule.channel_ids = [Command.set(self.call.ids)]
        activity.unlink()
        self._recompute()
        self.env.cr.execute("UPDATE crm_cadence_status SET planned_due_date = NULL")
        self.assertFalse(self._plan())

    def test_type_of_the_rule_is_given_up(self):
        """The types of its channels do instead."""
        todo = self.env.ref("mail.mail_activity_data_todo").copy()
        self.rule.plan_type_id = todo
        self.assertEqual(self._plan().activity_type_id, todo)
        self._activities().unlink()
        self.env.cr.execute("UPDATE crm_cadence_status SET planned_due_date = NULL")
        todo.active = False
        self.assertEqual(self._plan().activity_type_id, self.call_type)

    def test_scheduled_over_another_channel(self):
        """The dialog proposes no type that is refused."""
        self.rule.channel_ids += self.meeting
        clock = self._get_clock(self.rule)
        context = clock.action_schedule()["context"]
        self.assertEqual(context["default_activity_type_id"], self.call_type.id)
        self._refuse(self.customer, self.call)
        context = clock.action_schedule()["context"]
        self.assertIn(
            context["default_activity_type_id"], self.meeting.activity_type_ids.ids
        )
