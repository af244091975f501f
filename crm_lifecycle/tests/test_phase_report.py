# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .reports_common import ReportsCommon

FIGURES = [
    "inquiry_count:sum",
    "customer_count:sum",
    "first_sale_count:sum",
    "repeat_sale_count:sum",
    "revenue:sum",
    "existing_share:avg",
]


class TestPhaseReport(ReportsCommon):
    report = "crm.lifecycle.phase.report"

    def _days(self, partners, *more):
        return self._figures(
            [("partner_id", "in", partners.ids), *more], ["date:day"], FIGURES
        )

    def test_orders(self):
        ann, bob = self._create_customer("Ann"), self._create_customer("Bob")
        contact = self._create_customer("Cid", parent_id=bob.id, is_company=False)
        self._create_orders(ann, [40, 40, 30, 3], amount=100)
        self._create_orders(contact, [30], amount=300)
        self._create_order(bob, self.day(20), amount=50)
        self._create_order(bob, self.day(2), state="draft")
        self._create_order(bob, self.day(1), state="cancel")
        self._create_order(bob, self.day(-5))
        self._recompute(ann + bob)
        figures = self._days(ann + bob)
        self.assertEqual(
            figures,
            {
                # two orders on the first day are one first sale
                (self.day(40),): (1, 1, 1, 0, 200, 0),
                # Ann comes back, Bob comes by his contact
                (self.day(30),): (1, 2, 1, 1, 400, 0.25),
                (self.day(20),): (0, 1, 0, 1, 50, 1),
                (self.day(3),): (0, 1, 0, 1, 100, 1),
            },
        )
        total = self._figures([("partner_id", "in", (ann + bob).ids)], [], FIGURES)
        self.assertEqual(total[()][:5], (2, 2, 2, 3, 750))
        self.assertAlmostEqual(total[()][5], 250 / 750, 5, "not the average of four")

    def _create_leads(self, by_lead, by_quotation):
        """Create leads of the past; the last one is nobody's yet."""
        Lead = self.env["crm.lead"].with_context(default_company_id=self.company.id)
        for ago, values in (
            (50, {"partner_id": by_lead.id, "type": "lead"}),
            (45, {"partner_id": by_lead.id, "active": False}),
            (10, {"partner_id": by_lead.id}),  # has bought: no inquiry any more
            (25, {"partner_id": by_quotation.id}),
            (15, {"partner_name": "Nobody's", "user_id": self.user_salesman.id}),
        ):
            lead = Lead.create(
                {"name": "Inquiry", "company_id": self.company.id, **values}
            )
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE crm_lead SET create_date = %s WHERE id = %s",
                [self.noon(self.day(ago)), lead.id],
            )

    def test_inquiries(self):
        by_lead, by_quotation, stranger = (
            self._create_customer(name) for name in ("Lead", "Quotation", "Stranger")
        )
        self._create_leads(by_lead, by_quotation)
        self._create_orders(by_lead, [40])
        self._create_order(by_quotation, self.day(35), state="sent")
        self._create_order(stranger, self.day(30), state="draft")
        partners = by_lead + by_quotation + stranger
        self._recompute(partners)
        figures = self._figures(
            [("partner_id", "in", partners.ids), ("inquiry_count", "=", 1)],
            ["date:day", "partner_id"],
            ["__count"],
        )
        self.assertEqual(
            set(figures),
            {
                (self.day(50), "Lead"),
                (self.day(45), "Lead"),
                (self.day(35), "Quotation"),
                (self.day(30), "Stranger"),
                (self.day(25), "Quotation"),
            },
        )
        row = self.env[self.report].search(
            [("partner_id", "=", False), ("date", "=", self.day(15))]
        )
        self.assertEqual(row.user_id, self.user_salesman)
        lead = self.env["crm.lead"].search([("partner_name", "=", "Nobody's")])
        self.assertEqual(row.phase, lead.stage_id.lifecycle_phase)
        self.assertEqual((row.inquiry_count, row.customer_count), (1, 0))

    def test_a_lead_and_an_order_of_one_day_are_one_inquiry(self):
        ann = self._create_customer("Ann")
        self.env["crm.lead"].create(
            {"name": "Ann", "partner_id": ann.id, "company_id": self.company.id}
        )
        today = self.env["crm.lead"].search([("partner_id", "=", ann.id)]).create_date
        self._create_order(ann, today.date())
        self._recompute(ann)
        total = self._figures([("partner_id", "=", ann.id)], [], FIGURES)
        self.assertEqual(total[()][:4], (1, 1, 1, 0))

    def test_by_phase_of_the_customer(self):
        ann = self._create_customer("Ann")
        self._create_orders(ann, [40, 30])
        self._recompute(ann)
        self.assertEqual(
            self._figures([("partner_id", "=", ann.id)], ["phase"], ["__count"]),
            {("account_management",): (2,)},
        )

    def test_invoices_and_credit_notes(self):
        if not self.company.chart_template:
            self._load_accounts(self.company)
        self.company.lifecycle_basis = "invoice"
        ann = self._create_customer("Ann")
        self._create_order(ann, self.day(50), amount=7)
        self._create_invoice(ann, self.day(40), amount=300)
        self._create_invoice(ann, self.day(20), amount=100)
        self._create_invoice(ann, self.day(10), amount=40, move_type="out_refund")
        self._recompute(ann)
        self.assertEqual(
            self._days(ann),
            {
                (self.day(50),): (1, 0, 0, 0, 0, None),
                (self.day(40),): (0, 1, 1, 0, 300, 0),
                (self.day(20),): (0, 1, 0, 1, 100, 1),
                (self.day(10),): (0, 0, 0, 0, -40, 1),
            },
        )

    def test_who_is_left_out(self):
        ann = self._create_customer("Ann")
        self._create_orders(ann, [40])
        profile = self._recompute(ann)
        profile.exclude("Our lawyer")
        self.assertFalse(self._days(ann))
        profile.include()
        ann.active = False
        self._recompute(ann)
        self.assertFalse(self._profile(ann).active)
        self.assertEqual(len(self._days(ann)), 1, "what was bought stays bought")

    def test_two_companies_and_currencies(self):
        third = self._make_euro_company()
        ann = self._create_customer("Ann")
        self._create_orders(ann, [40, 30], amount=100)
        self._create_order(ann, self.day(20), amount=1000, company=third)
        self._recompute(ann)
        self._recompute(ann, company=third)
        domain = [("partner_id", "=", ann.id)]
        both = self.company + third
        self.assertEqual(
            self._figures(domain, [], FIGURES, companies=both)[()],
            (2, 2, 2, 1, 700, round(100 / 700, 6)),
        )
        self.assertEqual(
            self._figures(domain, [], FIGURES, user=self.user_both, companies=third)[
                ()
            ],
            (1, 1, 1, 0, 1000, 0),
        )
        ids = (
            self.env[self.report]
            .with_context(allowed_company_ids=both.ids)
            .search(domain)
            .ids
        )
        self.assertEqual(len(set(ids)), 3)
