# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .playbook_common import TestPlaybookCommon

SATISFACTION = "crm_lifecycle.mail_activity_type_satisfaction"


class TestSatisfaction(TestPlaybookCommon):
    """The dialog of the satisfaction activity, and what each answer leads to."""

    def setUp(self):
        super().setUp()
        if not self.env.ref(SATISFACTION, raise_if_not_found=False):
            self.skipTest("the company deleted the activity type")
        self.company.lifecycle_touchpoint_since = self.day(30)
        self.customer = self._buyer("Acme", [10])
        self.person = self._create_customer(
            "Olga", parent_id=self.customer.id, is_company=False
        )
        self.order = self.env["sale.order"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.profile = self._profile(self.customer)

    def _plan(self, record=None, user=None):
        return (record or self.person).activity_schedule(
            SATISFACTION, user_id=(user or self.user_salesman).id
        )

    def _answer(self, score, activity=None, user=None, **values):
        """Open the dialog of an activity, fill it in as its user does, confirm."""
        activity = (activity or self._plan()).with_user(user or self.user_salesman)
        action = activity.action_ask_satisfaction()
        Wizard = self.env[action["res_model"]].with_user(user or self.user_salesman)
        with Form(Wizard.with_context(**action["context"])) as form:
            form.score = score
            for name, value in values.items():
                setattr(form, name, value)
        wizard = form.save()
        wizard.action_record()
        return self.env["crm.feedback"].search(
            [("profile_id", "=", self.profile.id)], limit=1
        )

    def test_glad(self):
        activity = self._plan()
        Wizard = self.env["crm.lifecycle.satisfaction"].with_user(self.user_salesman)
        action = activity.with_user(self.user_salesman).action_ask_satisfaction()
        wizard = Wizard.with_context(**action["context"]).create(
            {
                "score": "10",
                "comment": "Fast",
                "may_quote": True,
                "product_ids": self.product.ids,
                "referral_name": "Berta",
                "referral_contact": "berta@example.com",
            }
        )
        wizard.action_record()
        feedback = self.profile.feedback_ids
        self.assertRecordValues(
            feedback,
            [
                {
                    "score": "10",
                    "band": "promoter",
                    "comment": "Fast",
                    "contact_id": self.person.id,
                    "channel": "asked",
                    "user_id": self.user_salesman.id,
                    "may_quote": True,
                    "is_open": False,
                    "date": self.today,
                }
            ],
        )
        self.assertFalse(activity.active, "the activity is done")
        self.assertTrue(activity.feedback)
        offer = self.env["crm.lead"].search([("partner_id", "=", self.person.id)])
        self.assertIn("Maintenance", offer.name)
        referral = self.env["crm.lead"].search([("contact_name", "=", "Berta")])
        self.assertRecordValues(
            referral,
            [
                {
                    "referred": "Acme",
                    "lifecycle_referrer_id": self.person.id,
                    "email_from": "berta@example.com",
                    "user_id": self.user_salesman.id,
                }
            ],
        )
        touchpoint = self.profile.touchpoint_ids
        self.assertEqual(touchpoint.user_id, self.user_salesman, "it was a contact")

    def test_content(self):
        feedback = self._answer("8", comment="Fine", missing="An express delivery")
        self.assertEqual(feedback.band, "passive")
        self.assertIn("Fine", feedback.comment)
        self.assertIn("An express delivery", feedback.comment)
        self.assertFalse(self.env["crm.lead"].search([("referred", "=", "Acme")]))

    def test_dissatisfied(self):
        self.company.lifecycle_rescue_days = 3
        feedback = self._answer("0", comment="Late")
        self.assertTrue(feedback.is_open)
        deadline = self.today + timedelta(3)
        self.assertRecordValues(
            self._activities(self.customer),
            [{"user_id": self.user_salesman.id, "date_deadline": deadline}],
        )
        self.assertEqual(feedback.rescue_deadline, deadline)
        quotation = self._create_order(self.customer, self.day(0), state="draft")
        self.assertIn("No offers", quotation.lifecycle_warning)
        feedback.action_resolve()
        quotation.invalidate_recordset()
        self.assertFalse(quotation.lifecycle_warning)

    def test_somebody_else_puts_it_right(self):
        feedback = self._answer(
            "5", rescue_user_id=self.user_leader, rescue_date=self.day(-7)
        )
        self.assertRecordValues(
            self._activities(self.customer),
            [{"user_id": self.user_leader.id, "date_deadline": self.day(-7)}],
        )
        self.assertEqual(feedback.rescue_deadline, self.day(-7))

    def test_nobody_answered_for_him(self):
        self.profile.sudo().assign_responsible(False)
        self._answer("5")
        rescue = self._activities(self.customer)
        self.assertEqual(rescue.user_id, self.user_salesman, "who asked")

    def test_order_of_the_playbook(self):
        self.company.write(
            {"lifecycle_fulfilled_by": "days", "lifecycle_fulfilled_days": 1}
        )
        plan = self._create_plan(activity_type_id=self.env.ref(SATISFACTION).id)
        self._create_playbook("fulfilled", plan_id=plan.id)
        self._new_day()
        self._react()
        feedback = self._answer("9", activity=self._activities(self.customer))
        self.assertEqual(feedback.order_id, self.order)

    def test_next_step(self):
        call = self.env.ref("mail.mail_activity_data_call")
        self._answer("7", next_type_id=call, next_summary="Send the price list")
        self.assertEqual(self._activities(self.person).summary, "Send the price list")

    def test_from_the_card(self):
        action = self.profile.with_user(self.user_salesman).action_ask_satisfaction()
        wizard = (
            self.env["crm.lifecycle.satisfaction"]
            .with_user(self.user_salesman)
            .with_context(**action["context"])
            .create({})
        )
        with self.assertRaises(UserError):
            wizard.action_record()
        wizard.score = "9"
        wizard.action_record()
        self.assertEqual(self.profile.last_score, "9")

    def test_who_may_ask(self):
        """Whoever the activity was given to; the card stays hidden from him."""
        activity = self._plan(user=self.user_salesman_2)
        feedback = self._answer("9", activity, user=self.user_salesman_2)
        self.assertEqual(feedback.user_id, self.user_salesman_2)
        self.assertFalse(feedback.with_user(self.user_salesman_2).has_access("read"))
        Wizard = self.env["crm.lifecycle.satisfaction"]
        with self.assertRaises(AccessError):
            Wizard.with_user(self.user_internal).create(
                {"partner_id": self.customer.id, "score": "9"}
            )

    def test_activity_about_nobody(self):
        lead = self.env["crm.lead"].create({"name": "Without contact"})
        activity = self._plan(lead)
        with self.assertRaises(UserError):
            activity.action_ask_satisfaction()

    def test_the_answer_is_not_told_to_who_sees_the_contact(self):
        """Messages and activities of a contact are for everybody who sees it."""
        activity = self._plan()
        self._answer("3", activity, comment="Never again")
        told = [activity.feedback, *self.person.message_ids.mapped("body")]
        for task in self._activities(self.customer + self.person):
            told += [task.summary, task.note]
        for text in filter(None, told):
            self.assertNotIn("Never again", text)
            self.assertNotRegex(text, r"\b3\b")
