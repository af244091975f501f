# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter

from odoo.tools import SQL

from .common import TestLifecycleCompanies


class TestLifecycleFieldsCommon(TestLifecycleCompanies):
    """Customers whose profiles differ in owner, company and figures, and a check that
    every way of asking the database agrees with what Python reads, record by record.
    """

    FIELDS = (
        "lifecycle_stage_id",
        "lifecycle_category_id",
        "lifecycle_is_vip",
        "lifecycle_is_key_account",
        "lifecycle_user_id",
        "lifecycle_profile_id",
        "lifecycle_abc_class",
        "lifecycle_revenue",
        "lifecycle_margin",
        "lifecycle_purchase_count",
        "lifecycle_rhythm_days",
        "lifecycle_last_purchase_date",
        "lifecycle_is_lapsed",
        "lifecycle_lost_reason_id",
        "lifecycle_loyalty_rung",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # customer  responsible      company    company 2
        # --------- ---------------- ---------- ----------
        # mine      user_salesman    working    (none)
        # other     user_salesman_2  vip        potential
        # nobodys   nobody           potential  (none)
        # team      user_leader      regular    (none)
        # abroad    user_salesman_3  (none)     working
        # stranger  (no profile)
        names = ("mine", "other", "nobodys", "team", "abroad", "stranger")
        cls.customers = cls._create_customers(len(names), name="Fields")
        for name, customer in zip(names, cls.customers, strict=True):
            setattr(cls, name, customer)
        cls.child = cls._create_customer(
            "Child", is_company=False, parent_id=cls.mine.id
        )
        cls.contacts = cls.customers + cls.child

    def setUp(self):
        super().setUp()
        self._make_profiles(
            self.mine,
            stage="working",
            user_id=self.user_salesman.id,
            team_id=self.team_1.id,
            category_id=self.category("b").id,
            abc_class="b",
            revenue=500,
            margin=50,
            purchase_count=2,
            last_purchase_date=self.day(10),
            loyalty_rung="buyer",
        )
        self._make_profiles(
            self.other,
            stage="vip",
            user_id=self.user_salesman_2.id,
            team_id=self.team_2.id,
            category_id=self.category("vip").id,
            is_vip=True,
            is_lapsed=True,
            abc_class="a",
            revenue=9000,
            margin=900,
            purchase_count=20,
            rhythm_days=12.5,
            last_purchase_date=self.day(70),
            loyalty_rung="loyal",
        )
        self._make_profiles(self.nobodys, category_id=self.category("prospect").id)
        self._make_profiles(
            self.team,
            stage="regular",
            user_id=self.user_leader.id,
            team_id=self.team_1.id,
            is_key_account=True,
            revenue=500,
            purchase_count=3,
            rhythm_days=30,
            last_purchase_date=self.day(40),
            lost_reason_id=self.env["crm.lifecycle.lost.reason"].search([], limit=1).id,
        )
        self._make_profiles(self.other, company=self.company_2, revenue=7)
        self._make_profiles(
            self.abroad,
            company=self.company_2,
            stage="working",
            user_id=self.user_salesman_3.id,
            revenue=70,
            purchase_count=1,
        )

    def _as(self, records, user, company=None):
        """Return the records as a user of a company sees them."""
        company = company or user.company_id
        return records.with_user(user).with_context(
            allowed_company_ids=company.ids, active_test=False
        )

    def assertFieldsAgree(self, records):
        """Check search, count, filter, order, groups, sums and export of `records`."""
        for name in self.FIELDS:
            if name in records._fields:
                with self.subTest(field=name, user=records.env.user.name):
                    self.env.invalidate_all()
                    values = {record: record[name] for record in records}
                    self._check_search(records, name, values)
                    self._check_order(records, name)
                    self._check_groups(records, name, values)
                    self._check_aggregates(records, name, values)

    def _check_search(self, records, name, values):
        is_number = records._fields[name].type in ("integer", "float", "monetary")
        for value in [*set(values.values()), False, *([0] if is_number else [])]:
            operand = value.id if hasattr(value, "_name") else value
            for operator, is_wanted in (
                ("=", lambda v, value=value: v == value or not (v or value)),
                ("!=", lambda v, value=value: v != value and bool(v or value)),
            ):
                expected = records.filtered(lambda r, ok=is_wanted: ok(values[r]))
                domain = [(name, operator, operand)]
                found = records.search([("id", "in", records.ids)] + domain)
                self.assertEqual(set(found), set(expected), domain)
                self.assertEqual(records.filtered_domain(domain), expected, domain)
                self.assertEqual(
                    records.search_count([("id", "in", records.ids)] + domain),
                    len(expected),
                    domain,
                )

    def _check_order(self, records, name):
        for direction in ("", " desc"):
            order = f"{name}{direction}, id"
            found = records.search([("id", "in", records.ids)], order=order)
            self.assertEqual(found, records.sorted(order), order)

    def _check_groups(self, records, name, values):
        is_date = records._fields[name].type == "date"
        groups = records._read_group(
            [("id", "in", records.ids)],
            [f"{name}:month" if is_date else name],
            ["__count", "id:recordset"],
        )
        expected = Counter(
            (value and value.replace(day=1)) if is_date else value
            for value in values.values()
        )
        self.assertEqual({key: count for key, count, __ in groups}, dict(expected))
        for group in records.formatted_read_group(
            [("id", "in", records.ids)],
            [f"{name}:month" if is_date else name],
            ["__count"],
        ):
            domain = [("id", "in", records.ids), *group["__extra_domain"]]
            self.assertEqual(records.search_count(domain), group["__count"], domain)

    def _check_aggregates(self, records, name, values):
        if records._fields[name].type not in ("integer", "float", "monetary"):
            return
        [(total, average)] = records._read_group(
            [("id", "in", records.ids)], [], [f"{name}:sum", f"{name}:avg"]
        )
        column = name.removeprefix("lifecycle_")
        having = [
            values[record]
            for record in records
            if record.lifecycle_profile_id
            and self._has_figure(record.lifecycle_profile_id, column)
        ]
        self.assertAlmostEqual(total, sum(values.values()), 2)
        self.assertAlmostEqual(
            average or 0, sum(having) / len(having) if having else 0, 2
        )

    def _has_figure(self, profile, column):
        [(has_figure,)] = self.env.execute_query(
            SQL(
                "SELECT %s IS NOT NULL FROM crm_lifecycle_profile WHERE id = %s",
                SQL.identifier(column),
                profile.id,
            )
        )
        return has_figure
