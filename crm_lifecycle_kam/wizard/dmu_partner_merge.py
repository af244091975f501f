# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

# What the entry that stays takes over where it says nothing itself
FILLED = {
    "decides_how": "{row}.decides_how <> ''",
    "criteria": "{row}.criteria <> ''",
    "motives": "{row}.motives <> ''",
    "decision": "{row}.decision <> ''",
    "user_id": "{row}.user_id IS NOT NULL",
    "parent_id": "{row}.parent_id IS NOT NULL",
    "relation_wanted": "{row}.relation_wanted IS NOT NULL",
    "attitude": "{row}.attitude <> 'unknown'",
    "relation_now": "{row}.relation_now <> 'unknown'",
}


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Members of units and the lines between them follow merged contacts."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _get_lifecycle_history_models(self):
        return [
            *super()._get_lifecycle_history_models(),
            *("crm.dmu.member", "crm.dmu.influence", "crm.purchase.step"),
        ]

    @api.model
    def _move_lifecycle_history(self, pairs):
        """One person may be known to both accounts: once in the one that stays."""
        self._fold_dmu_members({}, dict(pairs))
        return super()._move_lifecycle_history(pairs)

    @api.model
    def _fold_lifecycle_rows(self, src_partners, dst_partner):
        contacts = dict.fromkeys(src_partners.ids, dst_partner.id)
        self._fold_dmu_members(contacts, {})
        return super()._fold_lifecycle_rows(src_partners, dst_partner)

    @api.model
    def _fold_dmu_members(self, contacts, profiles):
        """Keep one open entry of a person who was two, with all lines and steps.

        :param dict contacts: ``{contact that goes: contact that stays}``
        :param dict profiles: ``{card that goes: card that stays}``
        """
        self.env.cr.execute(self._get_double_members_sql(contacts, profiles))
        doubles = self.env.cr.fetchall()
        if not doubles:
            return
        pairs = SQL(
            "unnest(%s::int[], %s::int[]) AS pair (gone_id, kept_id)",
            [gone for gone, __ in doubles],
            [kept for __, kept in doubles],
        )
        self._fill_dmu_members(pairs)
        self._move_dmu_lines(pairs)
        self._join_dmu_relations(pairs)
        self.env.cr.execute(
            SQL(
                "DELETE FROM crm_dmu_member m USING %s WHERE m.id = pair.gone_id", pairs
            )
        )
        self._break_dmu_circles({kept for __, kept in doubles})

    @api.model
    def _break_dmu_circles(self, ids):
        """Who is now one with somebody above his own superior reports to nobody.

        :param ids: the entries that stay
        """
        members = self.env["crm.dmu.member"].sudo()  # whoever merges
        members.invalidate_model(["parent_id"], flush=False)
        for member in members.browse(ids):
            if member._has_cycle():
                self.env.cr.execute(
                    SQL(
                        "UPDATE crm_dmu_member SET parent_id = NULL WHERE id = %s",
                        member.id,
                    )
                )

    @api.model
    def _get_double_members_sql(self, contacts, profiles):
        """Return the SELECT of (entry, the one that stays) of one person in one unit.

        The entry of the contact and the card that stay wins, else the older one.
        """
        return SQL(
            """
            SELECT doubled.id, doubled.kept_id
              FROM (
                    SELECT m.id, first_value(m.id) OVER (
                               PARTITION BY COALESCE(card.kept_id, m.profile_id),
                                            COALESCE(person.kept_id, m.contact_id),
                                            COALESCE(m.lead_id, 0)
                               ORDER BY person.kept_id IS NOT NULL,
                                        card.kept_id IS NOT NULL, m.id) AS kept_id
                      FROM crm_dmu_member m
                      LEFT JOIN unnest(%(gone)s::int[], %(kept)s::int[])
                        AS person (gone_id, kept_id) ON person.gone_id = m.contact_id
                      LEFT JOIN unnest(%(card_gone)s::int[], %(card_kept)s::int[])
                        AS card (gone_id, kept_id) ON card.gone_id = m.profile_id
                     WHERE m.date_to IS NULL
                       AND (m.contact_id = ANY(%(people)s)
                            OR m.profile_id = ANY(%(cards)s))
                   ) doubled
             WHERE doubled.id <> doubled.kept_id
             ORDER BY doubled.id
            """,
            gone=list(contacts),
            kept=list(contacts.values()),
            card_gone=list(profiles),
            card_kept=list(profiles.values()),
            people=[*contacts, *contacts.values()],
            cards=[*profiles, *profiles.values()],
        )

    @api.model
    def _fill_dmu_members(self, pairs):
        """What the entry that stays does not say, one that goes may.

        :param SQL pairs: FROM item ``pair (gone_id, kept_id)``
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_dmu_member m
                   SET %(assigned)s,
                       influence = GREATEST(m.influence, gone.most_influence),
                       interest = GREATEST(m.interest, gone.most_interest),
                       involvement = GREATEST(m.involvement, gone.most_involvement),
                       is_decider = m.is_decider OR gone.decides,
                       is_champion = m.is_champion OR gone.champions,
                       date_from = LEAST(m.date_from, gone.first_day)
                  FROM (
                        SELECT pair.kept_id, max(g.influence) AS most_influence,
                               max(g.interest) AS most_interest,
                               max(g.involvement) AS most_involvement,
                               COALESCE(bool_or(g.is_decider), FALSE) AS decides,
                               COALESCE(bool_or(g.is_champion), FALSE) AS champions,
                               min(g.date_from) AS first_day, %(taken)s
                          FROM %(pairs)s
                          JOIN crm_dmu_member g ON g.id = pair.gone_id
                         GROUP BY pair.kept_id) gone
                 WHERE m.id = gone.kept_id
                """,
                assigned=SQL(", ").join(map(self._sql_assign_said, FILLED)),
                taken=SQL(", ").join(map(self._sql_first_said, FILLED)),
                pairs=pairs,
            )
        )

    @api.model
    def _sql_assign_said(self, name):
        """The entry's own word in a column, else that of those that go."""
        return SQL(
            "%(name)s = CASE WHEN %(said)s THEN m.%(name)s "
            "ELSE COALESCE(gone.%(name)s, m.%(name)s) END",
            name=SQL.identifier(name),
            said=SQL(FILLED[name].format(row="m")),
        )

    @api.model
    def _sql_first_said(self, name):
        """The oldest entry ``g`` that says something in a column."""
        return SQL(
            "(array_agg(g.%(name)s ORDER BY g.id) FILTER (WHERE %(said)s))[1] "
            "AS %(name)s",
            name=SQL.identifier(name),
            said=SQL(FILLED[name].format(row="g")),
        )

    @api.model
    def _move_dmu_lines(self, pairs):
        """Lines lead to whoever stays: one for two that say the same, none from a
        person to itself.

        :param SQL pairs: FROM item ``pair (gone_id, kept_id)``
        """
        self._drop_double_lines(pairs)
        for table, column in (
            ("crm_dmu_influence", "from_id"),
            ("crm_dmu_influence", "to_id"),
            ("crm_dmu_member", "parent_id"),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s moved SET %(column)s = NULLIF(pair.kept_id, "
                    "%(self)s) FROM %(pairs)s WHERE moved.%(column)s = pair.gone_id",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    # nobody reports to themselves after the merge
                    self=SQL("moved.id") if column == "parent_id" else SQL("0"),
                    pairs=pairs,
                )
            )
        self.env.cr.execute(
            "UPDATE crm_dmu_member SET parent_id = NULL WHERE parent_id = id"
        )

    @api.model
    def _drop_double_lines(self, pairs):
        """Of lines that will say the same, the one confirmed last is left.

        :param SQL pairs: FROM item ``pair (gone_id, kept_id)``
        """
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM crm_dmu_influence line
                 USING (
                        SELECT l.id, COALESCE(source.kept_id, l.from_id) AS from_id,
                               COALESCE(target.kept_id, l.to_id) AS to_id,
                               row_number() OVER (
                                   PARTITION BY COALESCE(source.kept_id, l.from_id),
                                                COALESCE(target.kept_id, l.to_id)
                                   ORDER BY l.date_confirmed DESC, l.id) AS place
                          FROM crm_dmu_influence l
                          LEFT JOIN %(sources)s ON source.gone_id = l.from_id
                          LEFT JOIN %(targets)s ON target.gone_id = l.to_id
                       ) moved
                 WHERE moved.id = line.id
                   AND (moved.place > 1 OR moved.from_id = moved.to_id)
                """,
                sources=SQL("(SELECT * FROM %s) AS source", pairs),
                targets=SQL("(SELECT * FROM %s) AS target", pairs),
            )
        )

    @api.model
    def _join_dmu_relations(self, pairs):
        """Roles and steps of both.

        :param SQL pairs: FROM item ``pair (gone_id, kept_id)``
        """
        for table, column in (
            ("crm_dmu_member_role_rel", "role_id"),
            ("crm_purchase_step_member_rel", "step_id"),
        ):
            self.env.cr.execute(
                SQL(
                    "INSERT INTO %(table)s (member_id, %(column)s) "
                    "SELECT pair.kept_id, rel.%(column)s FROM %(pairs)s "
                    "JOIN %(table)s rel ON rel.member_id = pair.gone_id "
                    "ON CONFLICT DO NOTHING",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    pairs=pairs,
                )
            )
