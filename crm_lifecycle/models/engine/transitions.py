# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL


class CrmLifecycleEngine(models.AbstractModel):
    """Step 5: what changed, with its cause; over the CTE ``fresh`` of record.py."""

    _inherit = "crm.lifecycle.engine"

    def _sql_cause(self, parameters):
        """The first cause that holds; see ``crm.lifecycle.transition``."""
        if parameters.cause in ("manual", "merge", "baseline"):
            return SQL("%s", parameters.cause)
        grew = SQL("f.purchase_count > COALESCE(f.old_purchase_count, 0)")
        if parameters.cause == "settings":
            return SQL("CASE WHEN %s THEN 'purchase' ELSE 'settings' END", grew)
        return SQL(
            "CASE WHEN %s OR f.last_purchase_date > f.old_last_purchase_date "
            "THEN 'purchase' WHEN f.profile_id IS NULL THEN 'event' ELSE %s END",
            grew,
            parameters.cause,
        )

    def _sql_steps(self, parameters):
        """The changes to record: of stage and category, then of the class.

        Stage and category change in one transition; a class that the same pass then
        changes moves the category in a second one, exactly as if the customer had been
        recomputed before the pass. The baseline records one.
        """
        is_baseline = parameters.cause == "baseline"
        category = SQL("f.category_id" if is_baseline else "f.step_category_id")
        first = SQL(
            """
            SELECT f.partner_id, f.profile_id, f.active, f.is_excluded, f.stage_id,
                   f.stage_reason, f.full_figures, %(cause)s AS cause,
                   f.old_category_id AS from_category_id,
                   %(category)s AS to_category_id, f.old_stage_id AS from_stage_id,
                   CASE WHEN f.stage_id IS DISTINCT FROM f.old_stage_id
                        THEN f.new_stage_date ELSE %(today)s END AS date, 1 AS step
              FROM fresh f
             WHERE (f.profile_id IS NULL OR f.active)
               AND (f.stage_id IS DISTINCT FROM f.old_stage_id
                    OR %(category)s IS DISTINCT FROM f.old_category_id)
            """,
            cause=self._sql_cause(parameters),
            category=category,
            today=parameters.today,
        )
        if is_baseline:
            return first
        return SQL("%s UNION ALL %s", first, self._sql_class_step(parameters))

    def _sql_class_step(self, parameters):
        """The category moves because the ranking of the pass moved the class."""
        return SQL(
            """
            SELECT f.partner_id, f.profile_id, f.active, f.is_excluded, f.stage_id,
                   f.stage_reason, f.full_figures, %(cause)s AS cause,
                   f.step_category_id AS from_category_id,
                   f.category_id AS to_category_id, f.stage_id AS from_stage_id,
                   %(today)s AS date, 2 AS step
              FROM fresh f
             WHERE (f.profile_id IS NULL OR f.active)
               AND f.category_id IS DISTINCT FROM f.step_category_id
            """,
            cause=parameters.cause
            if parameters.cause in ("settings", "baseline")
            else "time",
            today=parameters.today,
        )

    def _sql_transitions(self, parameters, steps):
        """Insert one transition per step; some from the start need no reaction."""
        reacted = SQL("%s::timestamp", self._now())
        if parameters.cause != "baseline" and parameters.react:
            reacted = SQL(
                "CASE WHEN f.is_excluded OR NOT f.active THEN %s END", reacted
            )
        return SQL(
            """
            INSERT INTO crm_lifecycle_transition (
                profile_id, date, recorded_at, cause, from_stage_id, to_stage_id,
                from_category_id, to_category_id, reason, figures, user_id, reacted_at)
            SELECT COALESCE(f.profile_id, i.id), f.date, %(now)s, f.cause,
                   f.from_stage_id, f.stage_id, f.from_category_id, f.to_category_id,
                   f.stage_reason, f.full_figures, %(user)s::int, %(reacted)s
              FROM (%(steps)s) f
              LEFT JOIN inserted i ON i.partner_id = f.partner_id
             WHERE f.profile_id IS NOT NULL OR i.id IS NOT NULL
             ORDER BY f.partner_id, f.step
            RETURNING id
            """,
            now=self._now(),
            user=parameters.user_id,
            reacted=reacted,
            steps=steps,
        )
