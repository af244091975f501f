# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmLifecycleProfile(models.Model):
    """The decision-making unit of a customer, on the card."""

    _inherit = "crm.lifecycle.profile"

    dmu_member_ids = fields.One2many(
        comodel_name="crm.dmu.member",
        inverse_name="profile_id",
        string="Decision Makers",
        domain=[("lead_id", "=", False)],
        help="Who takes part in the customer's decisions.",
    )
    dmu_decision_ids = fields.One2many(
        comodel_name="crm.dmu.member",
        inverse_name="profile_id",
        string="Who Decided What",
        domain=[
            ("lead_id.won_status", "in", ("won", "lost")),
            ("takes_part", "=", True),
        ],
        context={"active_test": False},
    )
    dmu_influence_ids = fields.One2many(
        comodel_name="crm.dmu.influence",
        inverse_name="profile_id",
        string="Influence Between People",
    )
    purchase_step_ids = fields.One2many(
        comodel_name="crm.purchase.step",
        inverse_name="profile_id",
        string="The Customer's Purchase Process",
    )
    dmu_member_count = fields.Integer(
        string="People Who Decide",
        compute="_compute_dmu_member_count",
        help="Those who take part in the customer's decisions today.",
    )
    purchase_days = fields.Integer(
        string="A Purchase Takes (days)", compute="_compute_purchase_days"
    )

    @api.depends("dmu_member_ids.date_to")
    def _compute_dmu_member_count(self):
        counts = dict(
            self.env["crm.dmu.member"]._read_group(
                [
                    ("profile_id", "in", self.ids),
                    ("lead_id", "=", False),
                    ("has_left", "=", False),
                ],
                ["profile_id"],
                ["__count"],
            )
        )
        for profile in self:
            profile.dmu_member_count = counts.get(profile._origin, 0)

    @api.depends("purchase_step_ids.usual_days")
    def _compute_purchase_days(self):
        for profile in self:
            profile.purchase_days = sum(profile.purchase_step_ids.mapped("usual_days"))

    @api.model
    def _get_fields_written_directly(self):
        return super()._get_fields_written_directly() | {
            *("dmu_member_ids", "dmu_decision_ids", "purchase_step_ids"),
        }

    def action_view_dmu(self):
        """Open the people who take part in the decisions of this customer."""
        self.ensure_one()
        name = self.env._("Who Decides: %(name)s", name=self.display_name)
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "crm_lifecycle_kam.crm_dmu_member_action_unit"
            ),
            "name": name,
            "display_name": name,
            "domain": [("profile_id", "=", self.id), ("lead_id", "=", False)],
            "context": {
                "default_profile_id": self.id,
                "dmu_profile_id": self.id,
                "search_default_current": 1,
            },
        }
