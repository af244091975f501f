# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError

from .brief import BRIEF_LIMIT


class CrmHandover(models.Model):
    """Giving back what is still as the hand-over left it; the rest is listed."""

    _inherit = "crm.handover"

    def action_undo(self):
        """Return everything that still stands where the hand-over put it."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "done":
            raise UserError(
                self.env._("Only a hand-over that took place can be undone.")
            )
        self._check_active(self.from_user_id)
        self._check_takers("old_user_id")
        self._mark_returning(self.env.user)
        return self._begin()

    def _mark_returning(self, user):
        """Have everything that was moved returned, as decided by a user."""
        count = self.env["crm.handover.line"].search_count(
            [("handover_id", "=", self.id), ("state", "=", "moved")]
        )
        self._note_progress(
            {
                "state": "returning",
                "return_user_id": user.id,
                "line_count": count,
                "done_count": 0,
                "problem": False,
            }
        )

    def _schedule_return(self):
        """Wake the job when the day of return begins."""
        if self.kind != "temporary":
            return
        company = self.sudo().company_ids[0]  # a time zone, whoever asks
        self.env["crm.lifecycle.engine"]._trigger_on(company, self.return_date)

    @api.model
    def _begin_due_returns(self):
        """Begin the returns of temporary covers whose day has come; no commit."""
        covers = self.search(
            [
                *[("kind", "=", "temporary"), ("state", "=", "done")],
                ("return_date", "!=", False),
            ],
            order="id",
        )
        for cover in covers:
            if cover.return_date > cover._get_today():
                continue
            try:
                with self.env.cr.savepoint():
                    cover._check_active(cover.from_user_id)
                    cover._mark_returning(cover.user_id)
            except UserError as error:
                # whoever looks at the hand-overs sees it; it is tried again every day
                cover._note_progress({"problem": str(error)})

    # ------------------------------------------------------------
    # LISTS
    # ------------------------------------------------------------

    def action_view_lines(self):
        """Open the log: who had what, who has it, and what was left and why."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log of the Hand-over"),
            "res_model": "crm.handover.line",
            "view_mode": "list,kanban",
            "domain": [("handover_id", "=", self.id)],
        }

    def action_view_customers(self):
        """Open the customers of the hand-over, to choose who takes over which."""
        action = self.action_view_lines()
        action["domain"].append(("res_model", "=", "crm.lifecycle.profile"))
        return {**action, "name": self.env._("Who Takes Over Which Customer")}

    def action_view_left(self):
        """Open what was not handed over or not returned, with the reasons."""
        action = self.action_view_lines()
        action["domain"].append(("state", "in", ("left", "kept")))
        return {**action, "name": self.env._("Left Where It Is")}

    def action_print_brief(self):
        """Print the brief of the customers handed over, the most valuable first."""
        self.ensure_one()
        profiles = self._get_customers()
        if not profiles:
            raise UserError(self.env._("No customer you may see is part of this."))
        report = self.env.ref("crm_lifecycle.crm_handover_brief_report_action")
        return report.report_action(profiles)

    def _get_customers(self):
        """Return the most valuable cards of this hand-over that the reader sees."""
        lines = self.env["crm.handover.line"].search(
            [
                ("handover_id", "=", self.id),
                ("res_model", "=", "crm.lifecycle.profile"),
            ]
        )
        return self.env["crm.lifecycle.profile"].search(
            [("id", "in", lines.mapped("res_id"))],
            order="revenue desc, id",
            limit=BRIEF_LIMIT,
        )
