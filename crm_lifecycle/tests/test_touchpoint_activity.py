# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from .touchpoint_common import TestTouchpointCommon


class TestTouchpointActivity(TestTouchpointCommon):
    def _do(self, activities, user=None):
        """Mark activities as done, as their user."""
        user = user or self.user_salesman
        return activities.with_user(user)._action_done(feedback="All is well")

    def _without_hook(self):
        """As if the activities had been done before the add-on was there."""
        return patch.object(
            type(self.env["mail.activity"]), "_collect_done", lambda *_a, **_k: None
        )

    def test_at_once(self):
        activity = self._create_activity()
        messages, __ = self._do(activity)
        touchpoint = self._touchpoints()
        self.assertRecordValues(
            touchpoint,
            [
                {
                    "contact_id": self.anna.id,
                    "user_id": self.user_salesman.id,
                    "channel_id": self.call.id,
                    "direction": "out",
                    "date": messages.date,
                    "source_model": "mail.activity",
                    "source_id": activity.id,
                }
            ],
        )
        self.assertEqual(self.profile.last_contact_date, messages.date.date())
        seen = touchpoint.with_user(self.user_salesman)
        self.assertEqual(seen.subject, "Ask how it goes")
        self.assertEqual(seen.source_text, "All is well")
        self._collect()
        self.assertEqual(self._touchpoints(), touchpoint)

    def test_many_at_once_keep_their_own_message(self):
        activities = self._create_activity() + self._create_activity(self.ben)
        activities += self._create_activity(
            activity_type=self.env.ref("mail.mail_activity_data_todo")
        )
        self._do(activities)
        self.assertEqual(
            {line.source_id: line.contact_id for line in self._touchpoints()},
            {activities[0].id: self.anna, activities[1].id: self.ben},
        )

    def test_done_by_somebody_else_than_planned(self):
        activity = self._create_activity(user=self.user_salesman)
        self._do(activity, user=self.user_leader)
        self.assertEqual(self._touchpoints().user_id, self.user_leader)

    def test_cancelled_activity_is_no_touchpoint(self):
        self._forget_collection()
        self._create_activity().unlink()
        self._create_activity().action_archive()  # put away, not done
        self._collect()
        self.assertFalse(self._touchpoints())
        source = self.env["crm.touchpoint.source"]._get("mail.activity")
        self.assertEqual((source.archived_count, source.unmatched_count), (1, 1))

    def test_history_is_matched_one_to_one(self):
        self._forget_collection()
        with self._without_hook():
            first = self._create_activity()
            messages, __ = self._do(first)
            put_away = self._create_activity()
            put_away.with_user(self.user_salesman).sudo().action_archive()
            other = self._create_activity(self.ben)
            self._do(other)
        self.assertFalse(self._touchpoints())
        self._collect()
        self.assertEqual(
            set(self._touchpoints().mapped("source_id")), {first.id, other.id}
        )
        source = self.env["crm.touchpoint.source"]._get("mail.activity")
        self.assertEqual((source.archived_count, source.unmatched_count), (3, 1))
        matched = self._touchpoints().filtered(lambda t: t.source_id == first.id)
        self.assertEqual(matched.date, messages.date)

    def test_reopened_and_deleted(self):
        activities = self._create_activity() + self._create_activity()
        self._do(activities)
        self.assertEqual(len(self._touchpoints()), 2)
        activities[0].active = True
        activities[1].unlink()
        self._collect()
        self.assertFalse(self._touchpoints())

    def test_on_documents(self):
        order = self._create_order(self.ben, self.day(3))
        lead = self.env["crm.lead"].create({"name": "Lead", "partner_id": self.anna.id})
        self._do(self._create_activity(order) + self._create_activity(lead))
        self.assertEqual(
            set(self._touchpoints().mapped("res_model")), {"sale.order", "crm.lead"}
        )

    def test_lead_that_gets_its_customer_later(self):
        lead = self.env["crm.lead"].create({"name": "Lead"})
        self._do(self._create_activity(lead))
        self.assertFalse(self._touchpoints())
        lead.partner_id = self.anna
        self._collect()
        self.assertEqual(self._touchpoints().res_id, lead.id)
        lead.partner_id = self._create_customer("Nobody")
        self._collect()
        self.assertFalse(self._touchpoints())

    def test_type_that_ceases_to_count(self):
        self._do(self._create_activity())
        self.call.activity_type_ids = False
        self._collect()
        self.assertFalse(self._touchpoints())
        self.visit.activity_type_ids = self.call_type
        self._collect()
        self.assertEqual(self._touchpoints().channel_id, self.visit)

    def test_an_activity_never_fails_because_of_us(self):
        activity = self._create_activity()

        def fail(*_arguments, **_values):
            raise ValueError("broken")

        logger = "odoo.addons.crm_lifecycle.models.touchpoint.mail_activity"
        with (
            patch.object(type(self.engine), "_sync_few", fail),
            self.assertLogs(logger, "ERROR"),
        ):
            self._do(activity)
        self.assertFalse(activity.active)
        self.assertFalse(self._touchpoints())
        self._collect()
        self.assertEqual(self._touchpoints().source_id, activity.id)

    def test_nothing_of_ours_holds_an_activity(self):
        activity = self._create_activity()
        self._do(activity)
        activity.unlink()
        self.env.cr.flush()
        self.assertFalse(activity.exists())

    def test_a_done_activity_costs_few_queries(self):
        """A fixed number, however many are done at once."""
        activities = [self._create_activity() for _number in range(13)]
        self._do(activities[0])  # what is cached from now on

        def count(records):
            records.env.flush_all()
            start = self.env.cr.sql_log_count
            self._do(records)
            records.env.flush_all()
            return self.env.cr.sql_log_count - start

        one, many = activities[1], self.env["mail.activity"].concat(*activities[2:7])
        ours = [count(one), count(many)]
        with patch.object(type(one), "_collect_done", lambda *_args: None):
            alone, others = activities[7], one.browse().concat(*activities[8:])
            odoo = [count(alone), count(others)]
        for with_us, without in zip(ours, odoo, strict=True):
            self.assertLessEqual(with_us - without, 8, (ours, odoo))
        self.assertEqual(len(self._touchpoints()), 7)
