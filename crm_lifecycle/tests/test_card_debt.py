# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .card_common import TestCardCommon
from .common import TestLifecycleCompanies


class DebtMixin:
    def _create_debt(self, partner, ago, due_in=0, amount=100.0, **values):
        """Post an invoice of ``ago`` days ago, due ``due_in`` days later."""
        day, due = self.day(ago), self.day(ago - due_in)
        invoice = self._create_invoice(partner, day, amount, post=False, **values)
        invoice.write({"invoice_payment_term_id": False, "invoice_date_due": due})
        invoice.action_post()
        return invoice

    def _pay(self, invoice, ago):
        """Pay an invoice in full on the day ``ago`` days ago."""
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        register.create({"payment_date": self.day(ago)})._create_payments()


@tagged("post_install", "-at_install")
class TestCardDebt(DebtMixin, TestCardCommon):
    def test_balance_and_overdue_debt(self):
        self._create_debt(self.customer, 50, due_in=30, amount=100)
        self._create_debt(self.buyer, 10, due_in=30, amount=40)
        self._create_debt(self.customer, 60, due_in=5, amount=7)
        self._create_invoice(self.customer, self.day(3), 1000, post=False)
        # A salesperson has no right in accounting and knows what the customer owes.
        card = self._card(self.customer, self.user_salesman)
        self.assertEqual(card.debt_balance, 147)
        self.assertEqual(card.debt_overdue, 107)
        self.assertEqual(card.debt_overdue_days, 55)
        self.assertFalse(card.payment_discipline)

    def test_credit_lowers_the_balance(self):
        self._create_debt(self.customer, 20, amount=100)
        self._create_invoice(self.customer, self.day(2), 30, move_type="out_refund")
        card = self._card(self.customer)
        self.assertEqual(card.debt_balance, 70)
        self.assertEqual(card.debt_overdue, 70)  # what is owed at all
        self._create_invoice(self.customer, self.day(1), 90, move_type="out_refund")
        card = self._card(self.customer)
        self.assertEqual(card.debt_balance, -20)
        self.assertEqual(card.debt_overdue, 0)
        self.assertEqual(card.debt_overdue_days, 0)

    def test_payment_discipline(self):
        punctual = self._create_debt(self.customer, 100, due_in=30)
        late = self._create_debt(self.customer, 100, due_in=30)
        old = self._create_debt(self.customer, 500, due_in=30)
        self._pay(punctual, 80)
        self._pay(late, 60)
        self._pay(old, 100)
        card = self._card(self.customer, self.user_salesman)
        self.assertEqual(card.payment_count, 2)
        self.assertEqual(card.payment_late_count, 1)
        self.assertEqual(card.payment_days_late, 5)  # 0 and 10 days
        self.assertEqual(card.debt_balance, 0)
        self.assertIn("1", card.payment_discipline)

    def test_many_cards_at_once(self):
        self._create_debt(self.customer, 20, amount=100)
        self._create_debt(self.other, 20, amount=50)
        cards = self._recompute(self.customer + self.other)
        self.env.invalidate_all()
        cards.mapped("debt_balance")  # one query for both
        debts = {card.partner_id: card.debt_balance for card in cards}
        self.assertEqual(debts, {self.customer: 100, self.other: 50})


@tagged("post_install", "-at_install")
class TestCardDebtCompanies(DebtMixin, TestLifecycleCompanies):
    def test_each_company_knows_its_own(self):
        self._load_accounts()
        customer = self._create_customer("Shared")
        self._create_debt(customer, 20, amount=100)
        self._create_debt(customer, 20, amount=999, company=self.company_2)
        self._create_order(customer, self.day(5), amount=11)
        self._create_order(customer, self.day(4), amount=22, company=self.company_2)
        card = self._recompute(customer)
        card_2 = self._recompute(customer, company=self.company_2)
        companies = (self.company + self.company_2).ids
        both = (card + card_2).with_user(self.user_both)
        both = both.with_context(allowed_company_ids=companies)
        self.assertEqual(both.mapped("debt_balance"), [100, 999])
        amounts = [profile.purchase_timeline["days"][0][1] for profile in both]
        self.assertEqual(amounts, [11, 22])
        names = [profile.recent_order_ids.mapped("company_id") for profile in both]
        self.assertEqual(names, [self.company, self.company_2])
        mine = card.with_user(self.user_all)
        self.assertEqual(mine.debt_balance, 100)
        self.assertFalse(
            self.Profile.with_user(self.user_all).search([("id", "=", card_2.id)])
        )
