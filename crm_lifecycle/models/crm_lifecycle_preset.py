# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmLifecyclePreset(models.Model):
    """Limits that suit a kind of business: a start, not a rule."""

    _name = "crm.lifecycle.preset"
    _description = "Ready Set of Limits"
    _inherit = ["crm.lifecycle.limits.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(
        translate=True, help="For which business the set is meant; shown when chosen."
    )

    def copy_data(self, default=None):
        """A copy has a name of its own, since sets are told apart by it."""
        return [
            {**vals, "name": self.env._("%(name)s (copy)", name=preset.name)}
            if "name" not in (default or {})
            else vals
            for preset, vals in zip(self, super().copy_data(default), strict=True)
        ]
