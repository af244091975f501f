# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .reports_common import ReportsCommon

FIGURES = [
    *("attempt_count:sum", "ended_count:sum", "returned_count:sum"),
    *("returned_share:avg", "days:avg", "value_at_stake:sum", "revenue:sum"),
]


class TestWinbackReport(ReportsCommon):
    report = "crm.winback.report"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls()
        reasons = cls.env["crm.lifecycle.lost.reason"].create(
            [{"name": "Price"}, {"name": "Delivery"}]
        )
        # customer  reason    began  state     returned  stake
        # --------  --------  -----  --------  --------  -----
        # ann       Price       900  won back       880    100
        # ann       Price       700  won back       690    200
        # bob       Price       100  given up              400
        # cid       Delivery     50  won back        20    800
        # dan       Delivery     10  running              1000
        # eve       Delivery     10  merged               1000
        names = ("Ann", "Bob", "Cid", "Dan", "Eve")
        cls.profiles = {
            name: case._make_profiles(cls._create_customer(name)) for name in names
        }
        cls.profiles["Ann"]._set_responsible(cls.user_salesman)
        cls.profiles["Cid"]._set_responsible(cls.user_salesman_2)
        for name, reason, began, state, result, returned, stake in (
            ("Ann", 0, 900, "won_back", "purchase", 880, 100),
            ("Ann", 0, 700, "won_back", "purchase", 690, 200),
            ("Bob", 0, 100, "given_up", "no", None, 400),
            ("Cid", 1, 50, "won_back", "purchase", 20, 800),
            ("Dan", 1, 10, "running", False, None, 1000),
            ("Eve", 1, 10, "given_up", "merged", None, 1000),
        ):
            cls.env["crm.winback.attempt"].sudo().create(
                {
                    "profile_id": cls.profiles[name].id,
                    "lost_reason_id": reasons[reason].id,
                    "user_id": cls.user_salesman.id,
                    "argument": "Speed",
                    "state": state,
                    "result": result,
                    "date_start": case.day(began),
                    "return_date": returned and case.day(returned),
                    "value_at_stake": stake,
                }
            )
        ann = cls.profiles["Ann"].partner_id
        for ago, amount in ((881, 1), (880, 2), (700, 4), (690, 8), (326, 16)):
            case._create_order(ann, case.day(ago), amount)
        case._create_order(ann, case.day(325), 32)  # a year after the second return
        cid = cls.profiles["Cid"].partner_id
        case._create_order(cid, case.day(20), 64)
        case._create_order(cid, case.day(5), 128)
        cls.domain = [
            ("profile_id", "in", [profile.id for profile in cls.profiles.values()])
        ]

    def test_ratios_of_groups(self):
        figures = self._figures(self.domain, ["lost_reason_id"], FIGURES)
        self.assertEqual(
            figures,
            {
                # 2 + 4 of the first return, 8 + 16 of the second
                ("Price",): (3, 3, 2, round(2 / 3, 6), 15, 700, 30),
                ("Delivery",): (3, 1, 1, 1, 30, 2800, 192),
            },
        )
        figures = self._figures(self.domain, [], FIGURES)
        self.assertEqual(figures[()], (6, 4, 3, 0.75, 20, 3500, 222))

    def test_who_sees_whom(self):
        for user, count in (
            (self.user_salesman, 6),  # the owner of all
            (self.user_leader, 5),  # all but Cid, who is the other team's
            (self.user_salesman_2, 4),  # Cid and nobody's
            (self.user_all, 6),
        ):
            with self.subTest(user=user.login):
                figures = self._figures(self.domain, [], FIGURES[:1], user)
                self.assertEqual(figures[()], (count,))
        figures = self._figures(
            self.domain, [], FIGURES[:1], self.user_manager_2, self.company_2
        )
        self.assertEqual(figures[()], (None,))

    def test_by_owner_and_month(self):
        figures = self._figures(self.domain, ["owner_id"], FIGURES[:1])
        self.assertEqual(figures, {(self.user_salesman.name,): (6,)})
        rows = self.env[self.report].search([*self.domain, ("state", "=", "running")])
        self.assertEqual(rows.action_open_card()["res_id"], self.profiles["Dan"].id)
        self.assertFalse(rows.returned_share, "not ended")
