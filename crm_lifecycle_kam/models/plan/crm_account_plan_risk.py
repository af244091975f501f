# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

LIKELIHOODS = [("1", "Unlikely"), ("2", "Possible"), ("3", "Likely")]
IMPACTS = [("1", "Small"), ("2", "Noticeable"), ("3", "Severe")]


class CrmAccountPlanRisk(models.Model):
    """What may go wrong at the account, and what we do about it."""

    _name = "crm.account.plan.risk"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Risk of an Account Plan"
    _order = "plan_id, is_over, impact desc, likelihood desc, id"

    plan_id = fields.Many2one(
        comodel_name="crm.account.plan", required=True, ondelete="cascade", index=True
    )
    name = fields.Char(string="What May Happen", required=True)
    likelihood = fields.Selection(selection=LIKELIHOODS, required=True, default="2")
    impact = fields.Selection(selection=IMPACTS, required=True, default="2")
    measure = fields.Char(string="What We Do About It")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        domain="[('share', '=', False)]",
        ondelete="set null",
    )
    is_over = fields.Boolean(string="No Longer")

    def write(self, vals):
        """Nobody writes into a plan he may not change."""
        self.env["crm.account.plan"].browse(vals.get("plan_id") or []).check_access(
            "write"
        )
        return super().write(vals)
