# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, time, timedelta

from odoo import Command

from .touchpoint_common import TestTouchpointCommon


class TestTouchpointEvent(TestTouchpointCommon):
    def test_finished_meeting(self):
        event = self._create_event(hours=1.5, partners=self.anna + self.ben)
        self._collect()
        touchpoint = self._touchpoints()
        self.assertRecordValues(
            touchpoint,
            [
                {
                    "profile_id": self.profile.id,
                    "contact_id": self.anna.id,
                    "contact_ids": self.ben.ids,
                    "user_id": self.user_salesman.id,
                    "user_ids": [],
                    "channel_id": self.meeting.id,
                    "direction": "out",
                    "date": event.start,
                    "duration": 1.5,
                    "source_model": "calendar.event",
                    "source_id": event.id,
                }
            ],
        )
        self.assertEqual(self.profile.last_contact_date, event.start.date())

    def test_twice_is_once(self):
        self._create_event()
        self._collect()
        before = self._touchpoints()
        version = self._row_version(before)
        self._collect()
        self.env["crm.touchpoint.source"]._request_collection()
        self._collect()
        self.assertEqual(self._touchpoints(), before)
        self.assertEqual(self._row_version(before), version, "written for nothing")

    def _row_version(self, touchpoint):
        self.env.cr.execute(
            "SELECT ctid::text FROM crm_touchpoint WHERE id = %s", [touchpoint.id]
        )
        return self.env.cr.fetchone()

    def test_planned_meeting_is_no_touchpoint_until_it_is_over(self):
        event = self._create_event(start=self.ago(hours=-2))
        self._collect()
        self.assertFalse(self._touchpoints())
        event.write({"start": self.ago(hours=5), "stop": self.ago(hours=4)})
        self._collect()
        self.assertEqual(self._touchpoints().date, event.start)
        event.write({"start": self.ago(hours=-5), "stop": self.ago(hours=-6)})
        self._collect()
        self.assertFalse(self._touchpoints())
        self.assertFalse(self.profile.last_contact_date)

    def test_time_alone_finishes_a_meeting(self):
        self._create_event(start=self.ago(hours=30))
        self._collect()
        self._touchpoints().sudo().source_model  # noqa: B018
        event = self._create_event(start=self.ago(hours=-1))
        self._collect()
        self.env["crm.touchpoint.change"].search([]).sudo().unlink()
        # the clock goes on, nobody touches the meeting
        self.env.cr.execute(
            "UPDATE calendar_event SET start = %s, stop = %s WHERE id = %s",
            [self.ago(hours=2), self.ago(hours=1), event.id],
        )
        self._collect()
        self.assertIn(event.id, self._touchpoints().mapped("source_id"))

    def test_cancelled_archived_and_deleted(self):
        events = self._create_event() + self._create_event(start=self.ago(hours=9))
        self._collect()
        self.assertEqual(len(self._touchpoints()), 2)
        events[0].active = False
        events[1].unlink()
        self._collect()
        self.assertFalse(self._touchpoints())
        events[0].active = True
        self._collect()
        self.assertEqual(self._touchpoints().source_id, events[0].id)

    def test_who_declined_was_not_there(self):
        event = self._create_event(partners=self.anna + self.ben)
        attendees = event.attendee_ids
        anna = attendees.filtered(lambda a: a.partner_id == self.anna)
        anna.state = "declined"
        self._collect()
        self.assertEqual(self._touchpoints().contact_id, self.ben)
        (attendees - anna).filtered(
            lambda a: a.partner_id == self.ben
        ).state = "declined"
        self._collect()
        self.assertFalse(self._touchpoints())

    def test_nobody_of_us_was_there(self):
        event = self._create_event()
        self._collect()
        event.attendee_ids.filtered(
            lambda a: a.partner_id == self.user_salesman.partner_id
        ).state = "declined"
        self._collect()
        self.assertFalse(self._touchpoints())

    def test_all_day_meeting_is_over_at_midnight_of_the_company(self):
        self.company.lifecycle_tz = "Asia/Tokyo"
        today = self.engine._today(self.company)
        days = {}
        for ago in (0, 1):
            day = today - timedelta(ago)
            days[ago] = self._create_event(
                allday=True, start_date=day, stop_date=day, start=self.noon(day)
            )
        self._collect()
        touchpoint = self._touchpoints()
        self.assertEqual(touchpoint.source_id, days[1].id)
        noon = datetime.combine(today - timedelta(1), time(12)) - timedelta(hours=9)
        self.assertRecordValues(touchpoint, [{"date": noon, "duration": 0}])
        self.assertEqual(self.profile.last_contact_date, today - timedelta(1))

    def test_each_meeting_of_a_series(self):
        self._create_event(
            start=self.ago(days=15),
            recurrency=True,
            rrule_type="weekly",
            end_type="count",
            count=5,
            interval=1,
            event_tz="UTC",
            **{self.ago(days=15).strftime("%a").lower(): True},
        )
        self._collect()
        self.assertEqual(len(self._touchpoints()), 3)

    def test_two_customers_one_row_each(self):
        other = self._create_customer("Other")
        self._make_profiles(other)
        person = self._create_customer("Olga", parent_id=other.id, is_company=False)
        event = self._create_event(partners=self.anna + person)
        self._collect()
        self.assertEqual(self._touchpoints().contact_id, self.anna)
        self.assertEqual(self._touchpoints(other).contact_id, person)
        event.partner_ids -= person
        self._collect()
        self.assertTrue(self._touchpoints())
        self.assertFalse(self._touchpoints(other))

    def test_private_meeting_says_no_more_than_that_it_was(self):
        self.user_leader.partner_id.email = "lea@example.com"
        people = self.anna + self.ben + self.user_leader.partner_id
        event = self._create_event(
            partners=people, privacy="private", name="Secret", description="Secret"
        )
        self._collect()
        touchpoint = self._touchpoints()
        self.assertRecordValues(
            touchpoint,
            [
                {
                    "contact_id": self.anna.id,
                    "contact_ids": [],
                    "user_id": self.user_salesman.id,
                    "user_ids": [],
                    "note": False,
                    "res_model": False,
                }
            ],
        )
        seen = touchpoint.with_user(self.user_all)
        self.assertNotIn("Secret", f"{seen.subject} {seen.source_text}")
        self.assertEqual(touchpoint.with_user(self.user_salesman).subject, "Secret")
        event.privacy = "public"
        self._collect()
        self.assertEqual(touchpoint.contact_ids, self.ben)
        self.assertEqual(touchpoint.user_ids, self.user_leader)

    def test_private_by_the_organiser_s_default(self):
        own = self.user_salesman.with_user(self.user_salesman)
        own.calendar_default_privacy = "private"
        self._create_event(partners=self.anna + self.ben)
        self._collect()
        self.assertFalse(self._touchpoints().contact_ids)

    def test_meeting_on_a_lead_without_the_customer_invited(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Lead",
                "partner_id": self.ben.id,
                "type": "opportunity",
                "user_id": self.user_salesman.id,
            }
        )
        empty = self.env["res.partner"]
        event = self._create_event(partners=empty, opportunity_id=lead.id)
        self._collect()
        self.assertRecordValues(
            self._touchpoints(),
            [{"contact_id": self.ben.id, "source_id": event.id}],
        )

    def test_tag_leads_to_another_channel(self):
        tag = self.env["calendar.event.type"].create({"name": "On site"})
        self.visit.event_type_ids = tag
        event = self._create_event(categ_ids=[Command.set(tag.ids)])
        self._collect()
        self.assertEqual(self._touchpoints().channel_id, self.visit)
        event.categ_ids = False
        self._collect()
        self.assertEqual(self._touchpoints().channel_id, self.meeting)

    def test_done_activity_and_its_meeting_are_one(self):
        activity = self._create_activity(
            activity_type=self.env.ref("mail.mail_activity_data_meeting")
        )
        event = self._create_event(start=self.ago(hours=-4))
        activity.calendar_event_id = event
        activity.with_user(self.user_salesman)._action_done(feedback="Met earlier")
        touchpoint = self._touchpoints()
        self.assertRecordValues(
            touchpoint,
            [{"source_model": "calendar.event", "source_id": event.id}],
        )
        self.assertLessEqual(touchpoint.date, self.engine._get_collection_now())
        self._collect()
        self.assertEqual(self._touchpoints(), touchpoint)

    def test_what_people_said_survives_a_change_of_the_meeting(self):
        event = self._create_event()
        self._collect()
        touchpoint = self._touchpoints()
        touchpoint.write({"outcome": "offer", "note": "Wants two"})
        touchpoint.set_ignored("Only a test call")
        event.write({"start": self.ago(hours=8), "stop": self.ago(hours=7)})
        self._collect()
        self.assertRecordValues(
            touchpoint,
            [
                {
                    "date": event.start,
                    "outcome": "offer",
                    "note": "Wants two",
                    "is_ignored": True,
                }
            ],
        )

    def test_external_organiser(self):
        event = self._create_event()
        event.user_id = False
        self._collect()
        self.assertEqual(self._touchpoints().direction, "in")

    def test_too_long_ago(self):
        self.company.lifecycle_touchpoint_since = self.day(10)
        self._create_event(start=self.ago(days=20))
        self._collect()
        self.assertFalse(self._touchpoints())
        self.company.lifecycle_touchpoint_days = 100
        self._collect()
        self.assertTrue(self._touchpoints())

    def test_a_meeting_never_fails_because_of_us(self):
        def fail(*_arguments):
            raise ValueError("broken")

        self.patch(type(self.env["crm.touchpoint.change"]), "_get_append_sql", fail)
        logger = "odoo.addons.crm_lifecycle.models.touchpoint.crm_touchpoint_change"
        with self.assertLogs(logger, "ERROR"):
            event = self._create_event()
            self.env.cr.flush()
        self.assertTrue(event.exists())

    def test_reading_its_words_loses_no_change_of_the_meeting(self):
        event = self._create_event()
        self._collect()
        event.name = "Renamed"
        self.assertEqual(
            self._touchpoints().with_user(self.user_salesman).subject, "Renamed"
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(event.name, "Renamed")
