# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmLifecycleAction(models.TransientModel):
    """Ask customers for feedback: letters leave the house, so they are confirmed."""

    _inherit = "crm.lifecycle.action"

    kind = fields.Selection(
        selection_add=[("ask_feedback", "Ask for Feedback")],
        ondelete={"ask_feedback": "cascade"},
    )

    def _get_calls(self):
        return {
            **super()._get_calls(),
            "ask_feedback": lambda profiles: profiles._ask_feedback(),
        }

    def _get_facts(self, profiles, ineligible):
        facts = super()._get_facts(profiles, ineligible)
        if self.kind == "ask_feedback":
            facts += self._get_facts_of_letters(profiles)
        return facts

    def _get_facts_of_letters(self, profiles):
        """Say beforehand how many letters go out and who gets none."""
        accepted, skipped, __ = profiles._split_who_is_asked()
        reasons = {}
        for line in skipped:
            reasons.setdefault(line["reason"], []).append(line["id"])
        texts = profiles._get_texts_of_reasons(reasons)
        letters = self.env._("Letters to be sent: %(count)s", count=len(accepted))
        return [
            ("yes" if accepted else "no", letters),
            *(("no", text) for text in texts),
        ]
