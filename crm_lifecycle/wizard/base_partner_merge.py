# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

# What people decided about a customer, in groups that belong together: the group of
# the destination wins when its condition holds there, else it is taken from a source.
PEOPLE_COLUMNS = {
    "{row}.user_id IS NOT NULL": ("user_id", "team_id"),
    "{row}.hold_until IS NOT NULL": (
        "hold_stage_id",
        "hold_date",
        "hold_until",
        "hold_reason",
        "hold_user_id",
    ),
    "{row}.is_agreed": ("is_agreed", "agreed_date", "agreed_user_id"),
    "{row}.is_vip": (
        "is_vip",
        "vip_sponsor_id",
        "vip_user_id",
        "vip_date",
        "vip_reason",
        "vip_review_date",
    ),
    "{row}.is_key_account": (
        "is_key_account",
        "key_user_id",
        "key_date",
        "key_reason",
    ),
    "{row}.is_excluded": ("is_excluded", "exclude_reason"),
    "{row}.lost_date IS NOT NULL": ("lost_reason_id", "lost_date", "lost_user_id"),
    "{row}.potential_date IS NOT NULL": (
        "potential_amount",
        "potential_date",
        "potential_source",
        "potential_confidence",
        "potential_class_manual",
    ),
    "{row}.trade_format_id IS NOT NULL": ("trade_format_id",),
    "{row}.own_turnover <> 0": ("own_turnover",),
    "{row}.own_volume <> ''": ("own_volume",),
}


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        self.env.flush_all()
        self._fold_lifecycle_rows(src_partners, dst_partner)
        self.env.invalidate_all(flush=False)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _update_values(self, src_partners, dst_partner):
        # The last step before the sources are deleted: the destination has all it gets.
        res = super()._update_values(src_partners, dst_partner)
        self.env["crm.lifecycle.fact"]._follow_contacts()
        self._recompute_lifecycle(src_partners, dst_partner)
        return res

    @api.model
    def _recompute_lifecycle(self, src_partners, dst_partner):
        """Compute who received documents and who gave them away, for the user to see.

        Contacts may be merged across accounts: both accounts are computed.
        """
        # Sudo: whoever may merge contacts sees them all, their profiles or not.
        customers = (src_partners + dst_partner).sudo().commercial_partner_id
        customers -= src_partners
        companies = (
            self.env["crm.lifecycle.profile"]
            .sudo()
            .with_context(active_test=False)
            .search([("partner_id", "in", (customers + dst_partner).ids)])
            .company_id.filtered("lifecycle_enabled")
        )
        for company in companies.sorted("id"):
            self.env["crm.lifecycle.engine"].sudo()._recompute(
                company,
                partners=customers + dst_partner,
                cause="merge",
                user=self.env.user,
            )

    # ------------------------------------------------------------
    # FOLDING
    # ------------------------------------------------------------

    @api.model
    def _fold_lifecycle_rows(self, src_partners, dst_partner):
        """Fold rows that would collide once the sources are the destination.

        Odoo re-points foreign keys in one UPDATE per table; where a unique key refuses
        it, all rows of the sources are deleted. Every model with a unique key over a
        partner therefore extends this method and leaves no source row that collides.
        Everything is flushed before and the cache is dropped after; SQL is welcome.

        :param src_partners: ``res.partner`` records about to be deleted
        :param dst_partner: the ``res.partner`` record that stays
        """
        targets = self._get_lifecycle_targets(src_partners, dst_partner)
        self._move_lifecycle_profiles(targets)
        pairs = self.env.execute_query(self._get_lifecycle_pairs_sql(targets))
        if pairs:
            self._fold_lifecycle_people(pairs)
            self._move_lifecycle_history(pairs)
            self.env.cr.execute(
                SQL(
                    "DELETE FROM crm_lifecycle_profile WHERE id = ANY(%s)",
                    [source for source, __ in pairs],
                )
            )

    @api.model
    def _get_lifecycle_targets(self, src_partners, dst_partner):
        """Return ``{source partner: partner}`` whose profile takes over the source's.

        A customer merged into a contact of an account becomes part of that account; a
        contact's own profile, from the time it was a customer, stays with the contact.
        """
        # Sudo: see `_recompute_lifecycle`.
        account_id = dst_partner.sudo().commercial_partner_id.id
        return {
            partner.id: account_id
            if partner.commercial_partner_id == partner
            else dst_partner.id
            for partner in src_partners.sudo()
        }

    @api.model
    def _get_lifecycle_targets_sql(self, targets):
        return SQL(
            "unnest(%s::int[], %s::int[])", list(targets), list(targets.values())
        )

    @api.model
    def _move_lifecycle_profiles(self, targets):
        """Where the target has no profile in a company, a source's becomes its."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lifecycle_profile profile
                   SET partner_id = heir.target_id
                  FROM (
                        SELECT DISTINCT ON (target.target_id, source.company_id)
                               source.id, target.target_id
                          FROM crm_lifecycle_profile source
                          JOIN %(targets)s AS target (source_id, target_id)
                            ON target.source_id = source.partner_id
                         WHERE NOT EXISTS (
                               SELECT FROM crm_lifecycle_profile taken
                                WHERE taken.partner_id = target.target_id
                                  AND taken.company_id = source.company_id)
                         ORDER BY target.target_id, source.company_id,
                                  source.active DESC, source.id
                       ) heir
                 WHERE profile.id = heir.id
                """,
                targets=self._get_lifecycle_targets_sql(targets),
            )
        )

    @api.model
    def _get_lifecycle_pairs_sql(self, targets):
        """Return the SELECT of (source profile, profile that takes it over)."""
        return SQL(
            """
            SELECT source.id, target.id
              FROM crm_lifecycle_profile source
              JOIN %s AS merged (source_id, target_id)
                ON merged.source_id = source.partner_id
              JOIN crm_lifecycle_profile target
                ON target.partner_id = merged.target_id
               AND target.company_id = source.company_id
             ORDER BY source.id
            """,
            self._get_lifecycle_targets_sql(targets),
        )

    @api.model
    def _get_lifecycle_people_columns(self):
        """Return ``{condition on a row: columns}``, see ``PEOPLE_COLUMNS``."""
        return PEOPLE_COLUMNS

    @api.model
    def _fold_lifecycle_people(self, pairs):
        """Keep what people decided about the sources; the destination wins."""
        taken, assigned = [], []
        for condition, columns in self._get_lifecycle_people_columns().items():
            in_source = SQL(condition.format(row="source"))
            in_target = SQL(condition.format(row="profile"))
            for column in map(SQL.identifier, columns):
                taken.append(
                    SQL(
                        "(array_agg(source.%s ORDER BY source.id) "
                        "FILTER (WHERE %s))[1] AS %s",
                        column,
                        in_source,
                        column,
                    )
                )
                assigned.append(
                    SQL(
                        "%s = CASE WHEN %s THEN profile.%s ELSE "
                        "COALESCE(taken.%s, profile.%s) END",
                        column,
                        in_target,
                        column,
                        column,
                        column,
                    )
                )
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lifecycle_profile profile
                   SET %(assigned)s,
                       added_date = LEAST(profile.added_date, taken.added_date),
                       last_contact_date = GREATEST(
                           profile.last_contact_date, taken.last_contact_date)
                  FROM (
                        SELECT pair.target_id, %(taken)s,
                               MIN(source.added_date) AS added_date,
                               MAX(source.last_contact_date) AS last_contact_date
                          FROM %(pairs)s AS pair (source_id, target_id)
                          JOIN crm_lifecycle_profile source
                            ON source.id = pair.source_id
                         GROUP BY pair.target_id
                       ) taken
                 WHERE profile.id = taken.target_id
                """,
                assigned=SQL(", ").join(assigned),
                taken=SQL(", ").join(taken),
                pairs=self._get_lifecycle_targets_sql(dict(pairs)),
            )
        )

    @api.model
    def _get_lifecycle_history_models(self):
        """Return the models whose ``profile_id`` follows when profiles are folded.

        A model with a unique key over the profile folds its rows before, by extending
        `_move_lifecycle_history`.
        """
        return [
            "crm.lifecycle.transition",
            "crm.lifecycle.responsible",
            "crm.lifecycle.fact",
        ]

    @api.model
    def _move_lifecycle_history(self, pairs):
        """Re-point the history of folded profiles.

        :param pairs: list of (source profile id, id of the profile that takes over)
        """
        for model_name in self._get_lifecycle_history_models():
            self.env.cr.execute(
                SQL(
                    "UPDATE %s AS history SET profile_id = pair.target_id "
                    "FROM %s AS pair (source_id, target_id) "
                    "WHERE history.profile_id = pair.source_id",
                    SQL.identifier(self.env[model_name]._table),
                    self._get_lifecycle_targets_sql(dict(pairs)),
                )
            )
        self._join_lifecycle_competitors(pairs)
        self._close_lifecycle_responsibles([target for __, target in pairs])

    @api.model
    def _join_lifecycle_competitors(self, pairs):
        """The customer has the competitors of all who were merged into it."""
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_lifecycle_profile_competitor_rel "
                "(profile_id, competitor_id) "
                "SELECT DISTINCT pair.target_id, source.competitor_id "
                "FROM crm_lifecycle_profile_competitor_rel source "
                "JOIN %s AS pair (source_id, target_id) "
                "ON pair.source_id = source.profile_id ON CONFLICT DO NOTHING",
                self._get_lifecycle_targets_sql(dict(pairs)),
            )
        )

    @api.model
    def _close_lifecycle_responsibles(self, profile_ids):
        """One customer has one responsible: others taken over end with the merge."""
        profiles = self.env["crm.lifecycle.profile"].sudo().browse(profile_ids)
        profiles.invalidate_recordset(["user_id"], flush=False)
        today = {
            company.id: self.env["crm.lifecycle.engine"]._today(company)
            for company in profiles.company_id
        }
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lifecycle_responsible history
                   SET date_to = GREATEST(history.date_from, day.today)
                  FROM crm_lifecycle_profile profile
                  JOIN unnest(%s::int[], %s::date[]) AS day (company_id, today)
                    ON day.company_id = profile.company_id
                 WHERE profile.id = history.profile_id
                   AND profile.id = ANY(%s)
                   AND history.date_to IS NULL
                   AND history.id IS DISTINCT FROM (
                       SELECT MIN(kept.id) FROM crm_lifecycle_responsible kept
                        WHERE kept.profile_id = profile.id
                          AND kept.user_id = profile.user_id
                          AND kept.date_to IS NULL)
                """,
                list(today),
                list(today.values()),
                list(profile_ids),
            )
        )
