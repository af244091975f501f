# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

# Scores of growth, price, name; share, market; effort, payment, access; a year ago
# and today, by key of the base's demonstration (customers.csv)
CARDS = {
    "meridian": ((3, 3, 4, 4, 2, 3, 4, 2), (4, 3, 5, 4, 3, 3, 4, 4)),
    "ivy": (None, (5, 4, 3, 3, 2, 4, 5, 3)),
    "castell": ((4, 2, 3, 4, 4, 2, 3, 3), (1, 1, 3, 5, 4, 1, 2, 1)),
    "hazel": (None, (3, 4, 1, 2, 1, 5, 5, 5)),
}
# The others in the order of their revenue
MORE = (
    (4, 4, 2, 4, 2, 4, 4, 3),
    (3, 5, 3, 2, 1, 4, 5, 4),
    (2, 2, 4, 5, 5, 2, 2, 2),
    (3, 3, 2, 3, 2, 3, 3, 3),
    (5, 4, 4, 5, 3, 3, 4, 4),
    (1, 2, 2, 2, 1, 2, 1, 1),
    (3, 4, 3, 4, 1, 4, 4, 2),
    (2, 3, 1, 3, 1, 5, 4, 3),
)
# The same and need, budget, decision, of open opportunities
LEADS = (
    (4, 4, 3, 5, 3, 3, 3, 3, 5, 4, 4),
    (3, 2, 2, 4, 2, 4, 3, 2, 3, 1, 2),
    (2, 1, 4, 5, 5, 1, 3, 1, 2, 3, 1),
)


class CrmLifecycleDemo(models.AbstractModel):
    """Customers and leads scored against the ready target profile."""

    _inherit = "crm.lifecycle.demo"

    @api.model
    def _load_scorecards(self):
        target = self.env.ref(
            "crm_lifecycle_kam.crm_target_profile_default", raise_if_not_found=False
        )
        if not target or target.state != "draft":
            return
        target.action_put_in_force()
        for key, (before, now) in CARDS.items():
            account = self._get_profiles(self._customer(key).ids)
            if account and before:
                self._score(target, account, before, self._day(365))
            if account:
                self._score(target, account, now, self._day(20))
        accounts = self._get_profiles().filtered(lambda one: not one.scorecard_ids)
        accounts = accounts.sorted(lambda one: (-one.revenue, one.id))
        for account, scores in zip(accounts, MORE, strict=False):
            self._score(target, account, scores, self._day(30))
        leads = self.env["crm.lead"].search(
            [("type", "=", "opportunity"), ("won_status", "=", "pending")],
            order="expected_revenue desc, id",
            limit=len(LEADS),
        )
        for lead, scores in zip(leads, LEADS, strict=False):
            self._score(target, lead, scores, self._day(5))

    def _score(self, target, subject, scores, day):
        owner = subject._scorecard_owner
        scorer = subject.user_id or self.env.user
        card = self.env["crm.scorecard"].with_user(scorer).sudo()
        card = card.create({owner: subject.id, "target_id": target.id, "date": day})
        lines = card.line_ids.sorted(
            lambda line: (line.dimension_id.sequence, line.sequence)
        )
        for line, score in zip(lines, scores, strict=True):
            line.score = score
        card.action_finish()
