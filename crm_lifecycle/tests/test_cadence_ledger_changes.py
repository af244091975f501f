# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .ledger_common import LedgerCommon


class TestCadenceLedgerChanges(LedgerCommon):
    """What is settled about rules and people later leaves closed rows alone."""

    def test_rule_switched_on_that_is_on(self):
        """Nothing begins anew."""
        before = self._rows()
        self.rule.write({"active": True, "sequence": 5})
        self._recompute()
        self.assertEqual(self.rule.date_start, self.day(40))
        self.assertEqual(self._rows(), before)

    def test_others_decide_since(self):
        """What was with the right people then stays; not what is corrected."""
        with self._right_people([(self.profile, self.anna)]):
            self.rule = self._create_rule(
                date_start=self.day(40), number=10, unit="day", right_person=True
            )
            touchpoint = self._log(days=12, contact_id=self.anna.id)
        kept = (30, 20, "late", 12, 8)
        self.assertIn(kept, self._rows())
        with self._right_people([(self.profile, self.ben)]):
            self._recompute()
            self.assertIn(kept, self._rows())
            self.assertFalse(self._get_clock(self.rule).last_date)
            touchpoint.contact_id = self.ben
            self.assertIn(kept, self._rows())
            touchpoint.contact_id = self.anna
            self.assertNotIn(kept, self._rows())
