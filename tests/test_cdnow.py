"""CDNOW's real purchases: loaded, classified, compared customer by customer."""

import logging
import sys
import time
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

import pandas as pd

from odoo.tests import TransactionCase, tagged

from tests.support import cdnow_pandas

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "setup"))

from lib import cdnow  # noqa: E402

_logger = logging.getLogger(__name__)
SAMPLE = 300
MONEY = ("lifetime_revenue", "revenue", "revenue_previous")
COLUMNS = (
    "purchase_count",
    "first_purchase_date",
    "last_purchase_date",
    "turn_number",
    "window_purchase_count",
    "rhythm_days",
    "recency_score",
    "frequency_score",
    "monetary_score",
    "abc_class",
    "stage",
    "category",
    *MONEY,
)


@tagged("post_install", "-at_install", "standard")
class TestCdnow(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env["res.company"].create({"name": "CDNOW"})
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": company.ids}
        )
        cls.company = cls.env.company
        cls.engine = cls.env["crm.lifecycle.engine"]
        cls.today = cls.engine._today(cls.company)
        cls.path = cdnow.default_path()

    def test_the_file_is_the_known_one(self):
        data = cdnow_pandas.purchases(self.path, self.today)
        self.assertEqual(len(data), 69659)
        self.assertEqual(data["customer"].nunique(), 23570)
        self.assertEqual((data["cents"] == 0).sum(), 80)
        repeated = data.duplicated(["customer", "day"]).sum()
        self.assertEqual(repeated, 2068)
        self.assertEqual(len(cdnow.read()), 69659)

    def test_every_customer_equals_pandas(self):
        steps = []
        started = time.monotonic()
        result = cdnow.load(
            self.env, progress=lambda done, total: steps.append((done, total))
        )
        loaded = time.monotonic()
        self.assertEqual((result["customers"], result["orders"]), (23570, 69659))
        self.assertEqual((steps[0], steps[-1]), ((0, 69659), (69659, 69659)))
        self.assertEqual(steps, sorted(steps))
        self.engine._recompute(self.company, today=self.today, cause="baseline")
        classified = time.monotonic()
        data = cdnow_pandas.purchases(self.path, self.today)
        expected = cdnow_pandas.profiles(data, self.today)
        stored = self._stored()
        self._compare(expected, stored)
        self._report(stored, loaded - started, classified - loaded)
        self._check_second_call()
        self.assertEqual(
            self.engine._recompute(self.company, today=self.today),
            {"written": 0, "transitions": 0},
        )

    def _check_second_call(self):
        before = self.env["sale.order"].search_count([])
        told = StringIO()
        with redirect_stderr(told):
            result = cdnow.load(self.env)
        self.assertEqual((result["customers"], result["orders"]), (0, 0))
        self.assertIn("loaded already", told.getvalue())
        self.assertEqual(self.env["sale.order"].search_count([]), before)

    def _stored(self):
        """Profiles by number of the customer, money in cents."""
        self.env.cr.execute(
            """
            SELECT replace(partner.ref, 'CDNOW-', '') AS customer,
                   purchase_count, first_purchase_date, last_purchase_date,
                   turn_number, lifetime_revenue, window_purchase_count, revenue,
                   revenue_previous, rhythm_days, abc_class,
                   coalesce(recency_score, 0) AS recency_score,
                   coalesce(frequency_score, 0) AS frequency_score,
                   coalesce(monetary_score, 0) AS monetary_score,
                   stage.code AS stage, category.code AS category
              FROM crm_lifecycle_profile profile
              JOIN res_partner partner ON partner.id = profile.partner_id
              JOIN crm_lifecycle_stage stage ON stage.id = profile.stage_id
              JOIN crm_lifecycle_category category
                ON category.id = profile.category_id
             WHERE profile.company_id = %s AND partner.ref LIKE 'CDNOW-%%'
            """,
            [self.company.id],
        )
        rows = self.env.cr.dictfetchall()
        table = pd.DataFrame(rows).set_index("customer").sort_index()
        for name in MONEY:
            table[name] = (table[name].astype("float") * 100).round().astype("int64")
        for name in ("first_purchase_date", "last_purchase_date"):
            table[name] = pd.to_datetime(table[name])
        table["rhythm_days"] = table["rhythm_days"].astype("float")
        return table

    def _compare(self, expected, stored):
        self.assertEqual(list(expected.index), list(stored.index))
        for name in COLUMNS:
            wanted, found = expected[name], stored[name]
            same = (wanted == found) | (wanted.isna() & found.isna())
            wrong = pd.DataFrame({"pandas": wanted, "profile": found})[~same]
            self.assertTrue(wrong.empty, f"{name}:\n{wrong.head(20)}")

    def _report(self, stored, loading, classifying):
        _logger.info(
            "CDNOW loaded in %.1f s, classified in %.1f s", loading, classifying
        )
        for name in ("stage", "abc_class", "category"):
            counts = stored[name].value_counts(dropna=False)
            _logger.info("CDNOW customers by %s: %s", name, counts.to_dict())
            print(f"CDNOW customers by {name}: {counts.to_dict()}")
        print(f"CDNOW loaded in {loading:.1f} s, classified in {classifying:.1f} s")

    def test_both_ways_give_the_same_profiles(self):
        found = []
        for way in (cdnow.load, cdnow.load_through_orm):
            savepoint = self.env.cr.savepoint()
            result = way(self.env, sample=SAMPLE)
            self.assertEqual(result["customers"], SAMPLE)
            self.engine._recompute(self.company, today=self.today, cause="baseline")
            found.append((self._profiles(), self._documents()))
            self.env.cr.precommit.clear()
            self.env.cr.precommit.data.clear()
            self.env.clear()
            savepoint.close(rollback=True)
            self.env.clear()
        self.assertEqual(len(found[0][0]), SAMPLE)
        self.assertEqual(found[0][0], found[1][0])
        self.assertEqual(found[0][1], found[1][1])

    def _profiles(self):
        """Every column but ids, times, names that numbers stand in, and the checksum,
        in which the ids of documents are."""
        self.env.flush_all()
        return self._rows(
            "crm_lifecycle_profile row JOIN res_partner partner "
            "ON partner.id = row.partner_id WHERE row.company_id = %s",
            ("id", "partner_id", "computed_at", "stage_figures", "checksum"),
        )

    def _documents(self):
        """Orders and lines, to see that the rows made in SQL are like Odoo's own."""
        partner = "JOIN res_partner partner ON partner.id = row.partner_id"
        line = "JOIN res_partner partner ON partner.id = row.order_partner_id"
        own = ("id", "name", "partner_id", "partner_invoice_id", "partner_shipping_id")
        return self._rows(
            f"sale_order row {partner} WHERE row.company_id = %s", own
        ) + self._rows(
            f"sale_order_line row {line} WHERE row.company_id = %s",
            ("id", "order_id", "order_partner_id", "product_id"),
        )

    def _rows(self, source, left_out):
        left_out += ("create_date", "write_date")
        query = f"SELECT partner.ref, to_jsonb(row) FROM {source}"
        self.env.cr.execute(query, [self.company.id])
        rows = []
        for ref, row in self.env.cr.fetchall():
            kept = {name: row[name] for name in sorted(row) if name not in left_out}
            rows.append((ref, repr(kept)))
        return sorted(rows)
