# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Command

# By key of the base's demonstration: name, months ago it began, and for how many,
# situation, (kind, name, growth against the baseline or target, typed value), risks
PLANS = (
    (
        *("meridian", "Meridian: second warehouse", 4, 12),
        "Two warehouses of three are ours; the third is served by Harbour Technical.",
        (
            ("revenue", "Revenue of the year", 1.15, 0),
            ("orders", "An order every month", 1.1, 0),
            ("coverage", "Know who decides in Hamburg", 100, 0),
            ("custom", "Visits to the third warehouse", 4, 3),
        ),
        (
            ("Harbour undercuts us at the tender", "2", "3", "Visit before the tender"),
            ("Our fitter leaves", "1", "2", "Send two fitters to each visit"),
        ),
    ),
    (
        *("ivy", "Ivy: spring season", 2, 6),
        "Buys in spring for the whole year, and asks three times for the price.",
        (
            ("revenue", "Revenue of the season", 1.05, 0),
            ("product_categories", "Something they never bought", 1, 0),
        ),
        (("Cold spring", "2", "2", "Offer to deliver in two parts"),),
    ),
    (
        *("castell", "Castell: back to fair terms", 3, 12),
        "Nine hotels, a discount that doubled twice, and an angry director.",
        (
            ("revenue", "As much as last year, at fair terms", 1.0, 0),
            ("custom", "Hotels with a maintenance contract", 9, 5),
            ("coverage", "Somebody who speaks for us again", 80, 0),
        ),
        (
            ("They ask elsewhere", "2", "3", "Terms against a contract of two years"),
            ("The director stays angry", "3", "2", "Visit of our sponsor to him"),
        ),
    ),
)
# By customer: what speaks for us, against us, what could be won, what lost
SWOT = {
    "meridian": (
        "Two plants vouch for us",
        "Purchasing sees the price alone",
        "The third warehouse",
        "A tender in spring",
    ),
    "ivy": (
        "The daughter, who takes over, works with us",
        "The owner hardly knows us",
        "Delivery for the whole season",
        "The head of purchasing retires",
    ),
    "castell": (
        "The facility manager trusts us",
        "Nobody of ours talks with the director",
        "Maintenance of all hotels",
        "Terms that cost more than the account brings",
    ),
}
SWOT_FIELDS = ("strengths", "weaknesses", "opportunities", "threats")


class CrmLifecycleDemo(models.AbstractModel):
    """Three account plans that run."""

    _inherit = "crm.lifecycle.demo"

    @api.model
    def _load_account_plans(self):
        for key, name, ago, months, situation, objectives, risks in PLANS:
            card = self._get_profiles(self._customer(key).ids)
            if not card:
                continue
            start = self._day(0).replace(day=1) - relativedelta(months=ago)
            plan = self.env["crm.account.plan"].create(
                {
                    "name": name,
                    "profile_id": card.id,
                    "user_id": card.user_id.id,
                    "date_from": start,
                    "date_to": start + relativedelta(months=months, days=-1),
                    "situation": situation,
                    **dict(zip(SWOT_FIELDS, SWOT[key], strict=True)),
                    "risk_ids": [
                        Command.create(
                            {
                                "name": risk,
                                "likelihood": likelihood,
                                "impact": impact,
                                "measure": measure,
                            }
                        )
                        for risk, likelihood, impact, measure in risks
                    ],
                }
            )
            plan.objective_ids = [
                Command.create(self._prepare_objective(plan, *objective))
                for objective in objectives
            ]
            plan.action_run()

    def _prepare_objective(self, plan, kind, name, target, reached):
        baseline = plan._get_baseline(kind) if kind in ("revenue", "orders") else 0
        return {
            "kind": kind,
            "name": name,
            "baseline": baseline,
            "target": round(baseline * target) or target,
            "typed_value": reached,
        }
