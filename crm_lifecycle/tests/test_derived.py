# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from .common import TestLifecycleCommon, TestLifecycleCompanies

DERIVED = (
    "silence_days",
    "lateness",
    "abc_share",
    "share_of_wallet",
    "is_late",
    "is_expected_this_week",
    "is_dormant",
    "is_potential_stale",
    "meets_vip_criteria",
    "misses_vip_criteria",
    "has_no_responsible",
)


class TestDerived(TestLifecycleCommon):
    """One definition: reading, searching, sorting, grouping and summing agree."""

    def _make(self, name="Customer", **columns):
        return self._make_profiles(self._create_customer(name), **columns)

    def _found(self, profiles, *conditions):
        return self.Profile.search([("id", "in", profiles.ids), *conditions])

    def test_silence_and_lateness(self):
        late = self._make(
            stage="regular",
            last_purchase_date=self.day(45),
            rhythm_days=30.0,
            purchase_count=3,
        )
        in_time = self._make(
            last_purchase_date=self.day(15), rhythm_days=30.0, purchase_count=3
        )
        once = self._make(last_purchase_date=self.day(400), purchase_count=1)
        never = self._make()
        profiles = late + in_time + once + never
        self.assertEqual(profiles.mapped("silence_days"), [45, 15, 400, 0])
        self.assertEqual(profiles.mapped("lateness"), [1.5, 0.5, 0.0, 0.0])
        self.assertEqual(profiles.mapped("is_late"), [True, False, False, False])
        self.assertEqual(self._found(profiles, ("is_late", "=", True)), late)
        self.assertEqual(self._found(profiles, ("silence_days", ">", 45)), once)
        self.assertEqual(
            self._found(profiles, ("silence_days", ">=", 15), ("lateness", "<", 1)),
            in_time + once,
            "no rhythm counts as 0, as in every number of the ORM",
        )
        self.assertEqual(
            self.Profile.search(
                [("id", "in", profiles.ids)], order="silence_days desc nulls last, id"
            ),
            once + late + in_time + never,
        )
        self.assertEqual(
            profiles.filtered_domain([("silence_days", ">", 40)]), late + once
        )
        self.assertEqual(
            profiles.filtered_domain([("is_late", "!=", True)]), in_time + once + never
        )

    def test_a_write_makes_them_stale(self):
        profile = self._make(last_purchase_date=self.day(45))
        self.assertEqual(profile.silence_days, 45)
        profile._write_people({"last_purchase_date": self.day(5)})
        self.assertEqual(profile.silence_days, 5)

    def test_groups_and_aggregates(self):
        profiles = self._make(
            last_purchase_date=self.day(10), revenue=300, window_purchase_count=1
        )
        profiles += self._make(
            last_purchase_date=self.day(30), revenue=100, window_purchase_count=3
        )
        profiles += self._make(
            last_purchase_date=self.day(30), revenue=0, window_purchase_count=0
        )
        domain = [("id", "in", profiles.ids)]
        self.assertEqual(
            self.Profile._read_group(domain, ["silence_days"], ["__count"]),
            [(10, 1), (30, 2)],
        )
        [(silence, average)] = self.Profile._read_group(
            domain, [], ["silence_days:avg", "average_purchase:avg"]
        )
        self.assertAlmostEqual(float(silence), 70 / 3)
        self.assertEqual(average, 100, "400 of revenue in 4 purchases")
        [group] = self.Profile.formatted_read_group(
            domain, [], ["average_purchase:avg"]
        )
        self.assertEqual(group["average_purchase:avg"], 100)

    def test_share_of_wallet(self):
        known = {"potential_date": self.day(5)}
        half = self._make(revenue=500, potential_amount=1000, **known)
        more = self._make(revenue=150, potential_amount=100, **known)
        zero = self._make(revenue=100, potential_amount=0, **known)
        unknown = self._make(revenue=100, potential_amount=0)
        profiles = half + more + zero + unknown
        self.assertEqual(profiles.mapped("share_of_wallet"), [0.5, 1.5, 0.0, 0.0])
        self.assertEqual(self._found(profiles, ("share_of_wallet", ">", 1)), more)
        [(share,)] = self.Profile._read_group(
            [("id", "in", profiles.ids)], [], ["share_of_wallet:avg"]
        )
        self.assertAlmostEqual(float(share), 650 / 1100, msg="not (0.5 + 1.5) / 2")
        self.company.lifecycle_window_days = 730
        self.env.invalidate_all()
        self.assertEqual(half.share_of_wallet, 0.25)

    def test_abc_share(self):
        self.company.lifecycle_limits = {"total": "2000.00"}
        ranked = self._make(revenue=500, abc_class="a")
        newcomer = self._make(revenue=500, abc_class="n")
        without = self._make(revenue=0)
        profiles = ranked + newcomer + without
        self.assertEqual(profiles.mapped("abc_share"), [0.25, 0.0, 0.0])
        self.assertEqual(self._found(profiles, ("abc_share", ">", 0.2)), ranked)
        self.company.lifecycle_limits = False
        self.env.invalidate_all()
        self.assertEqual(ranked.abc_share, 0)

    def test_dormant_prospects(self):
        old = {"added_date": self.day(400)}
        dormant = self._make(last_document_date=self.day(181), **old)
        limit = self._make(last_document_date=self.day(180), **old)
        called = self._make(
            last_document_date=self.day(300), last_contact_date=self.day(3), **old
        )
        agreed = self._make(stage="active", **old)
        buyer = self._make(stage="working", **old)
        new = self._make(added_date=self.day(1))
        profiles = dormant + limit + called + agreed + buyer + new
        self.assertEqual(
            self._found(profiles, ("is_dormant", "=", True)),
            (dormant + agreed).sorted("id"),
        )
        self.assertEqual(profiles.filtered("is_dormant"), dormant + agreed)
        self.company.lifecycle_dormant_days = 100
        self.env.invalidate_all()
        self.assertTrue(limit.is_dormant)

    def test_expected_this_week(self):
        monday = self.today - timedelta(days=self.today.weekday())
        days = [-1, 0, 6, 7]
        profiles = self.Profile
        for shift in days:
            profiles += self._make(expected_purchase_date=monday + timedelta(shift))
        profiles += self._make()
        self.assertEqual(
            profiles.mapped("is_expected_this_week"), [False, True, True, False, False]
        )
        self.assertEqual(
            self._found(profiles, ("is_expected_this_week", "=", True)),
            profiles[1:3].sorted("id"),
        )

    def test_stale_potential(self):
        fresh = self._make(potential_date=self.day(365), potential_amount=1)
        stale = self._make(potential_date=self.day(366), potential_amount=1)
        never = self._make()
        profiles = fresh + stale + never
        self.assertEqual(profiles.mapped("is_potential_stale"), [False, True, False])
        self.assertEqual(
            self._found(profiles, ("is_potential_stale", "=", True)), stale
        )

    def test_vip_criteria(self):
        rich_partner = self._make(stage="partner", revenue=1000)
        rich_buyer = self._make(stage="working", revenue=1000)
        poor_vip = self._make(stage="vip", revenue=10, is_vip=True)
        profiles = rich_partner + rich_buyer + poor_vip
        self.assertFalse(any(profiles.mapped("meets_vip_criteria")))
        self.assertFalse(any(profiles.mapped("misses_vip_criteria")))
        self.company.lifecycle_vip_min_revenue = 500
        self.env.invalidate_all()
        self.assertEqual(
            self._found(profiles, ("meets_vip_criteria", "=", True)),
            (rich_partner + rich_buyer).sorted("id"),
        )
        self.company.lifecycle_vip_stage_id = self.stage("regular")
        self.env.invalidate_all()
        self.assertEqual(
            self._found(
                profiles, ("meets_vip_criteria", "=", True), ("is_vip", "=", False)
            ),
            rich_partner,
        )
        self.assertEqual(
            self._found(
                profiles, ("misses_vip_criteria", "=", True), ("is_vip", "=", True)
            ),
            poor_vip,
        )

    def test_the_client_is_told(self):
        description = self.Profile.fields_get(
            DERIVED, ["searchable", "sortable", "groupable", "aggregator", "store"]
        )
        self.assertEqual(set(description), set(DERIVED))
        for name, told in description.items():
            with self.subTest(field=name):
                self.assertFalse(told["store"])
                self.assertTrue(told["searchable"])
                self.assertTrue(told["sortable"])
                self.assertTrue(told["groupable"])
        self.assertEqual(description["silence_days"]["aggregator"], "avg")
        self.assertEqual(description["abc_share"]["aggregator"], "sum")

    def test_every_definition_reads_as_it_searches(self):
        profiles = self._make(
            stage="regular",
            revenue=100,
            abc_class="c",
            last_purchase_date=self.day(50),
            rhythm_days=12.5,
            expected_purchase_date=self.day(38),
            potential_date=self.day(900),
            potential_amount=400,
        )
        profiles += self._make(added_date=self.day(500))
        self.company.lifecycle_limits = {"total": "1000"}
        self.company.lifecycle_vip_min_revenue = 50
        for profile in profiles:
            for name in DERIVED:
                with self.subTest(field=name, profile=profile.id):
                    found = self._found(profile, (name, "=", profile[name]))
                    self.assertEqual(found, profile)

    def test_reading_many_is_one_query_for_all_fields(self):
        profiles = self._make_profiles(self._create_customers(300))
        profiles.mapped("revenue")
        profiles.company_id.mapped("lifecycle_limits")
        before = self.env.cr.sql_log_count
        for name in DERIVED:
            profiles.mapped(name)
        self.assertLess(self.env.cr.sql_log_count - before, 12)

    def test_a_new_record_has_nothing(self):
        draft = self.Profile.new({"last_purchase_date": self.day(3)})
        self.assertFalse(draft.silence_days)
        self.assertFalse(draft.is_dormant)


