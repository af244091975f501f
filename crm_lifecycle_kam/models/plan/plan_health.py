# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

PARTS = ("updated", "people", "norms", "feedback", "balance")


class CrmAccountPlan(models.Model):
    """Health of 0 to 100: the average of its known parts, weighted by the settings.

    updated: objectives looked at in time; people: how much of the unit is known;
    norms: contact rules not overdue; feedback: the last score; balance: whether the
    account returns more than it costs. A part nothing is known of takes no part.
    """

    _inherit = "crm.account.plan"

    health = fields.Integer(readonly=True, copy=False, aggregator="avg")
    health_parts = fields.Json(readonly=True, copy=False)
    health_date = fields.Datetime(string="Computed At", readonly=True, copy=False)
    health_text = fields.Char(
        string="Why", compute="_compute_health_text", help="The parts of the health."
    )
    health_ids = fields.One2many(
        comodel_name="crm.account.plan.health",
        inverse_name="plan_id",
        string="Health Over Time",
        readonly=True,
    )

    @api.model
    def _get_part_labels(self):
        return {
            "updated": self.env._("objectives looked at"),
            "people": self.env._("people known"),
            "norms": self.env._("contact rules kept"),
            "feedback": self.env._("feedback"),
            "balance": self.env._("balance"),
        }

    @api.depends("health_parts")
    @api.depends_context("lang")
    def _compute_health_text(self):
        labels = self._get_part_labels()
        for plan in self:
            parts = plan.health_parts or {}
            plan.health_text = ", ".join(
                f"{labels[name]} {round(parts[name])}"
                for name in PARTS
                if parts.get(name) is not None
            )

    def _update_health(self):
        """Compute the health of plans anew, and keep it when it changed."""
        # sudo: health is that of the plan, whoever looks at it
        plans = self.sudo().filtered(lambda plan: plan.state != "closed")
        parts = plans._get_parts()
        now = fields.Datetime.now()
        for plan in plans:
            found = parts[plan]
            health = plan._get_health(found)
            if (health, found) != (plan.health, plan.health_parts):
                plan.write(
                    {"health": health, "health_parts": found, "health_date": now}
                )
        plans._keep_health()

    def _get_health(self, parts):
        """Return the weighted average of the known parts, rounded."""
        weights = {
            name: max(self.company_id[f"lifecycle_health_weight_{name}"], 0)
            for name in PARTS
        }
        known = [name for name in PARTS if parts[name] is not None]
        total = sum(weights[name] for name in known)
        if not total:
            return 0
        return round(sum(weights[name] * parts[name] for name in known) / total)

    def _keep_health(self):
        """Write the day's row of the history where health differs from the last."""
        History = self.env["crm.account.plan.health"]
        last = {}
        for row in History.search([("plan_id", "in", self.ids)], order="date, id"):
            last[row.plan_id] = row
        vals_list = []
        for plan in self:
            today = self.env["crm.lifecycle.engine"]._today(plan.company_id)
            row = last.get(plan)
            vals = {"health": plan.health, "parts": plan.health_parts}
            if row and row.date == today:
                row.write(vals)
            elif not row or row.health != plan.health:
                vals_list.append({"plan_id": plan.id, "date": today, **vals})
        History.create(vals_list)

    # ------------------------------------------------------------
    # PARTS
    # ------------------------------------------------------------

    def _get_parts(self):
        """Return ``{plan: {part: 0-100 or None}}``."""
        norms = self._get_norms_kept()
        balances = self._get_balances()
        units = self.profile_id._read_dmu_gaps(names=False)
        parts = {}
        for plan in self:
            card = plan.profile_id
            score = card.last_score
            parts[plan] = {
                "updated": plan._get_updated_share(),
                # None: no rule says what its unit must not lack
                "people": units.get(card.id, (0, None))[1] if plan.member_ids else 0,
                "norms": norms.get(card),
                "feedback": 10 * int(score) if score else None,
                "balance": balances.get(card),
            }
        return parts

    def _get_updated_share(self):
        """Return the percentage of open objectives looked at in time."""
        if not self.objective_ids:
            return 0
        today = self.env["crm.lifecycle.engine"]._today(self.company_id)
        since = today - timedelta(self.company_id.lifecycle_objective_days)
        fresh = self.objective_ids.filtered(
            lambda one: one.looked_date and one.looked_date >= since
        )
        return 100 * len(fresh) / len(self.objective_ids)

    def _get_norms_kept(self):
        """Return ``{card: percentage of personal contact rules not overdue}``."""
        counts = {}
        groups = self.env["crm.cadence.status"]._read_group(
            [("profile_id", "in", self.profile_id.ids), ("kind", "=", "personal")],
            ["profile_id", "state"],
            ["__count"],
        )
        for card, state, count in groups:
            kept, total = counts.get(card, (0, 0))
            counts[card] = (kept + count * (state != "overdue"), total + count)
        return {card: 100 * kept / total for card, (kept, total) in counts.items()}

    def _get_balances(self):
        """Return ``{card: return as a percentage of return and investment}`` of the
        window: 50 where an account brings just what it costs. Only where margins are
        known, and of accounts with one of the two."""
        Balance = self.env["crm.account.balance"]
        if not Balance._has_margin():
            return {}
        figures = Balance._get_figures(self.profile_id)
        balances = {}
        for card in self.profile_id:
            cost, gain = (max(value, 0) for value in figures.get((card.id, 0), (0, 0)))
            if cost or gain:
                balances[card] = 100 * float(gain) / float(gain + cost)
        return balances
