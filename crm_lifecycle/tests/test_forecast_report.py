# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from .reports_common import ReportsCommon

FIGURES = ["purchase_count:sum", "amount:sum"]


class TestForecastReport(ReportsCommon):
    report = "crm.lifecycle.forecast.report"

    def _by_month(self, partners, kind, *more):
        figures = self._figures(
            [("partner_id", "in", partners.ids), ("kind", "=", kind), *more],
            ["date:month"],
            FIGURES,
        )
        return {month: figures for (month,), figures in figures.items()}

    def _expect(self, bought, rhythm, average, allowed):
        """The rule, spelled out day by day: ``{month: (purchases, amount)}``."""
        month = self.today.replace(day=1)
        expected = {}
        for step in range(-12, 13):
            start = month + relativedelta(months=step)
            end = start + relativedelta(months=1)
            seen_on = start if step <= 0 else self.today
            known = {
                day for day in bought if day < start or (step > 0 and day <= seen_on)
            }
            if len(known) < 3 or (seen_on - max(known)).days > allowed:
                continue
            day = max(max(known) + timedelta(days=int(rhythm)), seen_on)
            count, passed = 0, 0
            while day + timedelta(days=passed) < end:
                count += day + timedelta(days=passed) >= start
                passed += rhythm
            if count:
                expected[start] = (count, count * average)
        return expected

    def _came(self, days, amount):
        start = self.today.replace(day=1) - relativedelta(months=12)
        months = Counter(day.replace(day=1) for day in days if day >= start)
        return {month: (count, count * amount) for month, count in months.items()}

    def test_expected_against_came(self):
        ann = self._create_customer("Ann")
        agos = [400, 370, 340, 310, 250, 220, 100, 70, 40, 10]
        self._create_orders(ann, agos, amount=100)
        profile = self._recompute(ann)
        self.assertEqual(profile.rhythm_days, 30)
        days = [self.day(ago) for ago in agos]
        expected = self._expect(days, 30, 100, 90)
        self.assertEqual(self._by_month(ann, "expected"), expected)
        self.assertGreater(len(expected), 15)
        self.assertEqual(self._by_month(ann, "came"), self._came(days, 100))

    def test_what_is_late_is_expected_at_once(self):
        ann = self._create_customer("Ann")
        agos = [130, 100, 70]
        self._create_orders(ann, agos, amount=70)
        self._recompute(ann)
        days = [self.day(ago) for ago in agos]
        self.assertEqual(
            self._by_month(ann, "expected"), self._expect(days, 30, 70, 90)
        )

    def test_half_a_day_of_rhythm(self):
        ann = self._create_customer("Ann")
        agos = [40, 33, 25, 18, 10]  # gaps 7, 8, 7, 8
        self._create_orders(ann, agos, amount=10)
        profile = self._recompute(ann)
        self.assertEqual(profile.rhythm_days, 7.5)
        days = [self.day(ago) for ago in agos]
        self.assertEqual(
            self._by_month(ann, "expected"), self._expect(days, 7.5, 10, 22.5)
        )

    def test_nothing_is_expected_of_the_lost(self):
        silent, declared, archived, excluded = partners = self._create_customers(4)
        self._create_orders(silent, [320, 300, 280])
        for partner in partners[1:]:
            self._create_orders(partner, [100, 70, 40])
        profiles = self._recompute(partners)
        reason = self.env["crm.lifecycle.lost.reason"].search([], limit=1)
        self._profile(declared).declare_lost(reason.id, self.day(20))
        self._profile(excluded).exclude("Our lawyer")
        archived.active = False
        self._recompute(archived)
        to_come = [("period", "=", "future")]
        for partner in partners:
            with self.subTest(partner=partner.name):
                self.assertFalse(self._by_month(partner, "expected", *to_come))
        self.assertTrue(self._by_month(archived, "came"))
        self.assertFalse(self._by_month(excluded, "came"))
        self.assertEqual(len(profiles), 4)

    def test_customers_without_a_rhythm(self):
        ann = self._create_customer("Ann")
        self._create_orders(ann, [70, 40], amount=100)
        self._recompute(ann)
        self.assertFalse(self._by_month(ann, "expected"))
        self.assertTrue(self._by_month(ann, "came", ("has_rhythm", "=", False)))
        self.assertFalse(self._by_month(ann, "came", ("has_rhythm", "=", True)))

    def test_fulfilment_is_a_ratio_of_sums(self):
        first = self.today.replace(day=1) - relativedelta(months=2)
        ann, bob = self._create_customer("Ann"), self._create_customer("Bob")
        # Both have a rhythm of a month before `first`; Bob then buys twice as much.
        for partner, amounts in ((ann, (100, 0)), (bob, (300, 600))):
            for months, amount in zip((3, 2, 1), (amounts[0],) * 3, strict=True):
                day = first - relativedelta(months=months) + timedelta(days=9)
                self._create_order(partner, day, amount=amount)
            if amounts[1]:
                day = first + timedelta(days=9)
                self._create_order(partner, day, amount=amounts[1])
        self._recompute(ann + bob)
        domain = [("partner_id", "in", (ann + bob).ids), ("date", "=", first)]
        amounts = self._figures(domain, ["kind"], ["amount:sum"])
        # Ann: 100 expected, Bob: his average of 375
        expected, came = amounts[("expected",)][0], amounts[("came",)][0]
        self.assertEqual(expected, 475)
        self.assertEqual(came, 600)
        figures = self._figures(domain, [], ["fulfilment:avg"])
        self.assertEqual(figures[()], (round(600 / expected, 6),))
        later = [*domain[:1], ("period", "=", "future")]
        self.assertEqual(self._figures(later, [], ["fulfilment:avg"])[()], (None,))

    def test_by_manager_and_in_two_currencies(self):
        third = self._make_euro_company()
        ann = self._create_customer("Ann")
        for company in (self.company, third):
            for ago in (70, 40, 10):
                self._create_order(ann, self.day(ago), amount=100, company=company)
            self._recompute(ann, company=company)
        self._profile(ann)._set_responsible(self.user_salesman)
        domain = [("partner_id", "=", ann.id), ("kind", "=", "came")]
        figures = self._figures(
            domain, ["user_id"], FIGURES, companies=self.company + third
        )
        self.assertEqual(figures[(self.user_salesman.name,)], (3, 300))
        self.assertEqual(
            sum(amount for __, amount in figures.values()), 450, "100 are 50 there"
        )
