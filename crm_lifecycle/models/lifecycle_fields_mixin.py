# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

OPEN = "_compute_lifecycle_open"
RESTRICTED = "_compute_lifecycle_restricted"
CURRENCY = "_compute_lifecycle_currency_id"
NUMBERS = ("integer", "float", "monetary")
ZERO = "lifecycle_no_number_is_zero"  # context key


def native_search(name):
    """Return the search method of a field that `_field_to_sql` knows as SQL.

    It gives the same condition again, which Odoo then turns into SQL like one on a
    column. Without a search method the web client would not offer it in filters.
    """

    def search(records, operator, value):
        if records._fields[name].type == "monetary" and operator in ("in", "not in"):
            # Odoo takes no amount for 0.0 and False, but not for the 0 of the client.
            amounts = [amount for amount in value if amount]
            if len(amounts) < len(value):
                domain = Domain(name, ">=", 0) & Domain(name, "<=", 0)
                if amounts:
                    domain |= Domain(name, "in", amounts)
                return domain if operator == "in" else ~domain
        return Domain(name, operator, value)

    return search


def _profile_column(field_class, name, compute, **kwargs):
    return field_class(
        compute=compute, search=native_search(name), groups="base.group_user", **kwargs
    )


def open_field(field_class, name, **kwargs):
    """A field of the customer's profile that every internal user may read."""
    return _profile_column(field_class, name, OPEN, **kwargs)


def restricted_field(field_class, name, **kwargs):
    """A field of the customer's profile for those who may see the profile: to others
    the customer looks as if he had none."""
    return _profile_column(field_class, name, RESTRICTED, **kwargs)


