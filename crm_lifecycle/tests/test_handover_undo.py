# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .handover_common import HandoverCommon

RUN = "odoo.addons.crm_lifecycle.models.handover.run"
ENGINE = "odoo.addons.crm_lifecycle.models.handover.crm_lifecycle_engine"


class TestHandoverUndo(HandoverCommon):
    """Giving back, going on after a kill, and what the deciding user may not see."""

    @contextmanager
    def _without_commits(self):
        """The job's own loop, in this transaction."""
        engine = type(self.engine)
        with patch.object(engine, "_commit_progress", lambda *_a, **_k: 0):
            yield

    # ------------------------------------------------------------
    # UNDO
    # ------------------------------------------------------------

    def test_undo(self):
        work = self._plan_work()
        handover = self._hand_over(self._create_handover())
        handover.action_undo()
        self.env.invalidate_all()
        self.assertEqual(handover.state, "returned")
        self.assertEqual(self.profiles.user_id, self.user_salesman)
        self.assertEqual(self.person.user_id, self.user_salesman)
        for record in work:
            with self.subTest(model=record._name):
                self.assertEqual(record.user_id, self.user_salesman)
        self.assertEqual(set(handover.line_ids.mapped("state")), {"returned"})
        self.assertEqual(self._row(handover, "lead").returned_count, 1)
        last = self.profiles[0].responsible_ids[0]
        self.assertEqual(
            (last.user_id, last.handover_id), (self.user_salesman, handover)
        )

    def test_undo_after_later_edits(self):
        self._plan_work()
        handover = self._hand_over(self._create_handover())
        self.profiles[1].assign_responsible(self.user_leader.id)
        self.lead.action_set_won()
        self.quotation.unlink()
        self.activity._action_done()
        self.promise.user_id = self.user_leader
        handover.action_undo()
        self.env.invalidate_all()
        self.assertEqual(
            self._states(handover),
            [("returned", False), ("kept", "changed"), ("returned", False)],
        )
        self.assertEqual(self.profiles[1].user_id, self.user_leader)
        self.assertEqual(self.promise.user_id, self.user_leader)
        self.assertEqual(self.lead.user_id, self.user_salesman_2, "his success")
        for model, reason in (
            ("crm.lead", "closed"),
            ("sale.order", "deleted"),
            ("mail.activity", "closed"),
            ("crm.promise", "changed"),
        ):
            with self.subTest(model=model):
                self.assertEqual(self._states(handover, model), [("kept", reason)])
        left = handover.action_view_left()
        self.assertEqual(len(handover.line_ids.search(left["domain"])), 5)

    def test_undo_asks_for_an_active_user(self):
        handover = self._hand_over(self._create_handover())
        self.user_salesman.active = False
        with self.assertRaisesRegex(UserError, "active internal user"):
            handover.action_undo()
        self.assertEqual(self.profiles.user_id, self.user_salesman_2)

    def test_undo_once(self):
        handover = self._hand_over(self._create_handover())
        handover.action_undo()
        with self.assertRaisesRegex(UserError, "can be undone"):
            handover.action_undo()

    def test_changed_between_preparing_and_handing_over(self):
        handover = self._create_handover()
        handover.action_prepare()
        self.profiles[2].assign_responsible(self.user_leader.id)
        handover.action_hand_over()
        self.assertEqual(
            self._states(handover),
            [("moved", False), ("moved", False), ("left", "changed")],
        )
        self.assertEqual(self.profiles[2].user_id, self.user_leader)

    def test_one_that_refuses_keeps_nobody(self):
        self._plan_work()
        other = self.lead.copy({"user_id": self.user_salesman.id})
        refused = self.lead
        write = type(refused).write

        def refuse(leads, vals):
            if refused in leads and "user_id" in vals:
                raise UserError("Not this one")  # pylint: disable=translation-required
            return write(leads, vals)

        with patch.object(type(refused), "write", refuse):
            handover = self._hand_over(self._create_handover(scopes=("lead",)))
        self.assertEqual(
            self._states(handover, "crm.lead"), [("left", "failed"), ("moved", False)]
        )
        self.assertEqual(handover.line_ids[0].note, "Not this one")
        self.assertEqual(other.user_id, self.user_salesman_2)

    # ------------------------------------------------------------
    # TEMPORARY COVER
    # ------------------------------------------------------------

    def test_temporary_cover_returns_by_the_job(self):
        self._plan_work()
        handover = self._hand_over(
            self._create_handover(kind="temporary", return_date=self.day(-7))
        )
        self.assertEqual(self.profiles.user_id, self.user_salesman_2)
        with self._without_commits():
            self.engine._run_handovers()
        self.assertEqual(handover.state, "done", "not yet")
        with (
            self._without_commits(),
            patch.object(
                type(self.engine), "_today", lambda *_a: self.return_day(handover)
            ),
        ):
            self.engine._run_handovers()
        self.env.invalidate_all()
        self.assertEqual(handover.state, "returned")
        self.assertEqual(self.profiles.user_id, self.user_salesman)
        self.assertEqual(self.lead.user_id, self.user_salesman)

    @staticmethod
    def return_day(handover):
        return fields.Date.to_date(handover.return_date)

    def test_cover_without_a_day_keeps_nobody(self):
        """The day taken away from one cover: the others return all the same."""
        covers = self.Handover
        for __ in range(2):
            covers |= self._create_handover(kind="temporary", return_date=self.day(-7))
        covers.sudo().write({"state": "done"})
        covers[0].return_date = False
        later = self.day(-8)
        with patch.object(type(self.engine), "_today", lambda *_a: later):
            self.Handover._begin_due_returns()
        self.assertEqual(covers.mapped("state"), ["done", "returning"])

    def test_return_to_nobody_is_a_problem_shown(self):
        handover = self._hand_over(
            self._create_handover(kind="temporary", return_date=self.day(-1))
        )
        self.user_salesman.active = False
        with (
            self._without_commits(),
            patch.object(
                type(self.engine), "_today", lambda *_a: self.return_day(handover)
            ),
        ):
            self.engine._run_handovers()
        self.assertEqual(handover.state, "done")
        self.assertIn("active internal user", handover.problem)
        self.assertEqual(self.profiles.user_id, self.user_salesman_2)

    # ------------------------------------------------------------
    # IN THE BACKGROUND
    # ------------------------------------------------------------

    def test_one_that_breaks_keeps_nobody(self):
        """A bug in what another add-on does on moving stops one hand-over only."""
        broken = self._create_handover()
        whole = self._create_handover()
        (broken + whole).sudo().write({"state": "running"})
        work = type(self.Handover)._run_batch

        def run_batch(handover, *args):
            if handover.id == broken.id:
                raise ValueError("broken")
            return work(handover, *args)

        self.env.flush_all()
        with (
            patch.object(type(self.Handover), "_run_batch", run_batch),
            mute_logger(ENGINE),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            api.Environment(cr, SUPERUSER_ID, {})[
                "crm.lifecycle.engine"
            ]._run_handovers()
        self.env.invalidate_all()
        self.assertEqual((broken.state, broken.problem), ("running", "broken"))
        self.assertEqual(whole.state, "done")

    def test_many_are_left_to_the_job(self):
        with patch(f"{RUN}.AT_ONCE", 2):
            handover = self._create_handover()
            handover.action_prepare()
            handover.action_hand_over()
        self.assertEqual(handover.state, "running")
        self.assertEqual(self.profiles.user_id, self.user_salesman, "not yet")
        with self._without_commits():
            self.engine._run_handovers()
        self.assertEqual(handover.state, "done")
        self.assertEqual(handover.progress, 100)
        self.assertEqual(self.profiles.user_id, self.user_salesman_2)

    def test_cut_off_it_goes_on(self):
        """What a batch did stays done, and is done once."""
        with patch(f"{RUN}.AT_ONCE", 0):
            handover = self._create_handover(introduce="all")
            handover.action_prepare()
            handover.action_hand_over()
        job = handover.sudo()
        self.assertEqual(job._run_batch(limit=2), 2)
        self.assertEqual(handover.done_count, 2)
        self.assertEqual(len(handover.line_ids.activity_id), 2)
        # the process dies here; another one begins
        self.env.invalidate_all()
        with self._without_commits():
            self.engine._run_handovers()
            self.engine._run_handovers()
        self.assertEqual(handover.done_count, handover.line_count)
        self.assertEqual(len(handover.line_ids.activity_id), 3)
        for profile in self.profiles:
            now = profile.responsible_ids.filtered(
                lambda line: line.handover_id == handover
            )
            self.assertEqual(len(now), 1)

    def test_stop(self):
        with patch(f"{RUN}.AT_ONCE", 0):
            handover = self._create_handover()
            handover.action_prepare()
            handover.action_hand_over()
        handover.sudo()._run_batch(limit=1)
        handover.action_stop()
        self.assertEqual(handover.state, "done")
        self.assertEqual(
            self._states(handover),
            [("moved", False), ("left", "stopped"), ("left", "stopped")],
        )
        with self._without_commits():
            self.engine._run_handovers()
        self.assertEqual(self.profiles[2].user_id, self.user_salesman)

    # ------------------------------------------------------------
    # COMPANIES, AND WHAT IS HIDDEN
    # ------------------------------------------------------------

    def test_two_companies(self):
        self.user_salesman.company_ids += self.company_2
        self.user_salesman_2.company_ids += self.company_2
        foreign = self._make_profiles(
            self.customers[0], company=self.company_2, user_id=self.user_salesman.id
        )
        handover = self._create_handover()
        row = self._row(handover, "customer")
        self.assertEqual((row.found_count, row.hidden_count), (3, 1))
        self._hand_over(handover)
        self.assertEqual(foreign.user_id, self.user_salesman)
        self.assertEqual(self.profiles.user_id, self.user_salesman_2)
        both = self._create_handover(
            user=self.user_both, companies=self.company + self.company_2
        )
        self.assertEqual(self._row(both, "customer").found_count, 1)
        self._hand_over(both)
        self.assertEqual(foreign.user_id, self.user_salesman_2)

    def test_what_the_manager_may_not_see_stays(self):
        self._plan_work()
        self.meeting.privacy = "private"
        hidden = self.env["ir.rule"].create(
            {
                "name": "Secret deals",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "domain_force": [("name", "!=", "Secret")],
            }
        )
        self.assertTrue(hidden)
        secret = self.lead.copy({"name": "Secret", "user_id": self.user_salesman.id})
        handover = self._create_handover()
        self.assertEqual(self._row(handover, "lead").found_count, 1)
        self.assertEqual(self._row(handover, "lead").hidden_count, 1)
        self.assertEqual(self._row(handover, "meeting").hidden_count, 1)
        self._hand_over(handover)
        self.assertEqual(secret.user_id, self.user_salesman)
        self.assertEqual(self.meeting.user_id, self.user_salesman)
        leads = handover.line_ids.filtered(lambda line: line.res_model == "crm.lead")
        self.assertEqual(leads.mapped("res_id"), self.lead.ids)

    def test_hidden_after_preparing(self):
        self._plan_work()
        handover = self._create_handover(scopes=("lead",))
        handover.action_prepare()
        self.env["ir.rule"].create(
            {
                "name": "Secret deals",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "domain_force": [("name", "!=", "Deal")],
            }
        )
        handover.action_hand_over()
        self.assertEqual(self._states(handover, "crm.lead"), [("left", "hidden")])
        line = handover.line_ids.with_user(self.user_manager)
        self.assertEqual(line.record_name, f"#{self.lead.id}", "no name of it")
        self.assertEqual(self.lead.user_id, self.user_salesman)

    # ------------------------------------------------------------
    # NORMS
    # ------------------------------------------------------------

    def test_contacts_of_the_deputy_are_contacts_with_the_customer(self):
        """Whoever makes a touchpoint, it is the customer's: norms count them all."""
        handover = self._hand_over(
            self._create_handover(kind="temporary", return_date=self.day(-7))
        )
        self.env["crm.touchpoint.log"].with_user(self.user_salesman_2).create(
            {
                "partner_id": self.customers[0].id,
                "channel_id": self.env.ref(
                    "crm_lifecycle.crm_touchpoint_channel_call"
                ).id,
            }
        )._log()
        handover.action_undo()
        self.assertEqual(self.profiles[0].user_id, self.user_salesman)
        self.assertEqual(self.profiles[0].touchpoint_ids.user_id, self.user_salesman_2)
        self.assertEqual(self.profiles[0].last_contact_date, self.today)
