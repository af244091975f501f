# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmDmuRole(models.Model):
    """The part somebody plays in a decision at the customer."""

    _name = "crm.dmu.role"
    _description = "Role in the Decision"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    note = fields.Text(
        string="What the Role Means",
        translate=True,
        help="How to recognise such a person, and what the person wants to hear.",
    )
    is_decider = fields.Boolean(
        string="Decides",
        help="People in this role can say the final yes or no.",
    )
    is_champion = fields.Boolean(
        string="Speaks for Us",
        help="People in this role sell for you inside the customer when you are not "
        "in the room.",
    )
    member_count = fields.Integer(string="People", compute="_compute_member_count")

    _name_unique = models.Constraint(
        "UNIQUE(name)", "There is already a role with this name."
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_member_count(self):
        """Count the people the reader may see."""
        counts = dict(
            self.env["crm.dmu.member"]._read_group(
                [("role_ids", "in", self.ids), ("lead_id", "=", False)],
                ["role_ids"],
                ["__count"],
            )
        )
        for role in self:
            role.member_count = counts.get(role, 0)

    def action_view_members(self):
        """Open the people who play this role, at all customers."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle_kam.crm_dmu_member_action"
        )
        return {**action, "domain": [("role_ids", "in", self.ids)], "context": {}}
