# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command
from odoo.tools import mute_logger

from .planner_common import PlannerCommon


class TestCadencePlanner(PlannerCommon):
    """Activities for due norms: once, on the right day, for the right person."""

    # ------------------------------------------------------------
    # WHAT IS PLANNED
    # ------------------------------------------------------------

    def test_planned_once(self):
        """One activity for the responsible, today as it is late; never a second."""
        activity = self._plan()
        self.assertRecordValues(
            activity,
            [
                {
                    "res_id": self.customer.id,
                    "user_id": self.user_salesman.id,
                    "activity_type_id": self.call_type.id,
                    "date_deadline": self.today,
                    "summary": self.rule.name,
                    "lifecycle_due_date": self.day(50),
                }
            ],
        )
        self.assertEqual(self._plan(), activity)
        activity.unlink()  # somebody decided against it: not planned again
        self.assertFalse(self._plan())
        self.assertFalse(self.Touchpoint.search([("source_id", "=", activity.id)]))

    def test_switches(self):
        """Of the company and of the rule."""
        self.company.lifecycle_plan_enabled = False
        self.assertFalse(self._plan())
        self.company.lifecycle_plan_enabled = True
        self.rule.is_planned = False
        self.assertFalse(self._plan())
        self.rule.is_planned = True
        self.assertTrue(self._plan())

    def test_days_ahead(self):
        """On the due day itself, not sooner than so many days before."""
        for ago, planned in ((5, False), (6, False), (7, True)):
            touchpoint = self._log(days=ago)
            activity = self._plan()
            self.assertEqual(bool(activity), planned, ago)
            if activity:
                self.assertEqual(activity.date_deadline, self.day(-3))
            touchpoint.set_ignored("Next try")
            self._activities().unlink()
            self.env.cr.execute("UPDATE crm_cadence_status SET planned_due_date = NULL")

    def test_limit_per_person_and_day(self):
        """Today first, then the next days; what has no room waits for a next night."""
        self.company.lifecycle_plan_limit = 2
        self._add_customers(9)
        activities = self._plan()
        days = [self.day(-ahead) for ahead in range(4) for _twice in range(2)]
        self.assertEqual(activities.mapped("date_deadline"), days)
        self.assertEqual(len(self._plan()), 8)
        activities[:3].unlink()
        self.assertEqual(len(self._plan()), 7, "two were left, for room of three")

    def test_only_working_days(self):
        tomorrow = self.day(-1)
        self.company.resource_calendar_id.attendance_ids = [
            Command.create(
                {
                    "name": "Day",
                    "dayofweek": str(tomorrow.weekday()),
                    "hour_from": 8,
                    "hour_to": 16,
                }
            )
        ]
        self.assertEqual(self._plan().date_deadline, tomorrow)

    def test_nobody_and_former_colleagues(self):
        self.user_salesman.active = False
        self.assertFalse(self._plan())

    def test_paused(self):
        """Also by a pause that begins before the contact would be made."""
        self.profile.pause_contacts(days=5, reason="Holiday")
        self.assertFalse(self._plan())
        self.profile.resume_contacts()
        self._log(days=8)  # due in two days
        self.profile.pause_contacts(self.day(-9), "Trip", self.day(-1))
        self.assertFalse(self._plan())

    def test_planned_by_hand(self):
        """What a person planned for the same channel will do."""
        self._create_activity(record=self.customer)
        self.assertFalse(self._plan())

    def test_reminders_make_no_calls(self):
        self.rule.kind = "reminder"
        self._recompute()
        self.assertFalse(self._plan())
        self.rule.channel_ids += self.email
        email_type = self.email.activity_type_ids[:1]
        self.assertTrue(email_type)
        self.assertEqual(self._plan().activity_type_id, email_type)

    def test_refused_channels(self):
        """The next channel instead, or nothing."""
        self.env["crm.contact.consent"].create(
            {"partner_id": self.customer.id, "channel_id": self.call.id}
        )
        self.assertFalse(self._plan())
        self.rule.channel_ids += self.meeting
        activity = self._plan()
        self.assertIn(activity.activity_type_id, self.meeting.activity_type_ids)

    def test_agenda_and_language(self):
        """In the words of whoever reads it."""
        self.rule.agenda_ids = [
            Command.create({"text": "<p>New prices</p>"}),
            Command.create(
                {"text": "<p>How it began</p>", "stage_id": self.profile.stage_id.id}
            ),
        ]
        activity = self._plan()
        self.assertIn("How it began", activity.note)
        self.assertNotIn("New prices", activity.note)

    def test_database_refuses_a_second(self):
        activity = self._plan()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                activity.copy(
                    {
                        "lifecycle_profile_id": self.profile.id,
                        "lifecycle_rule_id": self.rule.id,
                    }
                )

    # ------------------------------------------------------------
    # WHAT ENDS IT
    # ------------------------------------------------------------

    def test_a_contact_ends_it_at_once(self):
        """Without a second touchpoint, and whoever made the contact."""
        activity = self._plan()
        touchpoint = self.Touchpoint.with_user(self.user_leader).create(
            {
                "partner_id": self.customer.id,
                "channel_id": self.call.id,
                "direction": "out",
                "date": self.ago(minutes=1),
            }
        )
        self.assertFalse(activity.exists())
        self._collect()
        self.assertEqual(self._touchpoints(), touchpoint)
        self.assertFalse(self._plan())

    def test_another_contact_does_not_end_it(self):
        activity = self._plan()
        self._log(channel_id=self.email.id, days=1)
        self.assertTrue(activity.exists())

    def test_doing_it_is_the_contact(self):
        activity = self._plan()
        activity.with_user(self.user_salesman).action_feedback("Spoke with Anna")
        self.assertEqual(len(self._touchpoints()), 1)
        self.assertEqual(self._get_clock(self.rule).last_date, self.today)
        self.assertFalse(self._plan())

    def test_what_is_no_longer_due_is_withdrawn(self):
        for end in (
            lambda: self.profile.pause_contacts(days=3, reason="Trip"),
            lambda: self._set_category("c", self.today),
            lambda: self.rule.write({"active": False}),
        ):
            self.env.cr.execute("UPDATE crm_cadence_status SET planned_due_date = NULL")
            activity = self._plan()
            self.assertTrue(activity)
            end()
            self._recompute()
            self._plan()
            self.assertFalse(activity.exists())
            self.rule.write({"active": True, "date_start": self.day(60)})
            self.profile.resume_contacts()
            self._set_category("b", self.day(100))

    # ------------------------------------------------------------
    # ESCALATION
    # ------------------------------------------------------------

    def test_leader_is_told_once_per_lateness(self):
        self.company.lifecycle_escalation_days = 50
        self._plan()
        told = self._activities().filtered("lifecycle_escalation_id")
        self.assertEqual(told.user_id, self.user_leader)
        self.assertEqual(told.date_deadline, self.today)
        self.assertIn("50", told.summary)
        told.action_done()
        self.assertFalse(self._plan().filtered("lifecycle_escalation_id"))
        self._log(days=65)  # late again, and another lateness
        self._recompute()
        self.assertEqual(self._get_clock(self.rule).due_date, self.day(50))

    def test_not_told_too_soon_nor_of_himself(self):
        self.company.lifecycle_escalation_days = 51
        self.assertFalse(self._plan().filtered("lifecycle_escalation_id"))
        self.company.lifecycle_escalation_days = 50
        self._add_customers(1, user_id=self.user_leader.id)
        told = self._plan().filtered("lifecycle_escalation_id")
        self.assertEqual(told.mapped("res_id"), self.customer.ids)

    def test_contact_ends_the_escalation(self):
        self.company.lifecycle_escalation_days = 7
        told = self._plan().filtered("lifecycle_escalation_id")
        self.assertTrue(told)
        self._log()
        self.assertFalse(told.exists())

    def test_so_many_a_day_for_the_leader(self):
        self.company.write({"lifecycle_escalation_days": 7, "lifecycle_plan_limit": 3})
        self._add_customers(4)
        told = self._plan().filtered("lifecycle_escalation_id")
        self.assertEqual(len(told), 3)

    # ------------------------------------------------------------
    # BY HAND
    # ------------------------------------------------------------

    def test_plan_contacts(self):
        """Also where planning is off; says what it did not plan."""
        self.company.lifecycle_plan_enabled = False
        paused = self._add_customers(1)
        paused.pause_contacts(days=9, reason="Trip")
        both = (self.profile + paused).with_user(self.user_salesman)
        result = both.plan_contacts()
        self.assertEqual(result["done"], self.profile.ids)
        self.assertEqual([line["id"] for line in result["skipped"]], paused.ids)
        self.assertEqual(len(self._activities()), 1)
        self.assertFalse(both.plan_contacts()["done"])
        clock = self._get_clock(self.rule)
        self.assertTrue(clock.planned_date)
        self.assertLess(clock.due_date, self.today - timedelta(1))