class CrmLifecycleFieldsMixin(models.AbstractModel):
    """Shows the profile that the current company keeps of the record's customer.

    The fields are not stored: in Python they are read from the profile, in SQL they
    are its columns, joined once per query, so that they are searched, ordered, grouped
    and aggregated by the database like columns of the record itself. A field
    ``lifecycle_x`` shows the profile's ``x``; add-ons declare more by `open_field` and
    `restricted_field`.
    """

    _name = "crm.lifecycle.fields.mixin"
    _description = "Fields of the Customer Profile"

    # The field that leads to a contact of the customer; None: the record is one.
    _lifecycle_partner_field = None

    lifecycle_stage_id = open_field(
        fields.Many2one,
        "lifecycle_stage_id",
        comodel_name="crm.lifecycle.stage",
        string="Lifecycle Stage",
    )
    lifecycle_category_id = open_field(
        fields.Many2one,
        "lifecycle_category_id",
        comodel_name="crm.lifecycle.category",
        string="Customer Category",
    )

    # ------------------------------------------------------------
    # PYTHON
    # ------------------------------------------------------------

    def _get_lifecycle_depends(self):
        return [self._lifecycle_partner_field or "commercial_partner_id"]

    @api.depends_context("company", "uid")
    @api.depends(lambda self: self._get_lifecycle_depends())
    def _compute_lifecycle_open(self):
        # Sudo: these few say how to treat the customer, to whoever deals with him.
        self._assign_lifecycle_fields(OPEN, self.env["crm.lifecycle.profile"].sudo())

    @api.depends_context("company", "uid")
    @api.depends(lambda self: self._get_lifecycle_depends())
    def _compute_lifecycle_restricted(self):
        self._assign_lifecycle_fields(RESTRICTED, self.env["crm.lifecycle.profile"])

    def _assign_lifecycle_fields(self, compute, profile_model):
        """Assign the fields of one sort, from one query for all records."""
        names = {
            name: self._get_lifecycle_column(name)
            for name, field in self._fields.items()
            if field.compute == compute
        }
        columns = {"partner_id", *names.values()} - {"id"}
        customers = self._get_lifecycle_customers()
        nobody = profile_model.browse()
        profiles = {}
        if profile_model.has_access("read"):
            found = profile_model.with_context(active_test=False).search_fetch(
                Domain("partner_id", "in", list({*customers.values()} - {False}))
                & Domain("company_id", "=", self.env.company.id),
                columns,
            )
            profiles = {profile.partner_id.id: profile for profile in found}
        for record in self:
            profile = profiles.get(customers[record], nobody)
            for name, column in names.items():
                record[name] = profile if column == "id" else profile[column]

    def _get_lifecycle_customers(self):
        """Return ``{record: id of its customer, or False}``; what is being edited in a
        form stands for what it was opened from."""
        customers = {}
        # Sudo: whose customer a visible document is says nothing about the contact.
        for record, record_sudo in zip(self, self.sudo(), strict=True):
            path = self._lifecycle_partner_field
            contact = record_sudo[path] if path else record_sudo
            customers[record] = contact.commercial_partner_id._origin.id
        return customers

    @api.model
    def _invalidate_lifecycle_fields(self):
        """Forget the values read so far, on every model that shows them: the profiles
        or the customers behind the records have changed."""
        mixin = "crm.lifecycle.fields.mixin"
        for model_name in self.pool.descendants([mixin], "_inherit"):
            model = self.env[model_name]
            if not model._abstract:
                names = [
                    name
                    for name, field in model._fields.items()
                    if name.startswith("lifecycle_") and not field.store
                ]
                model.invalidate_model(names, flush=False)

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """Exporting restricted figures is exporting the customer base."""
        self._check_lifecycle_export(self, fields)
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    @api.model
    def _check_lifecycle_export(self, records, paths):
        """Refuse restricted fields of a model to all but sales managers.

        :param records: the model exported: one with these fields, or one that
            inherits them from its contact
        :param paths: lists of field names, as `_export_rows` gets them
        """
        for name in {path[0] for path in paths if path}:
            field = records._fields.get(name)
            if field and field.base_field.compute == RESTRICTED:
                self.env["crm.lifecycle.profile"]._check_may_export()

    # ------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------

    @api.model
    def _get_lifecycle_column(self, name):
        """Return the profile's field that a field shows."""
        column = name.removeprefix("lifecycle_")
        return "id" if column == "profile_id" else column

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr.startswith("lifecycle_"):
            name, __, part = field_expr.partition(".")
            field = self._fields.get(name)
            if field and field.compute in (OPEN, RESTRICTED, CURRENCY):
                self._check_field_access(field, "read")
                sql = self._lifecycle_to_sql(alias, field, query)
                if part:
                    sql = field.property_to_sql(sql, part, self, alias, query)
                return sql
        return super()._field_to_sql(alias, field_expr, query)

    def _lifecycle_to_sql(self, alias, field, query):
        """Return the profile's column behind a field, as the current user sees it.

        NULL without (visible) profile: conditions on numbers and flags then hold as
        for 0 and False, see `Field.condition_to_sql`, and the join stays selective.
        """
        if query is None:
            raise ValueError(f"Cannot convert {field} to SQL without a query")
        if field.compute == CURRENCY:
            return SQL("%s::int4", self.env.company.currency_id.id)
        profiles = self.env["crm.lifecycle.profile"]
        if field.compute == OPEN:
            profiles = profiles.sudo()  # see `_compute_lifecycle_open`
        profile_alias = self._join_lifecycle_profile(alias, profiles, query)
        if profile_alias:
            column = self._get_lifecycle_column(field.name)
            sql = profiles._field_to_sql(profile_alias, column, query)
        else:
            sql = SQL("NULL::%s", SQL(field.column_type[1]))
        if field.type in NUMBERS and self.env.context.get(ZERO):
            return SQL("COALESCE(%s, 0)", sql)
        return sql

    def _join_lifecycle_profile(self, alias, profiles, query):
        """Join the profile once per query; return its alias, None if all are hidden.

        :param profiles: the profile model of whom the rows must be visible to
        """
        table, kind = profiles._table, f"lifecycle_{self.env.company.id}"
        if not self.env.su and not profiles.env.su:
            if not profiles.has_access("read"):
                return None
            visible = profiles.with_context(active_test=False)._search([])
            if visible.is_empty():
                return None
            kind = f"{kind}_{self.env.uid}"
            if visible.where_clause:
                table = visible.subselect(SQL("%s.*", SQL.identifier(table)))
        contacts, contact_alias = self, alias
        if self._lifecycle_partner_field:
            path = self._fields[self._lifecycle_partner_field]
            contacts, contact_alias = path.join(self, alias, query)
        profile_alias = query.make_alias(contact_alias, kind)
        profiles = profiles.sudo()  # the rows are chosen: these are their keys
        query.add_join(
            "LEFT JOIN",
            profile_alias,
            table,
            SQL(
                "%s = %s AND %s = %s",
                profiles._field_to_sql(profile_alias, "partner_id", query),
                contacts._field_to_sql(contact_alias, "commercial_partner_id", query),
                profiles._field_to_sql(profile_alias, "company_id", query),
                self.env.company.id,
            ),
        )
        return profile_alias

    # Order, groups and sums take no number for 0, as Python does; else customers
    # without a profile would come before the best ones. Averages and extremes are of
    # the customers that have the figure, as on the list of profiles.

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name.startswith("lifecycle_"):
            self = self.with_context(**{ZERO: True})
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _read_group_groupby(self, alias, groupby_spec, query):
        if groupby_spec.startswith("lifecycle_"):
            self = self.with_context(**{ZERO: True})
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec.startswith("lifecycle_") and ":sum" in aggregate_spec:
            self = self.with_context(**{ZERO: True})
        return super()._read_group_select(aggregate_spec, query)
