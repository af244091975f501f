# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Activities that a contact rule asked for: one of a customer stays open."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _move_lifecycle_history(self, pairs):
        """The activity of the one that stays wins; others of the same rule stay open
        for their people, but are the rule's no longer."""
        res = super()._move_lifecycle_history(pairs)
        self.env.cr.execute(
            SQL(
                """
                UPDATE mail_activity a
                   SET lifecycle_profile_id =
                       CASE WHEN a.id = heir.first_id THEN heir.target_id END
                  FROM (
                        SELECT b.id, pair.target_id, CASE
                               WHEN NOT b.active THEN b.id
                               WHEN kept.id IS NULL THEN first_value(b.id) OVER (
                                    PARTITION BY pair.target_id, b.lifecycle_rule_id,
                                                 b.active ORDER BY b.id)
                               END AS first_id
                          FROM mail_activity b
                          JOIN %s AS pair (source_id, target_id)
                            ON pair.source_id = b.lifecycle_profile_id
                          LEFT JOIN mail_activity kept
                            ON kept.lifecycle_profile_id = pair.target_id
                           AND kept.lifecycle_rule_id = b.lifecycle_rule_id
                           AND kept.active
                       ) heir
                 WHERE heir.id = a.id
                """,
                self._get_lifecycle_targets_sql(dict(pairs)),
            )
        )
        return res
