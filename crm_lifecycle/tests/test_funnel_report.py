# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .reports_common import ReportsCommon

FIGURES = ["__count", "customer_count:sum", "revenue:sum", "days_in_stage:avg"]


class TestFunnelReport(ReportsCommon):
    report = "crm.lifecycle.funnel.report"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls()
        # customer  revenue  moves (days ago)
        # --------  -------  -------------------------------------------------------
        # ann           100  potential 100, working 60, regular 10
        # bob           200  potential 90, working 80
        # cid           400  potential 90, working 70, potential 50, working 40
        # dan            50  regular 300 (baseline), lost 20, regular 5
        cls.profiles = {}
        for name, revenue in (("Ann", 100), ("Bob", 200), ("Cid", 400), ("Dan", 50)):
            cls.profiles[name] = case._make_profiles(
                cls._create_customer(name), revenue=revenue, stage="working"
            )
        case._walk("Ann", ("potential", 100), ("working", 60), ("regular", 10))
        case._walk("Bob", ("potential", 90), ("working", 80))
        case._walk(
            *("Cid", ("potential", 90), ("working", 70)),
            *(("potential", 50), ("working", 40)),
        )
        case._move(cls.profiles["Dan"], None, "regular", 300, "baseline")
        case._move(cls.profiles["Dan"], "regular", "lost_recoverable", 20, "time")
        case._move(cls.profiles["Dan"], "lost_recoverable", "regular", 5, "purchase")
        cls.domain = [
            ("profile_id", "in", [profile.id for profile in cls.profiles.values()])
        ]

    def _walk(self, name, *steps):
        """Move a customer from step to step (stage, days ago)."""
        before = None
        for code, ago in steps:
            self._move(self.profiles[name], before, code, ago)
            before = code

    def test_moves_between_stages(self):
        figures = self._figures(self.domain, [], FIGURES)
        self.assertEqual(figures[()], (12, 4, 750, 20))
        figures = self._figures(self.domain, ["from_stage_id", "to_stage_id"], FIGURES)
        self.assertEqual(
            figures,
            {
                # the median of 40, 10, 20 and 10; Cid moved twice and counts once
                ("potential", "working"): (4, 3, 700, 15),
                ("working", "regular"): (1, 1, 100, 50),
                ("working", "potential"): (1, 1, 400, 20),
                ("regular", "lost_recoverable"): (1, 1, 50, 280),
                ("lost_recoverable", "regular"): (1, 1, 50, 15),
                (False, "potential"): (3, 3, 700, None),
                (False, "regular"): (1, 1, 50, None),
            },
        )

    def test_directions_and_causes(self):
        figures = self._figures(self.domain, ["direction"], ["__count"])
        self.assertEqual(
            figures,
            {
                ("new",): (4,),
                ("up",): (5,),
                ("down",): (1,),
                ("departed",): (1,),
                ("returned",): (1,),
            },
        )
        figures = self._figures(self.domain, ["cause"], FIGURES[1:3])
        self.assertEqual(
            figures,
            {
                ("event",): (3, 700),
                ("baseline",): (1, 50),
                ("time",): (1, 50),
                ("purchase",): (1, 50),
            },
        )

    def test_of_a_period(self):
        """The days before a move count from a move that the period leaves out."""
        figures = self._figures(
            [*self.domain, ("date", ">=", self.day(45))], [], FIGURES
        )
        self.assertEqual(figures[()], (4, 3, 550, 32.5), "280, 15, 50 and 10 days")

    def test_changes_of_category_are_no_moves(self):
        ann = self.profiles["Ann"]
        self._move(
            *(ann, "working", "working", 30),
            from_category_id=self.category("new").id,
            to_category_id=self.category("c").id,
        )
        self._move(ann, "working", "regular", 4)
        figures = self._figures([("profile_id", "=", ann.id)], [], FIGURES)
        self.assertEqual(figures[()], (4, 1, 100, 40), "40, 50 and 6 days")

    def test_backdated_and_forgotten_moves(self):
        eve = self._make_profiles(self._create_customer("Eve"))
        self._move(eve, "potential", "working", 10)  # what was before is deleted
        self._move(eve, "working", "regular", 12)  # noticed later, true from before
        rows = self.env[self.report].search([("profile_id", "=", eve.id)])
        self.assertEqual(rows.mapped("days_in_stage"), [0, 0])
        figures = self._figures([("profile_id", "=", eve.id)], [], FIGURES)
        self.assertEqual(figures[()], (2, 1, 0, 0))
        self.env.cr.execute(
            "UPDATE crm_lifecycle_profile SET is_excluded = TRUE WHERE id = %s",
            [eve.id],
        )
        self.assertFalse(self.env[self.report].search([("profile_id", "=", eve.id)]))

    def test_by_manager_team_region_and_category(self):
        country = self.env.ref("base.us")
        state = self.env.ref("base.state_us_5")
        ann = self.profiles["Ann"]
        ann.partner_id.write({"country_id": country.id, "state_id": state.id})
        ann._set_responsible(self.user_salesman)
        ann._write_people({"category_id": self.category("b").id})
        for field, value in (
            ("user_id", self.user_salesman),
            ("team_id", self.team_1),
            ("country_id", country),
            ("state_id", state),
            ("category_id", self.category("b")),
        ):
            with self.subTest(field=field):
                figures = self._figures(self.domain, [field], FIGURES)
                self.assertEqual(figures[(value.name,)], (3, 1, 100, 45))
                self.assertEqual(figures[(False,)][:3], (9, 3, 650))

    def test_two_currencies(self):
        third = self._make_euro_company()
        partner = self._create_customer("Ann")
        other = self._make_profiles(partner, company=third, revenue=1000)
        self._move(other, None, "potential", 3)
        both = self.company + third
        domain = [("profile_id", "in", [other.id, self.profiles["Ann"].id])]
        figures = self._figures(domain, ["company_id"], FIGURES[1:3], companies=both)
        self.assertEqual(
            figures, {(self.company.name,): (1, 100), (third.name,): (1, 500)}
        )
        figures = self._figures(domain, [], FIGURES[1:3], companies=both)
        self.assertEqual(figures[()], (2, 600))
        figures = self._figures(
            domain, [], FIGURES[1:3], user=self.user_both, companies=third
        )
        self.assertEqual(figures[()], (1, 1000), "in its own currency")

    def test_way_to_the_customers(self):
        rows = self.env[self.report].search(
            [("profile_id", "=", self.profiles["Cid"].id)]
        )
        action = rows.action_open_customers()
        self.assertEqual(
            self.Profile.search(action["domain"]), self.profiles["Cid"], "once"
        )
        self.assertEqual(rows[0].action_open_card()["res_id"], rows[0].profile_id.id)

    def test_the_reason_is_shown(self):
        partner = self._create_customer("Fay")
        self._create_order(partner, self.day(3))
        self._recompute(partner)
        row = self.env[self.report].search([("partner_id", "=", partner.id)])
        self.assertEqual(row.reason_text, row.transition_id.reason_text)
        self.assertTrue(row.reason_text)
