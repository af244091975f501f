# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import TransactionCase, tagged

# What a visitor may look for, beside stages, classes and categories
INHABITED = {
    "VIP that lapsed": [("is_vip", "=", True), ("is_lapsed", "=", True)],
    "key account that lapsed": [
        ("is_key_account", "=", True),
        ("is_lapsed", "=", True),
    ],
    "VIP named despite the rule": [("vip_reason", "like", "; ")],
    "VIP that was withdrawn": [("is_vip", "=", False), ("vip_reason", "!=", False)],
    "VIP review overdue": [("is_vip", "=", True), ("vip_review_date", "<", "today")],
    "VIP candidate": [("meets_vip_criteria", "=", True), ("is_vip", "=", False)],
    "VIP in doubt": [("misses_vip_criteria", "=", True), ("is_vip", "=", True)],
    "held": [("hold_until", ">=", "today")],
    "hold that ended": [("hold_until", "<", "today")],
    "excluded": [("is_excluded", "=", True)],
    "agreed by hand": [("is_agreed", "=", True)],
    "declared lost without a purchase": [
        ("lost_date", "!=", False),
        ("purchase_count", "=", 0),
    ],
    "declared lost, bought again": [
        ("lost_date", "!=", False),
        ("stage_id.zone", "=", "life"),
    ],
    "lost by silence": [("stage_reason", "=", "silence")],
    "dormant prospect": [
        ("is_dormant", "=", True),
        ("stage_id.code", "=", "potential"),
    ],
    "dormant, though agreed": [
        ("is_dormant", "=", True),
        ("stage_id.code", "=", "active"),
    ],
    "newcomer": [("abc_class", "=", "n")],
    "late against rhythm": [("is_late", "=", True), ("stage_id.zone", "=", "life")],
    "expected this week": [("is_expected_this_week", "=", True)],
    "nobody responsible": [("user_id", "=", False)],
    "responsible has left": [("user_id.active", "=", False)],
    "stale potential": [("is_potential_stale", "=", True)],
    "private person": [("partner_id.is_company", "=", False)],
    "informal facts": [("fact_ids", "!=", False)],
    "competitors": [("competitor_ids", "!=", False)],
    "never contacted": [("last_contact_date", "=", False)],
    "planned activity": [("partner_id.activity_ids", "!=", False)],
    "open opportunity": [("partner_id.opportunity_ids.won_status", "=", "pending")],
}


