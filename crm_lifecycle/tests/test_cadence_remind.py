# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from .control_common import ControlCommon


class TestCadenceRemind(ControlCommon):
    """One click reminds the responsible, a second one does nothing."""

    def setUp(self):
        super().setUp()
        self.Control = self._as(self.user_leader, "crm.cadence.control")

    def _row(self, rule=None, late=5, profile=None, **columns):
        profile = profile or self.profile
        id_ = self._add_status(profile, rule or self.calls, late, **columns)
        return self.Control.browse(id_)

    def _activities(self, profile=None):
        profile = profile or self.profile
        return self.env["mail.activity"].search(
            [("lifecycle_profile_id", "=", profile.id)]
        )

    def assertReminded(self, action, done, reasons=()):
        params = action["params"]
        self.assertEqual(params["next"]["infos"]["lifecycle_done"], done)
        self.assertEqual(len(params["reasons"]), len(reasons))
        for line, part in zip(params["reasons"], reasons, strict=True):
            self.assertIn(part, line)

    def test_one_activity(self):
        self.user_salesman.lang = "en_US"
        row = self._row()
        self.assertFalse(row.is_reminded)
        self.assertReminded(row.action_remind(), 1)
        activity = self._activities()
        self.assertRecordValues(
            activity,
            [
                {
                    "user_id": self.user_salesman.id,
                    "res_model": "res.partner",
                    "res_id": self.customer.id,
                    "activity_type_id": self.call_type.id,
                    "date_deadline": self.today,
                    "lifecycle_rule_id": self.calls.id,
                    "lifecycle_reminder_user_id": self.user_leader.id,
                }
            ],
        )
        self.assertIn("Lea Leader", activity.note)
        self.assertIn("Days: 5", activity.note)
        # whom the customer last spoke with is for readers of the card
        self.assertNotIn(row.last_contacts_text or "Last contacts", activity.note)
        self.assertTrue(row.is_reminded)
        self.assertEqual(self.Control.search([("is_reminded", "=", True)]), row)

    def test_a_second_click_makes_none(self):
        row = self._row()
        row.action_remind()
        self.assertReminded(row.action_remind(), 0, ["reminded already"])
        self.assertEqual(len(self._activities()), 1)
        manager = row.with_user(self.user_manager)
        self.assertReminded(manager.action_remind(), 0, ["reminded already"])

    def test_again_when_done(self):
        row = self._row()
        row.action_remind()
        self._activities().with_user(self.user_salesman).action_done()
        row.invalidate_recordset()
        self.assertFalse(row.is_reminded)
        self.assertReminded(row.action_remind(), 1)
        self.assertEqual(len(self._activities()), 1)

    def test_each_rule_has_its_own(self):
        rows = self._row() + self._row(self.meetings)
        self.assertReminded(rows.action_remind(), 2)
        self.assertEqual(len(self._activities()), 2)
        self.assertEqual(
            self._activities().lifecycle_rule_id, self.calls + self.meetings
        )

    def test_a_planned_activity_becomes_the_reminder(self):
        row = self._row()
        planned = self._create_activity(
            self.customer,
            user=self.user_leader,
            lifecycle_profile_id=self.profile.id,
            lifecycle_rule_id=self.calls.id,
        )
        self.assertReminded(row.action_remind(), 1)
        self.assertEqual(self._activities(), planned)
        self.assertEqual(planned.user_id, self.user_salesman)
        self.assertEqual(planned.lifecycle_reminder_user_id, self.user_leader)

    def test_the_database_keeps_it_one(self):
        self._row().action_remind()
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self._create_activity(
                self.customer,
                lifecycle_profile_id=self.profile.id,
                lifecycle_rule_id=self.calls.id,
            )

    def test_who_is_skipped(self):
        nobody = self._make_profiles(self._create_customer("Nobody's"))
        rows = self._row(late=-20)
        rows += self._row(profile=nobody)
        rows += self._row(
            self.meetings, pause_from=self.day(1), pause_until=self.day(-1)
        )
        action = rows.action_remind()
        self.assertReminded(action, 0, ["nothing is due", "no active responsible"])
        self.assertEqual(action["params"]["skipped"]["res_model"], rows._name)
        self.user_salesman.active = False
        rows = self._row(self._create_rule("Other", self.call))
        self.assertReminded(rows.action_remind(), 0, ["no active responsible"])

    def test_who_may_not_see_the_contact(self):
        row = self._row()
        self.env["ir.rule"].create(
            {
                "name": "Only own contacts",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": "['|', ('id', '=', user.partner_id.id), "
                "('parent_id', '=', user.partner_id.id)]",
                "groups": [(4, self.env.ref("base.group_user").id)],
            }
        )
        manager = row.with_user(self.user_manager)
        [reason] = manager._split_by_reminder()[1]
        self.assertIn("may not see", reason)

    def test_only_leaders_and_managers(self):
        row = self._row()
        for user in (self.user_salesman, self.user_all):
            with self.assertRaises(AccessError):
                row.with_user(user).action_remind()
        self.assertReminded(row.with_user(self.user_manager).action_remind(), 1)

    def test_not_of_customers_of_others(self):
        colleague = self._make_profiles(
            self._create_customer("Hidden"),
            user_id=self.user_salesman_2.id,
            team_id=self.team_2.id,
        )
        row = self._row(profile=colleague)
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            row.action_remind()
        self.assertFalse(self._activities(colleague))

    def test_the_button_is_for_those_who_may(self):
        for view_type in ("list", "kanban"):
            for user, shown in (
                (self.user_salesman, False),
                (self.user_leader, True),
                (self.user_manager, True),
                (self.user_all, False),
            ):
                with self.subTest(user=user.login, view=view_type):
                    arch = self._as(user, "crm.cadence.control").get_view(
                        view_type=view_type
                    )["arch"]
                    self.assertEqual('name="action_remind"' in arch, shown)
                    self.assertIn("partner_id", arch)

    def test_in_the_language_of_the_responsible(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.calls.with_context(lang="ru_RU").name = "Звонок в месяц"
        self.user_salesman.lang = "ru_RU"
        self._row().action_remind()
        self.assertEqual(self._activities().summary, "Звонок в месяц")

    def test_over_a_channel_that_is_not_refused(self):
        row = self._row(self._create_rule("Either", self.call + self.meeting))
        other = self._row(self.calls)
        self.env["crm.contact.consent"].create(
            {"partner_id": self.customer.id, "channel_id": self.call.id}
        )
        self.assertReminded((row + other).action_remind(), 2)
        types = {
            activity.lifecycle_rule_id: activity.activity_type_id
            for activity in self._activities()
        }
        self.assertIn(types[row.rule_id], self.meeting.activity_type_ids)
        self.assertNotIn(types[self.calls], self.call.activity_type_ids)

    def test_planned_as_the_rule_says(self):
        own = self.env["mail.activity.type"].create({"name": "Visit with a sample"})
        self.calls.plan_type_id = own
        self.assertReminded(self._row(self.calls).action_remind(), 1)
        self.assertEqual(self._activities().activity_type_id, own)

    def test_merged_customers(self):
        """One of two reminders stays the rule's, the other its person's own."""
        others = [
            self._make_profiles(
                self._create_customer(name),
                user_id=self.user_salesman.id,
                team_id=self.team_1.id,
            )
            for name in ("Twin", "Triplet")
        ]
        rows = self._row()
        for other in others:
            rows += self._row(profile=other) + self._row(self.meetings, profile=other)
        self.assertReminded(rows.action_remind(), 5)
        customers = self.customer + others[0].partner_id + others[1].partner_id
        self.env["base.partner.merge.automatic.wizard"]._merge(
            customers.ids, self.customer
        )
        self.env.invalidate_all()
        activities = self._activities()
        self.assertEqual(activities.lifecycle_rule_id, self.calls + self.meetings)
        self.assertEqual(len(activities), 2)
        everything = self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", self.customer.id)]
        )
        self.assertEqual(len(everything), 5)
