# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from psycopg2.errors import ReadOnlySqlTransaction

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from .playbook_common import TestPlaybookCommon


class TestPlaybookRuns(TestPlaybookCommon):
    """What a run does, when it does not, and what is left of it."""

    # ------------------------------------------------------------
    # A BROKEN ONE
    # ------------------------------------------------------------

    def test_a_broken_filter_keeps_nobody(self):
        """A field that went with an add-on breaks one playbook, and no other."""
        broken = self._create_playbook("lead"), self._on_working()
        whole = self._create_playbook("lead"), self._on_working()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lifecycle_playbook SET filter_domain = %s WHERE id = ANY(%s)",
            ["[('field_that_is_gone', '=', 1)]", [playbook.id for playbook in broken]],
        )
        self.env.invalidate_all()
        partner = self._buyer()
        self.env["crm.lead"].create({"name": "x", "partner_id": partner.id})
        with mute_logger("odoo.addons.crm_lifecycle.models.playbook.engine.react"):
            self._react()
        for playbook in whole:
            self.assertEqual(self._customers_of(playbook), partner)
        for playbook in broken:
            self.assertFalse(self._runs(playbook))

    # ------------------------------------------------------------
    # LIMITS
    # ------------------------------------------------------------

    def test_cool_down(self):
        playbook = self._create_playbook("lead", cooldown_days=10)
        partner = self._create_customer("Asks twice")
        self._make_profiles(partner)
        lead = {"name": "x", "partner_id": partner.id}
        self.env["crm.lead"].create(lead)
        self._react()
        self.env["crm.lead"].create(lead)
        self._react()
        states = self._runs(playbook).mapped("state")
        self.assertEqual(states, ["done", "skipped"])
        self.assertIn("within 10 days", self._runs(playbook)[1].message)
        with self._on_day(10):
            self.env["crm.lead"].create(lead)
            self._react()
        self.assertEqual(self._runs(playbook)[2].state, "done")
        self.assertEqual(len(self._activities(partner)), 2)

    def test_daily_limit(self):
        playbook = self._on_working(daily_limit=2)
        for number in range(5):
            self._buyer(f"Buyer {number}", [number])
        self._react()
        self._react()
        done = self._runs(playbook, "done")
        self.assertEqual(done.mapped("partner_id.name"), ["Buyer 4", "Buyer 3"])
        self.assertEqual(len(self._runs(playbook, "planned")), 3)
        with self._on_day(1):
            self._react()
        self.assertEqual(len(self._runs(playbook, "done")), 4)

    def test_switched_off(self):
        playbook = self._on_working(delay_days=3)
        partner = self._buyer()
        self._react()
        playbook.is_on = False
        run = self._runs(playbook)
        self.assertEqual(run.state, "skipped")
        self._buyer("While it was off")
        self._react()
        playbook.is_on = True
        with self._on_day(4):
            self._react()
        self.assertEqual(self._runs(playbook), run)
        self.assertFalse(self._activities(partner))

    def test_what_a_playbook_needs(self):
        playbook = self.Playbook.create({"name": "Empty", "trigger": "birthday"})
        with self.assertRaises(UserError):
            playbook.is_on = True
        playbook.plan_id = self.plan
        playbook.is_on = True
        self.assertTrue(playbook.activated_at)
        for values in (
            {"trigger": "stage_entered"},
            {"trigger": "feedback"},
            {"responsible_type": "fixed"},
            {"delay_days": -1},
            {"filter_domain": "[('no_such_field', '=', 1)]"},
            {"filter_domain": "import os"},
            {"trigger": "holiday", "holiday_month": "2", "holiday_day": 30},
            {"template_id": self._create_letter("res.users").id},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                playbook.write(values)

    # ------------------------------------------------------------
    # EXACTLY ONCE, AND ERRORS
    # ------------------------------------------------------------

    def test_cut_off_in_the_middle(self):
        """What a run has done is lost together with its mark, and done again once."""
        letter = self._create_letter()
        playbook = self._on_working(template_id=letter.id, makes_opportunity=True)
        partner = self._buyer(email="buyer@example.com")
        run_class = type(self.Run)

        def cut_off(*_args):
            raise KeyboardInterrupt

        with (
            patch.object(run_class, "_prepare_fired", cut_off),
            self.assertRaises(KeyboardInterrupt),
        ):
            self._react()
        self.env.invalidate_all()
        self.assertFalse(self._activities(partner))
        self.assertFalse(self._mails(partner))
        self._react()
        self._react()
        self.assertEqual(self._runs(playbook).mapped("state"), ["done"])
        self.assertEqual(len(self._activities(partner)), 1)
        self.assertEqual(len(self._mails(partner)), 1)
        lead = self._runs(playbook).lead_id
        self.assertEqual(self.env["crm.lead"].search_count([("id", "=", lead.id)]), 1)

    def test_error_of_one_customer(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Refuses Bad",
                "model_id": self.env["ir.model"]._get_id("crm.lifecycle.profile"),
                "state": "code",
                "code": "if record.partner_id.name == 'Bad':\n"
                "    raise UserError('No way')\n"
                "record.write({'own_volume': 'seen'})",
            }
        )
        playbook = self._on_working(server_action_id=action.id)
        bad, good = self._buyer("Bad"), self._buyer("Good")
        self._react()
        self.assertEqual(self._customers_of(playbook), good)
        self.assertEqual(self._profile(good).own_volume, "seen")
        failed = self._runs(playbook, "failed")
        self.assertEqual(failed.partner_id, bad)
        self.assertIn("No way", failed.message)
        self.assertFalse(self._activities(bad), "nothing is half done")
        self.assertEqual((playbook.done_count, playbook.failed_count), (1, 1))
        bad.name = "Better"
        with self.assertRaises(AccessError):
            failed.with_user(self.user_salesman).action_retry()
        failed.with_user(self.user_manager).action_retry()
        self._react()
        self.assertEqual(failed.state, "done")
        self.assertEqual(len(self._activities(bad)), 1)

    def test_nobody_to_do_it(self):
        playbook = self._on_working(user_id=False)
        partner = self._create_customer("Nobody's")
        self._create_orders(partner, [1])
        self._recompute(partner)
        self._profile(partner).sudo().assign_responsible(False)
        self._react()
        self.assertIn("Nobody is there", self._runs(playbook, "failed").message)

    def test_who_does_it(self):
        for kind, user in (
            ("responsible", self.user_salesman),
            ("leader", self.user_leader),
            ("fixed", self.user_manager),
        ):
            with self.subTest(kind):
                playbook = self._on_working(responsible_type=kind)
                self._buyer()
                self._react()
                self.assertEqual(self._runs(playbook).user_id, user)
                playbook.is_on = False

    # ------------------------------------------------------------
    # DRY RUN, ACCESS, MERGE, READY PLAYBOOKS
    # ------------------------------------------------------------

    def test_dry_run_changes_nothing(self):
        playbook = self._on_working(is_on=False)
        recent, old = self._buyer("Recent", [5]), self._buyer("Old", [60])
        other = self._buyer("A colleague's", [5])
        self._profile(other).sudo().assign_responsible(self.user_salesman_2.id)
        Wizard = self.env["crm.lifecycle.playbook.dry.run"].with_user(self.user_manager)
        with Form(Wizard.with_context(default_playbook_id=playbook.id)) as form:
            self.assertIn("base: 2.", form.sentence)
            form.days = 90
            self.assertIn("base: 3.", form.sentence)
        self.env.cr.flush()  # what waits for the end of the transaction
        self.env.cr.execute("SAVEPOINT read_only")
        self.env.cr.execute("SET TRANSACTION READ ONLY")
        found = self.engine._get_dry_run(playbook, self.company, 90)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(ReadOnlySqlTransaction),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute("DELETE FROM crm_lifecycle_playbook_run")
        self.env.cr.execute("ROLLBACK TO SAVEPOINT read_only")
        mine = self._profile(recent) + self._profile(old) + self._profile(other)
        self.assertEqual(set(found), set(mine.ids))
        wizard = Wizard.create({"playbook_id": playbook.id, "days": 90})
        seen = wizard.sudo(False).with_user(self.user_all)._get_profiles()
        self.assertEqual(seen, mine.browse(seen.ids))
        self.assertFalse(self._runs(playbook))

    def test_who_may_what(self):
        playbook = self._on_working()
        self._buyer("Sam's")
        theirs = self._buyer("Sue's")
        self._profile(theirs).sudo().assign_responsible(self.user_salesman_2.id)
        self._react()
        runs = self._runs(playbook)
        for user, names in (
            (self.user_salesman, {"Sam's"}),
            (self.user_salesman_2, {"Sue's"}),
            (self.user_leader, {"Sam's"}),
            (self.user_all, {"Sam's", "Sue's"}),
            (self.user_manager, {"Sam's", "Sue's"}),
            (self.user_manager_2, set()),
        ):
            with self.subTest(user.name):
                seen = runs.with_user(user).search([("id", "in", runs.ids)])
                self.assertEqual(set(seen.sudo().partner_id.mapped("name")), names)
                count = playbook.with_user(user).done_count
                self.assertEqual(count, len(names))
        for user in (self.user_salesman, self.user_all):
            with self.assertRaises(AccessError):
                playbook.with_user(user).is_on = False
        for user in (self.user_internal, self.user_portal):
            with self.assertRaises(AccessError):
                runs.with_user(user).mapped("state")
        with self.assertRaises(AccessError):
            runs.with_user(self.user_manager).write({"state": "planned"})
        playbook.with_user(self.user_manager).is_on = False
        with self.assertRaises(UserError):
            playbook.with_user(self.user_manager).unlink()

    def test_merged_customers_were_congratulated_once(self):
        partner, twin = self._create_customers(2)
        profiles = self._make_profiles(partner + twin)
        playbook = self._create_playbook(
            "holiday",
            holiday_day=self.today.day,
            holiday_month=str(self.today.month),
            filter_domain=f"[('id', 'in', {profiles.ids})]",
        )
        self._react()
        runs = self._runs(playbook)
        self.assertEqual(runs.mapped("state"), ["done", "done"])
        self.env.cr.execute(
            "UPDATE crm_lifecycle_playbook_run SET state = 'skipped' WHERE id = %s",
            [runs.filtered(lambda run: run.partner_id == partner).id],
        )
        self.env.invalidate_all()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (partner + twin).ids, partner
        )
        self.env.invalidate_all()
        self.assertRecordValues(
            runs.exists(), [{"partner_id": partner.id, "state": "done"}]
        )

    def test_ready_playbooks(self):
        """They are switched off, complete, and run for whom they are meant."""
        ready = self.Playbook.search([]).filtered(
            lambda playbook: (playbook.get_external_id()[playbook.id]).startswith(
                "crm_lifecycle.crm_lifecycle_playbook_"
            )
        )
        if not ready:
            self.skipTest("deleted by the company")
        self.assertFalse(any(ready.mapped("is_on")))
        ready.is_on = True
        for playbook in ready:
            self._set_activated(playbook, 30)
        partner = self._buyer("First purchase", email="first@example.com")
        lost = self._create_customer("Lost", user_id=self.user_salesman.id)
        self._create_orders(lost, [370])
        self._recompute(lost)
        self._react()
        done = self.Run.search([("state", "=", "done")])
        names = {(run.partner_id, run.playbook_id) for run in done}
        welcome = self.env.ref("crm_lifecycle.crm_lifecycle_playbook_welcome")
        win_back = self.env.ref("crm_lifecycle.crm_lifecycle_playbook_winback")
        self.assertEqual(names, {(partner, welcome), (lost, win_back)})
        self.assertFalse(self.Run.search([("state", "=", "failed")]))
        mail = self._mails(partner)
        self.assertIn("First purchase", mail.body_html)
        self.assertIn(self.user_salesman.name, mail.body_html)
