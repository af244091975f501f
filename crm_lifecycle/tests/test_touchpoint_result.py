# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .control_common import ControlCommon

COUNTS = ("contact_count", "request_count", "offer_count", "order_count")


class TestTouchpointResult(ControlCommon):
    """What came of the contacts, by who made them."""

    def setUp(self):
        super().setUp()
        self.Result = self.env["crm.touchpoint.result"]
        self.domain = [("partner_id", "=", self.customer.id)]

    def _touch(self, ago, outcome=None, user=None, channel=None, **columns):
        return self._add_touchpoint(
            self.profile,
            channel or self.call,
            self.noon(self.day(ago)),
            outcome=outcome,
            user_id=(user or self.user_salesman).id,
            **columns,
        )

    def _buy(self, *days):
        orders = self._create_orders(self.customer, days)
        self._recompute(self.customer)
        return orders

    def _figures(self, groupby, *names, aggregator="sum"):
        rows = self.Result._read_group(
            self.domain, [groupby], [f"{name}:{aggregator}" for name in names]
        )
        return {key: figures for key, *figures in rows}

    def test_outcomes_and_orders(self):
        self._touch(60, "request")
        self._touch(55, "offer")
        self._touch(54, "nothing", user=self.user_leader)
        self._touch(20, None, user=self.user_leader)
        self._touch(19, "order", is_ignored=True)
        self._buy(90, 50, 10)  # the first purchase is no repeat order
        self.assertEqual(
            self._figures("maker_id", *COUNTS),
            {
                self.user_salesman: [2, 1, 1, 0],
                # the last contact before each of the two, within 30 days
                self.user_leader: [2, 0, 0, 2],
            },
        )
        shares = self._figures("maker_id", "result_share", aggregator="avg")
        self.assertEqual(shares, {self.user_salesman: [1.0], self.user_leader: [0.0]})
        silent = self._figures("maker_id", "silent_count")
        self.assertEqual(silent[self.user_leader], [1])

    def test_orders_without_a_contact(self):
        self._touch(52)
        self._buy(90, 20)
        figures = self._figures("maker_id", "order_count", "followed_count")
        self.assertEqual(figures[self.env["res.users"]], [1, 0])
        self.company.lifecycle_result_days = 32
        figures = self._figures("maker_id", "order_count", "followed_count")
        self.assertEqual(figures[self.user_salesman], [1, 1])

    def test_a_contact_of_the_same_day_counts_a_later_one_does_not(self):
        self._touch(20)
        self._touch(19, user=self.user_leader)
        self._buy(90, 20)
        figures = self._figures("maker_id", "order_count")
        self.assertEqual(figures[self.user_salesman], [1])
        self.assertEqual(figures[self.user_leader], [0])

    def test_ratios_of_groups(self):
        for ago in (50, 49, 48):
            self._touch(ago, "request")
        self._touch(47, "nothing", direction="in")
        self._touch(20, "nothing", user=self.user_leader, direction="in")
        self._buy(90, 30)
        [figures] = self.Result._read_group(
            self.domain, [], ["own_share:avg", "result_share:avg", "order_share:avg"]
        )
        self.assertEqual([float(figure) for figure in figures], [0.6, 0.6, 0.2])
        by_maker = self._figures("maker_id", "order_share", aggregator="avg")
        self.assertEqual(by_maker[self.user_salesman], [0.25])

    def test_revenue_of_repeat_orders(self):
        self._create_order(self.customer, self.day(90), 1000.0)
        self._create_order(self.customer, self.day(20), 300.0)
        self._create_order(self.customer, self.day(10), 200.0, state="sent")
        self._recompute(self.customer)
        [(revenue, count)] = self.Result._read_group(
            self.domain, [], ["revenue:sum", "order_count:sum"]
        )
        self.assertEqual((revenue, count), (300.0, 1))

    def test_rows_have_their_own_ids(self):
        self._touch(20)
        self._touch(19)
        self._buy(90, 20, 10)
        rows = self.Result.search(self.domain)
        self.assertEqual(len(set(rows.ids)), 4)
        self.assertEqual(rows.mapped("kind").count("order"), 2)
        contact = rows.filtered(lambda row: row.kind == "contact")[0]
        self.assertEqual(
            contact.action_open_touchpoint()["res_id"], contact.touchpoint_id.id
        )

    def test_day_of_the_company(self):
        self.company.lifecycle_tz = "Pacific/Kiritimati"  # UTC+14
        self._touch(20)
        row = self.Result.search(self.domain)
        self.assertEqual((row.date - self.day(20)).days, 1)

    def test_who_sees_whom(self):
        profiles = self._make_owned()
        for profile in profiles.values():
            self._add_touchpoint(
                profile, self.call, self.ago(days=9), user_id=self.user_salesman.id
            )
        ids = [profile.id for profile in profiles.values()]
        domain = [("profile_id", "in", ids)]
        for user, names in self._get_visible().items():
            with self.subTest(user=user.login):
                Result = self._as(user, "crm.touchpoint.result")
                rows = Result.search(domain)
                self.assertEqual(set(rows.partner_id.mapped("name")), names)
                [(count,)] = Result._read_group(domain, [], ["contact_count:sum"])
                self.assertEqual(count, len(names))
