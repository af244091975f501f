# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, Query


class CrmLifecycleProfile(models.Model):
    """How complete a card is, by what its stage and category ask for.

    One SQL expression built from the ``crm.lifecycle.requirement`` records reads,
    searches, sorts and groups, so that no record costs a query.
    """

    _inherit = "crm.lifecycle.profile"

    completeness = fields.Integer(
        string="Completeness (%)",
        compute="_compute_completeness",
        search="_search_completeness",
        aggregator="avg",
        help="How much of what this stage and category ask for is filled in. Sales "
        "managers decide what is asked for, in the configuration.",
    )
    missing_requirement_ids = fields.Many2many(
        comodel_name="crm.lifecycle.requirement",
        string="Still to Fill In",
        compute="_compute_completeness",
    )

    def _compute_completeness(self):
        query = Query(self.env, self._table, self._table_sql)
        query.add_where(
            SQL("%s = ANY(%s)", SQL.identifier(self._table, "id"), self._origin.ids)
        )
        terms = self._get_requirement_terms(self._table, query)
        rows = self._origin and self.env.execute_query(
            query.select(
                SQL.identifier(self._table, "id"),
                self._sql_completeness(terms),
                self._sql_missing_requirements(terms),
            )
        )
        values = {row[0]: row[1:] for row in rows}
        for profile in self:
            percent, missing = values.get(profile._origin.id, (0, []))
            profile.completeness = percent
            profile.missing_requirement_ids = missing

    def _search_completeness(self, operator, value):
        field = self._fields["completeness"]
        return Domain.custom(
            to_sql=lambda model, alias, query: field.condition_to_sql(
                "completeness", operator, value, model, alias, query
            )
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "completeness":
            return self._sql_completeness(self._get_requirement_terms(alias, query))
        return super()._field_to_sql(alias, field_expr, query)

    # ------------------------------------------------------------
    # DEFINITIONS
    # ------------------------------------------------------------

    @api.model
    def _sql_completeness(self, terms):
        """Percent of what is asked for; 100 where nothing is."""
        asked, filled = [SQL("0")], [SQL("0")]
        for __, concerns, is_filled in terms:
            asked.append(SQL("(%s)::int", concerns))
            filled.append(SQL("(%s AND %s)::int", concerns, is_filled))
        return SQL(
            "COALESCE(100 * (%s) / NULLIF(%s, 0), 100)",
            SQL(" + ").join(filled),
            SQL(" + ").join(asked),
        )

    @api.model
    def _sql_missing_requirements(self, terms):
        """Ids of the requirements that are not met, in their order."""
        missing = [
            SQL("CASE WHEN %s AND NOT %s THEN %s END", concerns, is_filled, id_)
            for id_, concerns, is_filled in terms
        ]
        return SQL("array_remove(ARRAY[%s]::int[], NULL)", SQL(", ").join(missing))

    @api.model
    def _get_requirement_terms(self, alias, query):
        """Return ``[(id, SQL: it concerns the customer, SQL: it is filled in)]``."""
        # sudo: what a form asks for concerns everybody who fills it in, and that a
        # field is filled in says nothing about its value
        Requirement = self.env["crm.lifecycle.requirement"].sudo()
        requirements = Requirement.search_fetch(
            [("active", "=", True)],
            ["target", "stage_id", "category_ids", "customer_type"],
        )
        stages = requirements.stage_id.search_fetch(
            [("id", "!=", False)], ["code", "zone", "sequence"]
        )
        terms = []
        for requirement in requirements:
            asked_in = requirement._get_stages(stages)
            if asked_in and requirement._get_field():
                concerns = self._sql_concerns(requirement, asked_in, alias, query)
                is_filled = self._sql_is_filled(requirement, alias, query)
                terms.append((requirement.id, concerns, is_filled))
        return terms

    @api.model
    def _sql_concerns(self, requirement, stages, alias, query):
        terms = [
            SQL("%s IS NOT TRUE", self._field_to_sql(alias, "is_excluded", query)),
            SQL(
                "COALESCE(%s = ANY(%s), FALSE)",
                self._field_to_sql(alias, "stage_id", query),
                stages.ids,
            ),
        ]
        if requirement.category_ids:
            category = self._field_to_sql(alias, "category_id", query)
            ids = requirement.category_ids.ids
            terms.append(SQL("COALESCE(%s = ANY(%s), FALSE)", category, ids))
        if requirement.customer_type:
            partner, partner_alias = self._join_partner(alias, query)
            is_company = partner._field_to_sql(partner_alias, "is_company", query)
            wanted = requirement.customer_type == "company"
            terms.append(SQL("COALESCE(%s, FALSE) = %s", is_company, wanted))
        return SQL("(%s)", SQL(" AND ").join(terms))

    @api.model
    def _sql_is_filled(self, requirement, alias, query):
        model, field = requirement._get_field()
        model = model.sudo()
        if model._name != self._name:
            model, alias = self._join_partner(alias, query)
        if field.type == "boolean":
            is_set = model._field_to_sql(alias, field.name, query)
            return SQL("COALESCE(%s, FALSE)", is_set)
        domain = Domain(field.name, "!=", False).optimize_full(model)
        return SQL("COALESCE(%s, FALSE)", domain._to_sql(model, alias, query))

    @api.model
    def _join_partner(self, alias, query):
        """Join the customer's contact once per query, whoever may read it."""
        return self._fields["partner_id"].join(self.sudo(), alias, query)
