# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, timedelta

from odoo import Command

from .ledger_common import LedgerCommon


class TestCadenceLedger(LedgerCommon):
    """The compliance ledger, row by row."""

    def test_missed_rows_follow_each_other(self):
        """Missed one interval after due; the next is due one interval later."""
        self.assertEqual(
            self._rows(),
            [
                (40, 30, "missed", 20, 0),
                (30, 20, "missed", 10, 0),
                (20, 10, "missed", 0, 0),
                (10, 0, "open", None, 0),
            ],
        )

    def test_met_and_late(self):
        """Met up to the due day, late before it is missed."""
        self._log(days=30)
        self._log(days=18)
        self._retell()
        self.assertEqual(
            self._rows(),
            [
                (40, 30, "met", 30, 0),
                (30, 20, "late", 18, 2),
                (18, 8, "open", None, 0),
            ],
        )

    def test_touch_on_the_opening_day(self):
        """It closes nothing; and nothing before the rule is in the ledger."""
        self._log(days=45)
        self._log(days=40)
        self._retell()
        self.assertEqual(self._rows()[0], (40, 30, "missed", 20, 0))

    def test_touch_on_the_day_it_is_missed(self):
        """The turn is missed, the next one is met on its due day."""
        self._log(days=20)
        self._retell()
        self.assertEqual(
            self._rows()[:2], [(40, 30, "missed", 20, 0), (30, 20, "met", 20, 0)]
        )

    def test_two_contacts_on_a_day(self):
        """Count once; the row names the first."""
        late = self._log(date=self.ago(days=35) + timedelta(hours=2))
        first = self._log(days=35)
        self._retell()
        row = self.env["crm.cadence.period"].search(
            [("rule_id", "=", self.rule.id), ("state", "=", "met")]
        )
        self.assertEqual(row.touchpoint_id, first)
        self.assertNotEqual(row.touchpoint_id, late)

    def test_pause(self):
        """A pause before the due day voids; after it the row stays."""
        for first, last, rows in (
            (35, 25, [(40, 30, "void", 35, 0), (25, 15, "missed", 5, 0)]),
            (29, 25, [(40, 30, "missed", 20, 0), (25, 15, "missed", 5, 0)]),
            # from the due day on: too late to be void
            (30, 25, [(40, 30, "missed", 20, 0), (25, 15, "missed", 5, 0)]),
        ):
            with self.subTest(first=first, last=last):
                pause = self._pause(first, last)
                self._retell()
                self.assertEqual(self._rows()[:2], rows)
                pause.unlink()

    def test_touch_in_a_pause(self):
        """It closes nothing: due is counted from the pause's last day."""
        self._pause(35, 25)
        self._log(days=28)
        self._retell()
        self.assertEqual(
            self._rows()[:2], [(40, 30, "void", 35, 0), (25, 15, "missed", 5, 0)]
        )

    def test_exception(self):
        """Another interval before the due day moves the due day."""
        exception = self._except(35, None, number=30)
        self._retell()
        self.assertEqual(self._rows(), [(40, 10, "open", None, 0)])
        exception.write({"kind": "exempt", "date_to": self.day(12)})
        self._retell()
        self.assertEqual(
            self._rows(),
            [
                (40, 30, "void", 35, 0),
                (11, 1, "open", None, 0),
            ],
        )

    def test_category(self):
        """Leaving before the due day voids; coming back opens a row of its own."""
        self._set_category("a", self.day(33))
        self._set_category("b", self.day(12))
        self._retell()
        self.assertEqual(
            self._rows(), [(40, 30, "void", 33, 0), (12, 2, "open", None, 0)]
        )

    def test_category_left_overdue(self):
        """Who leaves after the due day leaves a missed row."""
        self._set_category("a", self.day(25))
        self._retell()
        self.assertEqual(self._rows(), [(40, 30, "missed", 20, 0)])

    def test_days_off_equal_every_day(self):
        """A job that did not run for days leads to the same rows."""
        self._log(days=31)
        self._log(days=12)
        self._pause(9, 7)
        self._forget()
        self._recompute(today=self.day(40))
        self._recompute()
        once = self._rows()
        self._forget()
        self._live(40)
        self.assertEqual(self._rows(), once)

    def test_second_run(self):
        self._log(days=12)
        self.assertEqual(self.engine._recompute_cadence(self.company), 0)

    def test_late_collected(self):
        """Within the grace time a closed row is corrected, with a trace."""
        self._forget()
        self._live(40)
        self._log(days=25)  # within the first row, which was closed 20 days ago
        self.assertEqual(self._rows()[0], (40, 30, "missed", 20, 0))
        self._log(days=15)
        rows = self.env["crm.cadence.period"].search(
            [("rule_id", "=", self.rule.id)], order="opening_date"
        )
        self.assertEqual(
            self._rows(states=["missed", "late", "met", "open"]),
            [
                (40, 30, "missed", 20, 0),
                (30, 20, "late", 15, 5),
                (15, 5, "open", None, 0),
            ],
        )
        self.assertEqual(
            rows.mapped("corrected_from"), [False, "missed", "missed", False, False]
        )
        self.assertTrue(rows[1].corrected_at)

    def test_ignored_within_grace(self):
        """A contact that does not count takes the row with it."""
        self._log(days=31)
        touchpoint = self._log(days=12)
        self._forget()
        self._live(40)
        touchpoint.set_ignored("Wrong number")
        [row] = self.env["crm.cadence.period"].search([("corrected_at", "!=", False)])
        self.assertEqual((row.corrected_from, row.state), ("late", "missed"))

    def test_rule_changed(self):
        """Closed rows stay; the open one gets the new due day."""
        self.rule.write({"interval_number": 15})
        self._recompute()
        self.assertEqual(
            self._rows(),
            [
                (40, 30, "missed", 20, 0),
                (30, 20, "missed", 10, 0),
                (20, 10, "missed", 0, 0),
                (10, -5, "open", None, 0),
            ],
        )

    def test_rule_switched_off_and_on(self):
        """The open row is void; it begins again the day it is switched on."""
        self._log(days=1)
        self.rule.active = False
        self._recompute()
        self.assertEqual(self._rows()[-1], (1, -9, "void", 0, 0))
        self.rule.active = True
        self._recompute()
        self.assertEqual(self._rows()[-1], (0, -10, "open", None, 0))

    def test_archived_customer(self):
        """What was not due yet is void; coming back begins anew."""
        self._log(days=1)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lifecycle_profile SET active = FALSE WHERE id = %s",
            [self.profile.id],
        )
        self._recompute()
        self.assertEqual(self._rows()[-1], (1, -9, "void", 0, 0))
        self.env.cr.execute(
            "UPDATE crm_lifecycle_profile SET active = TRUE, reactivated_date = %s "
            "WHERE id = %s",
            [self.day(0), self.profile.id],
        )
        self._recompute()
        self.assertEqual(self._rows()[-1], (0, -10, "open", None, 0))

    def test_responsible(self):
        """Of the due day, or of the closing day if earlier."""
        self._forget()
        self.env["crm.lifecycle.responsible"].search([]).unlink()
        self.env["crm.lifecycle.responsible"].create(
            [
                {
                    "profile_id": self.profile.id,
                    "user_id": self.user_salesman_2.id,
                    "date_from": self.day(60),
                    "date_to": self.day(25),
                },
                {
                    "profile_id": self.profile.id,
                    "user_id": self.user_salesman.id,
                    "date_from": self.day(24),
                },
            ]
        )
        self._recompute()
        rows = self.env["crm.cadence.period"].search(
            [("rule_id", "=", self.rule.id)], order="opening_date"
        )
        sam, sue = self.user_salesman, self.user_salesman_2
        self.assertEqual(rows.mapped("user_id"), sue + sam)
        self.assertEqual(
            [row.user_id for row in rows],
            [sue, sam, sam, sam],
        )
        self.assertEqual(rows[0].team_id, self.team_2)
        self.assertEqual(rows[0].category_id, self._get_category("b"))

    def test_deleted_customer(self):
        """Closed rows stay without name, the open one goes."""
        self.profile.sudo().touchpoint_ids.unlink()
        self.customer.sudo().child_ids.unlink()
        before = self.env["crm.cadence.period"].search(
            [("profile_id", "=", self.profile.id)]
        )
        self.customer.sudo().unlink()
        self.env.invalidate_all()
        kept = before.exists()
        self.assertEqual(kept.mapped("state"), ["missed"] * 3)
        self.assertFalse(kept.profile_id)
        self.assertEqual(kept.company_id, self.company)

    def test_merge(self):
        """Rows of both customers are one ledger; of two of a day one stays."""
        self.rule.category_ids = [
            Command.set(self._get_category("prospect").ids),
        ]
        self._set_category("prospect", self.day(90))
        self._forget()
        twin = self._create_customer("Acme again")
        profile = self._make_profiles(twin, user_id=self.user_salesman.id)
        self._set_category("prospect", self.day(80), profile)
        self._log(days=32, partner_id=twin.id)
        self._retell()
        self.assertEqual(self._rows(profile=profile)[0], (40, 30, "met", 32, 0))
        self._merge(twin, self.customer)
        self.assertFalse(profile.exists())
        rows = self._rows()
        self.assertEqual(len(rows), len({row[0] for row in rows}))
        self.assertEqual(rows[0], (40, 30, "missed", 20, 0))
        self.assertEqual([row[2] for row in rows].count("open"), 1)
        self.assertEqual(self.engine._recompute_cadence(self.company), 0)

    def test_retention(self):
        """Rows older than the company keeps them are deleted, in one company."""
        self.company.lifecycle_ledger_years = 1
        rows = self.env["crm.cadence.period"].search(
            [("rule_id", "=", self.rule.id)], order="opening_date"
        )
        self.env.cr.execute(
            "UPDATE crm_cadence_period SET due_date = due_date - 400 WHERE id = %s",
            [rows[0].id],
        )
        self.env["crm.cadence.period"]._gc_old_rows()
        self.assertEqual(rows.exists(), rows[1:])

    def test_month_ends(self):
        """Months by the calendar, in every row of the chain."""
        self._set_category("a", date(2025, 1, 1))
        self._set_category("c", date(2025, 1, 2))
        rule = self._create_rule(date_start=date(2026, 1, 31), category="c")
        self._recompute(today=date(2026, 4, 10))
        rows = self.env["crm.cadence.period"].search(
            [("rule_id", "=", rule.id), ("opening_date", "<", date(2026, 3, 1))],
            order="opening_date",
        )
        self.assertEqual(
            rows.mapped("due_date"), [date(2026, 2, 28), date(2026, 3, 28)]
        )

    # ------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------

    def _pause(self, first, last, **values):
        """Pause the customer, decided on the first day."""
        pause = self.env["crm.cadence.pause"].create(
            {
                "profile_id": self.profile.id,
                "date_from": self.day(first),
                "date_to": self.day(last),
                "reason": "Stocktaking",
                **values,
            }
        )
        return self._decided(pause, self.day(first))

    def _except(self, first, last, number=10, **values):
        exception = self.env["crm.cadence.exception"].create(
            {
                "profile_id": self.profile.id,
                "rule_id": self.rule.id,
                "interval_number": number,
                "interval_unit": "day",
                "date_from": self.day(first),
                "date_to": last and self.day(last),
                "reason": "Asked for it",
                **values,
            }
        )
        return self._decided(exception, self.day(first))

    def _decided(self, record, day):
        """As if it had been decided on a day of the past."""
        self.env.flush_all()
        self.env.cr.execute(
            f"UPDATE {record._table} SET create_date = %(at)s, write_date = %(at)s "
            "WHERE id = %(id)s",
            {"at": self.noon(day), "id": record.id},
        )
        return record
