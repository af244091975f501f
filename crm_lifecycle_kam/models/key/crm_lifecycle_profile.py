# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_key_account import OPEN_STATES, PROGRAMME_STATES


class CrmLifecycleProfile(models.Model):
    """The key flag follows the programme: what sets it makes the record of it."""

    _inherit = "crm.lifecycle.profile"

    key_manager_id = fields.Many2one(
        comodel_name="res.users",
        string="Key Account Manager",
        readonly=True,
        ondelete="set null",
    )
    key_account_ids = fields.One2many(
        comodel_name="crm.key.account",
        inverse_name="profile_id",
        string="Key Account Programme",
        readonly=True,
    )

    is_key_team = fields.Boolean(
        string="I Belong to the Key Account Team",
        compute="_compute_is_key_team",
        search="_search_is_key_team",
        help="As manager, sponsor or colleague of a team, while the account is in the "
        "programme: what is known of the customer is open to you.",
    )

    @api.depends(
        "key_account_ids.state",
        "key_account_ids.manager_id",
        "key_account_ids.sponsor_id",
        "key_account_ids.member_ids.user_id",
    )
    @api.depends_context("uid")
    def _compute_is_key_team(self):
        for profile in self:
            # sudo: whether one belongs to the team says nothing about the account
            keys = profile.sudo()._get_programme()
            team = keys.manager_id + keys.sponsor_id + keys.member_ids.user_id
            profile.is_key_team = self.env.user in team

    @api.model
    def _search_is_key_team(self, operator, value):
        if operator != "in":
            return NotImplemented
        me = self.env.uid
        # sudo: as above; record rules ask this question themselves
        keys = self.env["crm.key.account"].sudo()
        # a query of its own: nothing that asks row by row is read in parallel
        members = keys.member_ids
        joined = members._search(Domain("user_id", "=", me))
        key_id = members._field_to_sql(members._table, "key_id", joined)
        found = keys._search(
            Domain("state", "in", PROGRAMME_STATES)
            & (
                Domain("manager_id", "=", me)
                | Domain("sponsor_id", "=", me)
                | Domain("id", "in", joined.subselect(key_id))
            )
        )
        mine = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN %s",
                model._field_to_sql(alias, "id", query),
                found.subselect("crm_key_account.profile_id"),
            )
        )
        return Domain.OR([mine if wanted else ~mine for wanted in set(value)])

    def _get_programme(self):
        """Return the records of the programme that customers are in."""
        return self.key_account_ids.filtered(lambda key: key.state in PROGRAMME_STATES)

    def mark_key_account(self, reason, despite_reason=None):
        """Mark the customers as key accounts, or nominate them where the company asks
        for a second person's approval. For team leaders and sales managers.

        :param str reason: why
        :param str despite_reason: why also customers who are neither proven partners
            nor VIPs; without it they are skipped
        :return: as in the base; a nominated customer is done, and no key account yet
        """
        # a setting, whoever asks
        asked = self.filtered(lambda p: p.sudo().company_id.lifecycle_key_approval)
        if not asked:
            return super().mark_key_account(reason, despite_reason)
        marked = super(CrmLifecycleProfile, self - asked).mark_key_account(
            reason, despite_reason
        )
        nominated = asked._nominate(reason, despite_reason)
        return {
            "done": [*marked["done"], *nominated["done"]],
            "skipped": [*marked["skipped"], *nominated["skipped"]],
            "state": marked["state"],
        }

    def _nominate(self, reason, despite_reason=None):
        """Nominate the customers for the programme; they are no key accounts yet."""
        self._check_may_act(name=True)
        reason = self._check_reason(reason)
        despite_reason = self._check_text(despite_reason, self.env._("Why Despite"))
        # sudo: somebody else's nomination counts too
        waiting = self.env["crm.key.account"].sudo()
        waiting = waiting.search(
            [("profile_id", "in", self.ids), ("state", "in", OPEN_STATES)]
        ).profile_id

        def why_not(profile):
            if profile.is_key_account:
                return self.env._("is a key account already")
            if profile in waiting:
                return self.env._("is nominated already")
            if not despite_reason and not profile._is_eligible("mark_key"):
                return self.env._(
                    "is neither proven partner nor VIP: a reason is needed why despite"
                )
            return profile._why_no_flag()

        accepted, skipped = self._split(why_not)
        self.env["crm.key.account"].create(
            [
                {
                    "profile_id": profile.id,
                    "reason": reason,
                    "despite_reason": despite_reason,
                    "manager_id": profile.user_id.id,
                }
                for profile in accepted
            ]
        )
        return {"done": accepted.ids, "skipped": skipped, "state": "recomputed"}

    def _prepare_key_values(self, reason):
        """Column values of a key account; ``self`` belongs to one company."""
        return {
            "is_key_account": True,
            "key_user_id": self.env.uid,
            "key_date": self._company_today(self.company_id),
            "key_reason": reason,
        }

    def _write_people(self, vals):
        """Whatever sets or withdraws the flag goes through the programme."""
        if "is_key_account" in vals and not vals["is_key_account"]:
            vals = {**vals, "key_manager_id": None}
        res = super()._write_people(vals)
        if self and "is_key_account" in vals:
            Key = self.env["crm.key.account"]
            if vals["is_key_account"]:
                Key._follow_flag(self, vals.get("key_reason"))
            else:
                Key._follow_no_flag(self, vals.get("key_reason"))
        return res

    def action_view_key_account(self):
        """Open the way of this customer through the key account programme."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle_kam.crm_key_account_action"
        )
        action["domain"] = [("profile_id", "=", self.id)]
        action["context"] = {"default_profile_id": self.id}
        keys = self.key_account_ids.filtered(lambda one: one.state in OPEN_STATES)
        if len(keys) == 1:
            action.update(views=[(False, "form")], res_id=keys.id)
        return action
