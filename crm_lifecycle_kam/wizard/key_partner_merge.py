# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Key accounts, their teams, groups and benches follow merged customers."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _get_lifecycle_people_columns(self):
        columns = dict(super()._get_lifecycle_people_columns())
        flag = "{row}.is_key_account"
        columns[flag] = (*columns[flag], "key_manager_id")
        return columns

    @api.model
    def _get_lifecycle_history_models(self):
        return [*super()._get_lifecycle_history_models(), "crm.key.account"]

    @api.model
    def _move_lifecycle_history(self, pairs):
        self._fold_key_accounts(dict(pairs))
        self._fold_key_groups(dict(pairs))
        return super()._move_lifecycle_history(pairs)

    @api.model
    def _fold_key_accounts(self, pairs):
        """One open record for a customer: the others end, their people go over.

        :param dict pairs: ``{card that goes: card that stays}``
        """
        # sudo: the customer's history, whoever merges
        Key = self.env["crm.key.account"].sudo()
        found = Key.search(
            [
                ("profile_id", "in", [*pairs, *pairs.values()]),
                ("state", "in", ("nominated", "running", "review")),
            ]
        ).sorted(
            lambda key: (key.state == "nominated", key.profile_id.id in pairs, key.id)
        )
        by_card = found.grouped(
            lambda key: pairs.get(key.profile_id.id, key.profile_id.id)
        )
        for keys in by_card.values():
            if len(keys) > 1:
                self._join_key_accounts(keys[0], keys[1:])
        Key.env.flush_all()

    @api.model
    def _join_key_accounts(self, kept, others):
        users = kept.member_ids.user_id
        for member in others.member_ids:
            if member.user_id not in users:
                member.key_id = kept
                users += member.user_id
        bench = kept.successor_ids.profile_id + kept.profile_id
        for line in others.successor_ids:
            if line.profile_id not in bench:
                line.key_id = kept
                bench += line.profile_id
        accounts = (kept.account_ids + others.account_ids) - kept.profile_id
        others.end_reason = self.env._("Merged with another key account")
        others._end("left")
        kept.account_ids = accounts
        if not kept.manager_id:
            kept.manager_id = others.manager_id[:1]

    @api.model
    def _fold_key_groups(self, pairs):
        """Groups and benches name the customer that stays, once.

        :param dict pairs: ``{card that goes: card that stays}``
        """
        self.env.flush_all()
        gone, kept = list(pairs), list(pairs.values())
        merged = SQL("unnest(%s::int[], %s::int[])", gone, kept)
        self._fold_group_accounts(merged, kept)
        self._fold_benches(merged)
        self.env.invalidate_all(flush=False)

    @api.model
    def _fold_group_accounts(self, merged, kept):
        """Accounts of groups: the customer that stays for each that goes.

        :param SQL merged: rows of (card that goes, card that stays)
        :param list kept: the cards that stay
        """
        pair = SQL("%s AS pair (gone_id, kept_id)", merged)
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_key_account_profile_rel (key_id, profile_id) "
                "SELECT rel.key_id, pair.kept_id "
                "FROM crm_key_account_profile_rel rel "
                "JOIN %s ON pair.gone_id = rel.profile_id ON CONFLICT DO NOTHING",
                pair,
            )
        )
        # a main account is no further account of its own group
        self.env.cr.execute(
            SQL(
                "DELETE FROM crm_key_account_profile_rel rel "
                "USING crm_key_account key LEFT JOIN %s ON pair.gone_id = "
                "key.profile_id WHERE key.id = rel.key_id "
                "AND rel.profile_id = COALESCE(pair.kept_id, key.profile_id) "
                "AND rel.profile_id = ANY(%s)",
                pair,
                kept,
            )
        )

    @api.model
    def _fold_benches(self, merged):
        """Benches: of two lines the better prepared one; nobody succeeds himself.

        :param SQL merged: rows of (card that goes, card that stays)
        """
        self.env.cr.execute(
            SQL(
                """
                WITH moved AS (
                    SELECT line.id, pair.kept_id, row_number() OVER (
                               PARTITION BY line.key_id,
                                            COALESCE(pair.kept_id, line.profile_id)
                               ORDER BY line.preparedness DESC, line.id) AS place,
                           COALESCE(pair.kept_id, line.profile_id)
                           = COALESCE(main.kept_id, key.profile_id) AS is_main
                      FROM crm_key_account_successor line
                      JOIN crm_key_account key ON key.id = line.key_id
                      LEFT JOIN %(merged)s AS pair (gone_id, kept_id)
                        ON pair.gone_id = line.profile_id
                      LEFT JOIN %(merged)s AS main (gone_id, kept_id)
                        ON main.gone_id = key.profile_id
                ), gone AS (
                    DELETE FROM crm_key_account_successor line USING moved
                     WHERE moved.id = line.id AND (moved.place > 1 OR moved.is_main)
                )
                UPDATE crm_key_account_successor line SET profile_id = moved.kept_id
                  FROM moved
                 WHERE moved.id = line.id AND moved.kept_id IS NOT NULL
                   AND moved.place = 1 AND NOT moved.is_main
                """,
                merged=merged,
            )
        )
