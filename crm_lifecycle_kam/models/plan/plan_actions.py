# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.exceptions import UserError

from .crm_account_plan_objective import GROWING


class CrmAccountPlan(models.Model):
    """What people do with plans: run, close, carry over."""

    _inherit = "crm.account.plan"

    def _worked_on(self):
        """Objectives have changed."""
        plans = self.exists()
        for plan in plans:
            if plan.state == "closed":
                raise UserError(
                    self.env._(
                        "%(plan)s is closed. Carry it over into a new plan to go on.",
                        plan=plan.name,
                    )
                )
        plans._touch()
        plans._update_health()

    def action_run(self):
        """Let drafts run.

        :raise UserError: when there is nothing to reach
        """
        for plan in self:
            if not plan.objective_ids:
                raise UserError(
                    self.env._(
                        "%(plan)s has no objectives: say what is to be reached.",
                        plan=plan.name,
                    )
                )
        self.write({"state": "running"})

    def action_close(self):
        """Close plans; what was reached by computing stays as it is on this day."""
        for plan in self:
            for objective in plan.objective_ids:
                if objective.kind != "custom":
                    objective.typed_value = objective.current_value
        self.write({"state": "closed"})

    def action_reopen(self):
        """Open closed plans again."""
        self.write({"state": "running"})

    def action_carry_over(self):
        """Make the plan of the next period: the same length, with what was reached as
        the baseline and what was said of the result as the situation.

        :return: action of its form
        """
        self.ensure_one()
        start = self.date_to + timedelta(1)
        stop = start + (self.date_to - self.date_from)
        if self.date_from.day == 1 and (self.date_to + timedelta(1)).day == 1:
            months = relativedelta(start, self.date_from)
            stop = start + relativedelta(
                months=months.years * 12 + months.months, days=-1
            )
        plan = self.copy(
            {
                "name": self.name,
                "date_from": start,
                "date_to": stop,
                "situation": self.result or self.situation,
                "result": False,
            }
        )
        plan.previous_id = self
        pairs = zip(
            self.objective_ids.sorted("id"),
            plan.objective_ids.sorted("id"),
            strict=True,
        )
        for old, new in pairs:
            reached = old.typed_value if self.state == "closed" else old.current_value
            new.write({"baseline": reached, "typed_value": 0})
            if old.kind == "custom" and old.kind not in GROWING:
                new.typed_value = reached
        return plan._get_form_action()

    def _get_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_view_health(self):
        """Open the health of these plans over time.

        :return: action dictionary
        """
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "crm_lifecycle_kam.crm_account_plan_health_action"
            ),
            "domain": [("plan_id", "in", self.ids)],
        }
