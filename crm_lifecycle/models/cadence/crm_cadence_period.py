# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

STATES = [
    ("open", "Open"),
    ("met", "Met"),
    ("late", "Met late"),
    ("missed", "Missed"),
    ("void", "Void"),
]


class CrmCadencePeriod(models.Model):
    """One turn of a rule at a customer: what was due, and whether it was done.

    The compliance ledger. Written by the engine alone; a closed row is corrected only
    by a touchpoint that was collected late, within the company's grace time.
    """

    _name = "crm.cadence.period"
    _description = "Contact Compliance"
    _order = "due_date desc, id desc"
    _rec_name = "profile_id"
    _log_access = False

    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer Card",
        readonly=True,
        ondelete="set null",
        index=True,
        help="Empty: the customer has been deleted; the closed row is kept.",
    )
    partner_id = fields.Many2one(related="profile_id.partner_id")
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="cascade"
    )
    rule_id = fields.Many2one(
        comodel_name="crm.cadence.rule",
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    opening_date = fields.Date(string="Opened On", required=True, readonly=True)
    due_date = fields.Date(string="Due", required=True, readonly=True)
    missed_date = fields.Date(
        string="Missed From",
        readonly=True,
        required=True,
        help="One interval after the due day: from then on the row counts as missed.",
    )
    state = fields.Selection(
        selection=STATES,
        required=True,
        readonly=True,
        help="Missed: not fulfilled until one interval after the due day. Void: "
        "category, rule, exception or pause changed before it was due.",
    )
    closing_date = fields.Date(string="Closed On", readonly=True)
    days_late = fields.Integer(
        readonly=True, aggregator="avg", help="Of contacts made late."
    )
    touchpoint_id = fields.Many2one(
        comodel_name="crm.touchpoint",
        string="Closed By",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible Manager",
        readonly=True,
        ondelete="set null",
        help="Who answered for the customer on the due day, or on the closing day if "
        "that came first. A later hand-over changes nothing.",
    )
    team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Sales Team",
        readonly=True,
        ondelete="set null",
    )
    category_id = fields.Many2one(
        comodel_name="crm.lifecycle.category",
        readonly=True,
        ondelete="set null",
        help="The customer's category when the row was last open.",
    )
    corrected_at = fields.Datetime(
        readonly=True,
        help="A touchpoint collected late changed this row after it was closed.",
    )
    corrected_from = fields.Selection(
        selection=STATES, string="Was Before the Correction", readonly=True
    )

    _row_unique = models.Constraint(
        "UNIQUE(profile_id, rule_id, opening_date)",
        "A rule is opened once a day for a customer.",
    )
    _due_idx = models.Index("(company_id, due_date)")
    _missed_idx = models.Index("(company_id, missed_date) WHERE state = 'open'")
