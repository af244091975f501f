# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmAccountPlanHealth(models.Model):
    """How healthy a plan was on a day; written when it changes."""

    _name = "crm.account.plan.health"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Health of an Account Plan"
    _order = "date desc, id desc"
    _rec_name = "plan_id"
    _log_access = False

    plan_id = fields.Many2one(
        comodel_name="crm.account.plan",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    date = fields.Date(required=True, readonly=True)
    health = fields.Integer(readonly=True, aggregator="avg")
    parts = fields.Json(readonly=True)

    _day_unique = models.Constraint(
        "UNIQUE(plan_id, date)", "A plan has one health a day."
    )
