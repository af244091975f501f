# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

REASONS = [
    ("changed", "somebody else answers for it by now"),
    ("deleted", "deleted meanwhile"),
    ("closed", "closed, done or over meanwhile"),
    ("hidden", "may not be changed by whoever decided"),
    ("stopped", "the hand-over was stopped"),
    ("failed", "refused"),
]


class CrmHandoverLine(models.Model):
    """One record that goes from one to another: first the plan, then the log."""

    _name = "crm.handover.line"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Line of a Hand-over"
    _order = "id"
    _rec_name = "record_name"

    handover_id = fields.Many2one(
        comodel_name="crm.handover",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", required=True, readonly=True
    )
    field_name = fields.Char(string="Field", required=True, readonly=True)
    scope_name = fields.Char(string="What", compute="_compute_scope_name")
    record_name = fields.Char(string="Record", compute="_compute_record_name")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", readonly=True, ondelete="cascade"
    )
    old_user_id = fields.Many2one(
        comodel_name="res.users",
        string="From Manager",
        readonly=True,
        ondelete="set null",
    )
    new_user_id = fields.Many2one(
        comodel_name="res.users",
        string="To Manager",
        ondelete="set null",
        domain="[('share', '=', False)]",
    )
    state = fields.Selection(
        selection=[
            ("planned", "Planned"),
            ("moved", "Handed over"),
            ("left", "Not handed over"),
            ("returned", "Returned"),
            ("kept", "Not returned"),
        ],
        required=True,
        readonly=True,
        default="planned",
    )
    reason = fields.Selection(selection=REASONS, string="Why Not", readonly=True)
    note = fields.Char(string="Message", readonly=True)
    activity_id = fields.Many2one(
        comodel_name="mail.activity",
        string="Introduction",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    # the new organiser of a meeting was not invited before
    joined = fields.Boolean(readonly=True, export_string_translation=False)

    _once = models.Constraint(
        "UNIQUE(handover_id, res_model, res_id)",
        "A record stands once in a hand-over.",
    )
    _state_idx = models.Index("(handover_id, state, id)")

    @api.depends("res_model")
    @api.depends_context("lang")
    def _compute_scope_name(self):
        scopes = self.env["crm.handover"]._get_scopes().values()
        labels = {scope.model: scope.label for scope in scopes}
        for line in self:
            line.scope_name = labels.get(line.res_model, line.res_model)

    @api.depends("res_model", "res_id")
    @api.depends_context("uid", "lang")
    def _compute_record_name(self):
        """What the reader may see of the record: its name, or its number only."""
        for model, lines in self.grouped("res_model").items():
            names = {}
            if model in self.env:
                records = self.env[model].browse(lines.mapped("res_id")).exists()
                readable = records._filtered_access("read")
                names = {record.id: record.display_name for record in readable}
            for line in lines:
                line.record_name = names.get(line.res_id, f"#{line.res_id}")

    def write(self, vals):
        """People choose who takes over a customer, as long as nothing has moved."""
        if not self.env.su:
            self._check_may_choose(vals)
        return super().write(vals)

    def _check_may_choose(self, vals):
        if set(vals) - {"new_user_id"} or any(
            line.state != "planned" or line.handover_id.state != "ready"
            for line in self
        ):
            raise UserError(
                self.env._(
                    "Lines are the log of the hand-over. Before it begins you can "
                    "choose who takes over; nothing else can be changed."
                )
            )
        user = self.env["res.users"].browse(vals["new_user_id"] or 0)
        for company in self.company_id:
            self.env["crm.lifecycle.profile"]._check_user(
                user, company, self.env._("Who Takes Over")
            )

    @api.readonly
    def action_open_record(self):
        """Open the record behind this line."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
