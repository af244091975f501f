# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, ValidationError

from .cadence_common import TestCadenceCommon


class TestContactConsent(TestCadenceCommon):
    """What contacts refuse, since when, who sees it."""

    def setUp(self):
        super().setUp()
        self.Consent = self.env["crm.contact.consent"]

    def _note(self, partner, state="refused", channel=None, ago=0, user=None):
        Consent = self.Consent.with_user(user) if user else self.Consent
        return Consent.create(
            {
                "partner_id": partner.id,
                "channel_id": channel.id if channel else False,
                "state": state,
                "date": self.day(ago),
                "proof": "Said so on the telephone",
            }
        )

    def _refused(self, partner):
        partner.invalidate_recordset()
        return partner.lifecycle_refused_channel_ids

    def test_latest_entry_decides(self):
        self._note(self.anna, channel=self.call, ago=20)
        self.assertEqual(self._refused(self.anna), self.call)
        self._note(self.anna, "given", self.call, ago=10)
        self.assertFalse(self._refused(self.anna))
        self._note(self.anna, "withdrawn", self.call, ago=15)  # noted later, but older
        self.assertFalse(self._refused(self.anna))
        self._note(self.anna, "withdrawn", self.call, ago=10)  # the same day, later
        self.assertEqual(self._refused(self.anna), self.call)

    def test_every_channel(self):
        channels = self.env["crm.touchpoint.channel"].search([])
        everything = self._note(self.anna, ago=5)
        self.assertEqual(self._refused(self.anna), channels)
        mail = self._note(self.anna, "given", self.email, ago=2)
        self.assertEqual(self._refused(self.anna), channels - self.email)
        self.assertTrue(everything.is_current)
        self.assertTrue(mail.is_current)
        self._note(self.anna, "given", ago=1)
        self.assertFalse(self._refused(self.anna))
        self.Consent.invalidate_model()
        self.assertFalse(everything.is_current)
        self.assertFalse(mail.is_current)

    def test_blacklists(self):
        self.env["mail.blacklist"]._add(self.anna.email)
        self.assertEqual(self._refused(self.anna), self.email)
        self.anna.write({"phone": "+1 201-555-0123"})
        self.env["phone.blacklist"].create({"number": self.anna.phone})
        self.assertEqual(self._refused(self.anna) & self.message, self.message)
        self.env["mail.blacklist"]._remove(self.anna.email)
        self.assertNotIn(self.email, self._refused(self.anna))

    def test_customer_refuses_when_all_its_people_do(self):
        self._note(self.anna, channel=self.call)
        self.profile.invalidate_recordset()
        self.assertFalse(self.profile.refused_channel_ids)
        self.assertFalse(self.profile.has_refused_channel)
        self._note(self.ben, channel=self.call)
        self.profile.invalidate_recordset()
        self.assertEqual(self.profile.refused_channel_ids, self.call)
        found = self.Profile.search([("has_refused_channel", "=", True)])
        self.assertIn(self.profile, found)
        self.ben.active = False
        self._note(self.anna, "given", self.call)
        self.profile.invalidate_recordset()
        self.assertFalse(self.profile.refused_channel_ids)

    def test_plan_says_so(self):
        rule = self._create_rule(date_start=self.day(60))
        rule.channel_ids += self.email
        self._note(self.customer, channel=self.call)
        self.assertEqual(self._get_clock(rule).refused_text, self.call.name)

    def test_not_in_the_future(self):
        with self.assertRaises(ValidationError):
            self._note(self.anna, ago=-2)

    def test_history_is_kept(self):
        """Who noted it adds the proof; the rest stays, but for managers."""
        entry = self._note(self.anna, user=self.user_salesman)
        self.assertEqual(entry.user_id, self.user_salesman)
        entry.proof = "Letter of May"
        with self.assertRaises(AccessError):
            entry.state = "given"
        with self.assertRaises(AccessError):
            entry.unlink()
        entry.with_user(self.user_manager).state = "given"
        borrowed = self.Consent.with_user(self.user_salesman).create(
            {"partner_id": self.anna.id, "user_id": self.user_leader.id}
        )
        self.assertEqual(borrowed.user_id, self.user_salesman, "in his own name")

    def test_seen_by_who_sees_the_contact(self):
        entry = self._note(self.anna)
        self.anna.company_id = self.company
        self.customer.company_id = self.company
        for user, seen in (
            (self.user_salesman, True),
            (self.user_salesman_2, True),
            (self.user_manager, True),
            (self.user_salesman_3, False),
        ):
            self.assertEqual(
                bool(self.Consent.with_user(user).search([("id", "=", entry.id)])),
                seen,
                user.name,
            )
        for user in (self.user_internal, self.user_portal):
            with self.assertRaises(AccessError):
                self.Consent.with_user(user).search([])
        with self.assertRaises(AccessError):
            self._note(self.anna, user=self.user_salesman_3)
