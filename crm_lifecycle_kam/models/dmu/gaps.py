# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

from .crm_dmu_gap_rule import ASKING, HOSTILE

# Up to so many units the touchpoints of each person are looked up
FEW = 300


class CrmDmuGapMixin(models.AbstractModel):
    """Gaps in the unit of a customer or of an opportunity, by ``crm.dmu.gap.rule``.

    Nothing is stored: the people of all units are read once and grouped, each rule is
    one aggregate of that reading, and the rows are joined to the result. Lists, filters
    and forms ask for the very same expressions.
    """

    _name = "crm.dmu.gap.mixin"
    _description = "Gaps in a Decision-Making Unit"

    # How the fields begin: ``<prefix>dmu_coverage``, ...
    _dmu_prefix = ""

    # ------------------------------------------------------------
    # HOOKS: each model defines the three
    # ------------------------------------------------------------

    @api.model
    def _join_dmu_card(self, alias, query):
        """Return the alias of the customer's card, joined as far as the user sees it;
        None when no card can be seen."""
        return None

    @api.model
    def _sql_dmu_people(self, ids=None):
        """Return the FROM and WHERE of the people: entry ``m``, card ``card``, contact
        ``person``; the first item of the pair is the key they are grouped by.

        :param ids: only of these records
        """
        return None

    @api.model
    def _sql_dmu_cards(self, ids=None):
        """Return the cards whose touchpoints are looked at, as the operand of IN.

        :param ids: for these records only; None: for all with a unit
        """
        return SQL("(SELECT profile_id FROM crm_dmu_member)")

    @api.model
    def _sql_dmu_amount(self, alias, card, query):
        """Return the value of the opportunity a rule may ask for."""
        return SQL("NULL::numeric")

    # ------------------------------------------------------------
    # ONE RULE
    # ------------------------------------------------------------

    @api.model
    def _sql_dmu_today(self):
        return SQL(
            "%s::date", self.env["crm.lifecycle.engine"]._today(self.env.company)
        )

    @api.model
    def _sql_dmu_who(self, rule):
        """Condition on a person: whom the rule looks for.

        Reads the entry ``m``, ``present.here`` and ``met.last_day``. Look-ups are
        sets and depend on no row: PostgreSQL hashes them once, and does not take the
        statement for an expensive one that is worth compiling.
        """
        key = SQL("(m.is_decider OR m.influence >= %s)", rule.min_influence)
        if rule.kind == "role_missing":
            return SQL(
                "present.here AND m.id IN (SELECT rel.member_id "
                "FROM crm_dmu_member_role_rel rel WHERE rel.role_id = %s)",
                rule.role_id.id,
            )
        if rule.kind == "no_decider":
            return SQL("present.here AND m.is_decider")
        if rule.kind == "single_contact":
            return SQL("present.here")
        if rule.kind == "hostile_decider":
            return SQL("present.here AND m.is_decider AND m.attitude IN %s", HOSTILE)
        if rule.kind == "nobody_responsible":
            return SQL(
                "present.here AND %s AND COALESCE(m.user_id NOT IN "
                "(SELECT u.id FROM res_users u WHERE u.active), TRUE)",
                key,
            )
        if rule.kind == "not_contacted":
            return SQL(
                "present.here AND %s AND COALESCE(met.last_day < %s - %s, TRUE)",
                key,
                self._sql_dmu_today(),
                rule.days,
            )
        # Left, and not yet settled
        return SQL(
            "NOT present.here AND (m.date_to IS NULL "
            "OR m.id IN (SELECT step.member_id FROM crm_purchase_step_member_rel step) "
            "OR m.id IN (SELECT report.parent_id FROM crm_dmu_member report "
            "WHERE report.parent_id IS NOT NULL AND report.date_to IS NULL))"
        )

    @api.model
    def _sql_dmu_is_gap(self, rule, column):
        """Condition on a unit, given the number of people the rule looks for."""
        if rule.kind == "single_contact":
            return SQL("COALESCE(%s, 0) < 2", column)
        if rule.kind in ASKING:
            return SQL("COALESCE(%s, 0) = 0", column)
        return SQL("COALESCE(%s, 0) > 0", column)

    @api.model
    def _sql_dmu_concerns(self, rule, card, amount):
        """Condition on a card: the rule holds for it."""
        terms = [
            SQL("%s IS NOT NULL", SQL.identifier(card, "id")),
            SQL("%s IS NOT TRUE", SQL.identifier(card, "is_excluded")),
        ]
        for records, column in (
            (rule.category_ids, "category_id"),
            (rule.stage_ids, "stage_id"),
        ):
            if records:
                terms.append(
                    SQL(
                        "COALESCE(%s IN %s, FALSE)",
                        SQL.identifier(card, column),
                        tuple(records.ids),
                    )
                )
        if rule.company_id:
            company = SQL.identifier(card, "company_id")
            terms.append(SQL("%s = %s", company, rule.company_id.id))
        if rule.min_amount:
            terms.append(SQL("COALESCE(%s >= %s, FALSE)", amount, rule.min_amount))
        return SQL("(%s)", SQL(" AND ").join(terms))

    # ------------------------------------------------------------
    # ALL RULES
    # ------------------------------------------------------------

    @api.model
    def _sql_dmu_units(self, rules, ids=None, names=False):
        """Return the SELECT of (key, people, number per rule[, names per rule]).

        :param ids: only of these records
        :param names: also who they are
        """
        key, source, where = self._sql_dmu_people(ids)
        days = [rule.days for rule in rules if rule.kind == "not_contacted"]
        return SQL(
            """
            SELECT %(columns)s
              FROM %(source)s
             CROSS JOIN LATERAL (
                   SELECT COALESCE(m.date_to >= %(today)s, TRUE) AND person.active
                          AND person.commercial_partner_id = card.partner_id AS here
                   ) present
              %(met)s
             WHERE %(where)s
             GROUP BY 1
            """,
            columns=SQL(", ").join(
                [
                    SQL("%s AS unit_key", key),
                    SQL("count(*) FILTER (WHERE present.here) AS people"),
                    *self._get_dmu_columns(rules, names),
                ]
            ),
            source=source,
            today=self._sql_dmu_today(),
            met=self._sql_dmu_contacts(max(days), ids) if days else SQL(),
            where=where,
        )

    @api.model
    def _get_dmu_columns(self, rules, names):
        """Return the columns ``rule_<id>``, how many people each rule finds, and where
        asked for ``names_<id>``, who they are."""
        columns = []
        for rule in rules:
            who = self._sql_dmu_who(rule)
            number = SQL.identifier(f"rule_{rule.id}")
            columns.append(SQL("count(*) FILTER (WHERE %s) AS %s", who, number))
            if names:
                columns.append(
                    SQL(
                        "string_agg(person.name, ', ' ORDER BY m.influence DESC, m.id) "
                        "FILTER (WHERE %s) AS %s",
                        who,
                        SQL.identifier(f"names_{rule.id}"),
                    )
                )
        return columns

    @api.model
    def _sql_dmu_contacts(self, days, ids=None):
        """Return the JOIN of the last touchpoint of each person in so many days: who
        has none was not contacted for as long.

        Of a few records person by person; of more, in one reading of the touchpoints
        of their customers.
        """
        timezone = self.env["crm.lifecycle.engine"]._get_timezone(self.env.company)
        day = SQL("(max(t.date) AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", timezone)
        # Two days more, for the time zones
        since = SQL(
            "t.is_ignored IS NOT TRUE AND t.date >= %s - %s",
            self._sql_dmu_today(),
            days + 2,
        )
        if ids is not None and len(ids) <= FEW:
            return self._sql_dmu_contacts_of_few(day, since)
        return self._sql_dmu_contacts_of_all(day, since, self._sql_dmu_cards(ids))

    @api.model
    def _sql_dmu_contacts_of_few(self, day, since):
        """Two index look-ups for each person."""
        return SQL(
            """
            LEFT JOIN LATERAL (
                 SELECT %(day)s AS last_day FROM (
                        SELECT t.date FROM crm_touchpoint t
                         WHERE t.contact_id = m.contact_id
                           AND t.profile_id = m.profile_id AND %(since)s
                         UNION ALL
                        SELECT t.date FROM crm_touchpoint_contact_rel rel
                          JOIN crm_touchpoint t ON t.id = rel.touchpoint_id
                         WHERE rel.partner_id = m.contact_id
                           AND t.profile_id = m.profile_id AND %(since)s) t) met ON TRUE
            """,
            day=day,
            since=since,
        )

    @api.model
    def _sql_dmu_contacts_of_all(self, day, since, cards):
        """One reading, grouped by person."""
        return SQL(
            """
            LEFT JOIN (
                 SELECT t.profile_id, t.contact_id, %(day)s AS last_day FROM (
                        SELECT t.profile_id, t.contact_id, t.date
                          FROM crm_touchpoint t
                         WHERE %(since)s AND t.contact_id IS NOT NULL
                           AND t.profile_id IN %(cards)s
                         UNION ALL
                        SELECT t.profile_id, rel.partner_id, t.date
                          FROM crm_touchpoint_contact_rel rel
                          JOIN crm_touchpoint t ON t.id = rel.touchpoint_id
                         WHERE %(since)s AND t.profile_id IN %(cards)s) t
                  GROUP BY t.profile_id, t.contact_id
                 ) met ON met.profile_id = m.profile_id
                  AND met.contact_id = m.contact_id
            """,
            day=day,
            since=since,
            cards=cards,
        )

    @api.model
    def _flush_dmu(self):
        """Write what the statements read."""
        for model in (
            "crm.dmu.member",
            "crm.purchase.step",
            "crm.lead",
            "crm.touchpoint",
            "crm.lifecycle.profile",
            "res.partner",
            "res.users",
        ):
            self.env[model].flush_model()

    @api.model
    def _get_dmu_terms(self, alias, query, ids=None, names=False):
        """Join the units; return ``[(rule, concerns, is gap, names)]`` and the number
        of people, all SQL; None when the user sees no card.

        :param ids: only of these records: the units are read for them alone
        """
        self._flush_dmu()
        card = self._join_dmu_card(alias, query)
        if not card:
            return None, None
        rules = self.env["crm.dmu.gap.rule"]._get_rules()
        unit = query.make_alias(alias, "dmu_unit")
        key = SQL.identifier(alias, "id")
        query.add_join(
            "LEFT JOIN",
            unit,
            SQL("(%s)", self._sql_dmu_units(rules, ids, names)),
            SQL("%s = %s", SQL.identifier(unit, "unit_key"), key),
        )
        amount = SQL("NULL")
        if any(rule.min_amount for rule in rules):
            amount = self._sql_dmu_amount(alias, card, query)
        terms = []
        for rule in rules:
            column = SQL.identifier(unit, f"rule_{rule.id}")
            concerns = self._sql_dmu_concerns(rule, card, amount)
            gap = SQL("(%s AND %s)", concerns, self._sql_dmu_is_gap(rule, column))
            who = SQL.identifier(unit, f"names_{rule.id}") if names else SQL("NULL")
            terms.append((rule, concerns, gap, who))
        return terms, SQL("COALESCE(%s, 0)", SQL.identifier(unit, "people"))

    @api.model
    def _sql_dmu_sum(self, conditions):
        """Return how many of the conditions hold."""
        if not conditions:
            return SQL("0")
        return SQL("(%s)", SQL(" + ").join(SQL("%s::int", one) for one in conditions))

    @api.model
    def _sql_dmu_figure(self, name, terms, people):
        """Return the expression of the field without its prefix."""
        if terms is None:
            return SQL("NULL::int")
        gaps = self._sql_dmu_sum([gap for __, __, gap, __ in terms])
        if name == "dmu_gap_count":
            return gaps
        concerned = self._sql_dmu_sum([concerns for __, concerns, __, __ in terms])
        asked = self._sql_dmu_sum(
            [concerns for rule, concerns, __, __ in terms if rule.kind in ASKING]
        )
        # Nobody known: nothing is covered where somebody is asked for
        return SQL(
            "(CASE WHEN %(people)s = 0 THEN CASE WHEN %(asked)s > 0 THEN 0 END "
            "ELSE 100 - 100 * %(gaps)s / NULLIF(%(concerned)s, 0) END)",
            people=people,
            asked=asked,
            gaps=gaps,
            concerned=concerned,
        )
