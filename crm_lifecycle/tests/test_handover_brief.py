# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError

from .handover_common import HandoverCommon


class TestHandoverBrief(HandoverCommon):
    """What the new responsible reads: on the screen and on paper."""

    def setUp(self):
        super().setUp()
        self.profile = self.profiles[0]
        self.env["crm.touchpoint.log"].with_user(self.user_salesman).create(
            {
                "partner_id": self.customers[0].id,
                "contact_id": self.person.id,
                "channel_id": self.env.ref(
                    "crm_lifecycle.crm_touchpoint_channel_call"
                ).id,
                "note": "Wants a longer lease",
            }
        )._log()
        self.promise = self.env["crm.promise"].create(
            {
                "name": "Send the price list",
                "profile_id": self.profile.id,
                "date_due": self.day(2),
            }
        )

    def _render(self, profiles, user):
        report = self.env["ir.actions.report"].with_user(user)
        html, __ = report._render_qweb_html(
            "crm_lifecycle.report_handover_brief", profiles.ids
        )
        return html.decode()

    def test_one_customer(self):
        html = self._render(self.profile, self.user_salesman)
        for text in (
            self.customers[0].name,
            "Peggy Person",
            "Wants a longer lease",
            "Send the price list",
        ):
            with self.subTest(text=text):
                self.assertIn(text, html)
        self.assertNotIn("Brief of the Portfolio", html)

    def test_portfolio(self):
        html = self._render(self.profiles, self.user_manager)
        for customer in self.customers:
            self.assertIn(customer.name, html)
        briefs = self.profiles._get_briefs()["briefs"]
        self.assertEqual([brief["card"] for brief in briefs], list(self.profiles))

    def test_red_flags(self):
        self.profile._write_people(
            {"is_vip": True, "vip_review_date": self.day(1), "is_lapsed": True}
        )
        [brief] = self.profile._get_briefs()["briefs"]
        self.assertEqual(len(brief["flags"]), 3)
        self.promise.action_keep()
        self.profile._write_people({"is_vip": False, "is_lapsed": False})
        [brief] = self.profile._get_briefs()["briefs"]
        self.assertEqual(brief["flags"], [])
        untouched = self.profiles[1]._get_briefs()["briefs"][0]
        self.assertEqual(len(untouched["flags"]), 1, "no contact at all")

    def test_five_contacts_and_no_ignored_one(self):
        touchpoint = self.profile.touchpoint_ids
        for number in range(6):
            touchpoint.create(
                {
                    "partner_id": touchpoint.partner_id.id,
                    "channel_id": touchpoint.channel_id.id,
                    "note": f"Call {number}",
                    "date": self.noon(self.day(number + 1)),
                }
            )
        [brief] = self.profile._get_briefs()["briefs"]
        self.assertEqual(len(brief["contacts"]), 5)
        self.assertEqual(brief["contacts"][0]["text"], "Wants a longer lease")
        self.assertEqual(brief["contacts"][4]["text"], "Call 3")
        touchpoint._write({"is_ignored": True})
        self.env.invalidate_all()
        [brief] = self.profile._get_briefs()["briefs"]
        self.assertEqual(brief["contacts"][0]["text"], "Call 0")

    def test_unpaid_invoices_for_whoever_reads_them(self):
        invoice = self._create_invoice(self.customers[0], self.day(40), post=False)
        invoice.write(
            {"invoice_payment_term_id": False, "invoice_date_due": self.day(10)}
        )
        invoice.action_post()
        accountant = self._create_user(
            "accountant",
            "Ann Accountant",
            "sales_team.group_sale_manager,account.group_account_invoice",
        )
        self.env.invalidate_all()
        html = self._render(self.profile, accountant)
        self.assertIn(invoice.name, html)
        self.assertIn("Overdue debt", "".join(self.profile._get_red_flags()))

    def test_norms(self):
        self.assertEqual(self.profile._get_overdue_norms(), [])
        norm = {"name": "A call a week", "due": self.day(3), "days": 3}
        self.patch(type(self.profile), "_get_overdue_norms", lambda card: [norm])
        self.assertIn("A call a week", self._render(self.profile, self.user_salesman))

    def test_only_own_customers(self):
        other = self._make_profiles(
            self._create_customer("Hidden"), user_id=self.user_leader.id
        )
        with self.assertRaises(Exception) as caught:
            self._render(self.profile + other, self.user_salesman)
        self.assertIn("crm.lifecycle.profile", str(caught.exception))

    def test_a_hidden_card_is_not_printed(self):
        """By its address, nor after rules have left its fields in the cache."""
        for user in (self.user_salesman_2, self.user_manager_2):
            self.env.invalidate_all()
            with self.subTest(user.name), self.assertRaises(AccessError):
                self._render(self.profile, user)
            self.profile.sudo().fetch()
            with self.subTest(user.name), self.assertRaises(AccessError):
                self.profile.with_user(user)._get_briefs()

    def test_brief_of_a_handover(self):
        handover = self._hand_over(self._create_handover())
        action = handover.action_print_brief()
        self.assertEqual(set(action["context"]["active_ids"]), set(self.profiles.ids))
        shown = self.profile.action_view_brief()
        self.assertEqual(shown["report_type"], "qweb-html")
