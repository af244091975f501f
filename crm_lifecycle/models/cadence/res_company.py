# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_pause_days = fields.Integer(
        string="Pauses Without Approval (days)",
        default=30,
        help="A longer pause waits for the approval of the team's leader.",
        groups="base.group_user",
    )
    lifecycle_grace_days = fields.Integer(
        string="Ledger Grace Time (days)",
        default=14,
        help="So many days after it was closed, a row of the compliance ledger is "
        "still corrected by a contact that was collected late.",
        groups="base.group_user",
    )
    lifecycle_cadence_date = fields.Date(
        string="Contact Clocks of the Day",
        readonly=True,
        help="The day for which the job has looked at all contact clocks.",
        groups="sales_team.group_sale_manager",
    )
    lifecycle_cadence_digest = fields.Char(
        string="Contact Rules of the Last Pass",
        readonly=True,
        help="Tells whether rules have changed since.",
        groups="sales_team.group_sale_manager",
    )
    lifecycle_plan_enabled = fields.Boolean(
        string="Plan Activities for Due Contacts", groups="base.group_user"
    )
    lifecycle_plan_days = fields.Integer(
        string="Plan Ahead (days)",
        default=3,
        help="Activities are planned so many days before a contact is due.",
        groups="base.group_user",
    )
    lifecycle_plan_limit = fields.Integer(
        string="Activities per Person and Day",
        default=20,
        help="No more contacts than this are planned for one person on one day.",
        groups="base.group_user",
    )
    lifecycle_escalation_days = fields.Integer(
        string="Tell the Leader After (days late)",
        default=7,
        help="0: never.",
        groups="base.group_user",
    )
    lifecycle_plan_date = fields.Date(
        string="Contacts Planned On",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The day for which the nightly job has planned everything.",
    )

    @api.constrains(
        "lifecycle_pause_days",
        "lifecycle_grace_days",
        "lifecycle_plan_days",
        "lifecycle_plan_limit",
        "lifecycle_escalation_days",
    )
    def _check_lifecycle_cadence(self):
        for company in self:
            days = (
                company.lifecycle_pause_days,
                company.lifecycle_grace_days,
                company.lifecycle_plan_days,
                company.lifecycle_escalation_days,
            )
            if not all(0 <= number <= 365 for number in days):
                raise ValidationError(
                    self.env._(
                        "Contact regulation: choose numbers of days from 0 to 365."
                    )
                )
            if not 1 <= company.lifecycle_plan_limit <= 1000:
                raise ValidationError(
                    self.env._(
                        "Contact regulation: from 1 to 1000 activities are planned "
                        "per person and day."
                    )
                )

    def write(self, vals):
        """Planning switched on, or more of it, begins with the next run of the job."""
        if {
            *("lifecycle_plan_enabled", "lifecycle_plan_days"),
            *("lifecycle_plan_limit", "lifecycle_escalation_days"),
        }.intersection(vals):
            vals = {**vals, "lifecycle_plan_date": False}
        res = super().write(vals)
        if vals.get("lifecycle_plan_enabled"):
            # sudo: who may change the settings has the job do what they say
            self.env["crm.lifecycle.engine"].sudo()._trigger()
        return res
