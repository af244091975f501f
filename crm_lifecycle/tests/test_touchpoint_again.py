# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from .touchpoint_common import TestTouchpointCommon


class TestTouchpointAgain(TestTouchpointCommon):
    """What changes after it has been collected.

    The next pass leaves it alone unless it was told: after it everything has to be as
    if all sources were read again from the beginning.
    """

    def setUp(self):
        super().setUp()
        self.other = self._create_customer("Borealis")
        self.olga = self._create_customer(
            "Olga", parent_id=self.other.id, is_company=False
        )
        self.other_profile = self._make_profiles(self.other)
        self._collect()

    def _begin_again(self):
        """Collect for the first time: customers who come later are looked at twice."""
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM crm_touchpoint_source")
        for table in ("res_partner", "crm_lead", "mail_message"):
            # made before this transaction
            self.env.cr.execute(
                f"UPDATE {table} SET create_date = create_date - interval '1 hour'"
            )
        self.env.invalidate_all()
        self._collect()

    def _read_touchpoints(self):
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT source_model, source_id, partner_id, profile_id, contact_id, user_id,
                   channel_id, direction, date, res_model, res_id,
                   ARRAY(SELECT partner_id FROM crm_touchpoint_contact_rel
                          WHERE touchpoint_id = t.id ORDER BY 1)
              FROM crm_touchpoint t ORDER BY 1, 2, 3
            """
        )
        return self.env.cr.fetchall()

    def _check(self, before):
        self._collect()
        after = self._read_touchpoints()
        self.env["crm.touchpoint.source"]._request_collection()
        self._collect()
        self.assertEqual(after, self._read_touchpoints())
        self.assertNotEqual(after, before)

    def _check_write(self, record, values):
        self._collect()
        before = self._read_touchpoints()
        self.assertTrue(before)
        record.write(values)
        self._check(before)

    def _create_notification(self, message, partner, status="sent"):
        return self.env["mail.notification"].create(
            {
                "mail_message_id": message.id,
                "res_partner_id": partner.id,
                "notification_type": "email",
                "notification_status": status,
            }
        )

    def _make_user(self, group):
        return (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "login": "anna_again",
                    "partner_id": self.anna.id,
                    "group_ids": [Command.set(self.env.ref(group).ids)],
                }
            )
        )

    # ------------------------------------------------------------
    # MESSAGES
    # ------------------------------------------------------------

    def test_letter_that_came_back_to_one_is_sent_again(self):
        message = self._create_message(recipients=self.anna + self.olga)
        failed = self._create_notification(message, self.olga, "exception")
        self._collect()
        self.assertEqual(self._touchpoints().source_id, message.id)
        self.assertFalse(self._touchpoints(self.other))
        self._check_write(failed, {"notification_status": "ready"})
        self.assertTrue(self._touchpoints(self.other))

    def test_failure_is_told_while_the_job_may_be_collecting_the_message(self):
        message = self._create_message()
        notification = self._create_notification(message, self.anna)
        self.env.cr.flush()
        notification.notification_status = "bounce"
        self.env.cr.flush()
        changes = self.env["crm.touchpoint.change"].sudo().search([])
        self.assertIn(
            ("mail.message", message.id),
            changes.mapped(lambda change: (change.source_model, change.source_id)),
        )

    def test_recipient_comes_and_goes(self):
        message = self._create_message()
        self._check_write(message, {"partner_ids": [Command.link(self.olga.id)]})
        self._check_write(message, {"partner_ids": [Command.unlink(self.anna.id)]})
        self.assertFalse(self._touchpoints())

    def test_message_becomes_internal(self):
        message = self._create_message()
        self._check_write(message, {"is_internal": True})
        message.is_internal = False
        note = self.env.ref("mail.mt_note")
        self._check_write(message, {"subtype_id": note.id})

    def test_follower_told_by_schedule(self):
        message = self._create_message()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_message SET create_date = %s WHERE id = %s",
            [self.ago(hours=2), message.id],
        )
        message.invalidate_recordset()
        self._collect()
        before = self._read_touchpoints()
        self._create_notification(message, self.olga)
        self._check(before)

    # ------------------------------------------------------------
    # COMPANIES AND PEOPLE
    # ------------------------------------------------------------

    def test_document_moves_to_another_company(self):
        self._make_profiles(self.customer, company=self.company_2)
        lead = self.env["crm.lead"].create(
            {
                "name": "Pumps",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "user_id": False,
                "team_id": False,
            }
        )
        self._create_message(model="crm.lead", res_id=lead.id)
        self._begin_again()
        self._check_write(lead, {"company_id": self.company_2.id})
        self.assertEqual(self._touchpoints().profile_id.company_id, self.company_2)

    def test_customer_moves_to_another_company(self):
        self._make_profiles(self.customer, company=self.company_2)
        self._create_message()
        self._begin_again()
        self._check_write(self.customer + self.anna, {"company_id": self.company_2.id})

    def test_contact_becomes_a_colleague(self):
        self._create_message()
        self._create_event()
        self._collect()
        before = self._read_touchpoints()
        self._make_user("base.group_user")
        self._check(before)
        self.assertFalse(self._touchpoints())

    def test_guest_becomes_a_colleague_and_the_other_way(self):
        user = self._make_user("base.group_portal")
        self._create_message(recipients=self.anna + self.olga)
        self._create_event(partners=self.anna + self.olga)
        for name in ("base.group_user", "base.group_portal"):
            group = self.env.ref(name)
            self._check_write(user, {"group_ids": [Command.set(group.ids)]})
        self.assertEqual(len(self._touchpoints()), 2)

    def test_company_classified_after_its_customers_were_passed_by(self):
        self._make_profiles(self.customer, company=self.company_2)
        self.env.cr.execute(
            "DELETE FROM crm_lifecycle_profile WHERE id = %s", [self.other_profile.id]
        )
        self._make_profiles(self.other, company=self.company_2)
        self.company_2.lifecycle_baseline_at = False
        self.company_2.lifecycle_touchpoint_since = False
        self._create_event(partners=self.anna + self.olga)
        self._create_message(recipients=self.anna + self.olga)
        self._begin_again()
        self.assertFalse(self._touchpoints(self.other))
        before = self._read_touchpoints()
        self.company_2.lifecycle_baseline_at = self.ago(hours=1)
        self._check(before)
        self.assertEqual(len(self._touchpoints(self.other)), 2)

    # ------------------------------------------------------------
    # MEETINGS
    # ------------------------------------------------------------

    def test_attendee_comes_and_is_another(self):
        event = self._create_event()
        self._collect()
        before = self._read_touchpoints()
        attendee = self.env["calendar.attendee"].create(
            {"event_id": event.id, "partner_id": self.olga.id, "state": "accepted"}
        )
        self._check(before)
        self.assertTrue(self._touchpoints(self.other))
        self._check_write(attendee, {"partner_id": self.ben.id})
        self.assertFalse(self._touchpoints(self.other))

    def test_day_that_ends_later_in_the_other_company(self):
        self.env.cr.execute(
            "DELETE FROM crm_lifecycle_profile WHERE id = %s", [self.other_profile.id]
        )
        self._make_profiles(self.other, company=self.company_2)
        self.company.lifecycle_tz = "Pacific/Kiritimati"
        self.company_2.lifecycle_tz = "Pacific/Pago_Pago"
        evening = fields.Datetime.now().replace(hour=20) + timedelta(1)
        self._let_it_be(evening)
        day = evening.date()
        self.assertEqual(self.engine._today(self.company), day + timedelta(1))
        self.assertEqual(self.engine._today(self.company_2), day)
        self._create_event(
            partners=self.anna + self.olga, allday=True, start_date=day, stop_date=day
        )
        self._begin_again()
        self.assertTrue(self._touchpoints())
        self.assertFalse(self._touchpoints(self.other))
        before = self._read_touchpoints()
        self._let_it_be(evening + timedelta(1))
        self._check(before)
        self.assertTrue(self._touchpoints(self.other))

    def _let_it_be(self, moment):
        self.patch(type(self.engine), "_get_collection_now", lambda _engine: moment)
        self.patch(type(self.env.cr), "now", lambda _cr: moment)

    def _meet(self, **span):
        """Create a meeting with its activity, which is done now."""
        event = self._create_event(start=self.ago(**span))
        activity = self._create_activity(
            activity_type=self.env.ref("mail.mail_activity_data_meeting")
        )
        activity.calendar_event_id = event
        activity.with_user(self.user_salesman).action_feedback(feedback="met")
        self._collect()
        self.assertEqual(self._touchpoints().source_model, "calendar.event")
        return event, activity

    def test_meeting_collected_early_is_over_in_the_end(self):
        _event, activity = self._meet(hours=-30)
        self._check_write(activity, {"active": True})
        self.assertFalse(self._touchpoints())

    def test_meeting_collected_early_took_place_later(self):
        event, activity = self._meet(hours=-30)
        before = self._read_touchpoints()
        self.env.cr.flush()
        # behind Odoo's back
        self.env.cr.execute("DELETE FROM mail_activity WHERE id = %s", [activity.id])
        self.env.invalidate_all()
        self._let_it_be(self.ago(hours=-40))
        self._check(before)
        self.assertEqual(self._touchpoints().date, event.start)

    def test_meeting_comes_back_beside_its_activity(self):
        event, _activity = self._meet(hours=3)
        self._check_write(event, {"active": False})
        self.assertEqual(self._touchpoints().source_model, "mail.activity")
        self._check_write(event, {"active": True})
        self.assertEqual(self._touchpoints().source_model, "calendar.event")

    def test_activity_gets_its_meeting_later(self):
        event = self._create_event()
        activity = self._create_activity()
        activity.with_user(self.user_salesman).action_feedback(feedback="met")
        self._check_write(activity, {"calendar_event_id": event.id})
        self.assertEqual(self._touchpoints().source_model, "calendar.event")

    def test_meetings_become_private_by_default(self):
        self._create_event(partners=self.anna + self.ben)
        settings = self.env["res.users.settings"]._find_or_create_for_user(
            self.user_salesman
        )
        self._check_write(settings, {"calendar_default_privacy": "private"})
        self.assertFalse(self._touchpoints().contact_ids)

    def test_tag_is_deleted(self):
        tag = self.env["calendar.event.type"].create({"name": "On site"})
        self.visit.event_type_ids = tag
        self._create_event(categ_ids=[Command.set(tag.ids)])
        self._begin_again()
        self.assertEqual(self._touchpoints().channel_id, self.visit)
        before = self._read_touchpoints()
        tag.unlink()
        self._check(before)
        self.assertEqual(self._touchpoints().channel_id, self.meeting)

    def test_lead_of_a_meeting_is_deleted(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Pumps",
                "partner_id": self.customer.id,
                "user_id": self.user_salesman.id,
                "team_id": self.team_1.id,
            }
        )
        self._create_event(partners=self.env["res.partner"], opportunity_id=lead.id)
        self._collect()
        before = self._read_touchpoints()
        self.assertTrue(before)
        lead.unlink()
        self._check(before)
