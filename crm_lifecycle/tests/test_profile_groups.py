# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .reports_common import ReportsCommon

SHARES = ["largest_1_share:avg", "largest_5_share:avg", "largest_10_share:avg"]


class TestProfileGroups(ReportsCommon):
    """Ratios of a group are made of sums, in whatever way it is grouped."""

    report = "crm.lifecycle.profile"

    def _make(self, **columns):
        return self._make_profiles(self._create_customer("Customer"), **columns)

    def _of(self, profiles, aggregates, groupby=(), **options):
        return self._figures(
            [("id", "in", profiles.ids)], list(groupby), aggregates, **options
        )

    def test_rhythm_and_lateness(self):
        often = self._make(
            rhythm_days=10.0,
            turn_number=11,
            last_purchase_date=self.day(15),
            abc_class="a",
        )
        seldom = self._make(
            rhythm_days=100.0,
            turn_number=3,
            last_purchase_date=self.day(40),
            abc_class="a",
        )
        once = self._make(
            turn_number=1, last_purchase_date=self.day(900), abc_class="b"
        )
        never = self._make()
        aggregates = ["rhythm_days:avg", "lateness:avg"]
        everyone = often + seldom + once + never
        self.assertEqual(
            self._of(everyone, aggregates),
            # 10 gaps of 10 days and 2 of 100; 55 days of silence against 110
            {(): (25, 0.5)},
        )
        self.assertEqual(
            self._of(everyone, aggregates, ["abc_class"]),
            {("a",): (25, 0.5), ("b",): (None, None), (False,): (None, None)},
        )
        for profile in everyone:
            with self.subTest(profile=profile.id):
                [(rhythm, lateness)] = self._of(profile, aggregates).values()
                self.assertEqual(rhythm or 0, profile.rhythm_days)
                self.assertEqual(lateness or 0, profile.lateness)

    def test_concentration(self):
        profiles = self.Profile
        for number, revenue in enumerate((500, 200, 100, 50, 50, 40, 30, 20, 5, 3, 2)):
            profile = self._make(revenue=revenue)
            owner = self.user_salesman if number in (1, 2) else self.user_leader
            profile._set_responsible(owner)
            profiles += profile
        # credit notes above purchases, and nothing at all: no customers of revenue
        profiles += self._make(revenue=-400) + self._make(revenue=0)
        profiles[-2:]._set_responsible(self.user_leader)
        self.assertEqual(self._of(profiles, SHARES), {(): (0.5, 0.9, 0.998)})
        self.assertEqual(
            self._of(profiles, SHARES, ["user_id"]),
            {
                (self.user_salesman.name,): (round(2 / 3, 6), 1, 1),
                (self.user_leader.name,): (
                    round(500 / 700, 6),
                    round(670 / 700, 6),
                    1,
                ),
            },
        )
        self.assertEqual(self._of(profiles[-2:], SHARES), {(): (None, None, None)})
        self.assertEqual(profiles[0].largest_1_share, 1, "a group of one")
        self.assertEqual(profiles[-1].largest_10_share, 0)
        self.assertEqual(
            self._of(profiles, SHARES[:1], user=self.user_salesman),
            {(): (round(2 / 3, 6),)},
            "of the customers one may see",
        )

    def test_concentration_of_two_currencies(self):
        third = self._make_euro_company()
        profiles = self._make(revenue=300) + self._make(revenue=500, company=third)
        profiles += self._make(revenue=900, company=third)
        both = self.company + third
        self.assertEqual(self._of(profiles, SHARES[:1], companies=both), {(): (0.45,)})
        self.assertEqual(
            self._of(profiles, SHARES[:1], ["company_id"], companies=both),
            {(self.company.name,): (1,), (third.name,): (round(9 / 14, 6),)},
        )

    def test_average_purchase_of_two_currencies(self):
        third = self._make_euro_company()
        profiles = self._make(revenue=300, window_purchase_count=1)
        profiles += self._make(revenue=-80, window_purchase_count=0)
        profiles += self._make(revenue=400, window_purchase_count=4, company=third)
        both = self.company + third
        self.assertEqual(
            self._of(profiles, ["average_purchase:sum_currency"], companies=both),
            {(): (100,)},
            "300 and the half of 400, in 5 purchases",
        )

    def test_in_the_pivot(self):
        """Totals and subtotals come from the same expressions as the groups."""
        profiles = self._make(revenue=300, abc_class="a", window_purchase_count=3)
        profiles += self._make(revenue=100, abc_class="b", window_purchase_count=1)
        profiles += self._make(revenue=100, abc_class="b", window_purchase_count=1)
        groups, [total] = self.Profile.formatted_read_grouping_sets(
            [("id", "in", profiles.ids)],
            [["abc_class"], []],
            ["largest_1_share:avg", "average_purchase:avg"],
        )
        self.assertEqual(total["largest_1_share:avg"], 0.6)
        self.assertEqual(total["average_purchase:avg"], 100)
        shares = {group["abc_class"]: group["largest_1_share:avg"] for group in groups}
        self.assertEqual(shares, {"a": 1, "b": 0.5})
