# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError, ValidationError

from .target_common import TestTargetCommon

FULL = {"growth": 5, "margin": 3, "region": 1, "service": 5}


class TestScorecard(TestTargetCommon):
    """Figures of a card, what counts as the latest, and what leads need."""

    def test_figures(self):
        card = self._score(self.account, **FULL)
        # growth 100 x 3/4 + margin 50 x 1/4
        self.assertAlmostEqual(card.goals_score, 87.5)
        self.assertAlmostEqual(card.opportunities_score, 0)
        self.assertAlmostEqual(card.resources_score, 100)
        # (87.5 x 2 + 0 + 100) / 4
        self.assertAlmostEqual(card.total_score, 68.75)
        self.assertEqual(card.verdict, "doubtful")
        self.assertEqual(card.scored_share, 1)

    def test_gaps_take_no_part_and_have_no_verdict(self):
        card = self._score(self.account, finish=False, growth=5, service=3)
        self.assertAlmostEqual(card.goals_score, 100)
        # (100 x 2 + 50 x 1) / 3
        self.assertAlmostEqual(card.total_score, 250 / 3)
        # goals 2 x 3/4, resources 1, of 4
        self.assertAlmostEqual(card.scored_share, 2.5 / 4)
        self.assertFalse(card.verdict)
        with self.assertRaisesRegex(UserError, "margin, region"):
            card.action_finish()

    def test_limits_belong_to_the_better_verdict(self):
        self.target.write({"fit_limit": 68.75})
        self.assertEqual(self._score(self.account, **FULL).verdict, "fits")

    def test_readiness_is_asked_of_leads_and_apart(self):
        card = self._score(self.lead, finish=False, **FULL)
        self.assertIn(self.budget, card.line_ids.criterion_id)
        self.assertFalse(card.verdict)
        card.line_ids.filtered(lambda line: line.criterion_id == self.budget).score = 2
        card.action_finish()
        self.assertAlmostEqual(card.total_score, 68.75)
        self.assertAlmostEqual(card.readiness_score, 25)
        self.assertAlmostEqual(self.lead.lifecycle_readiness_score, 25)
        account = self._score(self.account, finish=False)
        self.assertNotIn(self.budget, account.line_ids.criterion_id)

    def test_a_score_beyond_the_scale(self):
        card = self._score(self.account, finish=False)
        with self.assertRaisesRegex(ValidationError, "1 to 5"):
            card.line_ids[0].score = 6

    def test_the_score_tells_who_and_when(self):
        card = self._score(self.account, finish=False)
        line = card.line_ids[0].with_user(self.user_salesman)
        line.score = 4
        self.assertEqual(line.user_id, self.user_salesman)
        self.assertEqual(line.date, self.today)

    def test_the_latest_counts(self):
        old = self._score(self.account, date=self.day(10), **FULL)
        self.assertEqual(self.account.fit_verdict, "doubtful")
        new = self._score(self.account, **{**FULL, "region": 5})
        self.env.invalidate_all()
        self.assertFalse(old.is_latest)
        self.assertEqual(self.account.fit_verdict, "fits")
        self.assertEqual(new.previous_id, old)
        self.assertAlmostEqual(new.change, 25)
        found = self.Profile.search(
            [("id", "=", self.account.id), ("fit_score", ">", 90)]
        )
        self.assertEqual(found, self.account)
        new.action_reopen()
        self.env.invalidate_all()
        self.assertEqual(self.account.fit_verdict, "doubtful")
        old.unlink()
        self.env.invalidate_all()
        self.assertFalse(self.account.fit_verdict)

    def test_a_finished_card_is_not_changed(self):
        card = self._score(self.account, **FULL)
        with self.assertRaisesRegex(UserError, "not changed"):
            card.line_ids[0].score = 1
        with self.assertRaisesRegex(UserError, "not changed"):
            card.date = self.day(3)

    def test_not_in_the_future(self):
        with self.assertRaisesRegex(ValidationError, "future"):
            self._score(self.account, finish=False, date=self.day(-1))

    def test_a_stage_asks_for_a_card(self):
        stage = self.env["crm.stage"].create(
            {"name": "Qualified only", "lifecycle_needs_scorecard": True}
        )
        with self.assertRaisesRegex(UserError, "Scored Lead"):
            self.lead.stage_id = stage
        self._score(self.lead, date=self.day(366), budget=1, **FULL)
        with self.assertRaisesRegex(UserError, "Scored Lead"):
            self.lead.stage_id = stage
        self._score(self.lead, date=self.day(365), budget=1, **FULL)
        self.lead.stage_id = stage
        self.assertEqual(self.lead.stage_id, stage)

    def test_a_lead_made_in_the_stage(self):
        stage = self.env["crm.stage"].create(
            {"name": "Qualified only", "lifecycle_needs_scorecard": True}
        )
        mine = self.env["crm.lead"].with_user(self.user_salesman)
        with self.assertRaisesRegex(UserError, "Short cut"):
            mine.create({"name": "Short cut", "stage_id": stage.id})
        with self.assertRaisesRegex(UserError, "Short cut"):
            mine.with_context(default_stage_id=stage.id).create({"name": "Short cut"})
        self.assertNotEqual(mine.create({"name": "First stage"}).stage_id, stage)

    def test_what_nobody_serves(self):
        self._score(self.account, **FULL)
        self.env.invalidate_all()
        served = {
            one.name: one.served_count
            for one in self.target.criterion_ids - self.budget
        }
        # margin reaches 50 of the 60 that serve
        self.assertEqual(served, {"growth": 1, "margin": 0, "region": 0, "service": 1})
        self.assertEqual(self.margin.average_value, 50)
        unserved = self.env["crm.target.profile.criterion"].search(
            [("served_count", "=", 0), ("target_id", "=", self.target.id)]
        )
        self.assertEqual(unserved, self.margin + self.region + self.budget)

    def test_many_at_once(self):
        other = self._create_customer("Another", user_id=self.user_salesman.id)
        self.engine._add_profiles(self.company, other)
        accounts = self.account + self.Profile.search([("partner_id", "=", other.id)])
        Card = self.Card.with_user(self.user_salesman)
        (grid,) = Card.get_grid("crm.lifecycle.profile", accounts.ids)
        self.assertEqual(
            [row["name"] for row in grid["rows"]],
            [
                "Another",
                "Scored Customer",
            ],
        )
        row = grid["rows"][1]
        cell = row["scores"][self.growth.id]
        row = Card.browse(row["id"]).set_score(cell["id"], 3)
        self.assertEqual(row["scores"][self.growth.id]["score"], 3)
        self.assertEqual(row["total"], 50)
        again = Card.get_grid("crm.lifecycle.profile", accounts.ids)
        self.assertEqual(len(again[0]["rows"]), 2)
        self.assertEqual(
            self.Card.search_count([("profile_id", "in", accounts.ids)]), 2
        )
        with self.assertRaisesRegex(UserError, "not of this card"):
            Card.browse(grid["rows"][0]["id"]).set_score(cell["id"], 3)
        with self.assertRaisesRegex(UserError, "Only customers"):
            Card.get_grid("res.users", self.user_salesman.ids)

    def test_ranking(self):
        self._score(self.account, **FULL)
        data = self.Card.get_bubbles(
            "crm.lifecycle.profile", [("id", "=", self.account.id)]
        )
        (bubble,) = data["bubbles"]
        self.assertAlmostEqual(bubble["fit"], 68.75)
        self.assertEqual(bubble["verdict"], "doubtful")
        self._score(self.lead, budget=1, **FULL)
        leads = self.Card.get_bubbles("crm.lead", [("id", "=", self.lead.id)])
        self.assertEqual([one["id"] for one in leads["bubbles"]], [self.lead.id])

    def test_merged_customers(self):
        other = self._create_customer("Scored Customer (old)")
        self.engine._add_profiles(self.company, other)
        account = self.Profile.search([("partner_id", "=", other.id)])
        old = self._score(self.account, date=self.day(5), **FULL)
        new = self._score(account, **{**FULL, "region": 5})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer + other).ids, self.customer)
        self.env.invalidate_all()
        self.assertEqual((old + new).profile_id, self.account)
        self.assertFalse(old.is_latest)
        self.assertTrue(new.is_latest)
        self.assertEqual(self.account.fit_verdict, "fits")

    def test_merged_leads(self):
        other = self.lead.copy({"name": "Scored Lead (old)"})
        card = self._score(other, budget=5, **FULL)
        kept = (self.lead + other).merge_opportunity()
        self.assertEqual(card.lead_id, kept)
        self.env.invalidate_all()
        self.assertEqual(kept.lifecycle_fit_verdict, "doubtful")
