# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError, ValidationError

from .target_common import TestTargetCommon


class TestTargetProfile(TestTargetCommon):
    """Versions, weights, and which profile is meant for whom."""

    def test_weights_are_shares(self):
        goals = self.growth.dimension_id
        self.assertEqual(goals.share, 0.5)
        self.assertEqual(self.growth.share, 0.75)
        self.assertEqual(self.budget.dimension_id.share, 1)  # readiness is apart

    def test_what_is_in_force_is_not_changed(self):
        for record, vals in (
            (self.target, {"scale": 7}),
            (self.growth, {"weight": 2}),
            (self.growth.dimension_id, {"weight": 5}),
        ):
            with self.assertRaisesRegex(UserError, "new version"):
                record.write(vals)
        with self.assertRaisesRegex(UserError, "new version"):
            self.growth.unlink()
        with self.assertRaisesRegex(UserError, "new version"):
            self.env["crm.target.profile.criterion"].create(
                {"name": "late", "dimension_id": self.growth.dimension_id.id}
            )

    def test_a_new_version_takes_over(self):
        action = self.target.action_new_version()
        draft = self.Target.browse(action["res_id"])
        self.assertEqual(draft.state, "draft")
        self.assertEqual(draft.version, 2)
        self.assertEqual(
            draft.criterion_ids.mapped("name"), self.target.criterion_ids.mapped("name")
        )
        draft.action_put_in_force()
        self.assertEqual(self.target.state, "closed")
        self.assertEqual(self.target.date_to, self.today)
        self.assertEqual(self.Card._begin(self.account).target_id, draft)

    def test_the_closest_profile_is_meant(self):
        industry = self.env["res.partner.industry"].create({"name": "Mining"})
        trade = self.env["crm.lifecycle.trade.format"].create({"name": "Kiosk"})
        mining = self.Target.create(self._target_values(industry_id=industry.id))
        kiosk = self.Target.create(self._target_values(trade_format_id=trade.id))
        (mining + kiosk).action_put_in_force()
        self.assertEqual(self.target.state, "in_force")  # they are for others

        def meant(industry, trade):
            return self.Target._get_for(self.company, industry, trade)

        self.assertEqual(meant(industry, trade), kiosk)
        self.assertEqual(meant(industry, trade.browse()), mining)
        self.assertEqual(meant(industry.browse(), trade.browse()), self.target)

    def test_bad_numbers(self):
        for values, words in (
            ({"scale": 1}, "scale of 2"),
            ({"fit_limit": 101}, "0 to 100"),
            ({"fit_limit": 30, "doubt_limit": 40}, "above"),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                self.Target.create(self._target_values(**values))

    def test_without_criteria_nothing_comes_into_force(self):
        empty = self.Target.create({"name": "Empty"})
        self.assertEqual(
            empty.dimension_ids.mapped("kind"), ["goals", "opportunities", "resources"]
        )
        with self.assertRaisesRegex(UserError, "no criteria"):
            empty.action_put_in_force()

    def test_scored_profiles_stay(self):
        self._score(self.account, finish=False)
        with self.assertRaisesRegex(UserError, "Close it"):
            self.target.unlink()

    def test_nobody_in_force(self):
        self.target.action_close()
        with self.assertRaisesRegex(UserError, "No target profile"):
            self.account.action_score()
