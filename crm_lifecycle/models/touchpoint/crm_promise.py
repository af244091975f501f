# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmPromise(models.Model):
    """Who promised what until when, and whether it was kept."""

    _name = "crm.promise"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Promise"
    _order = "state desc, date_due, id"

    name = fields.Char(string="What", required=True)
    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer Card",
        required=True,
        ondelete="cascade",
        index=True,
    )
    partner_id = fields.Many2one(related="profile_id.partner_id")
    company_id = fields.Many2one(related="profile_id.company_id")
    responsible_id = fields.Many2one(
        related="profile_id.user_id", string="Responsible Manager"
    )
    touchpoint_id = fields.Many2one(
        comodel_name="crm.touchpoint",
        string="Made In",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    side = fields.Selection(
        selection=[("we", "We"), ("customer", "The customer")],
        string="Promised By",
        required=True,
        default="we",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Sees to It",
        default=lambda self: self.env.user,
        ondelete="set null",
        domain="[('share', '=', False)]",
        help="Who of us keeps the promise, or asks for it.",
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Person",
        ondelete="set null",
        index="btree_not_null",
        help="Who at the customer gave the promise, or to whom we gave it.",
    )
    date_due = fields.Date(string="Until", required=True)
    state = fields.Selection(
        selection=[("open", "Open"), ("kept", "Kept"), ("broken", "Broken")],
        required=True,
        readonly=True,
        default="open",
    )
    date_closed = fields.Date(string="Closed On", readonly=True)
    closed_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, ondelete="set null"
    )
    is_late = fields.Boolean(
        string="Overdue",
        compute="_compute_is_late",
        search="_search_is_late",
        help="Still open after the day it was promised for.",
    )

    @api.depends("state", "date_due")
    def _compute_is_late(self):
        for promise in self:
            today = self.env["crm.lifecycle.engine"]._today(promise.company_id)
            promise.is_late = bool(
                promise.state == "open"
                and promise.date_due
                and promise.date_due < today
            )

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        engine = self.env["crm.lifecycle.engine"]
        companies = self.env["crm.lifecycle.profile"]._get_lifecycle_companies()
        companies = companies.filtered(engine._has_day)
        late = Domain("state", "=", "open") & Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("date_due", "<", engine._today(company))
            for company in companies
        )
        return Domain.OR([late if wanted else ~late for wanted in set(value)])

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("state", "open") != "open" for vals in vals_list):
            self._raise_closed_by_buttons()
        return super().create(
            self.env["crm.touchpoint"]._add_profile_to_vals(vals_list)
        )

    def write(self, vals):
        if not {"state", "date_closed", "closed_by_id"}.isdisjoint(vals):
            self._raise_closed_by_buttons()
        self.env["crm.touchpoint"]._check_moved(vals)
        return super().write(vals)

    def _raise_closed_by_buttons(self):
        raise UserError(
            self.env._(
                "A promise is closed by the buttons “Kept” and “Broken”, which "
                "keep who said so and when."
            )
        )

    def action_keep(self):
        """Say that these promises were kept."""
        return self._close("kept")

    def action_break(self):
        """Say that these promises were broken."""
        return self._close("broken")

    def action_reopen(self):
        """Take back what was said about these promises."""
        return self._close("open")

    def _close(self, state):
        self.check_access("write")
        for company, promises in self.grouped("company_id").items():
            today = self.env["crm.lifecycle.engine"]._today(company)
            closed = state != "open"
            # past our own write, which keeps people from these columns
            # pylint: disable-next=super-method-mismatch
            super(CrmPromise, promises).write(
                {
                    "state": state,
                    "date_closed": today if closed else False,
                    "closed_by_id": self.env.uid if closed else False,
                }
            )
        return True
