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
        # sudo: whoever made the contact ends what was planned for it
        activities = self.env["mail.activity"].sudo().browse(id_ for (id_,) in ids)
        activities.unlink()
        return len(ids)

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
