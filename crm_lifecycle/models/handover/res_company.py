# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_first_contact_days = fields.Integer(
        string="First Contact After a Hand-over (days)",
        default=5,
        help="Within so many days a new responsible manager introduces himself to the "
        "customers he took over.",
        groups="base.group_user",
    )
    lifecycle_owner_ids = fields.Many2many(
        comodel_name="res.users",
        relation="crm_lifecycle_company_owner_rel",
        column1="company_id",
        column2="user_id",
        string="Owners of the Business",
        domain="[('share', '=', False)]",
        help="Whose own customers the business would have to do without. Needed for "
        "the report Without the Owner.",
        groups="base.group_user",
    )
    lifecycle_orphan_count = fields.Integer(
        string="Customers Without an Active Responsible",
        compute="_compute_lifecycle_orphan_count",
        groups="sales_team.group_sale_manager",
    )

    def _compute_lifecycle_orphan_count(self):
        Profile = self.env["crm.lifecycle.profile"]
        for company in self:
            company.lifecycle_orphan_count = Profile.search_count(
                company._get_lifecycle_orphan_domain()
            )

    def _get_lifecycle_orphan_domain(self):
        return [
            ("company_id", "=", self.id),
            ("user_id", "!=", False),
            ("has_no_responsible", "=", True),
            ("is_excluded", "=", False),
        ]

    def action_lifecycle_orphans(self):
        """List the customers whose responsible no longer works here."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers Without an Active Responsible"),
            "res_model": "crm.lifecycle.profile",
            "view_mode": "list,form",
            "domain": self._get_lifecycle_orphan_domain(),
        }
