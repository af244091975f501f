# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """What was done for two customers who are one was done for that one."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _get_lifecycle_history_models(self):
        return [*super()._get_lifecycle_history_models(), "crm.lifecycle.playbook.run"]

    @api.model
    def _move_lifecycle_history(self, pairs):
        """The same event of both (a holiday) was answered once: rather done than
        left out."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM crm_lifecycle_playbook_run WHERE id IN (
                    SELECT id FROM (
                        SELECT run.id, row_number() OVER (
                                   PARTITION BY run.playbook_id, run.event_key,
                                       COALESCE(pair.target_id, run.profile_id)
                                   ORDER BY run.state = 'done' DESC,
                                       pair.target_id IS NULL DESC, run.id
                               ) AS place
                          FROM crm_lifecycle_playbook_run run
                          LEFT JOIN %(pairs)s AS pair (source_id, target_id)
                            ON pair.source_id = run.profile_id
                         WHERE run.profile_id = ANY(%(profiles)s)
                    ) doubled WHERE place > 1)
                """,
                pairs=self._get_lifecycle_targets_sql(dict(pairs)),
                profiles=[id_ for pair in pairs for id_ in pair],
            )
        )
        return super()._move_lifecycle_history(pairs)
