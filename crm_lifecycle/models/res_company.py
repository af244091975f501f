# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_enabled = fields.Boolean(
        string="Manage the Customer Base",
        default=True,
        help="Off: no profiles are kept for this company and no job runs for it.",
    )
    lifecycle_basis = fields.Selection(
        selection=[("sale", "Sales orders"), ("invoice", "Customer invoices")],
        string="What Counts as a Purchase",
        default="sale",
        required=True,
        help="Confirmed sales orders by order date, or posted customer invoices by "
        "invoice date.",
    )
    lifecycle_tz = fields.Selection(
        selection="_selection_lifecycle_tz",
        string="Time Zone of the Customer Base",
        help="Turns every moment into a day. Empty: the time zone of the working hours, "
        "else of the company's address, else UTC.",
    )
    lifecycle_window_days = fields.Integer(
        string="Window (days)",
        default=365,
        help="Revenue, ABC and RFM look at this many days up to today.",
    )
    lifecycle_working_count = fields.Integer(string="Working From (purchases)", default=1)
    lifecycle_regular_count = fields.Integer(string="Regular From (purchases)", default=3)
    lifecycle_partner_count = fields.Integer(
        string="Proven Partner From (purchases)", default=10
    )
    lifecycle_partner_days = fields.Integer(
        string="Proven Partner After (days)",
        default=365,
        help="Days since the first purchase.",
    )
    lifecycle_lost_min_days = fields.Integer(
        string="Lost, At Least (days)",
        default=180,
        help="A customer is never lost sooner than this many days after the last "
        "purchase.",
    )
    lifecycle_lost_rhythm_factor = fields.Float(
        string="Lost After (times the rhythm)",
        default=3.0,
        help="A customer with a purchase rhythm is lost after this many times the "
        "rhythm without a purchase.",
    )
    lifecycle_lost_days = fields.Integer(
        string="Lost Without a Rhythm (days)",
        default=365,
        help="Used for customers without a purchase rhythm when no typical cycle is "
        "stated.",
    )
    lifecycle_typical_cycle_days = fields.Integer(
        string="Typical Purchase Cycle (days)",
        help="How often a customer of yours typically buys; empty: not stated.",
    )
    lifecycle_dormant_days = fields.Integer(
        string="Dormant Prospect After (days)", default=180
    )
    lifecycle_newcomer_days = fields.Integer(
        string="New Customer For (days)",
        default=90,
        help="Category New lasts this many days after the first purchase.",
    )
    lifecycle_abc_value = fields.Selection(
        selection=[("revenue", "Revenue"), ("margin", "Margin")],
        string="ABC By",
        default="revenue",
        required=True,
    )
    lifecycle_abc_a_limit = fields.Float(string="Class A Up To (%)", default=80.0)
    lifecycle_abc_b_limit = fields.Float(string="Class B Up To (%)", default=95.0)
    lifecycle_abc_newcomer_days = fields.Integer(
        string="Class N For (days)",
        help="Customers whose first purchase is at most this many days old get class N "
        "and take no part in the ranking. 0: off.",
    )
    lifecycle_abc_down_days = fields.Integer(
        string="Class Goes Down After (days)",
        help="How long a customer must rank lower before the class goes down. "
        "0: at once.",
    )
    lifecycle_potential_stale_days = fields.Integer(
        string="Potential Goes Stale After (days)", default=365
    )
    lifecycle_potential_high = fields.Monetary(
        string="High Potential From",
        currency_field="currency_id",
        help="Potential minus yearly revenue from which the potential is high. "
        "Empty: no classes by amount.",
    )
    lifecycle_potential_medium = fields.Monetary(
        string="Medium Potential From", currency_field="currency_id"
    )
    lifecycle_quotation_is_agreement = fields.Boolean(
        string="A Sent Quotation Counts as Agreement",
        help="A sent quotation that has not expired makes a potential customer active.",
    )
    lifecycle_vip_min_revenue = fields.Monetary(
        string="VIP From Revenue", currency_field="currency_id"
    )
    lifecycle_vip_min_margin = fields.Monetary(
        string="VIP From Margin", currency_field="currency_id"
    )
    lifecycle_vip_stage_id = fields.Many2one(
        comodel_name="crm.lifecycle.stage",
        string="VIP From Stage",
        domain=[("code", "in", ("working", "regular", "partner"))],
        help="The computed stage a customer must have reached.",
    )

    # Kept by the engine
    lifecycle_last_pass_at = fields.Datetime(string="Last Pass", readonly=True)
    lifecycle_last_pass_date = fields.Date(
        string="Day of the Last Pass", readonly=True
    )
    lifecycle_baseline_at = fields.Datetime(
        string="Baseline Made At",
        readonly=True,
        help="When the first classification ended; before it nothing reacts.",
    )
    lifecycle_full_read_cause = fields.Selection(
        selection=[
            ("baseline", "First run"),
            ("settings", "Settings changed"),
            ("demand", "On demand"),
        ],
        string="Full Re-read Asked For",
        readonly=True,
    )
    lifecycle_full_read_at = fields.Datetime(string="Last Full Re-read", readonly=True)
    lifecycle_settle_asked = fields.Boolean(readonly=True)
    lifecycle_limits = fields.Json(
        string="Limits of the Last Pass",
        readonly=True,
        help="Totals, ABC limits and RFM cut points of the last pass.",
    )
    lifecycle_rows_corrected = fields.Integer(
        readonly=True,
        help="Rows the last full re-read had to correct without a reason known to the "
        "queue. Expected: 0.",
    )
    lifecycle_failed_chunks = fields.Integer(
        readonly=True, help="Batches that the last run had to leave in the queue."
    )
    lifecycle_pass_message = fields.Char(
        readonly=True, help="What the last pass wants the manager to know."
    )
