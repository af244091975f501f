# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command
from odoo.tools import SQL

from .common import TestLifecycleCommon

# what a stray statement could put into a column of each type
FALSE_VALUES = {
    "integer": SQL("1234567"),
    "float": SQL("77.5"),
    "monetary": SQL("77.5"),
    "date": SQL("DATE '2001-02-03'"),
    "char": SQL("'other'"),
    "selection": SQL("'other'"),
}
PURCHASES = [20, 80, 110, 250]


class TestVerify(TestLifecycleCommon):
    """A full re-read under unchanged rules finds whatever is not as it was written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._create_customers(12, "Verified")
        today = cls.engine._today(cls.company)
        order = {"company_id": cls.company.id, "state": "sale"}
        line = Command.create({"product_id": cls.product.id})
        orders = cls.env["sale.order"].create(
            [
                {"partner_id": customer.id, "order_line": [line], **order}
                for customer in cls.customers
                for _ago in PURCHASES
            ]
        )
        for order, ago in zip(orders, PURCHASES * len(cls.customers), strict=True):
            order.date_order = cls.noon(today - timedelta(days=ago))
        cls.prospect = cls._create_customer("Asked Once")
        cls.offer = cls.env["sale.order"].create({"partner_id": cls.prospect.id})
        cls.env.cr.flush()  # what is gathered at the end of a transaction
        cls.env["crm.lifecycle.event"].search([]).unlink()
        cls.engine._recompute(cls.company)
        # as after a first run by the job
        cls.company.write(
            {
                "lifecycle_full_read_cause": False,
                "lifecycle_rules_hash": cls.engine._get_rules_hash(
                    cls.engine._get_parameters(cls.company)
                ),
            }
        )

    def _run_job(self):
        self.env.cr.flush()  # what is gathered at the end of a transaction
        with self.enter_registry_test_mode():
            self.env.ref("crm_lifecycle.ir_cron_lifecycle").method_direct_trigger()
        self.env.invalidate_all()

    def _suspects(self):
        self.env.flush_all()
        parameters = self.engine._get_parameters(self.company)
        self.env.cr.execute(self.engine._sql_suspects(parameters))
        ids = [partner_id for (partner_id,) in self.env.cr.fetchall()]
        return self.env["res.partner"].browse(ids)

    def _change(self, table, record, column, value):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE id = %s",
                SQL.identifier(table),
                SQL.identifier(column),
                value,
                record.id,
            )
        )
        self.env.invalidate_all()

    def test_nothing_is_suspected(self):
        self.assertFalse(self._suspects())
        self._recompute(self.customers[:5])
        self.assertFalse(self._suspects())
        self._profile(self.customers[0]).name_vip(
            self.user_manager.id, "Reference", despite_reason="Wants to be one"
        )
        self.assertFalse(self._suspects())
        self.engine._recompute(self.company)
        self.assertFalse(self._suspects())

    def test_every_checked_column_is_watched(self):
        profile = self._profile(self.customers[0])
        stage = self.stage("lost")
        for name in self.engine._get_checked_columns():
            field = profile._fields[name]
            value = FALSE_VALUES.get(field.type)
            if field.type == "boolean":
                value = SQL("NOT %s", SQL.identifier(name))
            elif name in ("stage_id", "computed_stage_id", "hold_stage_id"):
                value = SQL("%s", stage.id)
            elif field.type == "many2one":
                reasons = self.env["crm.lifecycle.lost.reason"].search([], limit=1)
                value = SQL("%s", reasons.id)
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                self._change(profile._table, profile, name, value)
                self.assertEqual(self._suspects(), self.customers[0])
                savepoint.rollback()

    def test_changed_documents_are_noticed(self):
        order = self.env["sale.order"].search(
            [("partner_id", "=", self.customers[1].id)], limit=1
        )
        changes = {
            "amount_untaxed": SQL("amount_untaxed + 0.01"),
            "date_order": SQL("date_order - interval '1 day'"),
            "state": SQL("'cancel'"),
            "partner_id": SQL("%s", self.customers[2].id),
        }
        for column, value in changes.items():
            with self.subTest(column), self.env.cr.savepoint() as savepoint:
                self._change("sale_order", order, column, value)
                self.assertIn(self.customers[1], self._suspects())
                savepoint.rollback()
        self._change("sale_order", self.offer, "state", SQL("'sent'"))
        validity = SQL("%s", self.day(-5))
        self._change("sale_order", self.offer, "validity_date", validity)
        self.assertEqual(self._suspects(), self.prospect)

    def test_customers_that_come_and_go_are_noticed(self):
        self._change("res_partner", self.customers[3], "active", SQL("FALSE"))
        newcomer = self._create_customer("Forgotten", company_id=self.company.id)
        self._change("res_partner", newcomer, "customer_rank", SQL("1"))
        self.assertEqual(self._suspects(), self.customers[3] + newcomer)

    def test_a_day_that_changes_something_is_noticed(self):
        profile = self._profile(self.customers[4])
        self._change(
            profile._table, profile, "next_evaluation_date", SQL("%s", self.today)
        )
        self.assertEqual(self._suspects(), self.customers[4])

    def test_full_read_on_demand_corrects_what_is_wrong(self):
        profile = self._profile(self.customers[5])
        revenue = profile.revenue
        self._change(profile._table, profile, "revenue", SQL("1"))
        self.patch(
            type(self.engine),
            "_read_everything",
            lambda *_args: self.fail("the rules have not changed"),
        )
        self.engine._request_full_read(self.company, "demand")
        self._run_job()
        self.assertEqual(profile.revenue, revenue)
        self.assertEqual(self.company.lifecycle_rows_corrected, 1)

    def test_much_wrong_or_other_rules_read_everything(self):
        calls = []
        original = type(self.engine)._read_everything

        def counted(engine, parameters):
            calls.append(parameters.cause)
            return original(engine, parameters)

        self.patch(type(self.engine), "_read_everything", counted)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lifecycle_profile SET revenue = revenue + 1 "
            "WHERE partner_id = ANY(%s)",
            [self.customers.ids],
        )
        self.env.invalidate_all()
        self.engine._request_full_read(self.company, "demand")
        self._run_job()
        self.assertEqual(calls, ["time"])
        self.assertEqual(self.company.lifecycle_rows_corrected, len(self.customers))
        self.company.lifecycle_rules_hash = "of other rules"
        self.engine._request_full_read(self.company, "demand")
        self._run_job()
        self.assertEqual(calls, ["time", "time"])
        self.assertEqual(self.company.lifecycle_rows_corrected, 0)
        self.assertFalse(self._suspects())

    def test_rules_are_told_apart(self):
        parameters = self.engine._get_parameters(self.company)
        rules = self.engine._get_rules_hash(parameters)
        tomorrow = parameters.changed(today=self.day(-1))
        self.assertEqual(self.engine._get_rules_hash(tomorrow), rules)
        for change in ({"regular_count": 4}, {"window_days": 180}, {"rounding": 1.0}):
            with self.subTest(change):
                other = self.engine._get_rules_hash(parameters.changed(**change))
                self.assertNotEqual(other, rules)

    def test_older_servers_read_everything(self):
        engine_class = type(self.engine)
        self.patch(engine_class, "_has_checksums", lambda _engine: False)
        parameters = self.engine._get_parameters(self.company)
        self.assertIsNone(self.engine._verify(parameters))
        self._recompute(self.customers)
        profile = self._profile(self.customers[6])
        self.assertFalse(profile.checksum)
        self.assertEqual(profile.purchase_count, len(PURCHASES))
