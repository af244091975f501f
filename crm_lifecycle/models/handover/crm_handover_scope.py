# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmHandoverScope(models.Model):
    """One row of the preview: a sort of records, and how many there are."""

    _name = "crm.handover.scope"
    _description = "Scope of a Hand-over"
    _order = "id"

    handover_id = fields.Many2one(
        comodel_name="crm.handover", required=True, ondelete="cascade", index=True
    )
    scope = fields.Selection(selection="_selection_scope", string="What", required=True)
    is_chosen = fields.Boolean(string="Hand Over", default=True)
    found_count = fields.Integer(
        string="Records",
        compute="_compute_counts",
        help="What you may see and change.",
    )
    hidden_count = fields.Integer(
        string="Not Yours",
        compute="_compute_counts",
        help="Further records of this user that you may not see or change, private "
        "ones and those of other companies included. They stay where they are.",
    )
    moved_count = fields.Integer(string="Moved", compute="_compute_line_counts")
    left_count = fields.Integer(
        string="Left",
        compute="_compute_line_counts",
        help="Not handed over, or not returned: the log says why.",
    )
    returned_count = fields.Integer(string="Returned", compute="_compute_line_counts")

    _scope_unique = models.Constraint(
        "UNIQUE(handover_id, scope)", "Each sort of records stands here once."
    )

    @api.model
    def _selection_scope(self):
        scopes = self.env["crm.handover"]._get_scopes()
        return [(code, scope.label) for code, scope in scopes.items()]

    @api.depends("handover_id.from_user_id", "handover_id.company_ids", "scope")
    @api.depends_context("uid")
    def _compute_counts(self):
        """Before the hand-over what is there now; afterwards what was planned."""
        scopes = self.env["crm.handover"]._get_scopes()
        for row in self:
            handover = row.handover_id
            row.found_count = row.hidden_count = 0
            if not handover.from_user_id or not row.scope:
                continue
            scope = scopes[row.scope]
            if handover.state == "draft":
                row.found_count = len(handover._search_scope(scope))
            else:
                row.found_count = sum(
                    row._count_lines().get(state, 0)
                    for state in ("planned", "moved", "left", "returned", "kept")
                )
            if handover.state in ("draft", "ready"):
                row.hidden_count = handover._count_hidden(scope, row.found_count)

    @api.depends("handover_id.done_count", "handover_id.state")
    def _compute_line_counts(self):
        for row in self:
            counts = row._count_lines()
            row.moved_count = counts.get("moved", 0)
            row.left_count = counts.get("left", 0) + counts.get("kept", 0)
            row.returned_count = counts.get("returned", 0)

    def _count_lines(self):
        """Return ``{state: lines}`` of this row."""
        model = self.env["crm.handover"]._get_scopes()[self.scope].model
        groups = self.env["crm.handover.line"]._read_group(
            [
                ("handover_id", "=", self.handover_id._origin.id),
                ("res_model", "=", model),
            ],
            ["state"],
            ["__count"],
        )
        return dict(groups)

    def action_show(self):
        """List the records behind the number: those found, later the log of them."""
        self.ensure_one()
        handover, scope = (
            self.handover_id,
            self.env["crm.handover"]._get_scopes()[self.scope],
        )
        if handover.state != "draft":
            action = handover.action_view_lines()
            action["domain"].append(("res_model", "=", scope.model))
            return {**action, "name": scope.label}
        return {
            "type": "ir.actions.act_window",
            "name": scope.label,
            "res_model": scope.model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", handover._search_scope(scope).ids)],
            "context": {"create": False},
        }
