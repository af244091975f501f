# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmDmuInfluence(models.Model):
    """One person at the customer influences another: how strongly, why and how.

    A line is about two persons of the account. On the map of an opportunity it shows
    wherever both take part, whether with the account's entry or with an own one.
    """

    _name = "crm.dmu.influence"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Influence Between People"
    _order = "profile_id, strength desc, id"
    _rec_name = "from_id"

    from_id = fields.Many2one(
        comodel_name="crm.dmu.member",
        string="Who Influences",
        required=True,
        index=True,
        ondelete="cascade",
    )
    to_id = fields.Many2one(
        comodel_name="crm.dmu.member",
        string="Whom",
        required=True,
        index=True,
        ondelete="cascade",
    )
    profile_id = fields.Many2one(
        related="from_id.profile_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(related="profile_id.company_id")
    strength = fields.Selection(
        selection=[("1", "Weak"), ("2", "Moderate"), ("3", "Strong")],
        required=True,
        default="2",
        help="Weak: is listened to. Medium: is asked before a decision. Strong: "
        "nothing is decided against this word.",
    )
    kind = fields.Selection(
        selection=[("supportive", "Supportive"), ("conflicting", "Conflicting")],
        required=True,
        default="supportive",
        help="Supportive: they pull in one direction. Conflicting: what one is for, "
        "the other is against.",
    )
    reason = fields.Text(
        string="Why and How",
        help="Where the influence comes from and how it works: a common past, the "
        "budget, expertise, friendship.",
    )
    date_confirmed = fields.Date(
        string="Last Confirmed",
        required=True,
        default=fields.Date.context_today,
        help="When somebody of us last saw it at work. Lines that nobody confirms "
        "fade on the map.",
    )
    is_faded = fields.Boolean(
        string="Not Confirmed Lately", compute="_compute_is_faded"
    )

    _pair_unique = models.Constraint(
        "UNIQUE(from_id, to_id)",
        "There is already a line between these two people in this direction: change "
        "that one.",
    )
    _two_people = models.Constraint(
        "CHECK(from_id <> to_id)", "Nobody influences themselves: choose two people."
    )

    @api.depends("date_confirmed", "profile_id")
    def _compute_is_faded(self):
        for line in self:
            months = line.company_id.lifecycle_dmu_fade_months
            today = self.env["crm.lifecycle.engine"]._today(
                line.company_id or self.env.company
            )
            line.is_faded = bool(
                months
                and line.date_confirmed
                and line.date_confirmed < today - relativedelta(months=months)
            )

    @api.depends("from_id", "to_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = (
                f"{line.from_id.display_name} → {line.to_id.display_name}"
            )

    @api.constrains("from_id", "to_id")
    def _check_same_customer(self):
        for line in self:
            if line.from_id.profile_id != line.to_id.profile_id:
                raise ValidationError(
                    self.env._(
                        "%(one)s and %(other)s belong to different customers: a line "
                        "joins two people of one.",
                        one=line.from_id.display_name,
                        other=line.to_id.display_name,
                    )
                )

    def write(self, vals):
        ids = [vals[name] for name in ("from_id", "to_id") if vals.get(name)]
        self.env["crm.dmu.member"].browse(ids).check_access("write")
        return super().write(vals)

    def action_confirm(self):
        """Say that these influences were seen at work today."""
        for company, lines in self.grouped("company_id").items():
            today = self.env["crm.lifecycle.engine"]._today(company)
            lines.write({"date_confirmed": today})
        return True