class TestDerivedOfCompanies(TestLifecycleCompanies):
    def test_each_company_has_its_own_day_and_settings(self):
        self.company.lifecycle_tz = "Pacific/Kiritimati"  # UTC+14
        self.company_2.lifecycle_tz = "Pacific/Niue"  # UTC-11
        self.company_2.lifecycle_dormant_days = 5
        partner = self._create_customer()
        day = self.engine._today(self.company_2) - timedelta(days=20)
        columns = {"last_purchase_date": day, "added_date": day}
        one = self._make_profiles(partner, **columns)
        two = self._make_profiles(partner, company=self.company_2, **columns)
        ahead = (
            self.engine._today(self.company) - self.engine._today(self.company_2)
        ).days
        self.assertGreaterEqual(ahead, 1)
        companies = [self.company.id, self.company_2.id]
        for env in (
            self.env(user=self.user_both, context={"allowed_company_ids": companies}),
            self.env(su=True),
        ):
            with self.subTest(su=env.su):
                profiles = (one + two).with_env(env)
                profiles.invalidate_recordset()
                self.assertEqual(profiles.mapped("silence_days"), [20 + ahead, 20])
                self.assertEqual(profiles.mapped("is_dormant"), [False, True])
                found = profiles.search(
                    [("id", "in", profiles.ids), ("silence_days", "=", 20)]
                )
                self.assertEqual(found.ids, two.ids)
                found = profiles.search(
                    [("id", "in", profiles.ids), ("is_dormant", "=", True)]
                )
                self.assertEqual(found.ids, two.ids)
