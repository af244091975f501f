# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

from .crm_dmu_gap_rule import ASKING


class CrmDmuGapMixin(models.AbstractModel):
    """What forms, lists and filters show of the gaps, and the way to close one."""

    _inherit = "crm.dmu.gap.mixin"

    # ------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------

    def _compute_dmu_figures(self):
        """Coverage and number of gaps of all records, by one statement."""
        prefix = self._dmu_prefix
        stored = self._origin
        rows = {}
        query = Query(self.env, self._table, self._table_sql)
        id_column = SQL.identifier(self._table, "id")
        query.add_where(SQL("%s = ANY(%s)", id_column, stored.ids))
        terms, people = self._get_dmu_terms(self._table, query, stored.ids)
        if stored and terms is not None:
            figures = [
                self._sql_dmu_figure(name, terms, people)
                for name in ("dmu_coverage", "dmu_gap_count")
            ]
            found = self.env.execute_query(query.select(id_column, *figures))
            rows = {id_: values for id_, *values in found}
        for record in self:
            coverage, count = rows.get(record._origin.id, (0, 0))
            record[f"{prefix}dmu_coverage"] = coverage
            record[f"{prefix}dmu_gap_count"] = count

    def _compute_dmu_gaps(self):
        """Which gaps, of all records by one statement."""
        values = self._read_dmu_gaps(names=False)
        for record in self:
            gaps = values.get(record._origin.id, (0, 0, []))[2]
            record[f"{self._dmu_prefix}dmu_gap_rule_ids"] = [
                rule.id for rule, __ in gaps
            ]

    def _compute_dmu_gap_lines(self):
        """Gaps with the people they are about, for the forms."""
        values = self._read_dmu_gaps(names=True)
        for record in self:
            __, coverage, gaps = values.get(record._origin.id, (0, 0, []))
            record[f"{self._dmu_prefix}dmu_gaps"] = {
                "coverage": coverage,
                "gaps": [
                    {
                        "id": rule.id,
                        "name": rule.name,
                        "people": who or "",
                        "summary": rule.summary or "",
                    }
                    for rule, who in gaps
                ],
            }

    def _read_dmu_gaps(self, names):
        """Return ``{id: (people, coverage, [(rule, names)])}`` of these records."""
        stored = self._origin
        if not stored:
            return {}
        query = Query(self.env, self._table, self._table_sql)
        id_column = SQL.identifier(self._table, "id")
        query.add_where(SQL("%s = ANY(%s)", id_column, stored.ids))
        terms, people = self._get_dmu_terms(self._table, query, stored.ids, names)
        if terms is None:
            return {}
        gaps = [column for __, __, gap, who in terms for column in (gap, who)]
        rows = self.env.execute_query(
            query.select(
                id_column,
                people,
                self._sql_dmu_figure("dmu_coverage", terms, people),
                *gaps,
            )
        )
        rules = [rule for rule, *__ in terms]
        return {
            id_: (
                count,
                coverage,
                [
                    (rule, values[2 * number + 1])
                    for number, rule in enumerate(rules)
                    if values[2 * number]
                ],
            )
            for id_, count, coverage, *values in rows
        }

    def _field_to_sql(self, alias, field_expr, query=None):
        name = field_expr.removeprefix(self._dmu_prefix)
        if name in ("dmu_coverage", "dmu_gap_count") and query is not None:
            terms, people = self._get_dmu_terms(alias, query)
            return self._sql_dmu_figure(name, terms, people)
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _search_dmu_figure(self, name, operator, value):
        """Search as if the expression were a column."""
        field = self._fields[name]
        return Domain.custom(
            to_sql=lambda model, alias, query: field.condition_to_sql(
                name, operator, value, model, alias, query
            )
        )

    @api.model
    def _search_dmu_gap_rule_ids(self, operator, value):
        """Who has one of these gaps; ``False`` stands for none at all."""
        if operator not in ("in", "any"):
            return NotImplemented
        Rule = self.env["crm.dmu.gap.rule"]
        if operator == "any":
            if isinstance(value, Domain):
                value = Rule.search(value).ids
            wanted, none = set(value), False
        else:
            wanted, none = {id_ for id_ in value if id_}, False in set(value)

        def to_sql(model, alias, query):
            terms, __ = model._get_dmu_terms(alias, query)
            gaps = [(rule.id, gap) for rule, __, gap, __ in terms or ()]
            found = [gap for id_, gap in gaps if id_ in wanted]
            if none:
                found.append(
                    SQL("%s = 0", self._sql_dmu_sum([gap for __, gap in gaps]))
                )
            return SQL("(%s)", SQL(" OR ").join(found)) if found else SQL("FALSE")

        return Domain.custom(to_sql=to_sql)

    # ------------------------------------------------------------
    # CLOSING A GAP
    # ------------------------------------------------------------

    def action_plan_dmu_gap(self, rule_id):
        """Return the dialog that plans the activity closing a gap.

        :param int rule_id: id of a ``crm.dmu.gap.rule``
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: what a unit must not lack is no secret
        rule = self.env["crm.dmu.gap.rule"].sudo().browse(rule_id)
        document = self._get_dmu_document()
        document.check_access("write")
        values = {"active_model": document._name, "active_id": document.id}
        if rule.activity_type_id:
            values["default_activity_type_id"] = rule.activity_type_id.id
        gaps = self._read_dmu_gaps(names=True).get(self.id, (0, 0, []))[2]
        who = next((names for found, names in gaps if found == rule and names), "")
        summary = rule.summary or rule.name
        is_asking = rule.kind in ASKING
        values["default_summary"] = (
            summary if is_asking or not who else f"{summary}: {who}"
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close the Gap"),
            "res_model": "mail.activity.schedule",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"active_ids": document.ids, **values},
        }

    def _get_dmu_document(self):
        """Return the record on which activities are planned."""
        return self
