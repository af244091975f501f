# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import TestLifecycleCompanies


@tagged("post_install", "-at_install")
class TestLifecycleWhatIf(TestLifecycleCompanies):
    """In a company of its own, so that the numbers are those of the test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.regular, cls.working, cls.fresh = cls._create_customers(3)

    def setUp(self):
        super().setUp()
        for customer, days, amount in (
            (self.regular, (100, 70, 40), 800),
            (self.working, (120, 60), 150),
            (self.fresh, (30,), 50),
        ):
            self._create_orders(
                customer, days, amount, company=self.company_2, user_id=False
            )
        self.env.flush_all()  # the what-if itself writes nothing, not even that
        self.mine = self.company_2.with_user(self.user_manager_2)

    def _classify(self):
        self.engine._recompute(self.company_2)

    def _tables(self, values):
        result = self.mine.lifecycle_what_if(values)
        return {table["kind"]: table for table in result["tables"]}

    def _cells(self, values, kind="stages"):
        return {
            (cell["from"], cell["to"]): (cell["count"], cell["revenue"])
            for cell in self._tables(values)[kind]["cells"]
        }

    def _customers(self, values, kind, old, new):
        action = self.mine.lifecycle_what_if_customers(values, kind, old, new)
        records = self.env[action["res_model"]].search(action["domain"])
        return records if records._name == "res.partner" else records.partner_id

    # ------------------------------------------------------------
    # TABLES
    # ------------------------------------------------------------

    def test_nothing_moves_without_a_change(self):
        self._classify()
        for kind, table in self._tables({}).items():
            with self.subTest(kind=kind):
                self.assertEqual(table["moved"], 0)
                self.assertTrue(table["cells"])

    def test_stages_move_with_their_revenue(self):
        self._classify()
        values = {"lifecycle_regular_count": 2}
        self.assertEqual(
            self._cells(values),
            {
                ("regular", "regular"): (1, 2400),
                ("working", "working"): (1, 50),
                ("working", "regular"): (1, 300),
            },
        )
        self.assertEqual(self._tables(values)["stages"]["moved"], 1)

    def test_classes_and_categories_move(self):
        self._classify()
        classes = self._cells({"lifecycle_abc_b_limit": 85.0}, "classes")
        self.assertEqual(classes[("b", "c")], (1, 300))
        values = {"lifecycle_newcomer_days": 10}
        new, c = self.category("new").id, self.category("c").id
        self.assertEqual(self._cells(values, "categories")[(new, c)], (1, 50))

    def test_before_the_first_run_everybody_comes_in(self):
        self.assertEqual(
            self._cells({}),
            {(False, "regular"): (1, 2400), (False, "working"): (2, 350)},
        )
        table = self._tables({})["stages"]
        self.assertEqual(
            [place["key"] for place in table["places"]], ["working", "regular", False]
        )

    def test_places_are_in_the_order_of_the_board(self):
        self._classify()
        self.stage("regular").sequence = -1
        table = self._tables({})["stages"]
        self.assertEqual(
            [place["name"] for place in table["places"]],
            [self.stage("regular").name, self.stage("working").name],
        )

    def test_writes_nothing(self):
        self._classify()
        profiles = self.Profile.search([("company_id", "=", self.company_2.id)])
        before = profiles.read()
        self._tables({"lifecycle_regular_count": 2})
        self._customers({"lifecycle_regular_count": 2}, "stages", "working", "regular")
        self.env.invalidate_all()
        self.assertEqual(profiles.read(), before)
        self.assertEqual(self.company_2.lifecycle_regular_count, 3)

    def test_other_fields_of_the_page_are_left_out(self):
        cells = self._cells({})
        values = {
            "lifecycle_vip_min_revenue": 5,
            "lifecycle_baseline_at": False,
            "name": "Hacked",
        }
        self.assertEqual(self._cells(values), cells)

    def test_contradictions_are_refused_like_on_saving(self):
        for values in (
            {"lifecycle_regular_count": 99},
            {"lifecycle_window_days": 0},
            {"lifecycle_abc_a_limit": 99},
            {"lifecycle_abc_value": "margin", "lifecycle_basis": "invoice"},
        ):
            with self.subTest(values=values):
                message = self.mine.lifecycle_what_if(values)["message"]
                self.assertIn("Second Company", message)
                with self.assertRaisesRegex(ValidationError, "Second Company"):
                    self.mine.lifecycle_what_if_customers(values, "stages", False, "")

    # ------------------------------------------------------------
    # CUSTOMERS OF A CELL
    # ------------------------------------------------------------

    def test_a_cell_lists_its_customers(self):
        self._classify()
        values = {"lifecycle_regular_count": 2}
        for old, new, customer in (
            ("working", "regular", self.working),
            ("working", "working", self.fresh),
            ("regular", "regular", self.regular),
        ):
            with self.subTest(old=old, new=new):
                self.assertEqual(self._customers(values, "stages", old, new), customer)
        self.assertFalse(self._customers(values, "stages", "regular", "lost"))

    def test_every_cell_lists_as_many_as_it_counts(self):
        self._classify()
        values = {"lifecycle_regular_count": 2, "lifecycle_newcomer_days": 10}
        for kind, table in self._tables(values).items():
            for cell in table["cells"]:
                with self.subTest(kind=kind, cell=cell):
                    found = self._customers(values, kind, cell["from"], cell["to"])
                    self.assertEqual(len(found), cell["count"])

    def test_contacts_are_listed_before_the_first_run(self):
        action = self.mine.lifecycle_what_if_customers({}, "stages", False, "regular")
        self.assertEqual(action["res_model"], "res.partner")
        self.assertEqual(self._customers({}, "stages", False, "regular"), self.regular)

    def test_a_cell_is_read_in_pages_the_biggest_first(self):
        self._classify()
        pages = [
            self.engine._preview_customers(
                self.company_2, {}, "stages", "working", "working", 1, offset
            )
            for offset in range(3)
        ]
        self.assertEqual(pages, [[self.working.id], [self.fresh.id], []])

    def test_unknown_table_is_refused(self):
        with self.assertRaises(UserError):
            self.mine.lifecycle_what_if_customers({}, "colours", False, False)

    # ------------------------------------------------------------
    # ACCESS
    # ------------------------------------------------------------

    def test_for_managers_of_the_company_only(self):
        for user in (self.user_salesman_3, self.user_internal, self.user_manager):
            company = self.company_2.with_user(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                company.lifecycle_what_if({})
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                company.lifecycle_what_if_customers({}, "stages", False, "regular")

    def test_only_the_company_asked_about(self):
        self._create_order(self.fresh, self.day(5), 9e6)
        self.assertEqual(sum(count for count, _revenue in self._cells({}).values()), 3)
        self.assertNotIn(9e6, [revenue for _count, revenue in self._cells({}).values()])
