# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from .touchpoint_common import TestTouchpointCommon


class TestTouchpointMessage(TestTouchpointCommon):
    def _receive(self, **values):
        """Create an e-mail of Anna to the salesman, as the mail gateway does."""
        return self._create_message(
            author=self.anna,
            recipients=self.user_salesman.partner_id,
            message_type="email",
            email_from=self.anna.email_formatted,
            **values,
        )

    def test_our_email(self):
        message = self._create_message(recipients=self.anna + self.ben)
        self._collect()
        self.assertRecordValues(
            self._touchpoints(),
            [
                {
                    "contact_id": self.anna.id,
                    "contact_ids": self.ben.ids,
                    "user_id": self.user_salesman.id,
                    "channel_id": self.email.id,
                    "direction": "out",
                    "date": message.date,
                    "source_id": message.id,
                    "res_model": "res.partner",
                    "res_id": self.anna.id,
                    "note": False,
                }
            ],
        )

    def test_email_of_the_customer(self):
        self._receive()
        self._collect()
        self.assertRecordValues(
            self._touchpoints(),
            [
                {
                    "contact_id": self.anna.id,
                    "user_id": self.user_salesman.id,
                    "channel_id": self.email.id,
                    "direction": "in",
                }
            ],
        )

    def test_what_is_no_touchpoint(self):
        note = self.env.ref("mail.mt_note").id
        root = self.env.ref("base.partner_root")
        daemon = "Mailer-Daemon <MAILER-DAEMON@acme.example.com>"
        for values in (
            {"message_type": "notification"},
            {"message_type": "auto_comment"},
            {"message_type": "out_of_office"},
            {"message_type": "user_notification"},
            {"subtype_id": note},
            {"is_internal": True},
            {"recipients": self.user_leader.partner_id},
            {"recipients": self.env["res.partner"]},
            {"author": root},
            {"date": self.ago(hours=-5)},
            {"author": self.anna, "message_type": "email", "email_from": daemon},
            {"author": self.anna, "message_type": "comment"},
            {"model": "discuss.channel", "res_id": 1},
        ):
            with self.subTest(values=values):
                message = self._create_message(**values)
                self._collect()
                self.assertFalse(self._touchpoints(), values)
                message.unlink()

    def test_letter_of_a_job_is_no_touchpoint(self):
        message = self._create_message()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_message SET create_uid = 1 WHERE id = %s", [message.id]
        )
        self._collect()
        self.assertFalse(self._touchpoints())

    def test_follower_gets_it_by_notification(self):
        message = self._create_message(recipients=self.env["res.partner"])
        notification = self.env["mail.notification"].create(
            {
                "mail_message_id": message.id,
                "res_partner_id": self.anna.id,
                "notification_type": "email",
                "notification_status": "ready",
            }
        )
        self._collect()
        self.assertEqual(self._touchpoints().contact_id, self.anna)
        # it comes back days later
        notification.notification_status = "bounce"
        self._collect()
        self.assertFalse(self._touchpoints())

    def test_text_message(self):
        message = self._create_message(
            message_type="sms", subtype_id=self.env.ref("mail.mt_note").id
        )
        self._collect()
        self.assertRecordValues(
            self._touchpoints(),
            [{"channel_id": self.message.id, "source_id": message.id}],
        )

    def test_customer_writes_in_the_portal(self):
        portal = self._create_user("portal_anna", "Pia", "base.group_portal")
        portal.partner_id.parent_id = self.customer
        self._create_message(
            author=portal.partner_id, recipients=self.env["res.partner"]
        )
        self._collect()
        self.assertRecordValues(
            self._touchpoints(),
            [
                {
                    "channel_id": self.message.id,
                    "direction": "in",
                    "contact_id": portal.partner_id.id,
                    "user_id": False,
                }
            ],
        )

    def test_deleted_message(self):
        message = self._create_message()
        self._collect()
        self.assertTrue(self._touchpoints())
        message.unlink()
        self._collect()
        self.assertFalse(self._touchpoints())
        self.assertFalse(self.profile.last_contact_date)

    def test_deleted_behind_our_back(self):
        message = self._create_message()
        self._collect()
        self.env.cr.execute("DELETE FROM mail_message WHERE id = %s", [message.id])
        for source in self.env["crm.touchpoint.source"].search([]):
            source.marks = {**source.marks, "swept": "2000-01-01"}
        self._collect()
        self.assertFalse(self._touchpoints())

    def test_letter_of_a_stranger_whose_lead_becomes_a_customer(self):
        lead = self.env["crm.lead"].create(
            {"name": "Lead", "email_from": "anna@acme.example.com"}
        )
        lead.partner_id = False
        message = self._receive(model="crm.lead", res_id=lead.id)
        message.author_id = False
        self._collect()
        self.assertFalse(self._touchpoints())
        lead.partner_id = self.anna
        self._collect()
        self.assertEqual(self._touchpoints().contact_id, self.anna)
        lead.partner_id = self.ben  # not his address
        self._collect()
        self.assertFalse(self._touchpoints())

    def test_colleague_who_buys_is_no_customer(self):
        colleague = self.user_leader.partner_id
        self._make_profiles(colleague)
        self._create_message(recipients=colleague)
        self._collect()
        self.assertFalse(self._touchpoints(colleague))

    def test_who_becomes_a_customer_brings_the_past(self):
        stranger = self._create_customer("Stranger")
        message = self._create_message(recipients=stranger)
        self._collect()
        self.assertFalse(self._touchpoints(stranger))
        self._make_profiles(stranger)
        self._collect()
        self.assertEqual(self._touchpoints(stranger).source_id, message.id)

    def test_contact_moves_to_another_account(self):
        other = self._create_customer("Other")
        profile = self._make_profiles(other)
        self._create_message()
        self._create_event()
        self._collect()
        self.assertEqual(len(self._touchpoints()), 2)
        self.anna.parent_id = other
        self._collect()
        self.assertFalse(self._touchpoints())
        self.assertEqual(self._touchpoints(other).profile_id, profile)
        self.assertEqual(len(self._touchpoints(other)), 2)
        self.assertFalse(self.profile.last_contact_date)
        self.assertTrue(profile.last_contact_date)

    def test_company_of_the_document(self):
        both = self._make_profiles(self.customer, company=self.company_2)
        lead = self.env["crm.lead"].create(
            {
                "name": "Lead",
                "partner_id": self.anna.id,
                "company_id": self.company_2.id,
            }
        )
        self._create_message(model="crm.lead", res_id=lead.id)
        self._create_message()  # of the salesman of the first company
        self._create_message(record_company_id=self.company_2.id)
        self._collect()
        self.assertEqual(self._touchpoints().mapped("profile_id"), self.profile + both)
        self.assertEqual(
            [touchpoint.profile_id for touchpoint in self._touchpoints().sorted("id")],
            [both, self.profile, both],
        )

    def test_document_of_a_company_without_the_customer(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Lead",
                "partner_id": self.anna.id,
                "company_id": self.company_2.id,
            }
        )
        self._create_message(model="crm.lead", res_id=lead.id)
        self._collect()
        self.assertFalse(self._touchpoints())

    def test_switched_off_company_keeps_what_it_has(self):
        message = self._create_message()
        self._collect()
        self.company.lifecycle_enabled = False
        message.unlink()
        self._collect()
        self.assertTrue(self._touchpoints())

    def test_words_are_read_with_the_reader_s_rights(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Lead",
                "partner_id": self.anna.id,
                "user_id": self.user_salesman_2.id,
            }
        )
        self._create_message(model="crm.lead", res_id=lead.id, subject="Secret")
        self._collect()
        touchpoint = self._touchpoints()
        self.assertEqual(touchpoint.with_user(self.user_all).subject, "Secret")
        self.env.invalidate_all()
        mine = touchpoint.with_user(self.user_salesman_2.browse())
        mine = touchpoint.with_user(self.user_leader)
        self.assertNotIn("Secret", f"{mine.subject}{mine.source_text}")

    def test_mailing_to_many_is_no_touchpoint(self):
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.user_all)
            .with_context(
                active_model="res.partner", active_ids=(self.anna + self.ben).ids
            )
            .create(
                {
                    "composition_mode": "mass_mail",
                    "model": "res.partner",
                    "subject": "News",
                    "body": "<p>News</p>",
                    "res_ids": str((self.anna + self.ben).ids),
                    "auto_delete": False,
                    "auto_delete_keep_log": True,
                    "partner_ids": [Command.clear()],
                }
            )
        )
        composer.action_send_mail()
        self._collect()
        self.assertFalse(self._touchpoints())
