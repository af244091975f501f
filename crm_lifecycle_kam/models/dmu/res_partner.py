# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResPartner(models.Model):
    """Persons who decide, on their contact and on their company."""

    _inherit = "res.partner"

    lifecycle_dmu_ids = fields.One2many(
        comodel_name="crm.dmu.member",
        inverse_name="contact_id",
        string="Part in Decisions",
        groups="sales_team.group_sale_salesman",
    )
    lifecycle_dmu_count = fields.Integer(
        string="People Who Decide",
        compute="_compute_lifecycle_dmu_count",
        groups="sales_team.group_sale_salesman",
    )

    def _compute_lifecycle_dmu_count(self):
        for partner in self:
            partner.lifecycle_dmu_count = partner.lifecycle_profile_id.dmu_member_count

    def action_view_dmu(self):
        """Open the people who take part in the decisions of this customer."""
        self.ensure_one()
        return self.lifecycle_profile_id.action_view_dmu()

    def _erase_lifecycle_person(self):
        """Forget what drives these persons and what was noted about them; that they
        took part in decisions of their company is not private."""
        count = super()._erase_lifecycle_person()
        # sudo: a request to be forgotten concerns every company
        members = self.env["crm.dmu.member"].sudo()
        members = members.search([("contact_id", "in", self.ids)])
        notes = ("motives", "criteria", "decides_how", "decision")
        noted = members.filtered(lambda member: any(member[name] for name in notes))
        noted.write(dict.fromkeys(notes, False))
        lines = members.influence_out_ids + members.influence_in_ids
        told = lines.filtered("reason")
        told.reason = False
        return count + len(noted) + len(told)
