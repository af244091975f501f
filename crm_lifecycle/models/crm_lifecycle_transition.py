# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

CAUSES = [
    ("manual", "Set by hand"),
    ("merge", "Merge of contacts"),
    ("baseline", "Baseline"),
    ("settings", "Change of settings"),
    ("purchase", "Purchase"),
    ("event", "Event"),
    ("time", "Passage of time"),
]


class CrmLifecycleTransition(models.Model):
    _name = "crm.lifecycle.transition"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Lifecycle Transition"
    _order = "date desc, id desc"
    _rec_name = "profile_id"
    _log_access = False  # append-only: `recorded_at` and `user_id` say it all

    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(related="profile_id.partner_id")
    company_id = fields.Many2one(related="profile_id.company_id")
    date = fields.Date(
        required=True,
        readonly=True,
        help="The day the change is true from; it can lie before the day it was "
        "noticed.",
    )
    recorded_at = fields.Datetime(required=True, readonly=True)
    cause = fields.Selection(selection=CAUSES, required=True, readonly=True)
    from_stage_id = fields.Many2one(
        comodel_name="crm.lifecycle.stage", readonly=True, ondelete="restrict"
    )
    to_stage_id = fields.Many2one(
        comodel_name="crm.lifecycle.stage", readonly=True, ondelete="restrict"
    )
    from_category_id = fields.Many2one(
        comodel_name="crm.lifecycle.category", readonly=True, ondelete="restrict"
    )
    to_category_id = fields.Many2one(
        comodel_name="crm.lifecycle.category", readonly=True, ondelete="restrict"
    )
    reason = fields.Char(readonly=True, string="Reason Code")
    figures = fields.Json(readonly=True)
    reason_text = fields.Char(compute="_compute_reason_text", string="Why")
    to_stage_color = fields.Integer(compute="_compute_to_stage_color")
    stage_changed = fields.Boolean(
        compute="_compute_what_changed", search="_search_stage_changed"
    )
    category_changed = fields.Boolean(
        compute="_compute_what_changed", search="_search_category_changed"
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        readonly=True,
        ondelete="set null",
        string="By",
        help="Who caused the change by hand; empty when a rule did.",
    )
    reacted_at = fields.Datetime(
        readonly=True,
        help="When playbooks and automation rules were told of the change. Changes "
        "that must cause no reaction (baseline, excluded customers) carry it from the "
        "start.",
    )

    _to_react_idx = models.Index("(id) WHERE reacted_at IS NULL")

    def _compute_reason_text(self):
        Profile = self.env["crm.lifecycle.profile"]
        for transition in self:
            transition.reason_text = Profile._get_reason_sentence(
                transition.reason, transition.figures or {}, transition.date
            )

    @api.depends("to_stage_id")
    def _compute_to_stage_color(self):
        for transition in self:
            transition.to_stage_color = transition.to_stage_id.color

    @api.depends("from_stage_id", "to_stage_id", "from_category_id", "to_category_id")
    def _compute_what_changed(self):
        for transition in self:
            transition.stage_changed = (
                transition.from_stage_id != transition.to_stage_id
            )
            transition.category_changed = (
                transition.from_category_id != transition.to_category_id
            )

    def _search_stage_changed(self, operator, value):
        return self._search_changed("stage", operator, value)

    def _search_category_changed(self, operator, value):
        return self._search_changed("category", operator, value)

    def _search_changed(self, what, operator, value):
        """Compare the column before with the column after."""
        if operator != "in":
            return NotImplemented

        def to_sql(model, alias, query):
            return SQL(
                "(%s IS DISTINCT FROM %s)",
                model._field_to_sql(alias, f"from_{what}_id", query),
                model._field_to_sql(alias, f"to_{what}_id", query),
            )

        changed = Domain.custom(to_sql=to_sql)
        return Domain.OR([changed if wanted else ~changed for wanted in set(value)])