@tagged("-standard", "lifecycle_demo", "post_install", "-at_install")
class TestDemo(TransactionCase):
    """The demonstration, in a database that was installed with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.ref("base.main_company")
        data = cls.env["ir.model.data"].search(
            [("module", "=", "crm_lifecycle"), ("name", "=like", "demo_partner_%")]
        )
        cls.customers = cls.env["res.partner"].browse(data.mapped("res_id"))
        cls.profiles = cls._search([])

    @classmethod
    def _search(cls, domain):
        Profile = cls.env["crm.lifecycle.profile"].with_context(active_test=False)
        mine = [
            ("company_id", "=", cls.company.id),
            ("partner_id", "in", cls.customers.ids),
        ]
        return Profile.search(Domain(mine) & Domain(domain))

    def test_customers(self):
        self.assertGreaterEqual(len(self.customers), 80)
        self.assertEqual(self.profiles.partner_id, self.customers)
        self.assertGreater(len(self.profiles.team_id), 1)
        self.assertGreater(len(self.profiles.user_id), 3)
        self.assertGreater(len(self.customers.state_id), 10)
        self.assertGreater(len(self.customers.industry_id), 10)
        self.assertEqual(len(self.profiles.trade_format_id), 7)

    def test_every_stage_and_class_is_inhabited(self):
        lost = self.profiles.filtered(lambda p: p.stage_id.zone == "departure")
        for model, found in (
            ("crm.lifecycle.stage", self.profiles.stage_id),
            ("crm.lifecycle.category", self.profiles.category_id),
            ("crm.lifecycle.lost.reason", lost.lost_reason_id),
        ):
            ours = self.env["ir.model.data"].search(
                [("module", "=", "crm_lifecycle"), ("model", "=", model)]
            )
            self.assertEqual(set(found.ids), set(ours.mapped("res_id")))
        self.assertEqual(
            set(self.profiles.mapped("abc_class")), {"a", "b", "c", "n", False}
        )
        self.assertEqual(
            set(self.profiles.mapped("potential_class")),
            {"high", "medium", "low", False},
        )

    def test_every_state_is_inhabited(self):
        for name, domain in INHABITED.items():
            with self.subTest(name):
                self.assertTrue(self._search(domain))

    def test_history(self):
        """Customers came, moved on, left and returned, in each of the last months."""
        report = self.env["crm.lifecycle.funnel.report"]
        moves = report.search([("partner_id", "in", self.customers.ids)])
        self.assertEqual(
            set(moves.mapped("direction")),
            {"new", "up", "down", "departed", "returned"},
        )
        self.assertLessEqual(
            {"purchase", "event", "time", "manual"}, set(moves.mapped("cause"))
        )
        self.assertNotIn("baseline", moves.mapped("cause"))
        months = {day.strftime("%Y-%m") for day in moves.mapped("date")}
        self.assertGreater(len(months), 24)
        first = moves.filtered(lambda move: not move.from_stage_id)
        reported = self.profiles.filtered(lambda profile: not profile.is_excluded)
        self.assertEqual(len(first), len(reported))
        self.assertEqual(first.partner_id, reported.partner_id)
        classes = self.profiles.transition_ids.filtered(
            lambda change: change.category_changed and not change.stage_changed
        )
        self.assertGreater(len({change.date for change in classes}), 12)

    def test_documents(self):
        orders = self.env["sale.order"].search(
            [("partner_id", "in", self.customers.ids)]
        )
        sold = orders.filtered(lambda order: order.state == "sale")
        self.assertGreater(len(sold), 400)
        self.assertTrue(all(order.date_order <= self.env.cr.now() for order in orders))
        self.assertLessEqual({"draft", "sent"}, set(orders.mapped("state")))
        leads = self.env["crm.lead"].with_context(active_test=False)
        leads = leads.search([("partner_id", "in", self.customers.ids)])
        self.assertEqual(set(leads.mapped("won_status")), {"won", "lost", "pending"})

    def test_invoices(self):
        """Who pays in time, who pays late and who owes, where there are accounts."""
        if not self.env["crm.lifecycle.demo"]._get_journals():
            self.skipTest("the company has no accounts")
        owing = self.profiles.filtered("debt_balance")
        self.assertGreater(len(owing), 2)
        self.assertGreater(len(owing.filtered("debt_overdue")), 1)
        self.assertTrue(owing.filtered(lambda card: not card.debt_overdue))
        paying = self.profiles.filtered("payment_count")
        self.assertTrue(paying.filtered("payment_late_count"))
        self.assertTrue(paying.filtered(lambda card: not card.payment_late_count))

    def test_without_accounts(self):
        """A database without accounts has the demonstration, without invoices."""
        demo = self.env["crm.lifecycle.demo"]
        self.patch(type(demo), "_get_journals", lambda self: {})
        invoices = self.env["account.move"].search_count([])
        demo._invoice()
        self.assertEqual(self.env["account.move"].search_count([]), invoices)

    def test_what_a_country_refuses(self):
        demo = self.env["crm.lifecycle.demo"].with_company(self.company)
        order = self.env["sale.order"].search(
            [
                ("partner_id", "in", self.customers.ids),
                ("invoice_status", "=", "to invoice"),
            ],
            limit=1,
        )

        def refuse(moves):
            raise UserError("No fiscal type")  # pylint: disable=translation-required

        self.patch(type(demo), "_get_orders_to_invoice", lambda self: [(order, None)])
        self.patch(type(self.env["account.move"]), "action_post", refuse)
        invoices = self.env["account.move"].search_count([])
        demo._invoice()
        self.assertEqual(self.env["account.move"].search_count([]), invoices)

    def test_is_what_the_engine_says(self):
        """Computing again changes nothing, and loading again adds nothing."""
        changes = self.profiles.transition_ids
        result = self.env["crm.lifecycle.engine"]._recompute(self.company)
        self.assertEqual(result["transitions"], 0)
        self.env["crm.lifecycle.demo"]._load()
        self.assertEqual(self._search([]).transition_ids, changes)

    def test_opens_with_the_customers(self):
        action = self.env["crm.lifecycle.profile"]._action_open_base()
        self.assertEqual(action["res_model"], "crm.lifecycle.profile")
