# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .lifecycle_fields_mixin import native_search, open_field, restricted_field


class CrmLifecycleCustomerMixin(models.AbstractModel):
    """All fields of the profile that contacts and leads show."""

    _name = "crm.lifecycle.customer.mixin"
    _inherit = ["crm.lifecycle.fields.mixin"]
    _description = "Fields of the Customer Profile on Contacts and Leads"

    # Open to every internal user
    lifecycle_is_vip = open_field(fields.Boolean, "lifecycle_is_vip", string="VIP")
    lifecycle_is_key_account = open_field(
        fields.Boolean, "lifecycle_is_key_account", string="Key Account"
    )
    lifecycle_user_id = open_field(
        fields.Many2one,
        "lifecycle_user_id",
        comodel_name="res.users",
        string="Responsible Manager",
        help="Who answers for this customer in this company.",
    )
    lifecycle_currency_id = fields.Many2one(
        comodel_name="res.currency",
        string="Currency of the Customer Base",
        compute="_compute_lifecycle_currency_id",
        search=native_search("lifecycle_currency_id"),
        groups="base.group_user",
    )
    # Restricted: only with a profile the user may see
    lifecycle_profile_id = restricted_field(
        fields.Many2one,
        "lifecycle_profile_id",
        comodel_name="crm.lifecycle.profile",
        string="Customer Profile",
    )
    lifecycle_team_id = restricted_field(
        fields.Many2one,
        "lifecycle_team_id",
        comodel_name="crm.team",
        string="Responsible Sales Team",
    )
    lifecycle_abc_class = restricted_field(
        fields.Selection,
        "lifecycle_abc_class",
        selection="_selection_lifecycle_abc_class",
        string="ABC Class",
    )
    lifecycle_revenue = restricted_field(
        fields.Monetary,
        "lifecycle_revenue",
        currency_field="lifecycle_currency_id",
        string="Customer Revenue",
        help="Untaxed revenue of the window, credit notes deducted.",
    )
    lifecycle_revenue_previous = restricted_field(
        fields.Monetary,
        "lifecycle_revenue_previous",
        currency_field="lifecycle_currency_id",
        string="Customer Revenue Before",
        help="Revenue of as many days before the window.",
    )
    lifecycle_margin = restricted_field(
        fields.Monetary,
        "lifecycle_margin",
        currency_field="lifecycle_currency_id",
        string="Customer Margin",
    )
    lifecycle_margin_previous = restricted_field(
        fields.Monetary,
        "lifecycle_margin_previous",
        currency_field="lifecycle_currency_id",
        string="Customer Margin Before",
    )
    lifecycle_lifetime_revenue = restricted_field(
        fields.Monetary,
        "lifecycle_lifetime_revenue",
        currency_field="lifecycle_currency_id",
        string="Customer Lifetime Revenue",
    )
    lifecycle_purchase_count = restricted_field(
        fields.Integer,
        "lifecycle_purchase_count",
        string="Purchases",
    )
    lifecycle_window_purchase_count = restricted_field(
        fields.Integer,
        "lifecycle_window_purchase_count",
        string="Purchases in Window",
    )
    lifecycle_turn_number = restricted_field(
        fields.Integer,
        "lifecycle_turn_number",
        string="Turn",
        help="Number of distinct purchase days.",
    )
    lifecycle_average_purchase = restricted_field(
        fields.Monetary,
        "lifecycle_average_purchase",
        currency_field="lifecycle_currency_id",
        aggregator="avg",
        string="Average Purchase",
    )
    lifecycle_first_purchase_date = restricted_field(
        fields.Date,
        "lifecycle_first_purchase_date",
        string="First Purchase",
    )
    lifecycle_last_purchase_date = restricted_field(
        fields.Date,
        "lifecycle_last_purchase_date",
        string="Last Purchase",
    )
    lifecycle_last_document_date = restricted_field(
        fields.Date,
        "lifecycle_last_document_date",
        string="Last Document",
        help="Latest of orders not cancelled, posted invoices, and leads.",
    )
    lifecycle_rhythm_days = restricted_field(
        fields.Float,
        "lifecycle_rhythm_days",
        digits=(16, 1),
        aggregator="avg",
        string="Purchase Rhythm (days)",
        help="The customer's own typical gap between purchases.",
    )
    lifecycle_expected_purchase_date = restricted_field(
        fields.Date,
        "lifecycle_expected_purchase_date",
        string="Expected Next Purchase",
    )
    lifecycle_recency_score = restricted_field(
        fields.Integer,
        "lifecycle_recency_score",
        aggregator="avg",
        string="Recency Score",
    )
    lifecycle_frequency_score = restricted_field(
        fields.Integer,
        "lifecycle_frequency_score",
        aggregator="avg",
        string="Frequency Score",
    )
    lifecycle_monetary_score = restricted_field(
        fields.Integer,
        "lifecycle_monetary_score",
        aggregator="avg",
        string="Monetary Score",
    )
    lifecycle_potential_amount = restricted_field(
        fields.Monetary,
        "lifecycle_potential_amount",
        currency_field="lifecycle_currency_id",
        string="Customer Potential (yearly)",
        help="What the customer could buy in a year.",
    )
    lifecycle_potential_date = restricted_field(
        fields.Date,
        "lifecycle_potential_date",
        string="Potential Estimated On",
    )
    lifecycle_potential_class = restricted_field(
        fields.Selection,
        "lifecycle_potential_class",
        selection="_selection_lifecycle_potential_class",
        string="Potential Class",
        help="Empty: unknown, because nobody estimated it or the estimate is stale.",
    )
    lifecycle_computed_stage_id = restricted_field(
        fields.Many2one,
        "lifecycle_computed_stage_id",
        comodel_name="crm.lifecycle.stage",
        string="Computed Lifecycle Stage",
        help="The stage the purchases alone lead to.",
    )
    lifecycle_stage_date = restricted_field(
        fields.Date,
        "lifecycle_stage_date",
        string="In Lifecycle Stage Since",
    )
    lifecycle_loyalty_rung = restricted_field(
        fields.Selection,
        "lifecycle_loyalty_rung",
        selection="_selection_lifecycle_loyalty_rung",
        string="Loyalty Rung",
    )
    lifecycle_hold_until = restricted_field(
        fields.Date,
        "lifecycle_hold_until",
        string="Stage Held Until",
    )
    lifecycle_is_agreed = restricted_field(
        fields.Boolean,
        "lifecycle_is_agreed",
        string="Agreed (by hand)",
    )
    lifecycle_is_lapsed = restricted_field(
        fields.Boolean,
        "lifecycle_is_lapsed",
        string="Lapsed",
        help="A VIP or key account that has been silent for longer than allowed.",
    )
    lifecycle_is_excluded = restricted_field(
        fields.Boolean,
        "lifecycle_is_excluded",
        string="Excluded From the Customer Base",
    )
    lifecycle_vip_date = restricted_field(
        fields.Date,
        "lifecycle_vip_date",
        string="VIP Since",
    )
    lifecycle_vip_review_date = restricted_field(
        fields.Date,
        "lifecycle_vip_review_date",
        string="VIP Review",
    )
    lifecycle_key_date = restricted_field(
        fields.Date,
        "lifecycle_key_date",
        string="Key Account Since",
    )
    lifecycle_lost_date = restricted_field(
        fields.Date,
        "lifecycle_lost_date",
        string="Declared Lost On",
    )
    lifecycle_lost_reason_id = restricted_field(
        fields.Many2one,
        "lifecycle_lost_reason_id",
        comodel_name="crm.lifecycle.lost.reason",
        string="Reason for Losing the Customer",
    )
    lifecycle_last_contact_date = restricted_field(
        fields.Date,
        "lifecycle_last_contact_date",
        string="Last Contact With Customer",
    )
    lifecycle_next_contact_date = restricted_field(
        fields.Date,
        "lifecycle_next_contact_date",
        string="Next Contact With Customer",
    )
    lifecycle_added_date = restricted_field(
        fields.Date,
        "lifecycle_added_date",
        string="In the Base Since",
    )

    def _selection_lifecycle_abc_class(self):
        return self._get_lifecycle_selection("abc_class")

    def _selection_lifecycle_potential_class(self):
        return self._get_lifecycle_selection("potential_class")

    def _selection_lifecycle_loyalty_rung(self):
        return self._get_lifecycle_selection("loyalty_rung")

    def _get_lifecycle_selection(self, name):
        field = self.env["crm.lifecycle.profile"]._fields[name]
        return field._description_selection(self.env)

    @api.depends_context("company")
    def _compute_lifecycle_currency_id(self):
        self.lifecycle_currency_id = self.env.company.currency_id
