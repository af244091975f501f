# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

from ..models.winback.crm_winback_attempt import OPEN_STATES


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Attempts follow their customer; two that are open go on as one."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _get_lifecycle_people_columns(self):
        return {
            **super()._get_lifecycle_people_columns(),
            "{row}.winback_date IS NOT NULL": ("winback_date",),
            "{row}.winback_expectation <> ''": ("winback_expectation",),
        }

    @api.model
    def _get_lifecycle_history_models(self):
        return [*super()._get_lifecycle_history_models(), "crm.winback.attempt"]

    @api.model
    def _move_lifecycle_history(self, pairs):
        """Leave one open attempt per customer: its own, else the oldest."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_winback_attempt attempt
                   SET state = 'given_up', result = 'merged', date_end = gone.today
                  FROM (
                        SELECT a.id, (now() AT TIME ZONE 'UTC')::date AS today,
                               row_number() OVER (
                                   PARTITION BY COALESCE(pair.target_id, a.profile_id)
                                   ORDER BY pair.target_id IS NOT NULL,
                                            a.state = 'postponed', a.id) AS place
                          FROM crm_winback_attempt a
                          LEFT JOIN %(pairs)s AS pair (source_id, target_id)
                            ON pair.source_id = a.profile_id
                         WHERE a.state IN %(open)s AND a.profile_id = ANY(%(profiles)s)
                       ) gone
                 WHERE gone.id = attempt.id AND gone.place > 1
                """,
                pairs=self._get_lifecycle_targets_sql(dict(pairs)),
                open=OPEN_STATES,
                profiles=[profile_id for pair in pairs for profile_id in pair],
            )
        )
        return super()._move_lifecycle_history(pairs)
