# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from .reports_common import ReportsCommon


class TestSingleReport(ReportsCommon):
    """Customers whom only one of ours met."""

    report = "crm.lifecycle.single.report"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls.env.ref("crm_lifecycle.crm_touchpoint_channel_call")
        cls.customers = cls._create_customers(3, "Known")
        cls.domain = [("partner_id", "in", cls.customers.ids)]

    def setUp(self):
        super().setUp()
        self.profiles = self._make_profiles(
            self.customers,
            user_id=self.user_salesman.id,
            team_id=self.team_1.id,
            revenue=500,
        )

    def _meet(self, profile, user, ago=10, **values):
        Touchpoint = self.env["crm.touchpoint"].with_company(profile.company_id)
        return Touchpoint.create(
            {
                "partner_id": profile.partner_id.id,
                "channel_id": self.call.id,
                "user_id": user.id,
                "date": self.noon(self.day(ago)),
                **values,
            }
        )

    def _names(self, user=None, domain=()):
        rows = self.env[self.report].with_user(user or self.user_manager)
        return rows.search([*self.domain, *domain]).partner_id.mapped("name")

    def test_one_person_and_two(self):
        first, second, third = self.profiles
        self._meet(first, self.user_salesman)
        self._meet(first, self.user_salesman, ago=20)
        self._meet(second, self.user_salesman)
        self._meet(second, self.user_leader, ago=300)
        self._meet(
            third, self.user_salesman, user_ids=[Command.set(self.user_leader.ids)]
        )
        self.assertEqual(self._names(), ["Known 00001"])
        row = self.env[self.report].search(self.domain)
        self.assertEqual(row.contact_user_id, self.user_salesman)
        self.assertEqual(row.contact_count, 2)
        self.assertEqual(row.revenue, 500)
        self.assertTrue(row.is_responsible)
        self.assertEqual(row.last_contact_date, self.day(10))
        self.company.lifecycle_tz = "Asia/Tokyo"
        late = self._meet(first, self.user_salesman, ago=5)
        late.date = late.date.replace(hour=20)
        self.env.invalidate_all()
        row = self.env[self.report].search(self.domain)
        self.assertEqual(row.last_contact_date, self.day(4), "in Tokyo")

    def test_a_year_and_what_does_not_count(self):
        first, second, third = self.profiles
        self._meet(first, self.user_salesman)
        self._meet(first, self.user_leader, ago=400)
        self._meet(second, self.user_salesman)
        self._meet(second, self.user_leader)._write({"is_ignored": True})
        self._meet(third, self.user_salesman, ago=400)
        self.env.invalidate_all()
        self.assertEqual(self._names(), ["Known 00001", "Known 00002"])

    def test_owner_and_who_left(self):
        self.company.lifecycle_owner_ids = [Command.set(self.user_manager.ids)]
        self._meet(self.profiles[0], self.user_manager)
        self._meet(self.profiles[1], self.user_salesman_2)
        self.user_salesman_2.active = False
        self.assertEqual(self._names(domain=[("is_owner", "=", True)]), ["Known 00001"])
        self.assertEqual(self._names(domain=[("has_left", "=", True)]), ["Known 00002"])
        self.assertEqual(
            self._figures(
                self.domain, ["contact_user_id"], ["customer_count:sum", "revenue:sum"]
            ),
            {("Max Manager",): (1, 500), ("Sue Salesman",): (1, 500)},
        )

    def test_rules(self):
        self._meet(self.profiles[0], self.user_salesman)
        other = self._make_profiles(
            self._create_customer("Known 2"),
            company=self.company_2,
            user_id=self.user_salesman_3.id,
        )
        self._meet(other, self.user_salesman_3)
        domain = [("partner_id", "in", [*self.customers.ids, other.partner_id.id])]
        for user, names in (
            (self.user_salesman, {"Known 00001"}),
            (self.user_salesman_2, set()),
            (self.user_leader, {"Known 00001"}),
            (self.user_all, {"Known 00001"}),
            (self.user_manager, {"Known 00001"}),
            (self.user_manager_2, {"Known 2"}),
        ):
            with self.subTest(user=user.login):
                Report = self.env[self.report].with_user(user)
                self.assertEqual(
                    set(Report.search(domain).partner_id.mapped("name")), names
                )
        for user in (self.user_internal, self.user_portal):
            Report = self.env[self.report].with_user(user)
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                Report.search(domain)


class TestOwnerReport(ReportsCommon):
    """Month over month, with and without the owner's customers."""

    report = "crm.lifecycle.owner.report"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls()
        cls.company.lifecycle_owner_ids = [Command.set(cls.user_manager.ids)]
        cls.partners = cls._create_customers(2, "Owned")
        # two months that are over; 100 + 150 with the owner 1000 + 1000
        month = case.today.replace(day=1)
        cls.month_2 = (month - case.one_day).replace(day=1)
        cls.month_1 = (cls.month_2 - case.one_day).replace(day=1)
        for partner, first, second in zip(
            cls.partners, (100, 1000), (150, 1000), strict=True
        ):
            case._create_order(partner, cls.month_1, amount=first)
            case._create_order(partner, cls.month_2, amount=second)
        case._recompute(cls.partners)
        cls.profiles = sum((case._profile(p) for p in cls.partners), cls.Profile)
        cls.profiles[0]._set_responsible(cls.user_salesman)
        cls.profiles[1]._set_responsible(cls.user_manager)
        cls.domain = [("partner_id", "in", cls.partners.ids)]

    @property
    def one_day(self):
        return self.today - self.day(1)

    def test_months(self):
        figures = self._figures(
            [*self.domain, ("date", "<=", self.month_2)],
            ["date:month"],
            [
                "revenue:sum",
                "others_revenue:sum",
                "others_previous:sum",
                "growth:avg",
                "owner_share:avg",
                "customer_count:sum",
            ],
        )
        self.assertEqual(
            figures,
            {
                (self.month_1,): (1100, 100, 0, None, round(1000 / 1100, 6), 2),
                (self.month_2,): (1150, 150, 100, 0.5, round(1000 / 1150, 6), 2),
            },
        )

    def test_a_month_without_revenue_falls_to_nothing(self):
        rows = self._figures(
            [*self.domain, ("date", ">", self.month_2)],
            ["date:month"],
            ["others_previous:sum", "growth:avg"],
        )
        self.assertEqual(list(rows.values()), [(150, -1)])

    def test_owner_is_the_responsible_of_today(self):
        self.profiles[1]._set_responsible(self.user_salesman)
        figures = self._figures(self.domain, [], ["owner_revenue:sum", "revenue:sum"])
        self.assertEqual(figures, {(): (0, 2250)})

    def test_rules(self):
        for user, names in (
            (self.user_salesman, {"Owned 00001"}),
            (self.user_salesman_2, set()),
            (self.user_all, {"Owned 00001", "Owned 00002"}),
            (self.user_manager, {"Owned 00001", "Owned 00002"}),
            (self.user_manager_2, set()),
        ):
            with self.subTest(user=user.login):
                Report = self.env[self.report].with_user(user)
                found = Report.search(self.domain).partner_id.mapped("name")
                self.assertEqual(set(found), names)
