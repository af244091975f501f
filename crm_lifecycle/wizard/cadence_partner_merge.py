# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """The contact regulation of customers that are merged.

    Pauses and exceptions of all hold. Clocks are set anew. Of two rows of the ledger
    that were opened on one day the destination's stays.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _get_lifecycle_history_models(self):
        return [
            *super()._get_lifecycle_history_models(),
            *("crm.cadence.pause", "crm.cadence.exception", "crm.cadence.period"),
        ]

    @api.model
    def _move_lifecycle_history(self, pairs):
        self._fold_cadence_rows(pairs)
        return super()._move_lifecycle_history(pairs)

    @api.model
    def _fold_cadence_rows(self, pairs):
        """Leave no row of a source that collides with one of its destination.

        :param pairs: list of (source profile id, id of the profile that takes over)
        """
        targets = self._get_lifecycle_targets_sql(dict(pairs))
        self.env.cr.execute(
            SQL(
                "DELETE FROM crm_cadence_status clock "
                "USING %s AS pair (source_id, target_id) "
                "WHERE clock.profile_id = pair.source_id",
                targets,
            )
        )
        # the open turn is the destination's own, and is computed anew
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM crm_cadence_period gone
                 USING (
                        SELECT p.id, p.state, row_number() OVER (
                                   PARTITION BY pair.target_id, p.rule_id,
                                                p.opening_date
                                   ORDER BY pair.source_id <> pair.target_id, p.id
                               ) AS place,
                               pair.source_id <> pair.target_id AS is_source
                          FROM crm_cadence_period p
                          JOIN (SELECT * FROM %(targets)s AS s (source_id, target_id)
                                 UNION
                                SELECT t.target_id, t.target_id
                                  FROM %(targets)s AS t (source_id, target_id)) pair
                            ON pair.source_id = p.profile_id
                       ) doubled
                 WHERE gone.id = doubled.id
                   AND (doubled.place > 1
                        OR doubled.is_source AND doubled.state = 'open')
                """,
                targets=targets,
            )
        )

    @api.model
    def _recompute_lifecycle(self, src_partners, dst_partner):
        """The clocks of who received contacts and who gave them away, too."""
        res = super()._recompute_lifecycle(src_partners, dst_partner)
        # sudo: whoever may merge contacts sees them all, their profiles or not
        customers = (src_partners + dst_partner).sudo().commercial_partner_id
        profiles = (
            self.env["crm.lifecycle.profile"]
            .sudo()
            .with_context(active_test=False)
            .search([("partner_id", "in", (customers - src_partners).ids)])
        )
        self.env["crm.lifecycle.engine"].sudo()._follow_cadence(profiles.ids)
        return res
