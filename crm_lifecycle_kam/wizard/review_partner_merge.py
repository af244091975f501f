# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Reviews and concessions follow merged customers: all are kept."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _get_lifecycle_history_models(self):
        return [
            *super()._get_lifecycle_history_models(),
            *("crm.account.review", "crm.account.concession"),
            "crm.account.investment",
        ]

    @api.model
    def _move_lifecycle_history(self, pairs):
        """What both were asked on one day is kept twice, and answered once."""
        gone = [source for source, __ in pairs]
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_account_review r
                   SET event_date = NULL,
                       state = CASE WHEN r.state = 'open' AND EXISTS (
                           SELECT FROM crm_account_review other
                             JOIN unnest(%(gone)s::int[], %(kept)s::int[])
                               AS pair (gone_id, kept_id)
                               ON pair.gone_id = r.profile_id
                            WHERE other.kind = r.kind AND other.state = 'open'
                              AND (other.profile_id = pair.kept_id
                                   OR other.id < r.id AND other.profile_id IN (
                                      SELECT sibling.gone_id
                                        FROM unnest(%(gone)s::int[], %(kept)s::int[])
                                          AS sibling (gone_id, kept_id)
                                       WHERE sibling.kept_id = pair.kept_id)))
                           THEN 'void' ELSE r.state END
                 WHERE r.profile_id = ANY(%(gone)s)
                """,
                gone=gone,
                kept=[target for __, target in pairs],
            )
        )
        return super()._move_lifecycle_history(pairs)
