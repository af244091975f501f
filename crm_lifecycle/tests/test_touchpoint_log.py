# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from .touchpoint_common import TestTouchpointCommon


class TestTouchpointLog(TestTouchpointCommon):
    def _open(self, record, user=None):
        """Open the dialog as a person does, from a button of a record."""
        user = user or self.user_salesman
        action = record.with_user(user).action_log_contact()
        return Form(
            self.env["crm.touchpoint.log"]
            .with_user(user)
            .with_context(**action["context"])
        )

    def _log(self, form):
        form.save().action_log()
        return self._touchpoints()[-1:]

    def test_everything_in_one_dialog(self):
        form = self._open(self.profile)
        form.channel_id = self.visit
        self.assertEqual(form.duration, 1.5)
        form.contact_id = self.anna
        form.contact_ids.add(self.ben)
        form.user_ids.add(self.user_leader)
        form.date = self.ago(days=2)
        form.direction = "in"
        form.outcome = "offer"
        form.note = "Wants two of them"
        form.objections = "Too dear\n\nWhen can you deliver?"
        form.promise = "Send the price list"
        form.promise_date = self.day(-3)
        form.next_type_id = self.call_type
        form.next_summary = "Has the list come?"
        form.next_date = self.day(-4)
        touchpoint = self._log(form)
        self.assertRecordValues(
            touchpoint,
            [
                {
                    "profile_id": self.profile.id,
                    "contact_id": self.anna.id,
                    "contact_ids": self.ben.ids,
                    "user_id": self.user_salesman.id,
                    "user_ids": self.user_leader.ids,
                    "channel_id": self.visit.id,
                    "direction": "in",
                    "duration": 1.5,
                    "outcome": "offer",
                    "note": "Wants two of them",
                    "source_model": False,
                }
            ],
        )
        self.assertRecordValues(
            touchpoint.promise_ids,
            [
                {
                    "name": "Send the price list",
                    "side": "we",
                    "state": "open",
                    "profile_id": self.profile.id,
                    "user_id": self.user_salesman.id,
                }
            ],
        )
        self.assertEqual(
            touchpoint.objection_ids.sorted("id").mapped(lambda o: (o.kind, o.name)),
            [("objection", "Too dear"), ("question", "When can you deliver?")],
        )
        activity = self.anna.activity_ids
        self.assertRecordValues(
            activity,
            [
                {
                    "summary": "Has the list come?",
                    "user_id": self.user_salesman.id,
                    "date_deadline": self.day(-4),
                }
            ],
        )
        self.assertEqual(self.profile.last_contact_date, self.day(2))

    def test_two_clicks(self):
        touchpoint = self._log(self._open(self.profile))
        self.assertRecordValues(
            touchpoint,
            [
                {
                    "channel_id": self.call.id,
                    "contact_id": self.anna.id,
                    "direction": "out",
                    "promise_ids": [],
                }
            ],
        )

    def test_from_a_contact_and_from_a_lead(self):
        self.assertEqual(self._open(self.ben).contact_id, self.ben)
        lead = self.env["crm.lead"].create(
            {
                "name": "Lead",
                "partner_id": self.ben.id,
                "user_id": self.user_salesman.id,
            }
        )
        form = self._open(lead)
        form.next_type_id = self.call_type
        touchpoint = self._log(form)
        self.assertRecordValues(
            touchpoint, [{"res_model": "crm.lead", "res_id": lead.id}]
        )
        self.assertTrue(lead.activity_ids)
        lead.partner_id = False
        with self.assertRaises(UserError):
            lead.action_log_contact()

    def test_future_is_refused(self):
        form = self._open(self.profile)
        form.date = self.ago(hours=-1)
        with self.assertRaisesRegex(UserError, "future"):
            self._log(form)
        with self.assertRaisesRegex(UserError, "future"):
            self.Touchpoint.create(
                {
                    "partner_id": self.customer.id,
                    "channel_id": self.call.id,
                    "date": self.ago(days=-1),
                }
            )

    def test_promise_needs_a_day(self):
        form = self._open(self.profile)
        form.promise = "Something"
        form.promise_date = self.day(0)
        wizard = form.save()
        wizard.promise_date = False
        with self.assertRaises(UserError):
            wizard.action_log()

    def test_first_contact_brings_the_customer_into_the_base(self):
        stranger = self._create_customer("Stranger")
        self._open(stranger).save().action_log()
        self.assertTrue(self._profile(stranger).last_contact_date)
        own = self.company.partner_id
        with self.assertRaises(UserError):
            self._open(own).save().action_log()

    def test_import_of_many_asks_few_questions(self):
        customers = self._create_customers(30)
        vals_list = [
            {"partner_id": partner.id, "channel_id": self.call.id}
            for partner in customers
        ]
        self.Touchpoint.create(vals_list[:1])
        self.env.flush_all()
        start = self.env.cr.sql_log_count
        self.Touchpoint.create(vals_list)
        self.assertLess(self.env.cr.sql_log_count - start, 60)

    def test_facts_of_a_source_cannot_be_written(self):
        self._create_event()
        self._collect()
        touchpoint = self._touchpoints()
        touchpoint.outcome = "order"
        for vals in (
            {"date": self.ago(days=1)},
            {"channel_id": self.call.id},
            {"source_id": 7},
            {"is_ignored": True},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                touchpoint.write(vals)
        with self.assertRaises(UserError):
            touchpoint.unlink()
        with self.assertRaises(UserError):
            touchpoint.copy()
        with self.assertRaises(UserError):
            self.Touchpoint.create(
                {
                    "partner_id": self.customer.id,
                    "channel_id": self.call.id,
                    "source_model": "mail.message",
                }
            )

    def test_logged_contact_can_be_corrected_and_deleted(self):
        touchpoint = self._log(self._open(self.profile))
        touchpoint.date = self.ago(days=5)
        self.assertEqual(self.profile.last_contact_date, self.day(5))
        touchpoint.with_user(self.user_manager).unlink()
        self.assertFalse(self.profile.last_contact_date)

    def test_does_not_count(self):
        self._create_event(start=self.ago(days=9))
        self._collect()
        latest = self._log(self._open(self.profile))
        own = latest.with_user(self.user_salesman)
        with self.assertRaises(UserError):
            own.set_ignored(" ")
        action = own.action_ignore()
        self.env["crm.touchpoint.ignore"].with_user(self.user_salesman).with_context(
            **action["context"]
        ).create({"reason": "Wrong number"}).action_confirm()
        self.assertRecordValues(
            latest,
            [
                {
                    "is_ignored": True,
                    "ignore_reason": "Wrong number",
                    "ignore_user_id": self.user_salesman.id,
                }
            ],
        )
        self.assertEqual(self.profile.last_contact_date, self.day(9))
        own.set_counted()
        self.assertRecordValues(
            latest,
            [{"is_ignored": False, "ignore_reason": False, "ignore_user_id": False}],
        )
        self.assertEqual(self.profile.last_contact_date, self.day(0))
        latest.with_user(self.user_leader).set_ignored("Nobody answered")
        with self.assertRaises(AccessError):
            own.set_counted()
        latest.with_user(self.user_manager).set_counted()
        self.assertFalse(latest.is_ignored)

    def test_promises_kept_and_broken(self):
        promise = self.env["crm.promise"].create(
            {
                "name": "Call back",
                "profile_id": self.profile.id,
                "date_due": self.day(1),
            }
        )
        self.assertTrue(promise.is_late)
        late = self.env["crm.promise"].search([("is_late", "=", True)])
        self.assertIn(promise, late)
        self.assertEqual(self.profile.open_promise_count, 1)
        with self.assertRaises(UserError):
            promise.state = "kept"
        own = promise.with_user(self.user_salesman)
        own.action_keep()
        self.assertRecordValues(
            promise,
            [
                {
                    "state": "kept",
                    "date_closed": self.today,
                    "closed_by_id": self.user_salesman.id,
                    "is_late": False,
                }
            ],
        )
        own.action_reopen()
        own.action_break()
        self.assertEqual(promise.state, "broken")

    def test_dormant_prospect_wakes_up(self):
        self.env.cr.execute(
            "UPDATE crm_lifecycle_profile SET added_date = %s WHERE id = %s",
            [self.day(400), self.profile.id],
        )
        self.env.invalidate_all()
        self.assertTrue(self.profile.is_dormant)
        self._log(self._open(self.profile))
        self.assertFalse(self.profile.is_dormant)

    def test_channels_do_not_share(self):
        with self.assertRaises(ValidationError):
            self.visit.activity_type_ids = self.call_type
        with self.assertRaises(ValidationError):
            self.visit.takes_email = True
        with self.assertRaises(ValidationError):
            self.visit.minutes = -1
        self.email.takes_email = False
        self.visit.takes_email = True

    def test_timeline(self):
        self._log(self._open(self.profile))
        self._create_event(start=self.ago(days=3), partners=self.anna + self.ben)
        self._create_message(
            author=self.anna, message_type="email", date=self.ago(days=1)
        )
        self._collect()
        Touchpoint = self.Touchpoint.with_user(self.user_salesman)
        timeline = Touchpoint.get_timeline(self.profile.id)
        self.assertEqual(
            [line["channel"] for line in timeline["lines"]],
            [self.call.name, self.email.name, self.meeting.name],
        )
        self.assertEqual(timeline["total"], 3)
        self.assertEqual(
            {channel["id"]: channel["count"] for channel in timeline["channels"]},
            {self.call.id: 1, self.email.id: 1, self.meeting.id: 1},
        )
        line = timeline["lines"][2]
        self.assertEqual(line["with"], "Anna, Ben")
        self.assertEqual(line["by"], "Sam Salesman")
        self.assertEqual(line["subject"], "Review")
        only = Touchpoint.get_timeline(self.profile.id, self.meeting.id, "out")
        self.assertEqual(only["total"], 1)
        self.assertEqual(len(only["channels"]), 3)
        self.assertFalse(
            Touchpoint.get_timeline(self.profile.id, self.meeting.id, "in")["lines"]
        )

    def test_who_has_met_whom(self):
        self._create_event(start=self.ago(days=3), partners=self.anna + self.ben)
        self._create_event(partners=self.anna + self.user_leader.partner_id)
        self._collect()
        met = self.Touchpoint.with_user(self.user_salesman).get_acquaintances(
            self.profile.id
        )
        self.assertEqual(
            {(pair["user"], pair["contact"]): pair["count"] for pair in met},
            {
                ("Sam Salesman", "Anna"): 2,
                ("Sam Salesman", "Ben"): 1,
                ("Lea Leader", "Anna"): 1,
            },
        )
        with self.assertRaises(AccessError):
            self.Touchpoint.with_user(self.user_salesman_2).get_acquaintances(
                self.profile.id
            )

    def test_last_contact_is_a_day_of_the_company(self):
        self.company.lifecycle_tz = "Pacific/Kiritimati"  # fourteen hours ahead
        form = self._open(self.profile)
        form.date = self.ago(days=3).replace(hour=22)
        self._log(form)
        self.assertEqual(
            self.profile.last_contact_date,
            (self.ago(days=3) + timedelta(days=1)).date(),
        )

    def test_the_card_of_another_company(self):
        """Logged there, whatever company comes first at the top of the screen."""
        customer = self._create_customer("Of the Second Company")
        card = self._make_profiles(customer, company=self.company_2)
        companies = {"allowed_company_ids": (self.company + self.company_2).ids}
        card = card.with_user(self.user_both).with_context(**companies)
        action = card.action_log_contact()
        Log = card.env["crm.touchpoint.log"].with_context(**action["context"])
        Log.create({"channel_id": self.call.id}).action_log()
        self.assertEqual(self._touchpoints(customer).profile_id, card)
        self.assertFalse(self._profile(customer))
        elsewhere = Log.with_context(allowed_company_ids=self.company.ids)
        with self.assertRaises(AccessError):
            elsewhere.create({"channel_id": self.call.id}).action_log()

    def test_erasing_a_person(self):
        vals = {"partner_id": self.anna.id, "channel_id": self.call.id}
        logged = self.Touchpoint.create(
            [
                {**vals, "note": "Moves house"},
                {**vals, "partner_id": self.ben.id, "note": "Of Ben"},
            ]
        )
        objection, other = self.env["crm.objection"].create(
            [
                {"profile_id": self.profile.id, "name": "Dear", "contact_id": person.id}
                for person in (self.anna, self.ben)
            ]
        )
        self.anna.with_user(self.user_manager).action_erase_lifecycle_person()
        self.assertEqual(logged.mapped("note"), [False, "Of Ben"])
        self.assertEqual(logged[0].contact_id, self.anna, "that there was a contact")
        self.assertFalse(objection.contact_id)
        self.assertEqual(other.contact_id, self.ben)
