# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import suppress
from unittest.mock import patch

from odoo.addons.crm_lifecycle.models.touchpoint.collect import job, past

from .touchpoint_common import TestTouchpointCommon


class TestTouchpointMarks(TestTouchpointCommon):
    def _source(self, name="mail.message"):
        return self.env["crm.touchpoint.source"]._get(name)

    def test_first_collection_shows_its_progress_and_goes_on_where_it_was(self):
        self._forget_collection()
        for __ in range(4):
            self._create_message()
        sync = type(self.engine)._sync_touchpoints
        done = []

        def cut_off(engine, companies, model, ids, **values):
            if model == "mail.message" and len(done) == 1:
                raise KeyboardInterrupt
            if model == "mail.message":
                done.append(self._source().progress)
            return sync(engine, companies, model, ids, **values)

        bounds = type(self.engine)._touchpoint_bounds_message
        lowest = self.env["mail.message"].search([], order="id desc", limit=1).id - 4

        def recent(engine, is_first):
            return (lowest, *bounds(engine, is_first)[1:])

        with (
            patch.object(past, "CHUNK_IDS", 2),
            patch.object(past, "FIRST_FACTOR", 1),
            patch.object(type(self.engine), "_touchpoint_bounds_message", recent),
        ):
            with (
                patch.object(type(self.engine), "_sync_touchpoints", cut_off),
                suppress(KeyboardInterrupt),
            ):
                self._collect()
            source = self._source()
            self.assertFalse(source.is_complete)
            self.assertIn("passing", source.marks)
            self.assertGreater(source.marks["passing"]["position"], lowest)
            self._collect()
        self.assertTrue(source.is_complete)
        self.assertEqual(source.progress, 100)
        self.assertEqual(len(self._touchpoints()), 4)
        self.assertTrue(self.profile.last_contact_date)

    def test_a_mark_is_safe_only_after_open_transactions_have_ended(self):
        self._collect()
        source = self._source()
        newest = source.marks["pending"]["transaction"]
        bounds = (0, 500, 100)
        source.marks = {
            "safe": 100,
            "pending": {"key": 400, "transaction": newest + 10**6},
        }
        # copied to another server: the number means nothing here
        begun = self.engine._begin_pass(source, bounds)
        self.assertEqual((begun["low"], begun["safe"]), (100, 100))
        self.assertEqual(begun["pending"]["key"], 500)
        # all of them have ended: read once more from the old mark, then move it
        source.marks = {"safe": 100, "pending": {"key": 400, "transaction": 1}}
        begun = self.engine._begin_pass(source, bounds)
        self.assertEqual((begun["low"], begun["safe"]), (100, 400))

    def test_one_source_does_not_keep_the_others_from_being_read(self):
        self._create_event()
        self._create_message()
        self.env.cr.flush()
        self.env.cr.execute("DELETE FROM crm_touchpoint_change")

        def fail(*_arguments):
            raise job.DataError("broken")

        self.patch(type(self.engine), "_touchpoint_range_event", fail)
        self.patch(self.env.cr, "rollback", lambda: None)
        with self.assertLogs(job.__name__, "ERROR"):
            self._collect()
        self.assertIn("mail.message", self._touchpoints().mapped("source_model"))

    def test_nothing_is_collected_before_the_base_is_classified(self):
        self.company.lifecycle_baseline_at = False
        self._create_event()
        self._collect()
        self.assertFalse(self._touchpoints())
        self.company.lifecycle_baseline_at = self.ago(hours=1)
        self._collect()
        self.assertTrue(self._touchpoints())

    def test_customers_of_the_first_collection_are_not_read_twice(self):
        """Only when one has come in late, with a number below the mark."""
        asked = []

        def read(engine, companies, source, current, low):
            asked.append(low)
            return current["high"]

        with patch.object(type(self.engine), "_collect_customer_chunk", read):
            for late in (0, 1):
                self._forget_collection()
                self.engine._open_collection()
                source = self._source("crm.lifecycle.profile")
                low, high, total = source.marks["seen"]
                self.assertLess(low, high)
                source.marks = {**source.marks, "seen": [low, high, total - late]}
                with patch.object(
                    type(self.engine), "_commit_progress", lambda *_a, **_k: 0
                ):
                    self.engine._collect_new_customers(self.company)
                self.assertEqual(asked, [low] * late)
                self.assertNotIn("seen", source.marks)
