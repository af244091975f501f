# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmLifecycleProfile(models.Model):
    """Contacts made with the customer, on its card."""

    _inherit = "crm.lifecycle.profile"

    touchpoint_ids = fields.One2many(
        comodel_name="crm.touchpoint", inverse_name="profile_id", readonly=True
    )
    promise_ids = fields.One2many(
        comodel_name="crm.promise", inverse_name="profile_id", readonly=True
    )
    objection_ids = fields.One2many(
        comodel_name="crm.objection", inverse_name="profile_id", readonly=True
    )
    touchpoint_count = fields.Integer(
        string="Touchpoints", compute="_compute_touchpoint_count"
    )
    open_promise_count = fields.Integer(
        string="Open Promises", compute="_compute_open_promise_count"
    )

    @api.depends("touchpoint_ids")
    def _compute_touchpoint_count(self):
        self._count_lines("touchpoint_count", "crm.touchpoint", [])

    @api.depends("promise_ids.state")
    def _compute_open_promise_count(self):
        domain = [("state", "=", "open")]
        self._count_lines("open_promise_count", "crm.promise", domain)

    def _count_lines(self, name, model, domain):
        counts = dict(
            self.env[model]._read_group(
                [*domain, ("profile_id", "in", self.ids)], ["profile_id"], ["__count"]
            )
        )
        for profile in self:
            profile[name] = counts.get(profile._origin, 0)

    def action_log_contact(self):
        """Open the dialog that logs a contact with this customer."""
        self.ensure_one()
        return self.env["crm.touchpoint.log"]._prepare_action(
            self.partner_id, company=self.company_id
        )

    def action_view_touchpoints(self):
        """Open the touchpoints of this customer in this company."""
        return self._prepare_line_action("crm_lifecycle.crm_touchpoint_action")

    def action_view_promises(self):
        """Open the promises of and to this customer."""
        return self._prepare_line_action("crm_lifecycle.crm_promise_action")

    def _prepare_line_action(self, xmlid):
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id(xmlid),
            "domain": [("profile_id", "=", self.id)],
            "context": {"default_profile_id": self.id},
        }
