# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from .playbook_common import TestPlaybookCommon


class TestPlaybookAutomation(TestPlaybookCommon):
    """Odoo's automation rules see what changed in SQL, with the values before."""

    def setUp(self):
        super().setUp()
        if "base.automation" not in self.env:
            self.skipTest("needs automation rules")

    def _create_rule(self, trigger="on_write", code=None, **values):
        code = code or "record.write({'own_volume': (record.own_volume or '') + 'x'})"
        model_id = self.env["ir.model"]._get_id("crm.lifecycle.profile")
        return self.env["base.automation"].create(
            {
                "name": "Rule",
                "model_id": model_id,
                "trigger": trigger,
                "action_server_ids": [
                    Command.create(
                        {
                            "name": "Mark",
                            "model_id": model_id,
                            "state": "code",
                            "code": code,
                        }
                    )
                ],
                **values,
            }
        )

    def _marks(self, *partners):
        return [self._profile(partner).own_volume or "" for partner in partners]

    def test_new_profile_and_change(self):
        # on the contact: a write on the card would itself start the other rule
        mark = "partner = record.partner_id\n"
        mark += "partner.write({'ref': (partner.ref or '') + 'x'})"
        self._create_rule("on_create", code=mark)
        self._create_rule("on_create_or_write")
        partner = self._buyer()
        self._react()
        self.assertEqual(partner.ref, "x")
        self.assertEqual(self._marks(partner), ["x"])
        self._create_orders(partner, [0, 0])
        self._recompute(partner)
        self._react()
        self._react()
        self.assertEqual(partner.ref, "x")
        self.assertEqual(self._marks(partner), ["xx"])

    def test_stage_before_and_after(self):
        potential, working = self._create_customer("From potential"), self._buyer()
        self.engine._add_profiles(self.company, potential)
        self._react()
        self._create_rule(
            filter_pre_domain="[('stage_id.code', '=', 'potential')]",
            filter_domain="[('stage_id.code', '=', 'regular')]",
        )
        for partner in potential + working:
            self._create_orders(partner, [0, 0, 0])
        self._recompute(potential + working)
        self._react()
        self.assertEqual(self._marks(potential, working), ["x", ""])
        self.assertEqual(self._profile(potential).stage_id.code, "regular")

    def test_watched_field(self):
        field = self.env["ir.model.fields"]._get("crm.lifecycle.profile", "stage_id")
        other = self.env["ir.model.fields"]._get("crm.lifecycle.profile", "revenue")
        partner = self._buyer()
        self._react()
        rule = self._create_rule(trigger_field_ids=[Command.set(field.ids)])
        self._create_orders(partner, [0, 0])
        self._recompute(partner)
        self._react()
        self.assertEqual(self._marks(partner), ["x"])
        rule.trigger_field_ids = other
        self._create_orders(partner, [370])
        self.env.cr.execute(
            "UPDATE crm_lifecycle_profile SET stage_id = %s WHERE id = %s",
            [self.stage("working").id, self._profile(partner).id],
        )
        self.env.invalidate_all()
        self._recompute(partner)
        self._react()
        self.assertEqual(self._marks(partner), ["x"])

    def test_baseline_tells_nobody(self):
        self._create_rule("on_create_or_write")
        partner = self._create_customer("Old")
        self._create_orders(partner, [3])
        self._recompute(partner, cause="baseline")
        self._react()
        self.assertEqual(self._marks(partner), [""])

    def test_rule_that_fails_stops_nobody(self):
        self._create_rule(
            "on_create_or_write",
            code="if record.partner_id.name == 'Bad':\n"
            "    raise UserError('No way')\n"
            "record.write({'own_volume': 'x'})",
        )
        playbook = self._create_playbook(
            "stage_entered", stage_ids=[Command.set(self.stage("working").ids)]
        )
        bad, good = self._buyer("Bad"), self._buyer("Good")
        self._react()
        self.assertEqual(self._marks(bad, good), ["", "x"])
        failed = self._transitions(bad)
        self.assertIn("No way", failed.reaction_error)
        self.assertEqual(set(self._customers_of(playbook)), {bad, good})
        bad.name = "Better"
        failed.with_user(self.user_manager).action_react_again()
        self._react()
        self.assertEqual(self._marks(bad), ["x"])
        self.assertEqual(len(self._runs(playbook)), 2, "playbooks answer once")
