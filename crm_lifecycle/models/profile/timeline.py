# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

# Changes of stage a card shows as a path; the list of transitions has all
PATH_LIMIT = 12


class CrmLifecycleProfile(models.Model):
    """Purchases and stages over time, as the card draws and prints them."""

    _inherit = "crm.lifecycle.profile"

    purchase_timeline = fields.Json(
        string="Purchases Over Time",
        compute="_compute_purchase_timeline",
        help="When the customer bought and for how much, the rhythm, the day the next "
        "purchase is expected and the last day of silence that is allowed.",
    )
    stage_path = fields.Json(
        compute="_compute_stage_path",
        help="The stages the customer went through, with the days they began.",
    )
    stage_next_text = fields.Char(
        string="What Changes It Next", compute="_compute_stage_next_text"
    )

    # ------------------------------------------------------------
    # PURCHASES
    # ------------------------------------------------------------

    @api.depends("last_purchase_date", "purchase_count", "rhythm_days")
    @api.depends_context("uid")
    def _compute_purchase_timeline(self):
        """Two queries for all cards of a company, at most so many days of each.

        The amounts come from documents the reader may not see; their sums are those
        of the card, which whoever reads this field may.
        """
        engine = self.env["crm.lifecycle.engine"]
        self.purchase_timeline = False
        for company, profiles in self._origin.grouped("company_id").items():
            bought = profiles.filtered("last_purchase_date")
            if not bought:
                continue
            parameters = engine._get_parameters(company)
            days = engine._get_purchase_days(parameters, bought.partner_id.ids)
            limits = engine._get_silence_limits(parameters, bought)
            for profile in bought:
                profile.purchase_timeline = profile._prepare_timeline(
                    days.get(profile.partner_id.id, []),
                    limits.get(profile.id),
                    parameters.today,
                )

    def _prepare_timeline(self, days, limit, today):
        """Return what the chart draws: days as ISO strings, amounts in company
        currency.

        :return: ``days`` (list of [day, amount, purchases], oldest first), ``more``
            (whether there are older ones), ``today``, ``last``, ``expected`` and
            ``limit`` (days or None), ``rhythm`` (days, 0: none), ``average``,
            ``currency_id``
        """
        self.ensure_one()

        def iso(day):
            return day.isoformat() if day else None

        return {
            "days": [[iso(day), amount, count] for day, amount, count in days],
            "more": len(days) < self.turn_number,
            "today": iso(today),
            "last": iso(self.last_purchase_date),
            "expected": iso(self.expected_purchase_date),
            "limit": iso(limit),
            "rhythm": self.rhythm_days,
            "average": self.average_purchase,
            "currency_id": self.currency_id.id,
        }

    # ------------------------------------------------------------
    # STAGES
    # ------------------------------------------------------------

    @api.depends("transition_ids", "stage_id", "stage_date")
    @api.depends_context("lang", "uid")
    def _compute_stage_path(self):
        """The latest changes of stage, oldest first; one query for all cards."""
        engine = self.env["crm.lifecycle.engine"]
        moves = self.env["crm.lifecycle.transition"].search(
            [("profile_id", "in", self._origin.ids), ("stage_changed", "=", True)],
            order="date, id",
        )
        by_profile = moves.grouped("profile_id")
        for profile in self:
            path = by_profile.get(profile._origin, moves.browse())[-PATH_LIMIT:]
            today = engine._today(profile.company_id)
            ends = [*path.mapped("date"), today][1:]
            profile.stage_path = [
                {
                    "name": move.to_stage_id.name or "",
                    "color": move.to_stage_id.color,
                    "date": move.date.isoformat(),
                    "days": max((end - move.date).days, 0),
                    "why": move.reason_text or "",
                    "current": move == path[-1],
                }
                for move, end in zip(path, ends, strict=True)
            ]

    @api.depends("stage_id", "purchase_count", "first_purchase_date", "hold_until")
    @api.depends_context("lang")
    def _compute_stage_next_text(self):
        for profile in self:
            # sudo: limits are read whoever looks at a card
            company = profile.company_id.sudo()
            method = profile._get_next_builders().get(profile.stage_id.code)
            if profile.hold_stage_id:
                method = profile._next_after_hold
            text = method(company) if method and not profile.is_excluded else False
            profile.stage_next_text = text

    def _get_next_builders(self):
        """Return ``{stage code: method(company) -> sentence}``."""
        return {
            "potential": self._next_of_potential,
            "active": self._next_of_active,
            "working": self._next_of_working,
            "regular": self._next_of_regular,
            "vip": self._next_of_status,
            "key": self._next_of_status,
            "lost_recoverable": self._next_of_lost,
            "lost": self._next_of_lost,
        }

    def _next_after_hold(self, company):
        return self.env._(
            "When the hold ends, after %(day)s, purchases alone decide: %(stage)s now.",
            day=self._reason_day(self.hold_until),
            stage=self.computed_stage_id.name or "–",
        )

    def _next_of_potential(self, company):
        return self.env._(
            "An agreement, as an opportunity in an agreed stage or a confirmed order, "
            "makes it Active; the first purchase makes it Working."
        )

    def _next_of_active(self, company):
        return self.env._("The first purchase makes it Working.")

    def _next_of_working(self, company):
        missing = max(company.lifecycle_regular_count - self.purchase_count, 1)
        if missing == 1:
            return self.env._("One more purchase makes it Regular.")
        return self.env._("%(count)s more purchases make it Regular.", count=missing)

    def _next_of_regular(self, company):
        missing = max(company.lifecycle_partner_count - self.purchase_count, 0)
        first = self.first_purchase_date
        day = first and first + timedelta(days=company.lifecycle_partner_days)
        waits = day and day > self.env["crm.lifecycle.engine"]._today(company)
        if waits and not missing:
            return self.env._(
                "It becomes a Proven partner on %(day)s, when it will have bought for "
                "%(days)s days.",
                day=self._reason_day(day),
                days=company.lifecycle_partner_days,
            )
        if waits:
            return self.env._(
                "It becomes a Proven partner with %(total)s purchases (%(count)s more) "
                "and not before %(day)s, when it will have bought for %(days)s days.",
                total=company.lifecycle_partner_count,
                count=missing,
                day=self._reason_day(day),
                days=company.lifecycle_partner_days,
            )
        return self.env._(
            "%(count)s more purchases make it a Proven partner.", count=missing
        )

    def _next_of_status(self, company):
        return self.env._(
            "A status given by people: purchases and silence do not change it, only "
            "withdrawing it does."
        )

    def _next_of_lost(self, company):
        return self.env._("The next purchase brings the customer back.")
