# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, models

from .story import OPINIONS, REFERRALS, WINBACKS

SOURCES = ("search_engine", "newsletter", "facebook", "linkedin")


class CrmLifecycleDemo(models.AbstractModel):
    """What customers think of us, who came back, and who brought whom."""

    _inherit = "crm.lifecycle.demo"

    @api.model
    def _fill_cards(self, rows):
        res = super()._fill_cards(rows)
        profiles = self._get_profiles(self._get_partner_ids(rows))
        by_partner = {profile.partner_id: profile for profile in profiles}
        self._win_back(by_partner)
        self._remember_returns(profiles)
        self._give_opinions(by_partner)
        for key, referrer in REFERRALS:
            self._customer(key).lifecycle_referrer_id = self._customer(referrer)
        self._name_sources(profiles)
        return res

    @api.model
    def _win_back(self, by_partner):
        reasons = self._get_reasons()
        for number, line in enumerate(WINBACKS):
            key, days, argument, expectation, first, postponed, given_up = line
            profile = by_partner[self._customer(key)]
            reason = reasons[number % len(reasons)]
            profile.start_winback(argument, None, reason.id, expectation, first)
            attempt = profile.winback_attempt_ids[:1].sudo()
            attempt.date_start = self._day(days)
            if postponed:
                profile.postpone_winback(self._day(postponed))
            if given_up:
                profile.give_up_winback(given_up)

    @api.model
    def _get_reasons(self):
        return self.env["crm.lifecycle.lost.reason"].search(
            [("is_recoverable", "=", True), ("ended_by", "=", "customer")]
        )

    @api.model
    def _remember_returns(self, profiles):
        """Those who came back in the past had been won back."""
        returns = self.env["crm.lifecycle.transition"].search(
            [
                ("profile_id", "in", profiles.ids),
                ("from_stage_id.zone", "=", "departure"),
                ("to_stage_id.zone", "=", "life"),
                ("cause", "=", "purchase"),
            ],
            order="id desc",
        )
        reasons = self._get_reasons()
        seen = self.env["crm.lifecycle.profile"]
        for move in returns:
            profile = move.profile_id
            if profile in seen or profile.winback_attempt_ids:
                continue
            seen += profile
            self.env["crm.winback.attempt"].sudo().create(
                {
                    "profile_id": profile.id,
                    "user_id": profile.user_id.id,
                    "lost_reason_id": reasons[len(seen) % len(reasons)].id,
                    "argument": "A technician within a day, or the visit is free",
                    "state": "won_back",
                    "result": "purchase",
                    "date_start": move.date - timedelta(20 + profile.id % 30),
                    "return_date": move.date,
                    "date_end": move.date,
                    "value_at_stake": profile.lifetime_revenue / 3,
                }
            )

    @api.model
    def _give_opinions(self, by_partner):
        user = self._user("laura")
        feedbacks = self.env["crm.feedback"].create(
            [
                {
                    "profile_id": by_partner[self._customer(key)].id,
                    "score": score,
                    "date": self._day(days),
                    "comment": comment,
                    "kind": kind,
                    "may_quote": bool(comment) and score in ("9", "10"),
                    "channel": "page" if days % 2 else "asked",
                    "user_id": user.id,
                }
                for key, days, score, comment, kind in OPINIONS
            ]
        )
        old = feedbacks.filtered(lambda f: f.is_open and f.date < self._day(60))
        old.action_resolve()

    @api.model
    def _name_sources(self, profiles):
        leads = self.env["crm.lead"].with_context(active_test=False)
        leads = leads.search(
            [("partner_id.commercial_partner_id", "in", profiles.partner_id.ids)],
            order="id",
        )
        sources = self.env["utm.source"].browse()
        for name in SOURCES:
            source = self.env.ref(f"utm.utm_source_{name}", raise_if_not_found=False)
            sources += source or sources.browse()
        for number, lead in enumerate(leads if sources else ()):
            if lead.source_id:
                continue
            lead.source_id = sources[number % len(sources)]
            lead.lifecycle_quality = "returned" if number % 6 == 5 else "accepted"
