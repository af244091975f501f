# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from psycopg2 import DataError, IntegrityError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .scopes import QUIET

_logger = logging.getLogger(__name__)

# Records moved in one transaction, and how many may make the user wait
BATCH = 500
AT_ONCE = 300


class CrmHandover(models.Model):
    """Working off the lines: a batch and its lines are one transaction."""

    _inherit = "crm.handover"

    # ------------------------------------------------------------
    # BEGINNING
    # ------------------------------------------------------------

    def action_hand_over(self):
        """Move what was prepared: a little at once, more in the background."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "ready":
            raise UserError(self.env._("Prepare the hand-over first."))
        self._check_return_date()
        self._follow_customers()
        self._check_takers()
        # whoever presses the button decides, and his rights are what counts
        self._note_progress(
            {
                "state": "running",
                "user_id": self.env.uid,
                "started_at": fields.Datetime.now(),
                "done_count": 0,
                "problem": False,
            }
        )
        return self._begin()

    def action_stop(self):
        """Stop a hand-over or its return; what is done stays done."""
        for handover in self.filtered("is_running"):
            handover.check_access("write")
            states = handover._get_line_states()
            open_lines = handover.sudo().line_ids.filtered_domain(
                [("state", "=", states["open"])]
            )
            open_lines.write({"state": states["left"], "reason": "stopped"})
            handover._finish()
        return True

    def _begin(self):
        """Work off few lines now; leave many to the job."""
        if self.line_count > AT_ONCE:
            self.env["crm.lifecycle.engine"]._trigger()
            return True
        while self._run_batch():
            pass
        return True

    # ------------------------------------------------------------
    # ONE BATCH
    # ------------------------------------------------------------

    def _get_line_states(self):
        """Return what lines are called before and after, in the current direction."""
        if self.state == "returning":
            return {"open": "moved", "done": "returned", "left": "kept"}
        return {"open": "planned", "done": "moved", "left": "left"}

    def _run_batch(self, limit=BATCH):
        """Move the next records, and say so on their lines; no commit.

        :return: number of lines worked off; 0: the hand-over is finished
        """
        self.ensure_one()
        if self.state not in ("running", "returning"):
            return 0
        # sudo: the log is written by nobody but the hand-over; whether a record may be
        # changed is asked for the user who decided
        lines = self.env["crm.handover.line"].sudo()
        lines = lines.search(
            [
                ("handover_id", "=", self.id),
                ("state", "=", self._get_line_states()["open"]),
            ],
            limit=limit,
        )
        lines = lines.filtered(lambda line: line.res_model == lines[0].res_model)
        if not lines:
            self._finish()
            return 0
        self._run_lines(lines)
        # one row, one statement: the form shows it while it goes on
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE crm_handover SET done_count = done_count + %s WHERE id = %s",
                len(lines),
                self.id,
            )
        )
        self.invalidate_recordset(["done_count"])
        return len(lines)

    def _as_decided(self):
        """Return the hand-over in the environment of whoever decided."""
        user = self.return_user_id if self.state == "returning" else self.user_id
        return self.with_user(user or self.user_id).with_context(
            allowed_company_ids=self.company_ids.ids, **QUIET
        )

    def _run_lines(self, lines):
        """Move the records of lines of one model, by whom they go to."""
        is_return = self.state == "returning"
        states = self._get_line_states()
        decided = self._as_decided()
        groups, left = self._sort_lines(lines, decided, is_return)
        for reason, reason_lines in left.items():
            reason_lines.write({"state": states["left"], "reason": reason})
        for user, user_lines in groups.items():
            done = self._move_lines(decided, user_lines, user, is_return)
            done.write({"state": states["done"], "reason": False, "note": False})

    def _sort_lines(self, lines, decided, is_return):
        """Part the lines into those to move, those that need none, and the others.

        :return: ``({user: lines}, {reason: lines})``; a record that stands already
            where it should go is among the former, and is written to nobody again
        """
        scope = self._get_scopes()[self._get_scope_of_model(lines[:1].res_model)]
        records = decided.env[scope.model].browse(lines.mapped("res_id")).exists()
        visible = records._filtered_access("write")
        if scope.model == "calendar.event":
            visible -= visible.filtered(
                lambda event: event._check_private_event_conditions()
            )
        # sudo: who answers for it now, to compare
        by_id = {record.id: record for record in records.sudo()}
        open_ids = set(self._filter_open(scope, records.sudo()).ids)
        Line = lines.browse()
        groups, left = {}, {}
        for line in lines:
            record = by_id.get(line.res_id)
            expected, target = line.old_user_id, line.new_user_id
            if is_return:
                expected, target = target, expected
            current = record and record[scope.user_field]
            if record is None or not record:
                reason = "deleted"
            elif current not in (expected, target) or not target:
                reason = "changed"
            elif current != target and line.res_id not in open_ids:
                reason = "closed"
            elif current != target and line.res_id not in visible._ids:
                reason = "hidden"
            else:
                reason = None
                groups[target] = groups.get(target, Line) | line
            if reason:
                left[reason] = left.get(reason, Line) | line
        return groups, left

    @api.model
    def _filter_open(self, scope, records):
        """Keep what is still to be done; customers and contacts are so for ever."""
        if scope.model in ("crm.lifecycle.profile", "res.partner"):
            return records
        if records._active_name:
            records = records.filtered(records._active_name)
        return records.filtered_domain(scope.domain)

    def _move_lines(self, decided, lines, user, is_return):
        """Move one taker's records together; one by one when something refuses.

        :return: the lines whose records stand where they should
        """
        scope = self._get_scopes()[self._get_scope_of_model(lines[:1].res_model)]
        todo = lines.filtered(
            lambda line: (
                self.env[scope.model].sudo().browse(line.res_id)[scope.user_field]
                != user
            )
        )
        if not todo:
            return lines
        try:
            self._move_together(decided, todo, user, is_return)
        except (UserError, IntegrityError, DataError) as error:
            if len(todo) == 1:
                self._note_refusal(todo, error)
                return lines - todo
            done = lines - todo
            for line in todo:
                done |= self._move_lines(decided, line, user, is_return)
            return done
        return lines

    def _move_together(self, decided, lines, user, is_return):
        with self.env.cr.savepoint():
            records = decided.env[lines[:1].res_model].browse(lines.mapped("res_id"))
            decided._move_records(lines, records, user, is_return)
            self.env.flush_all()

    def _note_refusal(self, line, error):
        """Keep what a record said when it could not be moved."""
        self.env.invalidate_all()
        line.write(
            {
                "state": self._get_line_states()["left"],
                "reason": "failed",
                "note": str(error).strip()[:250],
            }
        )

    # ------------------------------------------------------------
    # THE END
    # ------------------------------------------------------------

    def _finish(self):
        """Say that it is done, and tell those who took over."""
        now = fields.Datetime.now()
        if self.state == "returning":
            self._note_progress({"state": "returned", "returned_at": now})
        else:
            self._note_progress({"state": "done", "done_at": now})
            self._schedule_return()
        self._tell_takers()

    def _tell_takers(self):
        """One message to everybody who answers for something new."""
        is_return = self.state == "returned"
        states = "returned" if is_return else "moved"
        who = "old_user_id" if is_return else "new_user_id"
        groups = self.env["crm.handover.line"]._read_group(
            [("handover_id", "=", self.id), ("state", "=", states)],
            [who, "res_model"],
            ["__count"],
        )
        counts = {}
        for user, model, count in groups:
            if user.active and user != self.env.user:
                counts.setdefault(user, []).append((model, count))
        for user, found in counts.items():
            reader = self.with_context(lang=user.lang)
            labels = {s.model: s.label for s in reader._get_scopes().values()}
            text = ", ".join(f"{labels[model]}: {count}" for model, count in found)
            self.env["mail.thread"].message_notify(
                partner_ids=user.partner_id.ids,
                subject=reader.env._("You answer for more customers now"),
                body=reader.env._(
                    "Handed over by %(user)s: %(what)s.",
                    user=(self.return_user_id or self.user_id).name,
                    what=text,
                ),
            )
