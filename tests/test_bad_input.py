"""Bases that should not exist, and do: a defined result or a message that helps."""

import re
from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from tests.support.oracle_case import TODAY
from tests.support.simple import CaseByHand, day, noon

CRON = "crm_lifecycle.ir_cron_lifecycle"


class TestBadInput(CaseByHand):
    def run_job(self, today=TODAY):
        """The whole job, with its commits inside the test's transaction."""
        self.builder.write()
        self.env.cr.flush()
        with self.today_is(today), self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()

    def test_empty_base(self):
        self.assertEqual(
            self.classify(cause="baseline"), {"written": 0, "transitions": 0}
        )
        self.run_job()
        self.assertTrue(self.company.lifecycle_baseline_at)
        self.assertEqual(self.company.lifecycle_last_pass_date, TODAY)
        self.assertFalse(self.read_rows())
        preview = self.engine._preview(
            self.company, {"lifecycle_regular_count": 2}, today=TODAY
        )
        self.assertFalse([row for row in preview["stages"] if row[2]])
        self.run_job(TODAY + timedelta(1))

    def test_customers_without_a_single_real_order(self):
        """No division by nothing: no classes, no scores, no average, no share."""
        zero, cancelled = (
            self.builder.partner(),
            self.builder.partner(customer_rank=1, company_id=self.company.id),
        )
        self.builder.order(zero, noon(3), 0)
        self.builder.order(cancelled, noon(3), 50, state="cancel")
        self.classify(cause="baseline")
        for partner, code in ((zero, "active"), (cancelled, "potential")):
            profile = self.profile(partner)
            self.assertEqual(profile.stage_id.code, code)
            self.assertEqual(profile.category_id.code, "prospect")
            self.assertFalse(profile.abc_class)
            self.assertFalse(profile.recency_score)
            self.assertFalse(profile.share_of_wallet)
            self.assertFalse(profile.lateness)
            self.assertFalse(profile.abc_share)
        self.assertEqual(self.classify(), {"written": 0, "transitions": 0})

    def test_orders_of_the_future_wait_for_their_day(self):
        partner = self.builder.partner()
        self.builder.order(partner, noon(-400), 50, create_date=noon(1))
        self.classify(cause="baseline")
        profile = self.profile(partner)
        self.assertEqual((profile.purchase_count, profile.revenue), (0, 0))
        self.assertFalse(profile.last_document_date)
        self.assertEqual(profile.next_evaluation_date, day(-400))
        self.run_job(day(-399))
        self.assertEqual(self.stage(partner), "active")
        self.run_job(day(-400))
        self.assertEqual(self.stage(partner), "working")
        self.assertEqual(self.transitions(partner)[-1][:2], (day(-400), "purchase"))

    def test_currency_without_a_rate_counts_as_one(self):
        currency = self.env["res.currency"].create(
            {"name": "XYZ", "symbol": "x", "rounding": 0.01}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Strange", "currency_id": currency.id}
        )
        product = self.env["product.product"].create(
            {"name": "Thing", "type": "service", "taxes_id": False}
        )
        partner = self.env["res.partner"].create({"name": "Stranger"})
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "pricelist_id": pricelist.id,
                "order_line": [(0, 0, {"product_id": product.id, "price_unit": 12.5})],
            }
        )
        order.action_confirm()
        order.date_order = datetime(2026, 3, 10, 12)
        self.assertEqual(order.currency_id, currency)
        self.classify(cause="baseline")
        self.assertAlmostEqual(self.profile(partner.id).revenue, 12.5)

    def test_a_cycle_of_partners_is_named_and_stops_nobody(self):
        """Two companies that are each other's parent, as only SQL can write it."""
        first, second, good = self.buyer(5), self.buyer(6), self.buyer(7)
        self.builder.write()
        for record, parent in ((first, second), (second, first)):
            self.env.cr.execute(
                "UPDATE res_partner SET parent_id = %s, commercial_partner_id = %s "
                "WHERE id = %s",
                [parent, parent, record],
            )
        self.env.invalidate_all()
        self.run_job()
        self.assertEqual(self.stage(good), "working")
        message = self.company.lifecycle_pass_message or ""
        names = self.env["res.partner"].browse([first, second]).mapped("name")
        self.assertTrue(any(name in message for name in names), message)
        self.assertEqual(
            self.env["sale.order"].search_count(
                [("partner_id", "in", [first, second])]
            ),
            2,
        )
        for record in (first, second):
            self.env.cr.execute(
                "UPDATE res_partner SET parent_id = NULL, commercial_partner_id = id "
                "WHERE id = %s",
                [record],
            )
        self.env.invalidate_all()
        self.run_job(TODAY + timedelta(1))
        self.assertFalse(self.company.lifecycle_pass_message)

    def test_a_cycle_of_parents_alone_is_named(self):
        """The column of the customer is still right: until Odoo computes it anew."""
        ring = [self.buyer(days) for days in (3, 4, 5)]
        alone, good = self.buyer(6), self.buyer(7)
        self.builder.partner("Below", parent=ring[0])
        chain = self.builder.partner("Chain", parent=good)
        self.builder.partner("End of the chain", parent=chain, commercial=good)
        self.builder.write()
        parents = dict(zip(ring, ring[1:] + ring[:1], strict=True))
        for record, parent in {**parents, alone: alone}.items():
            self.env.cr.execute(
                "UPDATE res_partner SET parent_id = %s WHERE id = %s", [parent, record]
            )
        self.env.invalidate_all()
        self.run_job()
        self.assertEqual(self.company.lifecycle_last_pass_date, TODAY)
        message = self.company.lifecycle_pass_message or ""
        named = {int(id_) for id_ in re.findall(r"\(id (\d+)\)", message)}
        self.assertEqual(named, {*ring, alone})
        for record in (*ring, alone, good):
            self.assertEqual(self.stage(record), "working")

    def test_a_chain_of_commercial_partners_stops_nobody(self):
        """A contact whose customer is itself somebody's contact."""
        top, good = self.buyer(5), self.buyer(6)
        middle = self.builder.partner("Middle", parent=top)
        low = self.builder.partner("Low", parent=middle, commercial=middle)
        self.builder.order(low, noon(2), 10)
        self.builder.write()
        self.run_job()
        self.assertEqual(self.stage(good), "working")
        self.assertEqual(self.stage(top), "working")
        message = self.company.lifecycle_pass_message or ""
        self.assertIn("Low", message)

    def test_unknown_time_zone(self):
        """The message names the field; the figures stay; the next run goes on."""
        partner = self.buyer(5)
        self.run_job()
        before = self.snapshot()
        self.env.cr.execute(
            "UPDATE res_company SET lifecycle_tz = 'Mars/Olympus' WHERE id = %s",
            [self.company.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "Mars/Olympus.*Time Zone"):
            self.engine._recompute(self.company, today=TODAY)
        tomorrow = TODAY + timedelta(1)
        with mute_logger("odoo.addons.crm_lifecycle.models.engine.job"):
            self.run_job(tomorrow)
        self.assertIn("Mars/Olympus", self.company.lifecycle_pass_message)
        self.assertEqual(self.other.lifecycle_last_pass_date, tomorrow)
        self.assertEqual(self.snapshot(), before)
        self.company.lifecycle_tz = "Europe/Moscow"
        self.run_job(tomorrow)
        self.assertEqual(self.stage(partner), "working")
        self.assertEqual(self.company.lifecycle_last_pass_date, tomorrow)
        self.assertFalse(self.company.lifecycle_pass_message)

    def test_second_profile_by_import(self):
        partner = self.buyer(5)
        self.classify(cause="baseline")
        before = self.snapshot()
        new = self.env["res.partner"].create({"name": "New"})
        columns = ["partner_id/.id", "company_id/.id"]
        rows = {"again": [partner], "twice": [new.id, new.id]}
        for name, partners in rows.items():
            with self.subTest(name), mute_logger("odoo.sql_db"):
                result = self.env["crm.lifecycle.profile"].load(
                    columns, [[str(one), str(self.company.id)] for one in partners]
                )
                text = " ".join(message["message"] for message in result["messages"])
                self.assertFalse(result["ids"])
                self.assertRegex(text, "already has a profile|cannot be written|action")
        self.env.invalidate_all()
        self.assertEqual(self.snapshot(), before)

    def test_stages_cannot_be_deleted(self):
        stage = self.env["crm.lifecycle.stage"].search([("code", "=", "working")])
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            stage.unlink()
