# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

CUSTOMER_DEPENDS = {
    "crm.lifecycle.profile": [
        *("partner_id", "company_id", "user_id", "team_id", "active", "is_excluded"),
        *("stage_id", "category_id", "abc_class", "first_purchase_date"),
        *("last_purchase_date", "turn_number", "rhythm_days", "average_purchase"),
        *("lifetime_revenue", "purchase_count", "revenue", "lost_date"),
    ],
    "res.partner": ["country_id", "state_id", "commercial_partner_id"],
}
DOCUMENT_DEPENDS = {
    "sale.order": [
        *("partner_id", "company_id", "state", "date_order", "amount_untaxed"),
        "currency_rate",
    ],
    "account.move": [
        *("partner_id", "company_id", "state", "move_type", "invoice_date"),
        *("amount_untaxed", "amount_untaxed_signed", "reversed_entry_id"),
    ],
    "crm.lead": [
        *("partner_id", "company_id", "type", "active", "user_id", "team_id"),
        *("country_id", "state_id", "stage_id", "won_status"),
    ],
}


class CrmLifecycleReportMixin(models.AbstractModel):
    """What every report about customers says of the customer.

    The rows of a report carry the customer's responsible and team of today, and its
    record rules are those of the profile; excluded customers are left out. Amounts are
    converted to the currency of the user's company, so that any sum is one.
    """

    _name = "crm.lifecycle.report.mixin"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Report About Customers"

    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile", string="Customer Card", readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible Manager",
        readonly=True,
        help="Who answers for the customer today.",
    )
    team_id = fields.Many2one(
        comodel_name="crm.team", string="Sales Team", readonly=True
    )
    country_id = fields.Many2one(comodel_name="res.country", readonly=True)
    state_id = fields.Many2one(
        comodel_name="res.country.state", string="Region", readonly=True
    )
    stage_id = fields.Many2one(
        comodel_name="crm.lifecycle.stage", string="Stage Today", readonly=True
    )
    category_id = fields.Many2one(
        comodel_name="crm.lifecycle.category", string="Category Today", readonly=True
    )
    abc_class = fields.Selection(
        selection=lambda self: self._selection_abc_class(),
        string="ABC Class Today",
        readonly=True,
    )

    @api.model
    def _selection_abc_class(self):
        field = self.env["crm.lifecycle.profile"]._fields["abc_class"]
        return field._description_selection(self.env)

    # ------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------

    @api.model
    def _get_companies(self):
        """Return the companies whose rows the user can see."""
        return self.env["crm.lifecycle.profile"]._get_lifecycle_companies()

    @api.model
    def _get_company_columns(self, company):
        """Return ``{column: SQL}`` of what the report knows of a company."""
        currency = self.env.company.sudo().currency_id
        today = self.env["crm.lifecycle.engine"]._today(company)
        rate = company.currency_id._get_conversion_rate(
            company.currency_id, currency, self.env.company, today
        )
        return {
            "id": SQL("%s::int", company.id),
            "today": SQL("%s::date", today),
            "currency_id": SQL("%s::int", currency.id),
            "rate": SQL("%s::numeric", Decimal(str(rate))),
        }

    @api.model
    def _sql_companies(self):
        """The companies as rows, with the columns of `_get_company_columns`."""
        rows = [
            SQL(
                "SELECT %s",
                SQL(", ").join(
                    SQL("%s AS %s", value, SQL.identifier(column))
                    for column, value in self._get_company_columns(company).items()
                ),
            )
            for company in self._get_companies()
        ]
        return SQL(" UNION ALL ").join(rows)

    @api.model
    def _sql_customer_columns(self):
        """The columns of this mixin, over `_sql_customers`."""
        return SQL(
            "p.id AS profile_id, p.partner_id, p.company_id, company.currency_id, "
            "p.user_id, p.team_id, c.country_id, c.state_id, p.stage_id, "
            "p.category_id, p.abc_class"
        )

    @api.model
    def _sql_customers(self):
        """The customers: profile ``p``, its contact ``c`` and its ``company``."""
        return SQL(
            "crm_lifecycle_profile p JOIN res_partner c ON c.id = p.partner_id "
            "JOIN (%s) company ON company.id = p.company_id AND NOT p.is_excluded",
            self._sql_companies(),
        )

    @api.model
    def _sql_history(self):
        """The documents of the customers whom the user may see.

        The record rules decide what is shown; here they spare the documents of all
        the others when somebody sees few customers.
        """
        partner_ids = None
        everybody = "sales_team.group_sale_salesman_all_leads"
        if not (self.env.su or self.env.user.has_group(everybody)):
            Profile = self.env["crm.lifecycle.profile"].with_context(active_test=False)
            query = Profile._search([])
            partner_ids = SQL(
                "ARRAY(%s)",
                query.select(
                    Profile._field_to_sql(Profile._table, "partner_id", query)
                ),
            )
        engine = self.env["crm.lifecycle.engine"]
        return engine._sql_history(self._get_companies(), partner_ids)

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Compiling a report's statement would take longer than running it."""
        self.env["crm.lifecycle.engine"]._prepare_transaction()
        return super()._search(domain, *args, **kwargs)

    def _read_group_select(self, aggregate_spec, query):
        """Some figures of a group are no sum of the rows' figures."""
        method = self._get_group_figures().get(aggregate_spec)
        if method is None:
            return super()._read_group_select(aggregate_spec, query)
        return method(lambda name: self._field_to_sql(self._table, name, query))

    @api.model
    def _get_group_figures(self):
        """Return ``{"field:aggregator": function}``; the function takes one from a
        column's name to SQL and returns the aggregate."""
        return {}

    @api.model
    def _sql_distinct_customers(self, column, condition):
        return SQL(
            "COUNT(DISTINCT %s) FILTER (WHERE %s)", column("profile_id"), condition
        )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @api.readonly
    def action_open_card(self):
        """Open the card of the customer behind this row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lifecycle.profile",
            "res_id": self.profile_id.id,
            "view_mode": "form",
        }

    @api.readonly
    def action_open_customers(self):
        """List the customers behind these rows, each once."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lifecycle.profile",
            "view_mode": "list,kanban,pivot,graph,form",
            "domain": [("id", "in", self.profile_id.ids)],
            "context": {"active_test": False},
            "name": self.env._("Customers"),
        }
