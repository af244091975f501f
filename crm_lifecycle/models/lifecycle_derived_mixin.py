# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, Query, ormcache


def derived(field_class, name, **attributes):
    """Declare a field whose value is the SQL expression ``_sql_<name>``.

    The expression is the one definition: reading, searching, sorting, grouping and
    aggregating all use it.
    """
    return field_class(
        compute="_compute_derived",
        search=lambda self, operator, value: self._search_derived(
            name, operator, value
        ),
        **attributes,
    )


class LifecycleDerivedMixin(models.AbstractModel):
    """Fields that are SQL expressions over the row, settings and today's date.

    Never stored, so never stale; the model needs a column ``company_id``.
    """

    _name = "lifecycle.derived.mixin"
    _description = "Figures Derived by One SQL Definition"

    @api.model
    def _get_derived_depends(self):
        """Return the names of the fields the expressions are made of."""
        return []

    # ------------------------------------------------------------
    # READING, SEARCHING, SORTING, GROUPING
    # ------------------------------------------------------------

    @api.model
    def _get_derived_names(self):
        """Return the names of the fields that are SQL expressions."""
        return [
            name
            for name, field in self._fields.items()
            if field.compute == "_compute_derived"
        ]

    @api.depends(lambda self: self._get_derived_depends())
    def _compute_derived(self):
        """Ask the database for the very expressions that lists search and sort by."""
        names = self._get_derived_names()
        stored = self._origin
        query = Query(self.env, self._table, self._table_sql)
        query.add_where(
            SQL("%s = ANY(%s)", SQL.identifier(self._table, "id"), stored.ids)
        )
        values = {}
        if stored:
            expressions = [
                self._field_to_sql(self._table, name, query) for name in names
            ]
            id_column = SQL.identifier(self._table, "id")
            rows = self.env.execute_query(query.select(id_column, *expressions))
            values = {row[0]: row[1:] for row in rows}
        nothing = [False] * len(names)
        for record in self:
            row = values.get(record._origin.id, nothing)
            for name, value in zip(names, row, strict=True):
                record[name] = float(value) if isinstance(value, Decimal) else value

    @api.model
    def _search_derived(self, name, operator, value):
        """Search as if the expression were a column."""
        field = self._fields[name]
        return Domain.custom(
            to_sql=lambda model, alias, query: field.condition_to_sql(
                name, operator, value, model, alias, query
            )
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        field = self._fields.get(field_expr)
        if field is None or field.compute != "_compute_derived":
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(field, "read")
        method = getattr(self, f"_sql_{field_expr}")
        return method(lambda name: self._field_to_sql(alias, name, query))

    # ------------------------------------------------------------
    # DEFINITIONS: ``column`` is a function from a column's name to SQL
    # ------------------------------------------------------------

    @api.model
    def _get_lifecycle_companies(self):
        """Return the companies whose profiles the user can see."""
        if self.env.su:
            return self.env["res.company"].browse(self._get_all_company_ids())
        return self.env.companies.sudo()  # limits are read whoever looks at a list

    @api.model
    @ormcache()
    def _get_all_company_ids(self):
        """Cached until a company is created or deleted, which empties the cache."""
        # sudo: the result is shared by all users, who choose from it by their rules
        Company = self.env["res.company"].sudo().with_context(active_test=False)
        return tuple(Company.search([("id", "!=", False)], order="id").ids)

    def _sql_by_company(self, column, get_value, sql_type):
        """Return an expression for a setting that differs from company to company.

        :param get_value: function of a company returning the value, None for NULL
        :param SQL sql_type: the PostgreSQL type of the value
        """
        companies = {}
        for company in self._get_lifecycle_companies():
            companies.setdefault(get_value(company), []).append(company.id)
        if len(companies) <= 1:
            return SQL("%s::%s", next(iter(companies), None), sql_type)
        whens = [
            SQL("WHEN %s IN %s THEN %s", column("company_id"), tuple(ids), value)
            for value, ids in companies.items()
        ]
        return SQL("(CASE %s END)::%s", SQL(" ").join(whens), sql_type)

    def _sql_today(self, column):
        engine = self.env["crm.lifecycle.engine"]
        return self._sql_by_company(column, engine._today, SQL("date"))

    def _sql_setting(self, column, name, sql_type="integer"):
        """A company setting; 0 stands for an empty one."""
        return self._sql_by_company(
            column, lambda company: company[name] or 0, SQL(sql_type)
        )
