# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, time, timedelta

from odoo.exceptions import AccessError

from ..report.crm_retention_report import MONTHS
from .reports_common import ReportsCommon


class TestRetentionReport(ReportsCommon):
    report = "crm.retention.report"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls()
        cls.company.lifecycle_window_days = 100
        # the last day of the last month, and days before it
        cls.month_end = case.today.replace(day=1) - timedelta(1)
        # customer  purchases, days before that month's end: the window before is
        #           100 to 199 days ago
        # ann       150 (10), 50 (30)  kept
        # bob       199 (10)           not kept: 199 days ago is in the window before
        # cid       200 (10), 5 (20)   bought too early to be asked for
        # dan       100 (5), 0 (5)     kept: 100 is before, 0 is in
        purchases = {
            "Ann": ((150, 10), (50, 30)),
            "Bob": ((199, 10),),
            "Cid": ((200, 10), (5, 20)),
            "Dan": ((100, 5), (0, 5)),
        }
        cls.profiles = {}
        for name, lines in purchases.items():
            partner = cls._create_customer(name)
            for ago, amount in lines:
                case._create_order(partner, cls.month_end - timedelta(ago), amount)
            cls.profiles[name] = case._recompute(partner)
        cls.profiles["Ann"]._set_responsible(cls.user_salesman)
        cls.domain = [("profile_id", "in", [p.id for p in cls.profiles.values()])]

    def test_kept_at_the_end_of_a_month(self):
        domain = [*self.domain, ("kind", "=", "kept"), ("date", "=", self.month_end)]
        figures = ["base_count:sum", "retained_count:sum", "retention:avg"]
        found = self._figures(domain, ["partner_id"], figures)
        self.assertEqual(
            found, {("Ann",): (1, 1, 1), ("Bob",): (1, 0, 0), ("Dan",): (1, 1, 1)}
        )
        found = self._figures(domain, [], figures)
        self.assertEqual(found[()], (3, 2, round(2 / 3, 6)))
        found = self._figures(domain, ["user_id"], figures, self.user_salesman)
        self.assertEqual(found[(self.user_salesman.name,)], (1, 1, 1))

    def test_months(self):
        rows = self.env[self.report].search([*self.domain, ("kind", "=", "kept")])
        for row in rows.filtered(lambda r: r.date != self.today):
            self.assertEqual((row.date + timedelta(1)).day, 1)
        self.assertEqual(len(rows), len(set(rows.ids)))
        self.assertLessEqual(max(rows.mapped("date")), self.today)

    def test_every_month_as_counted_by_hand(self):
        """The report looks at no purchase for each month: this does."""
        eve = self._create_customer("Eve")
        for ago in (799, 650, 510, 510, 409, 330, 329, 200, 60):
            self._create_order(eve, self.month_end - timedelta(ago))
        domain = [
            ("kind", "=", "kept"),
            ("profile_id", "in", [self._recompute(eve).id, *self.domain[0][2]]),
        ]
        found = {
            (row.profile_id, row.date): row.retained_count
            for row in self.env[self.report].search(domain)
        }
        ends = [self.today]
        while len(ends) < MONTHS:
            ends.append(ends[-1].replace(day=1) - timedelta(1))
        counted = {}
        customers = eve.union(*(p.partner_id for p in self.profiles.values()))
        for partner in customers:
            orders = self.env["sale.order"].search([("partner_id", "=", partner.id)])
            for end in ends:
                ages = [(end - order.date_order.date()).days for order in orders]
                if any(100 <= age < 200 for age in ages):
                    kept = any(0 <= age < 100 for age in ages)
                    counted[self._profile(partner), end] = int(kept)
        self.assertEqual(found, counted)
        self.assertEqual(set(counted.values()), {0, 1})

    def test_repeat_revenue(self):
        figures = ["revenue:sum", "existing_revenue:sum", "existing_share:avg"]
        found = self._figures(self.domain, [], figures)
        self.assertEqual(found[()], (90, 55, round(55 / 90, 6)))
        found = self._figures([*self.domain, ("kind", "=", "revenue")], [], figures)
        self.assertEqual(found[()], (90, 55, round(55 / 90, 6)))

    def test_moves_scores_and_attempts(self):
        ann, bob = self.profiles["Ann"], self.profiles["Bob"]
        for profile, *move in (
            (ann, "regular", "lost_recoverable", 30, "time"),
            (ann, "lost_recoverable", "regular", 20, "purchase"),
            (ann, "regular", "lost_recoverable", 15, "time"),
            (bob, "regular", "lost", 10, "manual"),
            (bob, "lost", "regular", 9, "manual"),  # a declaration taken back
            (bob, "regular", "lost_recoverable", 8, "settings"),
            (bob, "regular", "partner", 7, "purchase"),
        ):
            self._move(profile, *move)
        for score in ("10", "9", "2", "8"):
            self.env["crm.feedback"].create({"profile_id": ann.id, "score": score})
        for state, result in (
            ("won_back", "purchase"),
            ("given_up", "no"),
            ("given_up", "merged"),
            ("running", False),
        ):
            self.env["crm.winback.attempt"].sudo().create(
                {
                    "profile_id": bob.id,
                    "argument": "x",
                    "state": state,
                    "result": result,
                    "date_start": self.day(30),
                    "date_end": state != "running" and self.day(3),
                }
            )
        figures = [
            *("lost_count:sum", "reactivated_count:sum", "answer_count:sum"),
            *("nps:avg", "winback_count:sum", "won_back_share:avg"),
        ]
        domain = [*self.domain, ("date", ">", self.day(31))]
        domain.append(("kind", "in", ("move", "score", "attempt")))
        found = self._figures(domain, ["partner_id"], figures)
        self.assertEqual(
            found,
            {("Ann",): (1, 1, 4, 25, None, None), ("Bob",): (1, 0, None, None, 2, 0.5)},
        )
        self.assertEqual(self._figures(domain, [], figures)[()], (2, 1, 4, 25, 2, 0.5))

    def test_return_is_of_the_day_of_the_purchase(self):
        """Two gaps, of which the silence is one, make it usual for this customer: then
        its stage began before the silence."""
        eve = self._create_customer("Eve")
        self._create_orders(eve, [610, 600, 400])
        profile = self._recompute(eve)
        self.assertStage(eve, "lost_recoverable")
        self._create_order(eve, self.day(0))
        self._recompute(eve)
        move = self._transitions(eve)[-1]
        self.assertEqual(move.to_stage_id.code, "regular")
        self.assertEqual(move.date, self.day(400), "what the report must not follow")
        domain = [("profile_id", "=", profile.id), ("kind", "=", "move")]
        found = self._figures(
            [*domain, ("date", "=", self.today)], [], ["reactivated_count:sum"]
        )
        self.assertEqual(found[()], (1,))

    def test_digest(self):
        self._move(self.profiles["Ann"], "regular", "lost_recoverable", 1, "time")
        self.env["crm.feedback"].create(
            {
                "profile_id": self.profiles["Ann"].id,
                "score": "10",
                "date": self.day(1),
            }
        )
        start, end = (
            datetime.combine(day, time()) for day in (self.day(1), self.today)
        )
        digest = self.env["digest.digest"].create({"name": "KPI"})
        digest = digest.with_user(self.user_salesman).with_context(
            start_datetime=start, end_datetime=end
        )
        self.assertEqual(digest.kpi_lifecycle_lost_value, 1)
        self.assertEqual(digest.kpi_lifecycle_nps_value, 100)
        self.assertEqual(digest.kpi_lifecycle_won_back_value, 0)
        with self.assertRaises(AccessError):
            digest.with_user(self.user_internal).read(["kpi_lifecycle_lost_value"])
        for name in ("retention", "reactivated", "repeat"):
            self.assertGreaterEqual(digest[f"kpi_lifecycle_{name}_value"], 0)


