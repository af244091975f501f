# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .reports_common import ReportsCommon

NAMES = (
    "lifecycle_stage_id",
    "lifecycle_category_id",
    "lifecycle_sale_stage_id",
    "lifecycle_sale_category_id",
)


class TestSaleReport(ReportsCommon):
    """Stage and category of today and of the day of the order."""

    report = "sale.report"

    def _by_day(self, partner, company=None):
        self.env.flush_all()  # Odoo's report does not say what it depends on
        self.env.invalidate_all()
        company = company or self.company
        rows = self.env[self.report].with_context(allowed_company_ids=company.ids)
        rows = rows.search(
            [("partner_id", "child_of", partner.id), ("company_id", "=", company.id)]
        )
        return {
            row.date.date(): tuple(row[name].code or None for name in NAMES)
            for row in rows
        }

    def test_now_and_at_the_sale(self):
        ann = self._create_customer("Ann")
        contact = self._create_customer("Cid", parent_id=ann.id, is_company=False)
        self._create_orders(ann, [90, 60])
        self._create_orders(contact, [30, 10])
        profile = self._make_profiles(
            ann, stage="vip", category_id=self.category("vip").id
        )
        new, class_c = self.category("new"), self.category("c")
        self._move(profile, None, "working", 60, to_category_id=new.id)
        # noticed before a change of stage that is true from an earlier day
        self._move(
            *(profile, "working", "working", 25),
            from_category_id=new.id,
            to_category_id=class_c.id,
        )
        self._move(
            *(profile, "working", "regular", 30),
            from_category_id=class_c.id,
            to_category_id=class_c.id,
        )
        now = ("vip", "vip")
        self.assertEqual(
            self._by_day(ann),
            {
                self.day(90): (*now, None, None),
                self.day(60): (*now, "working", "new"),
                self.day(30): (*now, "regular", "new"),
                self.day(10): (*now, "regular", "c"),
            },
        )
        self._check_groups(ann)

    def _check_groups(self, ann):
        groups = self._figures(
            [("commercial_partner_id", "=", ann.id)],
            ["lifecycle_sale_category_id", "lifecycle_sale_stage_id"],
            ["price_subtotal:sum", "order_reference:count_distinct"],
        )
        self.assertEqual(
            groups,
            {
                (False, False): (100, 1),
                ("New", "working"): (100, 1),
                ("New", "regular"): (100, 1),
                ("C", "regular"): (100, 1),
            },
        )

    def test_the_day_is_that_of_the_company(self):
        self.company.lifecycle_tz = "Pacific/Kiritimati"  # UTC+14
        ann = self._create_customer("Ann")
        order = self._create_order(ann, self.day(10))
        profile = self._make_profiles(ann)
        self._move(profile, None, "working", 9)
        order.date_order = self.noon(self.day(10))  # 02:00 of the next day there
        [row] = self._by_day(ann).values()
        self.assertEqual(row[2], "working")
        self.company.lifecycle_tz = "UTC"
        [row] = self._by_day(ann).values()
        self.assertEqual(row[2], None)

    def test_each_company_has_its_own(self):
        ann = self._create_customer("Ann")
        for company, code in ((self.company, "working"), (self.company_2, "regular")):
            self._create_order(ann, self.day(5), company=company)
            profile = self._make_profiles(ann, company=company, stage=code)
            self._move(profile, None, code, 8)
        for company, code in ((self.company, "working"), (self.company_2, "regular")):
            [row] = self._by_day(ann, company).values()
            self.assertEqual((row[0], row[2]), (code, code))

    def test_margin_is_shown_where_there_is_one(self):
        view = self.env.ref("crm_lifecycle.sale_report_view_pivot")
        arch = self.env[self.report].get_view(view.id, "pivot")["arch"]
        has_margin = "margin" in self.env[self.report]._fields
        self.assertEqual('name="margin"' in arch, has_margin)

    def test_who_may_read_it(self):
        """Stage and category are open, so a colleague's customer shows them in the
        salesman's own orders, and nobody else's orders are there."""
        ann = self._create_customer("Ann")
        own = self._create_order(ann, self.day(5), user_id=self.user_salesman.id)
        self._create_order(ann, self.day(6), user_id=self.user_salesman_2.id)
        profile = self._make_profiles(ann, stage="working")
        profile._set_responsible(self.user_salesman_2)
        self.env.flush_all()
        rows = (
            self.env[self.report]
            .with_user(self.user_salesman)
            .search([("partner_id", "=", ann.id)])
        )
        self.assertEqual(rows.order_reference, own)
        self.assertEqual(rows.lifecycle_stage_id, self.stage("working"))
