# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_amount

from ...models.engine.engine import AT_ONCE_LIMIT

ICONS = {
    "yes": "fa-check-circle text-success",
    "no": "fa-exclamation-triangle text-warning",
    "info": "fa-info-circle text-muted",
}
LINE = Markup(
    '<li class="d-flex mb-1">'
    '<i class="fa fa-fw %s mt-1 me-2" aria-hidden="true"></i>%s</li>'
)


class CrmLifecycleAction(models.TransientModel):
    """What a dialog shows of the customers before somebody decides."""

    _inherit = "crm.lifecycle.action"

    @api.depends("kind", "hold_replace", "lost_reason_id")
    def _compute_facts(self):
        for action in self:
            targets = action._get_targets()
            profiles = targets.profiles
            is_addition = action.kind == "add_to_base"
            action.customer_count = len(targets.sources)
            action.scope = action._text_of_scope(targets)
            ineligible = profiles.browse()
            if action.kind in ("name_vip", "mark_key"):
                ineligible = profiles.filtered(
                    lambda profile, kind=action.kind: not profile._is_eligible(kind)
                )
            action.ineligible_count = len(ineligible)
            action.flagged_count = len(
                profiles.filtered(lambda p: p.is_vip or p.is_key_account)
            )
            action.held_count = len(profiles.filtered("is_held"))
            action.lost_count = len(profiles.filtered("is_declared_lost"))
            facts = action._get_facts(profiles, ineligible) if profiles else []
            if len(targets.sources) > AT_ONCE_LIMIT and not is_addition:
                facts.append(
                    (
                        "info",
                        self.env._("So many at once: the stages follow soon."),
                    )
                )
            facts += [
                ("no", self._text_of_number(reason, ids))
                for reason, ids in targets.skipped.items()
            ]
            action.facts = action._render_facts(facts)

    @api.model
    def _text_of_number(self, text, records):
        return self.env._(
            "%(text)s: %(count)s", text=text[:1].upper() + text[1:], count=len(records)
        )

    def _text_of_scope(self, targets):
        """Name the one customer, or count many."""
        if len(targets.sources) == 1:
            if targets.profiles:
                return targets.profiles.partner_id.display_name
            [customer_id] = targets.sources
            return self.env["res.partner"].browse(customer_id).display_name
        return self.env._("Customers: %(count)s", count=len(targets.sources))

    @api.model
    def _render_facts(self, facts):
        """Return the list of facts as HTML; texts are escaped."""
        lines = [LINE % (ICONS[icon], text) for icon, text in facts]
        if not lines:
            return False
        return Markup('<ul class="list-unstyled mb-0">%s</ul>') % Markup().join(lines)

    # ------------------------------------------------------------
    # FACTS: lists of (icon, text)
    # ------------------------------------------------------------

    def _get_facts(self, profiles, ineligible):
        """Return what to know before deciding on these customers."""
        self.ensure_one()
        facts = []
        if self.kind in ("name_vip", "mark_key"):
            facts += self._get_facts_of_eligibility(profiles, ineligible)
            facts += self._get_facts_of_holds(profiles)
        if self.kind == "name_vip":
            facts += self._get_facts_of_criteria(profiles)
            facts += self._get_facts_of_keys(profiles)
        elif self.kind in ("withdraw_vip", "unmark_key", "release", "return_to_base"):
            facts += self._get_facts_of_stage(profiles)
        elif self.kind == "hold":
            facts += self._get_facts_of_stage(profiles)
            facts += self._get_facts_of_holds(profiles)
        elif self.kind == "declare_lost":
            facts += self._get_facts_of_loss(profiles)
        elif self.kind == "set_potential":
            facts += self._get_facts_of_value(profiles)
        return facts

    def _get_facts_of_eligibility(self, profiles, ineligible):
        """Proven partners become VIPs; proven partners and VIPs, key accounts."""
        is_vip = self.kind == "name_vip"
        eligible = profiles - ineligible
        facts = []
        if len(profiles) == 1:
            if eligible and is_vip:
                return [("yes", self.env._("A proven partner, as VIPs usually are."))]
            if eligible:
                text = self.env._(
                    "A proven partner or VIP, as key accounts usually are."
                )
                return [("yes", text)]
            if is_vip:
                text = self.env._(
                    "No proven partner, as VIPs usually are: say why despite."
                )
            else:
                text = self.env._(
                    "Neither proven partner nor VIP, as key accounts usually are: say "
                    "why despite."
                )
            return [("no", text), *self._get_facts_of_stage(profiles)]
        if eligible:
            text = (
                self.env._("Proven partners")
                if is_vip
                else self.env._("Proven partners and VIPs")
            )
            facts.append(("yes", self._text_of_number(text, eligible)))
        if ineligible:
            text = self.env._("Others, skipped unless you say why despite")
            facts.append(("no", self._text_of_number(text, ineligible)))
        return facts

    def _get_facts_of_criteria(self, profiles):
        """The company's own criteria of a VIP, which advise and do not forbid."""
        rated = profiles.filtered(
            lambda profile: profile.meets_vip_criteria or profile.misses_vip_criteria
        )
        if not rated:
            return []
        meeting = rated.filtered("meets_vip_criteria")
        if len(profiles) > 1:
            text = self.env._("Meet the company's criteria of a VIP")
            return [
                (
                    "yes" if meeting == rated else "no",
                    self._text_of_number(text, meeting),
                )
            ]
        text = (
            self.env._("Meets the company's criteria of a VIP.")
            if meeting
            else self.env._("Does not meet the company's criteria of a VIP.")
        )
        return [
            ("yes" if meeting else "no", text),
            *(("info", line) for line in self._get_lines_of_criteria(profiles)),
        ]

    def _get_lines_of_criteria(self, profile):
        """Each criterion that is set, with the customer's own figure."""
        company = profile.company_id.sudo()  # settings, whoever asks
        stage = company.lifecycle_vip_stage_id
        lines = [
            (self.env._("Revenue"), profile.revenue, company.lifecycle_vip_min_revenue),
            (self.env._("Margin"), profile.margin, company.lifecycle_vip_min_margin),
        ]
        texts = [
            self.env._(
                "%(label)s: %(amount)s of at least %(minimum)s",
                label=label,
                amount=format_amount(self.env, amount, company.currency_id),
                minimum=format_amount(self.env, minimum, company.currency_id),
            )
            for label, amount, minimum in lines
            if minimum
        ]
        if stage:
            texts.append(
                self.env._(
                    "Stage by its purchases: %(stage)s; asked: %(minimum)s",
                    stage=profile.computed_stage_id.name,
                    minimum=stage.name,
                )
            )
        return texts

    def _get_facts_of_keys(self, profiles):
        keys = profiles.filtered("is_key_account")
        if not keys:
            return []
        if len(profiles) == 1:
            return [("info", self.env._("Key account: that status shows before VIP."))]
        text = self.env._("Key account: that status shows before VIP")
        return [("info", self._text_of_number(text, keys))]

    def _get_facts_of_holds(self, profiles):
        """Holds in force, which win over everything else."""
        held = profiles.filtered("is_held")
        if not held:
            return []
        if len(profiles) == 1:
            return [
                (
                    "no",
                    self.env._(
                        "Held as %(stage)s until %(day)s: %(reason)s",
                        stage=held.hold_stage_id.name,
                        day=held._text(held.hold_until),
                        reason=held.hold_reason,
                    ),
                )
            ]
        text = self.env._("Held in a stage already")
        return [("no", self._text_of_number(text, held))]

    def _get_facts_of_stage(self, profiles):
        """What the rules alone would say."""
        if len(profiles) > 1:
            return []
        text = self.env._(
            "Stage by its purchases: %(stage)s", stage=profiles.computed_stage_id.name
        )
        return [("info", text)]

    def _get_facts_of_loss(self, profiles):
        facts = []
        if self.lost_reason_id:
            stage_code = "lost_recoverable"
            if not self.lost_reason_id.is_recoverable:
                stage_code = "lost"
            stages = self.env["crm.lifecycle.stage"]
            stage = stages.browse(stages._ids_by_code()[stage_code])
            facts.append(("info", self.env._("Goes to: %(stage)s", stage=stage.name)))
        if len(profiles) == 1 and profiles.last_purchase_date:
            day = profiles._text(profiles.last_purchase_date)
            facts.append(("info", self.env._("Last purchase: %(day)s", day=day)))
        declared = profiles.filtered("is_declared_lost")
        if declared and len(profiles) == 1:
            text = self.env._(
                "Declared lost on %(day)s: %(reason)s",
                day=declared._text(declared.lost_date),
                reason=declared.lost_reason_id.name,
            )
            facts.append(("info", text))
        elif declared:
            text = self.env._("Declared lost already: skipped unless replaced")
            facts.append(("no", self._text_of_number(text, declared)))
        flagged = profiles.filtered(lambda p: p.is_vip or p.is_key_account)
        if flagged and len(profiles) == 1:
            text = self.env._("VIP or key account: lost only if that is withdrawn too.")
            facts.append(("no", text))
        elif flagged:
            text = self.env._("VIP or key account: skipped unless withdrawn too")
            facts.append(("no", self._text_of_number(text, flagged)))
        return facts + self._get_facts_of_holds(profiles)

    def _get_facts_of_value(self, profiles):
        """The revenue an estimate starts from."""
        if len(profiles) == 1:
            company = profiles.company_id.sudo()  # a currency, whoever asks
            amount = format_amount(self.env, profiles.revenue, company.currency_id)
            days = company.lifecycle_window_days
            return [
                (
                    "info",
                    self.env._(
                        "Revenue of the last %(days)s days: %(amount)s",
                        days=days,
                        amount=amount,
                    ),
                )
            ]
        known = profiles.filtered("potential_date")
        text = self.env._("Have an estimate already, which is replaced")
        return [("info", self._text_of_number(text, known))] if known else []
