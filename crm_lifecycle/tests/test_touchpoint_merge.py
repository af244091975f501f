# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .touchpoint_common import TestTouchpointCommon


class TestTouchpointMerge(TestTouchpointCommon):
    def setUp(self):
        super().setUp()
        self.other = self._create_customer("Acme twice")
        self.olga = self._create_customer(
            "Olga", parent_id=self.other.id, is_company=False
        )

    def _merge(self, source, destination):
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (source + destination).ids, destination
        )
        self.env.invalidate_all()
        self.assertFalse(source.exists())

    def test_meeting_with_both_is_one_afterwards(self):
        profile = self._make_profiles(self.other)
        both = self._create_event(partners=self.anna + self.olga)
        theirs = self._create_event(start=self.ago(days=1), partners=self.olga)
        self._collect()
        promise = self.env["crm.promise"].create(
            {"name": "x", "profile_id": profile.id, "date_due": self.day(0)}
        )
        kept = self._touchpoints()
        self._merge(self.other, self.customer)
        touchpoints = self._touchpoints()
        self.assertEqual(set(touchpoints.mapped("source_id")), {both.id, theirs.id})
        self.assertIn(kept, touchpoints)
        self.assertEqual(touchpoints.profile_id, self.profile)
        self.assertEqual(kept.contact_id + kept.contact_ids, self.anna + self.olga)
        self.assertEqual(promise.profile_id, self.profile)
        before = touchpoints
        self._collect()
        self.assertEqual(self._touchpoints(), before)

    def test_decision_about_the_one_that_goes_is_kept(self):
        self._make_profiles(self.other)
        self._create_event(partners=self.anna + self.olga)
        self._collect()
        self._touchpoints(self.other).write({"outcome": "order", "note": "Two"})
        self._touchpoints(self.other).set_ignored("Not a contact")
        self._merge(self.other, self.customer)
        self.assertRecordValues(
            self._touchpoints(),
            [{"outcome": "order", "note": "Two", "is_ignored": False}],
        )

    def test_no_note_is_lost(self):
        self._make_profiles(self.other)
        for start in (3, 6):
            self._create_event(
                start=self.ago(hours=start), partners=self.anna + self.olga
            )
        self._collect()
        for customer, words in (
            (self.customer, ("Prices", "Same")),
            (self.other, ("Delivery", "Same")),
        ):
            for touchpoint, note in zip(
                self._touchpoints(customer), words, strict=True
            ):
                touchpoint.note = note
        self._merge(self.other, self.customer)
        notes = self._touchpoints().mapped("note")
        self.assertEqual(notes, ["Prices\nDelivery", "Same"])

    def test_no_profile_on_the_other_side(self):
        self._make_profiles(self.other, company=self.company_2)
        self._create_event(partners=self.olga)
        self._collect()
        touchpoint = self._touchpoints(self.other)
        self._merge(self.other, self.customer)
        self.assertRecordValues(
            touchpoint,
            [{"partner_id": self.customer.id, "company_id": self.company_2.id}],
        )

    def test_people_merged(self):
        event = self._create_event(partners=self.anna + self.ben)
        self._collect()
        self._merge(self.ben, self.anna)
        touchpoint = self._touchpoints()
        self.assertEqual(touchpoint.source_id, event.id)
        self.assertEqual(touchpoint.contact_id, self.anna)
        self._collect()
        self.assertEqual(self._touchpoints(), touchpoint)
        self.assertFalse(touchpoint.contact_ids)
