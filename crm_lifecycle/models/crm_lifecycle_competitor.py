# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmLifecycleCompetitor(models.Model):
    """Who else sells to our customers."""

    _name = "crm.lifecycle.competitor"
    _description = "Competitor at Customers"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    note = fields.Text(help="What they are strong at, and where we win against them.")
    customer_count = fields.Integer(
        string="Customers", compute="_compute_customer_count"
    )

    _name_unique = models.Constraint(
        "UNIQUE(name)", "There is already a competitor with this name."
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_customer_count(self):
        """Count the customers the reader may see."""
        counts = dict(
            self.env["crm.lifecycle.profile"]._read_group(
                [("competitor_ids", "in", self.ids)], ["competitor_ids"], ["__count"]
            )
        )
        for competitor in self:
            competitor.customer_count = counts.get(competitor, 0)

    def action_view_customers(self):
        """Open the customers at whom this competitor sells."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers of %(name)s", name=self.name),
            "res_model": "crm.lifecycle.profile",
            "view_mode": "list,form",
            "domain": [("competitor_ids", "in", self.ids)],
        }
