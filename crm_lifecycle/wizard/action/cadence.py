# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .targets import Targets

PLAN = "crm.cadence.status"


class CrmLifecycleAction(models.TransientModel):
    """Decisions about the contact regulation, also from rows of the contact plan."""

    _inherit = "crm.lifecycle.action"

    kind = fields.Selection(
        selection_add=[
            ("pause", "Pause the Contacts"),
            ("resume", "Resume the Contacts"),
            ("exempt", "Exempt from Contact Rules"),
            ("interval", "Stricter or Looser Norm"),
            ("plan", "Plan Contacts"),
        ],
        ondelete={
            "pause": "cascade",
            "resume": "cascade",
            "exempt": "cascade",
            "interval": "cascade",
            "plan": "cascade",
        },
    )
    cadence_rule_id = fields.Many2one(
        comodel_name="crm.cadence.rule",
        string="Contact Rule",
        domain="[('company_id', 'in', (False, company_id))]",
        help="Empty: all rules the customer is under.",
    )
    cadence_from = fields.Date(string="From")
    cadence_to = fields.Date(string="Until", help="The last day.")
    cadence_times = fields.Integer(string="Contacts", default=1)
    cadence_number = fields.Integer(string="Every", default=1)
    cadence_unit = fields.Selection(
        selection=[("day", "Days"), ("week", "Weeks"), ("month", "Months")],
        string="Unit",
        default="month",
    )

    # ------------------------------------------------------------
    # DEFAULTS
    # ------------------------------------------------------------

    @api.model
    def _prepare_days(self, profiles):
        days = super()._prepare_days(profiles)
        return {**days, "cadence_from": days["agreed_date"]}

    @api.model
    def _check_may_open(self, kind, profiles):
        res = super()._check_may_open(kind, profiles)
        if kind in ("exempt", "interval") and profiles:
            profiles._check_may_except()
        return res

    # ------------------------------------------------------------
    # TARGETS
    # ------------------------------------------------------------

    def _get_targets(self):
        """Rows of the contact plan stand for their customers."""
        if self.env.context.get("active_model") != PLAN:
            return super()._get_targets()
        ids = self.env.context.get("active_ids") or [self.env.context.get("active_id")]
        sources = {}
        for row in self._get_plan_rows(ids):
            sources.setdefault(row.profile_id.id, []).append(row.id)
        profiles = self.env["crm.lifecycle.profile"].browse(sources)
        return Targets(PLAN, profiles, sources, {})

    def _get_plan_rows(self, ids):
        rows = self.env[PLAN].browse(ids if isinstance(ids, list | tuple) else [ids])
        rows = rows.exists()
        rows.check_access("read")
        return rows

    # ------------------------------------------------------------
    # CALLS
    # ------------------------------------------------------------

    def _get_calls(self):
        rule = self.cadence_rule_id
        return {
            **super()._get_calls(),
            "pause": lambda profiles: profiles.pause_contacts(
                self.cadence_to or None,
                self.reason,
                self.cadence_from or None,
                rule.id or None,
            ),
            "resume": lambda profiles: profiles.resume_contacts(rule.id or None),
            "exempt": lambda profiles: profiles.exempt_contacts(
                self.reason,
                rule.id or None,
                self.cadence_to or None,
                self.cadence_from or None,
            ),
            "interval": self._call_interval,
            "plan": lambda profiles: profiles.plan_contacts(),
        }

    def _call_interval(self, profiles):
        if not self.cadence_rule_id:
            raise UserError(self.env._("Say for which rule the other interval holds."))
        return profiles.set_contact_interval(
            self.cadence_rule_id.id,
            self.cadence_times,
            self.cadence_number,
            self.cadence_unit,
            self.reason,
            self.cadence_to or None,
            self.cadence_from or None,
        )

    # ------------------------------------------------------------
    # FACTS
    # ------------------------------------------------------------

    @api.depends("cadence_to", "cadence_from")
    def _compute_facts(self):
        return super()._compute_facts()

    def _get_facts(self, profiles, ineligible):
        facts = super()._get_facts(profiles, ineligible)
        if self.kind == "pause":
            facts += self._get_facts_of_pause(profiles)
        if self.kind in ("exempt", "interval", "plan") and len(profiles) == 1:
            facts += self._get_facts_of_norms(profiles)
        return facts

    def _get_facts_of_norms(self, profile):
        """Name the norms of one customer and when they are due."""
        return [
            (
                "no" if row.state == "overdue" else "info",
                self.env._(
                    "%(rule)s: due on %(day)s",
                    rule=row.rule_id.name,
                    day=profile._text(row.due_date),
                ),
            )
            for row in profile.cadence_status_ids.sorted("due_date")
        ]

    def _get_facts_of_pause(self, profiles):
        """Say beforehand that a long pause waits for the leader."""
        facts = self._get_facts_of_norms(profiles) if len(profiles) == 1 else []
        if not self.cadence_to or not self.cadence_from:
            return facts
        Pause = self.env["crm.cadence.pause"]
        known = Pause._get_known(profiles)
        lengths = {
            profile: Pause._get_joined_days(
                known[profile],
                self.cadence_rule_id.id,
                self.cadence_from,
                self.cadence_to,
            )
            for profile in profiles
        }
        long = profiles.filtered(
            lambda profile: (
                lengths[profile] > profile.company_id.sudo().lifecycle_pause_days
                and not profile._may_decide_contacts()
            )
        )
        if long:
            facts.append(
                (
                    "no",
                    self.env._(
                        "%(days)s days: longer than %(limit)s, so the pause waits for "
                        "the leader of the team.",
                        days=lengths[long[:1]],
                        limit=long[:1].company_id.sudo().lifecycle_pause_days,
                    ),
                )
            )
        return facts
