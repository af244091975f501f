# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import format_amount

WINBACK_KINDS = [
    ("winback_start", "Start a Win-Back Attempt"),
    ("winback_postpone", "Postpone the Win-Back"),
    ("winback_give_up", "Give Up the Win-Back"),
]
ARGUMENTS_SHOWN = 3


class CrmLifecycleAction(models.TransientModel):
    """The dialogs of winning lost customers back."""

    _inherit = "crm.lifecycle.action"

    kind = fields.Selection(
        selection_add=WINBACK_KINDS,
        ondelete={kind: "cascade" for kind, _label in WINBACK_KINDS},
    )
    winback_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Owner",
        help="Who wins the customers back. Empty: each customer's responsible manager.",
    )
    winback_reason_id = fields.Many2one(
        comodel_name="crm.lifecycle.lost.reason",
        string="Left Because",
        help="As far as we know. Empty: as declared.",
    )
    expectation = fields.Char(
        string="Broken Expectation",
        help="What the customer had expected of us and did not get.",
    )
    first_argument = fields.Char(
        string="What Won the First Sale",
        help="The argument the customer once bought for. It will hardly work twice.",
    )
    argument = fields.Char(
        help="Why the customer should come back: another argument than the one that "
        "won the first sale.",
    )
    plan_id = fields.Many2one(
        comodel_name="mail.activity.plan",
        string="Activity Plan",
        default=lambda self: self._default_plan_id(),
        help="The activities planned on the opportunity. Empty: one call today.",
    )
    winback_until = fields.Date(
        string="Not Before", help="The first day on which it makes sense to try."
    )
    declare_reason_id = fields.Many2one(
        comodel_name="crm.lifecycle.lost.reason",
        string="Declare Lost Because",
        help="Only reasons that are not recoverable. Empty: the customers stay in the "
        "queue, and another argument may be tried later.",
    )

    @api.model
    def _default_plan_id(self):
        plan = self.env.ref("crm_lifecycle.mail_activity_plan_winback", False)
        if not plan or not plan.active or plan.res_model != "crm.lead":
            return False
        return plan if plan.has_access("read") else False

    @api.model
    def _prepare_known_values(self, kind, profile):
        values = super()._prepare_known_values(kind, profile)
        if kind != "winback_start":
            return values
        attempts = profile._get_winback_history()[profile]
        last = attempts.sorted("id")[-1:]
        return {
            **values,
            "winback_user_id": profile._get_winback_owner().id,
            "winback_reason_id": profile.lost_reason_id.id or last.lost_reason_id.id,
            "expectation": profile.winback_expectation or last.expectation,
            "first_argument": last.first_argument,
        }

    def _get_calls(self):
        return {
            **super()._get_calls(),
            "winback_start": lambda profiles: profiles.start_winback(
                self.argument,
                self.winback_user_id.id,
                self.winback_reason_id.id,
                self.expectation,
                self.first_argument,
                self.plan_id.id,
            ),
            "winback_postpone": lambda profiles: profiles.postpone_winback(
                self.winback_until, self.reason
            ),
            "winback_give_up": lambda profiles: profiles.give_up_winback(
                self.reason, self.declare_reason_id.id
            ),
        }

    # ------------------------------------------------------------
    # FACTS
    # ------------------------------------------------------------

    def _get_facts(self, profiles, ineligible):
        facts = super()._get_facts(profiles, ineligible)
        if self.kind not in dict(WINBACK_KINDS):
            return facts
        facts += self._get_facts_of_stake(profiles)
        if len(profiles) == 1:
            facts += self._get_facts_of_attempts(profiles)
        if self.kind == "winback_start":
            facts += self._get_facts_of_refusals(profiles)
        return facts

    def _get_facts_of_stake(self, profiles):
        """What the customers used to bring."""
        # sudo: a currency, whoever asks
        currencies = profiles.company_id.sudo().currency_id
        if len(currencies) != 1:
            return []
        amount = format_amount(self.env, sum(profiles.mapped("lost_value")), currencies)
        facts = [
            (
                "info",
                self.env._(
                    "Bought in the 12 months before the silence: %(amount)s",
                    amount=amount,
                ),
            )
        ]
        products = profiles.last_product_ids if len(profiles) == 1 else None
        if products:
            names = ", ".join(products.mapped("display_name"))
            facts.append(
                ("info", self.env._("Bought last: %(products)s", products=names))
            )
        return facts

    def _get_facts_of_attempts(self, profile):
        """The latest attempts, with what was argued."""
        attempts = profile._get_winback_history()[profile].sorted("id", reverse=True)
        states = dict(attempts._fields["state"]._description_selection(self.env))
        return [
            (
                "no" if attempt.state == "given_up" else "info",
                self.env._(
                    "%(day)s: “%(argument)s” (%(state)s)",
                    day=profile._text(attempt.date_start),
                    argument=attempt.argument,
                    state=states[attempt.state],
                ),
            )
            for attempt in attempts[:ARGUMENTS_SHOWN]
        ]

    def _get_facts_of_refusals(self, profiles):
        """Those who are left out, and why."""
        reasons = {}
        for profile in profiles:
            reason = profile._why_no_winback()
            if reason:
                reasons[reason] = reasons.get(reason, profile.browse()) + profile
        return [
            ("no", self._text_of_number(reason, refused))
            for reason, refused in reasons.items()
        ]
