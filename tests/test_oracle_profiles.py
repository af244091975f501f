"""More cases worked out by hand: invoices, who has a profile, the oracle itself.

``TODAY`` is 15 March 2026; days ago count back from it.
"""

from datetime import timedelta

from tests import oracle
from tests.support import reader
from tests.support.oracle_case import TODAY
from tests.support.simple import CaseByHand, day, noon


class TestInvoices(CaseByHand):
    def setUp(self):
        super().setUp()
        self.company.lifecycle_basis = "invoice"

    def test_credit_notes(self):
        """Half credited stays a purchase, fully credited (in two notes) does not."""
        half, whole = self.builder.partner(), self.builder.partner()
        for partner, shares in ((half, (50,)), (whole, (50, 50))):
            invoice = self.builder.invoice(partner, day(20), 100)
            for number, share in enumerate(shares):
                self.builder.invoice(
                    partner,
                    day(10 - number),
                    share,
                    move_type="out_refund",
                    reversed_entry_id=invoice,
                )
        self.classify(cause="baseline")
        self.assertEqual(self.profile(half).purchase_count, 1)
        self.assertEqual(self.profile(half).revenue, 50)
        self.assertEqual(self.profile(whole).purchase_count, 0)
        self.assertEqual(self.profile(whole).revenue, 0)
        self.assertEqual(self.stage(whole), "potential")
        self.assertEqual(self.profile(whole).last_document_date, day(9))

    def test_credit_note_of_tomorrow_does_not_count_today(self):
        partner = self.builder.partner()
        invoice = self.builder.invoice(partner, day(20), 100)
        self.builder.invoice(
            partner,
            day(-1),
            100,
            move_type="out_refund",
            reversed_entry_id=invoice,
        )
        self.classify(cause="baseline")
        self.assertEqual(self.stage(partner), "working")
        self.assertEqual(self.profile(partner).next_evaluation_date, day(-1))
        self.classify(today=day(-1))
        self.assertEqual(self.profile(partner).purchase_count, 0)
        self.assertEqual(self.profile(partner).revenue, 0)
        self.assertEqual(self.stage(partner), "potential")

    def test_orders_are_no_purchases_but_agree(self):
        partner = self.buyer(4)
        self.classify(cause="baseline")
        self.assertEqual(self.stage(partner), "active")
        self.assertEqual(self.profile(partner).revenue, 0)


class TestProfiles(CaseByHand):
    def test_who_has_a_profile(self):
        """By documents, leads of the company, or rank when bound to the company."""
        quoted = self.builder.partner()
        self.builder.order(quoted, noon(1), 5, state="draft")
        contact_of = self.builder.partner()
        contact = self.builder.partner("Contact", parent=contact_of)
        self.builder.lead(contact, self.planter.stages[0], noon(1))
        ranked = self.builder.partner(customer_rank=1, company_id=self.company.id)
        strangers = [
            self.builder.partner(),
            self.builder.partner(customer_rank=1),
        ]
        elsewhere = self.builder.partner(company_id=self.other.id)
        self.builder.order(elsewhere, noon(1), 5)
        own = self.company.partner_id.id
        self.builder.order(own, noon(1), 5, state="draft")
        no_company = self.builder.partner()
        self.builder.lead(no_company, self.planter.stages[0], noon(1), company_id=None)
        self.classify(cause="baseline")
        for partner in (quoted, contact_of, ranked):
            self.assertTrue(self.profile(partner))
        for partner in (*strangers, elsewhere, own, contact, no_company):
            self.assertFalse(self.profile(partner))

    def test_archived_customer_is_inactive_and_unranked(self):
        gone, there = self.buyer(5, active=False), self.buyer(5)
        self.classify(cause="baseline")
        self.assertFalse(self.profile(gone).active)
        self.assertEqual(self.profile(gone).purchase_count, 1)
        self.assertFalse(self.profile(gone).abc_class)
        self.assertEqual(self.profile(there).abc_class, "a")
        self.builder.order(gone, noon(1), 5)
        self.classify()
        self.assertEqual(self.profile(gone).purchase_count, 1)
        self.env["res.partner"].browse(gone).action_unarchive()
        self.recompute(gone)
        self.assertTrue(self.profile(gone).active)
        self.assertEqual(self.profile(gone).purchase_count, 2)

    def test_one_transition_at_the_baseline_and_none_after_it(self):
        partner = self.buyer(5, amount=500)
        self.classify(cause="baseline")
        self.assertEqual(
            self.transitions(partner), [(day(5), "baseline", False, "working")]
        )
        self.assertTrue(self.profile(partner).transition_ids.reacted_at)
        self.assertEqual(self.classify(), {"written": 0, "transitions": 0})

    def test_a_new_customer_after_the_baseline_reacts(self):
        self.classify(cause="baseline")
        bought, asked = self.buyer(0), self.builder.partner()
        self.builder.lead(asked, self.planter.stages[0], noon(0))
        self.recompute([bought, asked][0])
        self.recompute(asked)
        self.assertEqual(
            self.transitions(bought), [(TODAY, "purchase", False, "working")]
        )
        self.assertEqual(
            self.transitions(asked), [(TODAY, "event", False, "potential")]
        )
        self.assertFalse(self.profile(asked).transition_ids.reacted_at)

    def test_contacts_buy_for_their_customer(self):
        partner = self.buyer(5)
        contact = self.builder.partner("Contact", parent=partner)
        self.builder.order(contact, noon(2), 7)
        self.classify(cause="baseline")
        self.assertEqual(self.profile(partner).purchase_count, 2)
        self.assertFalse(self.profile(contact))
        self.builder.order(contact, noon(1), 7)
        self.recompute(contact)
        self.assertEqual(self.profile(partner).purchase_count, 3)

    def test_the_other_company_s_documents_do_not_count(self):
        partner = self.buyer(5)
        self.other_builder.order(partner, noon(2), 7)
        self.classify(cause="baseline")
        self.engine._recompute(self.other, today=TODAY, cause="baseline")
        self.assertEqual(self.profile(partner).revenue, 100)
        self.assertEqual(self.profile(partner, self.other).revenue, 7)


class TestOracleItself(CaseByHand):
    """The reader must see what is stored, or comparing would prove nothing."""

    def test_a_changed_column_is_noticed(self):
        partner = self.buyer(5)
        self.classify(cause="baseline")
        base, stored = self.read_base(), self.read_rows()
        rows, steps = oracle.full(base, {}, TODAY, "baseline")
        self.check((rows, steps))
        for column, value in (
            ("revenue", 99),
            ("rhythm_days", 3),
            ("last_document_date", TODAY),
            ("abc_class", "b"),
            ("recency_score", 2),
            ("is_lapsed", True),
        ):
            with self.example():
                self.decide(partner, **{column: value})
                with self.assertRaises(AssertionError, msg=column):
                    self.check((rows, steps))
        self.assertEqual(self.read_rows(), stored)

    def test_a_missing_transition_is_noticed(self):
        self.buyer(5)
        self.classify(cause="baseline")
        rows, steps = oracle.full(self.read_base(), {}, TODAY, "baseline")
        self.assertEqual(len(reader.read_steps(self.env, self.company)), len(steps))
        with self.assertRaises(AssertionError):
            self.check((rows, steps[1:]))

    def test_unchanged_until_finds_the_day(self):
        partner = self.buyer(5)
        self.classify(cause="baseline")
        base, rows = self.read_base(), self.read_rows()
        found = oracle.unchanged_until(base, rows[partner], TODAY, 100)
        self.assertEqual(found, TODAY + timedelta(86))  # no longer a newcomer
