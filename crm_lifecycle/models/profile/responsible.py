# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class CrmLifecycleProfile(models.Model):
    """Who answers for a customer, since when, and who did before."""

    _inherit = "crm.lifecycle.profile"

    def assign_responsible(self, user_id):
        """Make a user the responsible manager of the customers.

        Leaders of a team and sales managers do it for all customers they see; a
        salesperson for one customer at a time: one of his own, or one of nobody's to
        take it himself.

        :param int user_id: an internal user of the customers' companies; False: nobody
        :return: like the other actions
        """
        self._check_may_act()
        user = self._browse_one("res.users", user_id)
        self._check_may_assign(user)
        if user_id is not False and user_id is not None:
            for company in self.company_id:
                self._check_user(user, company, self.env._("Responsible Manager"))

        def why_not(profile):
            if profile.user_id != user:
                return None
            return self.env._("has this responsible manager already")

        accepted, skipped = self._split(why_not, archived=True)
        accepted._set_responsible(user)
        accepted._mirror_to_partner(user)
        return {"done": accepted.ids, "skipped": skipped, "state": "recomputed"}

    def _check_may_assign(self, user):
        """Refuse a salesperson's change of what is not his, or of many at once."""
        if self._is_leader_or_manager():
            return
        me = self.env.user
        is_own = self.user_id <= me and (user == me or all(p.user_id for p in self))
        if len(self) > 1 or not is_own:
            raise AccessError(
                self.env._(
                    "Customers are re-assigned by leaders of a sales team and by sales "
                    "managers. You can hand over your own customers one by one, and "
                    "take one that has no responsible manager."
                )
            )

    def _set_responsible(self, user):
        """Write responsible and team, and keep the history: three statements in all."""
        if not self:
            return
        team = user.sudo().sale_team_id  # teams of other companies included
        self._write_people({"user_id": user.id or None, "team_id": team.id or None})
        for company, profiles in self.grouped("company_id").items():
            self._record_responsibles(company, profiles)

    @api.model
    def _record_responsibles(self, company, profiles=None):
        """Bring the history of responsibles in line with the profiles; idempotent.

        A stretch ends the day before the next begins; of two changes on one day the
        later row counts.

        :param profiles: None: all of the company
        """
        self.flush_model(["user_id"])
        today = self._company_today(company)
        scope = SQL("p.company_id = %s", company.id)
        if profiles is not None:
            scope = SQL("%s AND p.id = ANY(%s)", scope, profiles.ids)
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lifecycle_responsible r
                   SET date_to = GREATEST(r.date_from, %(today)s::date - 1),
                       write_uid = %(uid)s, write_date = %(now)s
                  FROM crm_lifecycle_profile p
                 WHERE r.profile_id = p.id AND r.date_to IS NULL
                   AND r.user_id IS DISTINCT FROM p.user_id AND %(scope)s
                """,
                today=today,
                uid=self.env.uid,
                now=self.env.cr.now(),
                scope=scope,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_lifecycle_responsible
                       (profile_id, user_id, date_from, changed_by_id,
                        create_uid, create_date, write_uid, write_date)
                SELECT p.id, p.user_id, %(today)s, %(uid)s,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM crm_lifecycle_profile p
                 WHERE p.user_id IS NOT NULL AND %(scope)s
                   AND NOT EXISTS (
                       SELECT FROM crm_lifecycle_responsible r
                        WHERE r.profile_id = p.id AND r.date_to IS NULL)
                 ORDER BY p.id
                """,
                today=today,
                uid=self.env.uid,
                now=self.env.cr.now(),
                scope=scope,
            )
        )
        self.env["crm.lifecycle.responsible"].invalidate_model()
        self.invalidate_model(["responsible_ids"])

    # ------------------------------------------------------------
    # PARTNER AND TEAMS
    # ------------------------------------------------------------

    def _mirror_to_partner(self, user):
        """With one company the contact's salesperson is the responsible manager."""
        if not self.env["crm.lifecycle.engine"]._is_one_company():
            return
        # sudo: the decision was allowed on the profile, and this is the same one
        partners = self.partner_id.sudo()
        partners.filtered(lambda partner: partner.user_id != user).write(
            {"user_id": user.id}
        )

    @api.model
    def _responsible_from_partner(self, partners):
        """Follow a change of the salesperson of contacts.

        With one company it is the same thing as the responsible manager, as far as the
        user may assign one; else, and with several companies, it is a proposal:
        profiles without anybody take it when they are next computed.

        :param partners: ``res.partner`` records whose ``user_id`` was just written
        """
        profiles = (
            self.sudo()  # the right to change the contact was checked there
            .with_context(active_test=False)
            .search([("partner_id", "in", partners.ids)])
        )
        if not self.env["crm.lifecycle.engine"]._is_one_company():
            waiting = profiles.filtered(
                lambda p: not p.user_id and p.partner_id.user_id
            )
            if waiting:
                self.env["crm.lifecycle.event"]._gather(
                    waiting.partner_id.ids, waiting.company_id
                )
            return
        changed = profiles.filtered(lambda p: p.user_id != p.partner_id.user_id)
        changed = changed._filter_may_follow(self.env)
        for user, group in changed.grouped(lambda p: p.partner_id.user_id).items():
            if not user or (user.active and not user.share):
                group._set_responsible(user)

    def _filter_may_follow(self, env):
        """Keep the profiles whose responsible the writer of the contact may change.

        Whoever may write contacts could otherwise take a customer hidden from him.
        Nothing is raised: the change of the contact was allowed.

        :param env: the environment the contact was written in
        """
        if env.su:
            return self
        seen = self.with_env(env)._filtered_access("write")
        if not env["crm.lifecycle.profile"]._is_leader_or_manager():
            # As in `_check_may_assign`
            seen = seen.filtered(
                lambda p: (
                    p.user_id == env.user
                    or (not p.user_id and p.partner_id.sudo().user_id == env.user)
                )
            )
        return self.browse(seen.ids)

    @api.model
    def _follow_teams(self, users):
        """Keep ``team_id`` the sales team of the responsible, after it changed."""
        if not users:
            return
        self.env["res.users"].flush_model(["sale_team_id"])
        self.flush_model(["user_id", "team_id"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lifecycle_profile p
                   SET team_id = u.sale_team_id
                  FROM res_users u
                 WHERE p.user_id = u.id AND u.id = ANY(%s)
                   AND p.team_id IS DISTINCT FROM u.sale_team_id
                """,
                users.ids,
            )
        )
        self.invalidate_model(["team_id"])
