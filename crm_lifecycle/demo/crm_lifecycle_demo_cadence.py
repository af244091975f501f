# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Command

# The contact regulation has been in force for so many days
RULES_SINCE = 200
AGENDAS = {
    "vip_call": ("", "<p>What is planned for the month; deliveries on the way</p>"),
    "vip_meeting": ("", "<p>Figures of the quarter, open wishes, who decides now</p>"),
    "a_call": ("", "<p>Stock left, next order, how the last delivery went</p>"),
    "a_meeting": ("", "<p>The year's plan; what else they buy, and from whom</p>"),
    "b_call": ("", "<p>News of the catalogue; what is still bought elsewhere</p>"),
    "c_call": ("", "<p>Whether anything is needed; is the contact still right</p>"),
    "new_call": (
        "working",
        "<p>Is it used, is it understood, what would make it easier</p>",
    ),
}
# customer, from, until (days ahead), reason, state
PAUSES = (
    ("hazel", -3, 11, "The house is being rebuilt", "approved"),
    ("corvus", 0, 75, "New owner: nothing is decided before spring", "waiting"),
)
REFUSALS = (
    ("castell", "call", 40, "Asked on the telephone to be written to instead"),
    ("juniper", "email", 95, "Letter of complaint about too much mail"),
)


class CrmLifecycleDemo(models.AbstractModel):
    """The contact regulation: rules in force for months, violations, exceptions."""

    _inherit = "crm.lifecycle.demo"

    @api.model
    def _regulate_contacts(self):
        company = self.env.company
        rules = self._put_rules_in_force()
        self._except_from_rules(rules)
        self._note_refusals()
        self.env["crm.lifecycle.engine"]._recompute_cadence(company)
        self._freeze_period_plan()
        company.write({"lifecycle_plan_enabled": True, "lifecycle_plan_limit": 5})

    @api.model
    def _put_rules_in_force(self):
        """Return ``{name: rule}`` of the rules the company still has."""
        stages = self.env["crm.lifecycle.stage"]._ids_by_code()
        rules = {}
        for name, (code, text) in AGENDAS.items():
            rule = self.env.ref(
                f"crm_lifecycle.crm_cadence_rule_{name}", raise_if_not_found=False
            )
            if rule:
                rules[name] = rule
                line = {"text": text, "stage_id": stages.get(code)}
                rule.write(
                    {
                        "date_start": self._day(RULES_SINCE),
                        "agenda_ids": [Command.create(line)],
                    }
                )
        return rules

    @api.model
    def _except_from_rules(self, rules):
        for key, first, last, reason, state in PAUSES:
            profile = self._get_profiles(self._customer(key).ids)
            self.env["crm.cadence.pause"].create(
                {
                    "profile_id": profile.id,
                    "date_from": self._day(-first),
                    "date_to": self._day(-last),
                    "reason": reason,
                    "state": state,
                    "user_id": (profile.user_id or self.env.user).id,
                }
            )
        if "vip_call" in rules:
            profile = self._get_profiles(self._customer("kestrel").ids)
            profile.with_user(self._user("admin")).sudo().set_contact_interval(
                rules["vip_call"].id, 1, 3, "week", "On location: hard to reach"
            )

    @api.model
    def _note_refusals(self):
        self.env["crm.contact.consent"].create(
            [
                {
                    "partner_id": self._customer(key).id,
                    "channel_id": self._get_channel(channel).id,
                    "state": "refused",
                    "date": self._day(days),
                    "proof": proof,
                    "user_id": (profile.user_id or self.env.user).id,
                }
                for key, channel, days, proof in REFUSALS
                for profile in self._get_profiles(self._customer(key).ids)
            ]
        )

    @api.model
    def _freeze_period_plan(self):
        """The quarter's plan of the team that has most customers."""
        teams = self.env["crm.lifecycle.profile"]._read_group(
            [("company_id", "=", self.env.company.id), ("team_id", "!=", False)],
            ["team_id"],
            order="__count DESC",
            limit=1,
        )
        for (team,) in teams:
            Plan = self.env["crm.cadence.plan"].with_user(self._user("admin")).sudo()
            plan = Plan.create(
                {"team_id": team.id, "note": "First the ones we neglected in summer."}
            )
            plan.action_freeze()
