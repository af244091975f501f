# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from odoo.tests import tagged, warmup

from .common import TestLifecycleCommon

CUSTOMERS = 10000


@tagged("post_install", "-at_install")
class TestProfileLists(TestLifecycleCommon):
    """However many customers there are, a list costs the same few queries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls()
        cls.partners = cls._create_many_customers(CUSTOMERS)
        cls.profiles = case._make_profiles(
            cls.partners,
            stage="regular",
            user_id=cls.user_salesman.id,
            team_id=cls.team_1.id,
            abc_class="b",
            revenue=100,
            rhythm_days=30.0,
            last_purchase_date=case.day(10),
        )
        cls.domain = [("partner_id", "in", cls.partners.ids)]
        arch = cls.Profile.get_view(
            cls.env.ref("crm_lifecycle.crm_lifecycle_profile_view_list").id, "list"
        )["arch"]
        cls.fields = [node.get("name") for node in etree.fromstring(arch).iter("field")]

    def _specification(self):
        many2one = {"fields": {"display_name": {}}}
        return {
            name: many2one if self.Profile._fields[name].type == "many2one" else {}
            for name in self.fields
        }

    def _as_salesman(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.Profile.with_user(self.user_salesman)

    @warmup
    def test_list(self):
        Profile, specification = self._as_salesman(), self._specification()
        with self.assertQueryCount(26):  # 20; 23 with the columns of key accounts
            result = Profile.web_search_read(
                [("user_id", "=", self.user_salesman.id)], specification, limit=80
            )
        self.assertEqual(result["length"], CUSTOMERS)
        self.assertEqual(len(result["records"]), 80)

    @warmup
    def test_completeness_costs_one_query(self):
        """A column of a page of 80, though every card is judged by many fields."""
        self.assertIn("completeness", self.fields)
        self.profiles[:40].competitor_ids = self.env["crm.lifecycle.competitor"].create(
            {"name": "Rival"}
        )

        def read(names):
            Profile = self._as_salesman()
            before = self.env.cr.sql_log_count
            page = Profile.web_search_read(
                self.domain, dict.fromkeys(names, {}), limit=80
            )
            return page["records"], self.env.cr.sql_log_count - before

        read(["revenue", "completeness"])  # what Odoo looks up once
        without = read(["revenue"])[1]
        records, count = read(["revenue", "completeness"])
        # what is asked for, of which categories and in which stages; the page
        self.assertLessEqual(count - without, 4)
        cards = self.profiles.browse([record["id"] for record in records])
        for record, card in zip(records[::20], cards[::20], strict=True):
            self.env.invalidate_all()
            self.assertEqual(record["completeness"], card.completeness)
        values = {record["completeness"] for record in records}
        self.assertEqual(len(values), 2, "with a competitor and without")

    @warmup
    def test_list_in_groups(self):
        Profile, specification = self._as_salesman(), self._specification()
        aggregates = [
            *("revenue:sum", "average_purchase:avg", "rhythm_days:avg"),
            *("lateness:avg", "share_of_wallet:avg"),
        ]
        with self.assertQueryCount(27):  # 21; 24 with the columns of key accounts
            result = Profile.web_read_group(
                [("user_id", "=", self.user_salesman.id)],
                ["stage_id"],
                aggregates,
                limit=80,
                auto_unfold=True,
                unfold_read_specification=specification,
                unfold_read_default_limit=80,
            )
        [group] = [group for group in result["groups"] if group["__count"]]
        self.assertEqual(group["revenue:sum"], 100 * CUSTOMERS)
        self.assertEqual(group["lateness:avg"], 1 / 3)

    @warmup
    def test_pivot(self):
        Profile = self._as_salesman()
        with self.assertQueryCount(6):  # 4
            Profile.formatted_read_grouping_sets(
                [("user_id", "=", self.user_salesman.id)],
                [["stage_id", "abc_class"], ["stage_id"], ["abc_class"], []],
                ["revenue:sum", "largest_10_share:avg", "__count"],
            )

    @warmup
    def test_panel(self):
        Profile = self._as_salesman()
        with self.assertQueryCount(6):  # 4
            Profile.search_panel_select_multi_range(
                "stage_id", enable_counters=True, expand=True
            )
