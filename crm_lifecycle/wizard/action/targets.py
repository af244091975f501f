# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError

PROFILE = "crm.lifecycle.profile"
# How contacts and leads lead to their customer
CUSTOMER_OF = {
    "res.partner": lambda contact: contact.commercial_partner_id,
    "crm.lead": lambda lead: lead.partner_id.commercial_partner_id,
}


class Targets(NamedTuple):
    """Whom a dialog is about.

    ``model``: the model of the selected records; ``profiles``: those to act on;
    ``sources``: ``{id of what the action takes: [ids of selected records]}``, profiles,
    or customers when they are to be added; ``skipped``: ``{reason: [ids of selected
    records]}`` of those that have no profile to act on.
    """

    model: str
    profiles: models.BaseModel
    sources: dict
    skipped: dict


class CrmLifecycleAction(models.TransientModel):
    """From the selected records to profiles."""

    _inherit = "crm.lifecycle.action"

    def _get_targets(self):
        """Return the targets the context names (``active_model``, ``active_ids``)."""
        context = self.env.context
        model = context.get("active_model") or PROFILE
        ids = context.get("active_ids") or [context.get("active_id")]
        if not isinstance(ids, list | tuple):
            ids = [ids]
        ids = [id_ for id_ in ids if id_]
        if model in CUSTOMER_OF:
            return self._get_targets_of_contacts(model, ids)
        if model != PROFILE:
            raise UserError(
                self.env._("Choose customers, contacts or leads for this action.")
            )
        profiles = self.env[PROFILE].browse(ids).exists()
        return Targets(model, profiles, {id_: [id_] for id_ in profiles.ids}, {})

    def _get_targets_of_contacts(self, model, ids):
        """Return the profiles the current company keeps of contacts' or leads'
        customers, and why some have none."""
        records = self.env[model].with_context(active_test=False)
        records = records.search([("id", "in", ids)])
        sources, skipped = {}, {}
        for record in records:
            customer = CUSTOMER_OF[model](record)
            if customer:
                sources.setdefault(customer.id, []).append(record.id)
            else:
                reason = self.env._("has no customer: choose one first")
                skipped.setdefault(reason, []).append(record.id)
        Profile = self.env[PROFILE].with_context(active_test=False)
        if self.kind == "add_to_base":
            return Targets(model, Profile.browse(), sources, skipped)
        profiles = Profile.search(
            [
                ("partner_id", "in", list(sources)),
                ("company_id", "=", self.env.company.id),
            ]
        )
        by_profile = {
            profile.id: sources.pop(profile.partner_id.id) for profile in profiles
        }
        for reason, customer_ids in self._explain_missing(list(sources)).items():
            for customer_id in customer_ids:
                skipped.setdefault(reason, []).extend(sources[customer_id])
        return Targets(model, profiles, by_profile, skipped)

    @api.model
    def _explain_missing(self, customer_ids):
        """Return ``{reason: [ids]}`` of customers without a profile for this user."""
        customers = self.env["res.partner"].browse(customer_ids)
        hidden = self.env[PROFILE]._find_profiles(customers, self.env.company)
        hidden_ids = set(hidden.partner_id.ids)
        reasons = {}
        for customer_id in customer_ids:
            reason = (
                self.env._("is looked after by somebody else")
                if customer_id in hidden_ids
                else self.env._("has no profile: add it to the base first")
            )
            reasons.setdefault(reason, []).append(customer_id)
        return reasons
