# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL


class CrmLifecycleProfile(models.Model):
    """What one company of ours knows about one customer.

    The figures are written by ``crm.lifecycle.engine`` alone, in SQL; what people
    decide (flags, hold, declaration, potential) by the methods of the sibling files
    ``actions_*.py``, which check it and have the engine recompute the customer.
    """

    _name = "crm.lifecycle.profile"
    _description = "Customer Profile"
    _order = "revenue desc, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(
        default=True,
        readonly=True,
        help="Off while the contact is archived, part of another customer or bound to "
        "another company; figures and history are kept.",
    )
    added_date = fields.Date(string="In the Base Since", required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible Manager",
        ondelete="set null",
        index="btree_not_null",
        help="Who answers for this customer in this company.",
    )
    team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Sales Team",
        readonly=True,
        ondelete="set null",
        help="The sales team of the responsible manager.",
    )

    # Purchases of all time, up to today
    purchase_count = fields.Integer(string="Purchases", readonly=True)
    first_purchase_date = fields.Date(string="First Purchase", readonly=True)
    last_purchase_date = fields.Date(string="Last Purchase", readonly=True)
    last_document_date = fields.Date(
        string="Last Document",
        readonly=True,
        help="Latest of orders not cancelled, posted invoices, and leads.",
    )
    lifetime_revenue = fields.Monetary(readonly=True)
    turn_number = fields.Integer(
        string="Turn", readonly=True, help="Number of distinct purchase days."
    )
    rhythm_days = fields.Float(
        string="Purchase Rhythm (days)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="The customer's own typical gap between purchases: the median number of "
        "days between purchase days, from three purchase days on.",
    )
    expected_purchase_date = fields.Date(
        string="Expected Next Purchase",
        readonly=True,
        help="Last purchase plus the customer's purchase rhythm.",
    )

    # Purchases of the window
    window_purchase_count = fields.Integer(string="Purchases in Window", readonly=True)
    revenue = fields.Monetary(
        readonly=True, help="Untaxed revenue of the window, credit notes deducted."
    )
    margin = fields.Monetary(readonly=True)
    revenue_previous = fields.Monetary(string="Revenue Before", readonly=True)
    margin_previous = fields.Monetary(string="Margin Before", readonly=True)
    average_purchase = fields.Monetary(readonly=True, aggregator="avg")

    # Value
    abc_class = fields.Selection(
        selection=[("a", "A"), ("b", "B"), ("c", "C"), ("n", "N (newcomer)")],
        string="ABC Class",
        readonly=True,
    )
    abc_below_since = fields.Date(
        string="Below Its Class Since",
        readonly=True,
        help="Since when the ranking gives a lower class than the one kept.",
    )
    recency_score = fields.Integer(readonly=True, aggregator="avg")
    frequency_score = fields.Integer(readonly=True, aggregator="avg")
    monetary_score = fields.Integer(readonly=True, aggregator="avg")
    potential_amount = fields.Monetary(
        string="Potential (yearly)",
        readonly=True,
        help="What the customer could buy in a year.",
    )
    potential_date = fields.Date(string="Potential Estimated On", readonly=True)
    potential_source = fields.Char(readonly=True)
    potential_confidence = fields.Selection(
        selection=[
            ("low", "Low confidence"),
            ("medium", "Medium confidence"),
            ("high", "High confidence"),
        ],
        readonly=True,
    )
    potential_class = fields.Selection(
        selection=[("high", "High"), ("medium", "Medium"), ("low", "Low")],
        readonly=True,
        help="Empty: unknown, because nobody estimated it or the estimate is stale.",
    )
    potential_class_manual = fields.Selection(
        selection=[("high", "High"), ("medium", "Medium"), ("low", "Low")],
        string="Potential Class by Hand",
        readonly=True,
    )

    # Stage
    stage_id = fields.Many2one(
        comodel_name="crm.lifecycle.stage",
        readonly=True,
        ondelete="restrict",
        group_expand="_read_group_stage_id",
    )
    computed_stage_id = fields.Many2one(
        comodel_name="crm.lifecycle.stage",
        readonly=True,
        ondelete="restrict",
        help="The stage the purchases alone lead to, without hold, flags and "
        "declaration.",
    )
    stage_date = fields.Date(string="In Stage Since", readonly=True)
    stage_reason = fields.Char(string="Stage Reason Code", readonly=True)
    stage_figures = fields.Json(readonly=True)
    hold_stage_id = fields.Many2one(
        comodel_name="crm.lifecycle.stage",
        string="Held Stage",
        readonly=True,
        ondelete="restrict",
    )
    hold_date = fields.Date(string="Held Since", readonly=True)
    hold_until = fields.Date(readonly=True, help="Last day of the hold.")
    hold_reason = fields.Char(readonly=True)
    hold_user_id = fields.Many2one(
        comodel_name="res.users", string="Held By", readonly=True, ondelete="set null"
    )
    is_agreed = fields.Boolean(
        string="Agreed (by hand)",
        readonly=True,
        help="The customer agreed to buy, set by hand.",
    )
    agreed_date = fields.Date(readonly=True)
    agreed_user_id = fields.Many2one(
        comodel_name="res.users", readonly=True, ondelete="set null"
    )
    is_vip = fields.Boolean(string="VIP", readonly=True)
    vip_sponsor_id = fields.Many2one(
        comodel_name="res.users",
        string="VIP Sponsor",
        readonly=True,
        ondelete="set null",
        help="Who in the management stands for the status.",
    )
    vip_user_id = fields.Many2one(
        comodel_name="res.users",
        string="VIP Named By",
        readonly=True,
        ondelete="set null",
    )
    vip_date = fields.Date(string="VIP Since", readonly=True)
    vip_reason = fields.Char(readonly=True, string="VIP Reason")
    vip_review_date = fields.Date(readonly=True, string="VIP Review")
    is_key_account = fields.Boolean(string="Key Account", readonly=True)
    key_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Key Account Marked By",
        readonly=True,
        ondelete="set null",
    )
    key_date = fields.Date(string="Key Account Since", readonly=True)
    key_reason = fields.Char(string="Key Account Reason", readonly=True)
    is_excluded = fields.Boolean(string="Excluded", readonly=True)
    exclude_reason = fields.Char(readonly=True)
    is_lapsed = fields.Boolean(
        string="Lapsed",
        readonly=True,
        help="A VIP or key account that has been silent for longer than allowed.",
    )
    lost_reason_id = fields.Many2one(
        comodel_name="crm.lifecycle.lost.reason",
        readonly=True,
        ondelete="restrict",
    )
    lost_date = fields.Date(string="Declared Lost On", readonly=True)
    lost_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Declared Lost By",
        readonly=True,
        ondelete="set null",
    )

    category_id = fields.Many2one(
        comodel_name="crm.lifecycle.category", readonly=True, ondelete="restrict"
    )
    loyalty_rung = fields.Selection(
        selection=[
            ("prospect", "1. Prospect"),
            ("opportunity", "2. Opportunity"),
            ("buyer", "3. Buyer"),
            ("customer", "4. Customer"),
            ("loyal", "5. Loyal"),
            ("promoter", "6. Promoter"),
            ("loyal_unhappy", "Loyal, Unhappy"),
            ("former", "Former Customer"),
        ],
        readonly=True,
    )
    last_contact_date = fields.Date(string="Last Contact", readonly=True)
    next_contact_date = fields.Date(string="Next Contact", readonly=True)

    # Engine
    next_document_date = fields.Date(
        readonly=True,
        help="The earliest day on which a document of this customer enters or leaves "
        "a window, arrives, or expires.",
    )
    next_evaluation_date = fields.Date(
        readonly=True,
        help="The earliest day on which the date alone changes something here.",
    )
    checksum = fields.Integer(
        readonly=True,
        exportable=False,
        groups="base.group_system",
        help="Tells whether the documents and this row are still those of the last "
        "computation.",
    )
    computed_at = fields.Datetime(
        readonly=True, help="When a figure of this customer last changed."
    )
    transition_ids = fields.One2many(
        comodel_name="crm.lifecycle.transition",
        inverse_name="profile_id",
        readonly=True,
    )
    responsible_ids = fields.One2many(
        comodel_name="crm.lifecycle.responsible",
        inverse_name="profile_id",
        readonly=True,
    )

    _partner_company_unique = models.Constraint(
        "UNIQUE(partner_id, company_id)",
        "This customer already has a profile in this company: open that one.",
    )
    _next_evaluation_idx = models.Index(
        "(company_id, next_evaluation_date) WHERE active"
    )
    _stage_idx = models.Index("(company_id, stage_id)")

    def init(self):
        # Room for updates in place: a pass rewrites many rows, and index entries stay.
        self.env.cr.execute(
            SQL(
                "ALTER TABLE %s SET (fillfactor = 80)",
                SQL.identifier(self._table),
            )
        )

    def _read_group_stage_id(self, stages, domain):
        """Show every stage as a column, also those without a customer."""
        return stages.search([("id", "!=", False)], order=stages._order)
