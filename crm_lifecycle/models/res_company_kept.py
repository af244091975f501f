# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    """What the engine keeps on the company, and how its job is doing."""

    _inherit = "res.company"

    lifecycle_last_pass_at = fields.Datetime(
        string="Last Pass",
        readonly=True,
        groups="base.group_user",
    )
    lifecycle_last_pass_date = fields.Date(
        string="Day of the Last Pass",
        readonly=True,
        groups="sales_team.group_sale_manager",
    )
    lifecycle_baseline_at = fields.Datetime(
        string="Baseline Made At",
        readonly=True,
        help="When the first classification ended; before it nothing reacts.",
        groups="sales_team.group_sale_manager",
    )
    lifecycle_full_read_cause = fields.Selection(
        selection=[
            ("baseline", "First run"),
            ("settings", "Settings changed"),
            ("demand", "On demand"),
        ],
        string="Full Re-read Asked For",
        readonly=True,
        groups="sales_team.group_sale_manager",
    )
    lifecycle_full_read_at = fields.Datetime(
        string="Last Full Re-read",
        readonly=True,
        groups="sales_team.group_sale_manager",
    )
    lifecycle_rules_hash = fields.Char(
        string="Rules of the Last Full Re-read",
        readonly=True,
        help="Tells whether settings or add-ons have changed the rules since.",
        groups="sales_team.group_sale_manager",
    )
    lifecycle_pass_tz = fields.Char(
        string="Time Zone of the Last Pass",
        readonly=True,
        groups="sales_team.group_sale_manager",
    )
    lifecycle_request_number = fields.Integer(
        readonly=True,
        help="Grows with every request for a full re-read or a ranking, so that a "
        "request made during a pass survives that pass.",
        groups="sales_team.group_sale_manager",
    )
    lifecycle_settle_asked = fields.Boolean(
        string="Ranking Asked For",
        readonly=True,
        groups="sales_team.group_sale_manager",
    )
    lifecycle_limits = fields.Json(
        string="Limits of the Last Pass",
        readonly=True,
        groups="sales_team.group_sale_manager",
        help="Totals, ABC limits and RFM cut points of the last pass.",
    )
    lifecycle_rows_corrected = fields.Integer(
        string="Rows Corrected",
        readonly=True,
        help="Rows the last full re-read had to correct without a reason known to the "
        "queue. Expected: 0.",
        groups="sales_team.group_sale_manager",
    )
    lifecycle_failed_chunks = fields.Integer(
        string="Batches Left in the Queue",
        readonly=True,
        help="Batches that the last run had to leave in the queue.",
        groups="sales_team.group_sale_manager",
    )
    lifecycle_pass_message = fields.Char(
        string="Message of the Last Pass",
        readonly=True,
        help="What the last pass wants the manager to know.",
        groups="sales_team.group_sale_manager",
    )
    lifecycle_has_margin = fields.Boolean(
        string="Margin Is Known",
        compute="_compute_lifecycle_has_margin",
        help="Whether sales orders carry a margin here.",
        groups="base.group_user",
    )
    lifecycle_queue_count = fields.Integer(
        string="Customers in the Queue",
        compute="_compute_lifecycle_queue_count",
        help="Customers whose documents changed and who wait for the job.",
        groups="sales_team.group_sale_manager",
    )
    lifecycle_profile_count = fields.Integer(
        string="Customers in the Base",
        compute="_compute_lifecycle_profile_count",
        groups="sales_team.group_sale_manager",
    )

    def _compute_lifecycle_has_margin(self):
        self.lifecycle_has_margin = self._lifecycle_margin_installed()

    def _compute_lifecycle_queue_count(self):
        # sudo: the queue itself is for managers, its length tells nothing of customers
        counts = dict(
            self.env["crm.lifecycle.event"]
            .sudo()
            ._read_group(
                [("company_id", "in", self.ids)],
                ["company_id"],
                ["partner_id:count_distinct"],
            )
        )
        for company in self:
            company.lifecycle_queue_count = counts.get(company, 0)

    def _compute_lifecycle_profile_count(self):
        # sudo: the size of the base, whoever answers for its customers
        counts = dict(
            self.env["crm.lifecycle.profile"]
            .sudo()
            ._read_group([("company_id", "in", self.ids)], ["company_id"], ["__count"])
        )
        for company in self:
            company.lifecycle_profile_count = counts.get(company, 0)
