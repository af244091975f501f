# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import TestLifecycleCommon
from .dialogs_common import DialogsMixin


class TestDialogsOnMany(DialogsMixin, TestLifecycleCommon):
    """Thousands selected: the dialog opens and works in portions, not one by one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls._create_many_customers(5_000)

    def _queries(self, kind, records, **values):
        """Open and confirm a dialog; return what it said and how many queries ran."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        dialog = self._open_dialog(kind, records)
        for name, value in values.items():
            setattr(dialog, name, value)
        said = dialog.save().action_apply()["params"]
        self.env.flush_all()
        return said, self.env.cr.sql_log_count - before

    def test_five_thousand_profiles(self):
        profiles = self._make_profiles(self.partners, revenue=100)
        few = profiles[:300]
        rest = profiles[300:]
        for kind, values in (
            ("hold", {"hold_stage_id": self.stage("working"), "reason": "Lease"}),
            ("name_vip", {"reason": "Big", "despite_reason": "All of them"}),
            ("set_potential", {"potential_by": "factor", "revenue_factor": 3}),
        ):
            with self.subTest(kind=kind):
                said, queries_few = self._queries(kind, few, **values)
                self.assertIn("Done: 300. The stages follow", said["message"])
                said, queries_many = self._queries(kind, rest, **values)
                self.assertIn("Done: 4700. The stages follow", said["message"])
                # Reading goes by portions of 1,000; writing is one statement for all
                self.assertLess(queries_many, queries_few + 60)
        self.env.invalidate_all()
        self.assertEqual(set(rest.mapped("potential_amount")), {300.0})
        self.assertEqual(set(rest.mapped("is_vip")), {True})

    def test_five_thousand_contacts(self):
        self._make_profiles(self.partners[:4_000])
        said, queries = self._queries("exclude", self.partners, reason="Test")
        self.assertIn("Done: 4000.", said["message"])
        self.assertIn("Skipped: 1000.", said["message"])
        self.assertEqual(len(said["skipped"]["domain"][0][2]), 1_000)
        self.assertLess(queries, 150)

    def test_five_thousand_added(self):
        said, queries = self._queries("add_to_base", self.partners)
        self.assertEqual(said["message"], "Done: 5000.")
        self.assertLess(queries, 150)
