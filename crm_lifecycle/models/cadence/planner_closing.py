# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class CrmLifecycleEngine(models.AbstractModel):
    """What the planner made goes when it is no longer due."""

    _inherit = "crm.lifecycle.engine"

    @api.model
    def _recompute_cadence(self, company, profiles=None, today=None):
        """What was planned ends with the contact that restarts the clock."""
        written = super()._recompute_cadence(company, profiles, today)
        if written and profiles is not None:
            ids = profiles if isinstance(profiles, list | tuple) else profiles.ids
            self._close_planned(
                SQL(
                    "(activity.lifecycle_profile_id = ANY(%(ids)s) "
                    "OR status.profile_id = ANY(%(ids)s))",
                    ids=list(ids),
                )
            )
        return written

    @api.model
    def _close_planned(self, scope, limit=None):
        """Withdraw activities whose clock was restarted, or stands still.

        They are cancelled, not done: the contact that restarted the clock is there
        already and must not count twice.

        :param SQL scope: condition on ``activity``
        :return: number of activities withdrawn
        """
        self._flush_planning()
        ids = self.env.execute_query(
            SQL(
                """
                SELECT activity.id
                  FROM mail_activity activity
                  LEFT JOIN crm_cadence_status status
                    ON status.profile_id = activity.lifecycle_profile_id
                   AND status.rule_id = activity.lifecycle_rule_id
                    OR status.id = activity.lifecycle_escalation_id
                 WHERE activity.active AND activity.lifecycle_due_date IS NOT NULL
                   AND %(scope)s
                   AND (status.id IS NULL
                        OR status.due_date <> activity.lifecycle_due_date
                        OR COALESCE(%(today)s
                           BETWEEN status.pause_from AND status.pause_until, FALSE))
                 ORDER BY activity.id
                 %(limit)s
                """,
                scope=scope,
                today=self._sql_company_today(SQL("status.company_id")),
                limit=SQL("LIMIT %s", limit) if limit else SQL(),
            )
        )
        self._withdraw([id_ for (id_,) in ids])
        return len(ids)

    @api.model
    def _withdraw_refused(self, customers=None):
        """Withdraw what was planned over a channel that the customer refuses since;
        the planner finds another way.

        :param SQL customers: SELECT of the customers to look at; default: all for whom
            something is planned
        """
        self._flush_planning()
        planned = SQL(
            "activity.active AND activity.lifecycle_due_date IS NOT NULL "
            "AND activity.lifecycle_rule_id IS NOT NULL "
            "AND activity.res_model = 'res.partner'"
        )
        customers = customers or SQL(
            "SELECT activity.res_id FROM mail_activity activity WHERE %s", planned
        )
        ids = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT activity.id
                  FROM (%(refused)s) refused
                  JOIN crm_touchpoint_channel_activity_rel mapped
                    ON mapped.channel_id = refused.channel_id
                  JOIN mail_activity activity
                    ON activity.res_id = refused.partner_id
                   AND activity.activity_type_id = mapped.activity_type_id
                 WHERE %(planned)s
                """,
                refused=self._sql_refused_customers(customers),
                planned=planned,
            )
        )
        self._withdraw([id_ for (id_,) in ids])

    @api.model
    def _withdraw(self, activity_ids):
        """Delete what was planned, as if it had never been: it may be planned again."""
        if not activity_ids:
            return
        # sudo: whatever ends it, the planner made it
        activities = self.env["mail.activity"].sudo().browse(activity_ids)
        for column, is_its in (
            (
                "planned_due_date",
                SQL(
                    "clock.profile_id = activity.lifecycle_profile_id "
                    "AND clock.rule_id = activity.lifecycle_rule_id"
                ),
            ),
            ("escalated_due_date", SQL("clock.id = activity.lifecycle_escalation_id")),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE crm_cadence_status clock SET %s = NULL "
                    "FROM mail_activity activity "
                    "WHERE activity.id = ANY(%s) AND %s",
                    SQL.identifier(column),
                    activities.ids,
                    is_its,
                )
            )
        self.env["crm.cadence.status"].invalidate_model(
            ["planned_due_date", "escalated_due_date"]
        )
        activities.unlink()

    def _sql_company_today(self, company_id):
        """Return the day of a company as an expression."""
        companies = self._get_enabled_companies()
        return SQL(
            "(SELECT day FROM unnest(%s::int[], %s::date[]) AS c (id, day) "
            "WHERE c.id = %s)",
            companies.ids,
            [self._today(company) for company in companies],
            company_id,
        )


class CrmLifecycleProfile(models.Model):
    _inherit = "crm.lifecycle.profile"

    def _set_responsible(self, user):
        """What the regulation planned for whoever answered goes to whoever answers
        now; the leader of that team is told anew."""
        planned, told = self._get_planned_for_responsible()
        res = super()._set_responsible(user)
        engine = self.env["crm.lifecycle.engine"]
        if user:
            planned.with_context(mail_activity_quick_update=True).user_id = user
        else:
            engine._withdraw(planned.ids)
        engine._withdraw(told.ids)
        return res

    def _get_planned_for_responsible(self):
        """Return the open activities of the regulation that wait for the responsibles
        of these customers, and those that tell the leaders."""
        # sudo: they are the planner's, whoever may see them
        Activity = self.env["mail.activity"].sudo()
        planned = Activity.search(
            [
                ("lifecycle_profile_id", "in", self.ids),
                ("lifecycle_rule_id", "!=", False),
            ]
        )
        told = Activity.search([("lifecycle_escalation_id.profile_id", "in", self.ids)])
        return (
            # what somebody gave to somebody else stays with that person
            planned.filtered(lambda a: a.user_id == a.lifecycle_profile_id.user_id),
            told,
        )
