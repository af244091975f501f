# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from .playbook_common import TestPlaybookCommon


class TestPlaybookLetters(TestPlaybookCommon):
    """Letters, who gets none, requests for feedback, opportunities."""

    def test_letter_waits_in_the_queue(self):
        playbook = self._on_working(plan_id=False, template_id=self._create_letter().id)
        partner = self._buyer()
        person = self._create_customer(
            "Olga", parent_id=partner.id, is_company=False, email="olga@example.com"
        )
        self._react()
        mail = self._mails(person)
        self.assertRecordValues(
            mail, [{"state": "outgoing", "author_id": self.user_salesman.partner_id.id}]
        )
        self.assertIn("Olga", mail.body_html)
        link = person._get_refusal_link(self.company, "olga@example.com")
        self.assertIn(f'href="{link}"', mail.body_html)
        self.assertNotIn("&lt;", mail.body_html, "the letter itself stays as it is")
        self.assertIn(f"<{link}>", mail.headers)
        self.assertNotIn(link, mail.mail_message_id.body, "colleagues click nothing")
        self.assertEqual(self._runs(playbook).template_id, playbook.template_id)
        profile = self._profile(partner)
        self.assertIn(playbook.name, profile.letters_seen)
        lead = self.env["crm.lead"].create({"name": "x", "partner_id": person.id})
        seen = lead.with_user(self.user_salesman).lifecycle_letters_seen
        self.assertIn(playbook.name, seen)
        self.assertFalse(lead.with_user(self.user_salesman_2).lifecycle_letters_seen)
        # it is no contact somebody made
        self.assertFalse(profile.last_contact_date)

    def test_letter_about_the_card(self):
        letter = self._create_letter("crm.lifecycle.profile")
        self._on_working(plan_id=False, template_id=letter.id)
        partner = self._buyer(email="buyer@example.com")
        self._react()
        self.assertEqual(self._mails(partner).res_id, self._profile(partner).id)

    def test_who_gets_no_letter(self):
        playbook = self._on_working(plan_id=False, template_id=self._create_letter().id)
        no_address = self._buyer("No address")
        listed = self._buyer("Listed", email="listed@example.com")
        refused = self._buyer("Refused", email="refused@example.com")
        gladly = self._buyer("Gladly", email="gladly@example.com")
        self.env["mail.blacklist"]._add("listed@example.com")
        self.env["crm.contact.consent"].create(
            [
                {"partner_id": refused.id, "state": "refused", "date": self.day(3)},
                {"partner_id": gladly.id, "state": "refused", "date": self.day(3)},
                {"partner_id": gladly.id, "state": "given", "date": self.day(1)},
            ]
        )
        self._react()
        self.assertEqual(self._customers_of(playbook), gladly)
        self.assertEqual(
            set(self._customers_of(playbook, "skipped")), {no_address, listed, refused}
        )
        self.assertFalse(self._mails(no_address + listed + refused))
        playbook.is_on = False
        both = self._on_working(template_id=playbook.template_id.id)
        partner = self._buyer("Called instead")
        self._react()
        self.assertEqual(self._runs(both).state, "done")
        self.assertIn("No letter", self._runs(both).message)
        self.assertTrue(self._activities(partner))

    def test_feedback_is_asked_for(self):
        playbook = self._on_working(plan_id=False, asks_feedback=True)
        partner = self._buyer("Asked", email="asked@example.com")
        nobody = self._buyer("No address")
        self._react()
        request = self.env["crm.feedback.request"].search(
            [("profile_id", "=", self._profile(partner).id)]
        )
        self.assertEqual(len(request), 1)
        self.assertEqual(self._customers_of(playbook), partner)
        self.assertEqual(self._customers_of(playbook, "skipped"), nobody)
        self.assertIn("e-mail address", self._runs(playbook, "skipped").message)

    def test_opportunity(self):
        tag = self.env["crm.tag"].create({"name": "Playbook test"})
        playbook = self._on_working(
            plan_id=False,
            makes_opportunity=True,
            opportunity_name="More",
            tag_ids=[Command.set(tag.ids)],
            team_id=self.team_2.id,
        )
        partner = self._buyer("Acme")
        self._react()
        self.assertRecordValues(
            self._runs(playbook).lead_id,
            [
                {
                    "name": "More: Acme",
                    "type": "opportunity",
                    "partner_id": partner.id,
                    "user_id": self.user_salesman.id,
                    "team_id": self.team_2.id,
                    "tag_ids": tag.ids,
                    "company_id": self.company.id,
                }
            ],
        )