class TestSourceReport(ReportsCommon):
    report = "crm.source.report"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls()
        cls.fair, cls.web = cls.env["utm.source"].create(
            [{"name": "QZ fair"}, {"name": "QZ web"}]
        )
        # customer  source  judged    purchases after the inquiry
        # ann       fair    accepted  3
        # ann       web     -         a second inquiry: hers are counted at the fair
        # bob       fair    returned  -
        # cid       web     -         1, but the first one before the inquiry
        # nobody    web     returned
        # eve       web     -         1
        cls.leads = cls.env["crm.lead"]
        customers = {
            name: cls._create_customer(name) for name in ("Ann", "Bob", "Cid", "Eve")
        }
        case._create_order(customers["Cid"], case.day(30), 9)
        for name, source, quality in (
            ("Ann", cls.fair, "accepted"),
            ("Ann", cls.web, False),
            ("Bob", cls.fair, "returned"),
            ("Cid", cls.web, False),
            (None, cls.web, "returned"),
            ("Eve", cls.web, False),
        ):
            cls.leads += cls.env["crm.lead"].create(
                {
                    "name": "Inquiry",
                    "type": "opportunity" if name else "lead",
                    "partner_id": name and customers[name].id,
                    "source_id": source.id,
                    "lifecycle_quality": quality,
                    "user_id": cls.user_salesman_2.id,
                    "company_id": cls.company.id,
                }
            )
        for name, count in (("Ann", 3), ("Cid", 1), ("Eve", 1)):
            for _number in range(count):
                case._create_order(customers[name], case.today, 10)
        case._recompute(cls.env["res.partner"].union(*customers.values()))
        cls.domain = [("lead_id", "in", cls.leads.ids)]

    def test_from_inquiry_to_third_purchase(self):
        figures = [
            *("inquiry_count:sum", "accepted_count:sum", "returned_count:sum"),
            *("accepted_share:avg", "buyer_count:sum", "third_count:sum"),
            *("third_share:avg", "lifetime_revenue:sum"),
        ]
        found = self._figures(self.domain, ["source_id"], figures)
        self.assertEqual(
            found,
            {
                ("QZ fair",): (2, 1, 1, 0.5, 1, 1, 0.5, 30),
                ("QZ web",): (4, 3, 1, 0.75, 1, 0, 0, 10),
            },
        )
        [total] = self._figures(self.domain, [], figures).values()
        self.assertEqual(total[:4], (6, 4, 2, round(4 / 6, 6)))

    def test_who_sees_whom(self):
        stranger = self.leads.filtered(lambda lead: not lead.partner_id)
        ann = self._profile(self.leads[0].partner_id)
        ann._set_responsible(self.user_salesman)
        Report = self.env[self.report].with_user(self.user_salesman)
        found = Report.search(self.domain)
        self.assertNotIn(stranger.id, found.lead_id.ids, "a colleague's")
        self.assertTrue(set(self.leads[:2].ids) <= set(found.lead_id.ids))
        Report = self.env[self.report].with_user(self.user_manager_2)
        self.assertFalse(
            Report.with_context(allowed_company_ids=self.company_2.ids).search(
                self.domain
            )
        )
        self.assertEqual(found[:1].action_open_lead()["res_id"], found[:1].lead_id.id)
