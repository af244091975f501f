# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Touchpoints follow their customer; one meeting with both is one afterwards."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _get_lifecycle_history_models(self):
        return [
            *super()._get_lifecycle_history_models(),
            *("crm.touchpoint", "crm.promise", "crm.objection", "crm.feedback"),
        ]

    @api.model
    def _fold_lifecycle_rows(self, src_partners, dst_partner):
        targets = self._get_lifecycle_targets(src_partners, dst_partner)
        doubles = self.env.execute_query(self._get_double_touchpoints_sql(targets))
        if doubles:
            self._fold_touchpoints(doubles)
        res = super()._fold_lifecycle_rows(src_partners, dst_partner)
        self.env.cr.execute(
            SQL(
                "UPDATE crm_touchpoint t SET partner_id = profile.partner_id "
                "FROM crm_lifecycle_profile profile WHERE profile.id = t.profile_id "
                "AND t.partner_id = ANY(%s) AND profile.partner_id <> t.partner_id",
                list(targets),
            )
        )
        return res

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """Who was met twice under two names was met once."""
        res = super()._update_values(src_partners, dst_partner)
        self.env.cr.execute(
            "DELETE FROM crm_touchpoint_contact_rel rel USING crm_touchpoint t "
            "WHERE t.id = rel.touchpoint_id AND rel.partner_id = t.contact_id "
            "AND t.contact_id = %s",
            [dst_partner.id],
        )
        return res

    @api.model
    def _get_double_touchpoints_sql(self, targets):
        """Return the SELECT of (touchpoint, the one that stays) of the same source."""
        return SQL(
            """
            SELECT doubled.id, doubled.kept_id
              FROM (
                    SELECT t.id, first_value(t.id) OVER (
                               PARTITION BY t.source_model, t.source_id,
                                            COALESCE(merged.target_id, t.partner_id)
                               ORDER BY merged.source_id IS NOT NULL
                                        AND merged.source_id <> merged.target_id, t.id
                           ) AS kept_id
                      FROM crm_touchpoint t
                      LEFT JOIN %(targets)s AS merged (source_id, target_id)
                        ON merged.source_id = t.partner_id
                     WHERE t.source_model IS NOT NULL
                       AND t.partner_id = ANY(%(partners)s)
                   ) doubled
             WHERE doubled.id <> doubled.kept_id
             ORDER BY doubled.id
            """,
            targets=self._get_lifecycle_targets_sql(targets),
            partners=[*targets, *targets.values()],
        )

    @api.model
    def _fold_touchpoints(self, doubles):
        """Keep what people said and noted about the ones that go, and whom they met.

        What counted with one customer counts: a meeting was one of them.

        :param doubles: list of (touchpoint id, id of the one that stays)
        """
        pairs = SQL(
            "unnest(%s::int[], %s::int[]) AS pair (gone_id, kept_id)",
            [gone for gone, __ in doubles],
            [kept for __, kept in doubles],
        )
        self._fold_touchpoint_words(pairs)
        self._fold_touchpoint_people(pairs)
        for table in ("crm_promise", "crm_objection"):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s noted SET touchpoint_id = pair.kept_id FROM %s "
                    "WHERE noted.touchpoint_id = pair.gone_id",
                    SQL.identifier(table),
                    pairs,
                )
            )
        self.env.cr.execute(
            SQL(
                "DELETE FROM crm_touchpoint t USING %s WHERE t.id = pair.gone_id", pairs
            )
        )

    @api.model
    def _fold_touchpoint_words(self, pairs):
        """What people said about the ones that go: all notes are kept, of the rest the
        one that stays wins.

        :param SQL pairs: FROM item ``pair (gone_id, kept_id)``
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_touchpoint t
                   SET outcome = COALESCE(t.outcome, gone.outcome),
                       note = NULLIF(
                           concat_ws(chr(10), NULLIF(t.note, ''), gone.note), ''),
                       contact_id = COALESCE(t.contact_id, gone.contact_id),
                       is_ignored = t.is_ignored AND gone.all_ignored
                  FROM (
                        SELECT pair.kept_id, min(g.outcome) AS outcome,
                               string_agg(g.note, chr(10) ORDER BY g.id) FILTER (
                                   WHERE g.note IS DISTINCT FROM kept.note) AS note,
                               min(g.contact_id) AS contact_id,
                               bool_and(COALESCE(g.is_ignored, FALSE)) AS all_ignored
                          FROM %s
                          JOIN crm_touchpoint g ON g.id = pair.gone_id
                          JOIN crm_touchpoint kept ON kept.id = pair.kept_id
                         GROUP BY pair.kept_id
                       ) gone
                 WHERE t.id = gone.kept_id
                """,
                pairs,
            )
        )

    @api.model
    def _fold_touchpoint_people(self, pairs):
        """Whom they met, and who of us.

        :param SQL pairs: FROM item ``pair (gone_id, kept_id)``
        """
        for column, table in (
            ("partner_id", "crm_touchpoint_contact_rel"),
            ("user_id", "crm_touchpoint_user_rel"),
        ):
            main = "contact_id" if column == "partner_id" else column
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO %(table)s (touchpoint_id, %(column)s)
                    SELECT met.kept_id, met.id
                      FROM (SELECT pair.kept_id, g.%(main)s AS id
                              FROM %(pairs)s
                              JOIN crm_touchpoint g ON g.id = pair.gone_id
                             UNION
                            SELECT pair.kept_id, rel.%(column)s
                              FROM %(pairs)s
                              JOIN %(table)s rel ON rel.touchpoint_id = pair.gone_id
                           ) met
                      JOIN crm_touchpoint t ON t.id = met.kept_id
                     WHERE met.id IS NOT NULL AND met.id IS DISTINCT FROM t.%(main)s
                        ON CONFLICT DO NOTHING
                    """,
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    main=SQL.identifier(main),
                    pairs=pairs,
                )
            )
