# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from odoo import fields

from .common import TestLifecycleCompanies


class TestTouchpointCommon(TestLifecycleCompanies):
    """A customer with two people, and the collection without its commits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Touchpoint = cls.env["crm.touchpoint"]
        now = fields.Datetime.now()
        companies = cls.company + cls.company_2
        companies.lifecycle_baseline_at = now
        companies.lifecycle_touchpoint_since = now.date() - timedelta(730)
        cls.customer = cls._create_customer("Acme")
        cls.anna, cls.ben = cls.env["res.partner"].create(
            [
                {"name": name, "parent_id": cls.customer.id, "email": email}
                for name, email in (
                    ("Anna", "anna@acme.example.com"),
                    ("Ben", "ben@acme.example.com"),
                )
            ]
        )
        cls.call = cls.env.ref("crm_lifecycle.crm_touchpoint_channel_call")
        cls.meeting = cls.env.ref("crm_lifecycle.crm_touchpoint_channel_meeting")
        cls.email = cls.env.ref("crm_lifecycle.crm_touchpoint_channel_email")
        cls.message = cls.env.ref("crm_lifecycle.crm_touchpoint_channel_message")
        cls.visit = cls.env.ref("crm_lifecycle.crm_touchpoint_channel_visit")
        cls.call_type = cls.env.ref("mail.mail_activity_data_call")

    def setUp(self):
        super().setUp()
        self.profile = self._make_profiles(
            self.customer, user_id=self.user_salesman.id, team_id=self.team_1.id
        )

    def ago(self, **span):
        """Return a moment of the past, in whole seconds."""
        return fields.Datetime.now() - timedelta(**span)

    def _collect(self):
        """Run the step of the job in this transaction."""
        self.env.cr.flush()
        with patch.object(type(self.engine), "_commit_progress", lambda *_a, **_k: 0):
            self.engine._collect_touchpoints()
        self.env.invalidate_all()

    def _forget_collection(self):
        """As before the first collection, in a database without done activities."""
        self.env.cr.flush()
        self.env.cr.execute("DELETE FROM crm_touchpoint_source")
        self.env.cr.execute("DELETE FROM mail_activity WHERE active IS FALSE")
        self.env.invalidate_all()

    def _touchpoints(self, partner=None):
        partner = partner or self.customer
        return self.Touchpoint.search([("partner_id", "=", partner.id)], order="date")

    def _create_event(self, start=None, hours=1.0, partners=None, **values):
        """Create a meeting of the salesman with Anna that is over."""
        start = start or self.ago(hours=3)
        partners = self.anna if partners is None else partners
        return (
            self.env["calendar.event"]
            .with_user(self.user_salesman)
            .with_context(no_mail_to_attendees=True, dont_notify=True)
            .create(
                {
                    "name": "Review",
                    "start": start,
                    "stop": start + timedelta(hours=hours),
                    "user_id": self.user_salesman.id,
                    "partner_ids": [
                        fields.Command.set(
                            (self.user_salesman.partner_id + partners).ids
                        )
                    ],
                    **values,
                }
            )
        )

    def _create_message(self, author=None, recipients=None, **values):
        """Create a message as the salesman's e-mail to Anna, unless told otherwise."""
        author = author or self.user_salesman.partner_id
        user = author.user_ids[:1] or self.env.ref("base.user_root")
        recipients = self.anna if recipients is None else recipients
        return (
            self.env["mail.message"]
            .with_user(user)
            .sudo()
            .create(
                {
                    "model": "res.partner",
                    "res_id": self.anna.id,
                    "message_type": "comment",
                    "subtype_id": self.env.ref("mail.mt_comment").id,
                    "author_id": author.id,
                    "email_from": author.email,
                    "partner_ids": [fields.Command.set(recipients.ids)],
                    "body": "<p>Our offer</p>",
                    "subject": "Offer",
                    "date": self.ago(hours=2),
                    **values,
                }
            )
        )

    def _create_activity(self, record=None, user=None, activity_type=None, **values):
        """Schedule a call with Anna for the salesman."""
        record = record or self.anna
        return (
            record.with_user(user or self.user_salesman)
            .sudo()
            .activity_schedule(
                activity_type_id=(activity_type or self.call_type).id,
                user_id=(user or self.user_salesman).id,
                summary="Ask how it goes",
                **values,
            )
        )
