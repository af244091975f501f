# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

ZONES = [
    ("birth", "Birth"),
    ("life", "Life"),
    ("departure", "Departure"),
]
PHASES = [
    ("generation", "Lead Generation"),
    ("development", "Lead Development"),
    ("conversion", "Lead Conversion"),
    ("account_management", "Account Management"),
]
STAGE_CODES = [
    ("potential", "Potential"),
    ("active", "Active (agreed)"),
    ("working", "Working"),
    ("regular", "Regular"),
    ("partner", "Proven Partner"),
    ("vip", "VIP"),
    ("key", "Key Account"),
    ("lost_recoverable", "Lost, Recoverable"),
    ("lost", "Lost, Not Recoverable"),
]


class CrmLifecycleStage(models.Model):
    _name = "crm.lifecycle.stage"
    _description = "Lifecycle Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Selection(
        selection=STAGE_CODES,
        required=True,
        readonly=True,
        help="Which rule leads to this stage. Codes are fixed; names, colours, order, "
        "zone and phase are yours.",
    )
    sequence = fields.Integer(default=10)
    zone = fields.Selection(selection=ZONES, required=True)
    phase = fields.Selection(
        selection=PHASES,
        required=True,
        string="Management Phase",
        help="The phase of the four-stage customer management model this stage "
        "belongs to.",
    )
    color = fields.Integer()
    fold = fields.Boolean(string="Folded in Board")
    description = fields.Text(
        translate=True, help="What the stage means in your company; shown on the board."
    )

    _code_unique = models.Constraint(
        "UNIQUE(code)", "There is already a lifecycle stage with this code."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(
            self.env._(
                "Lifecycle stages cannot be deleted: each one is the result of a rule. "
                "Rename it, or fold it in the board instead."
            )
        )

    def write(self, vals):
        if "code" in vals and any(stage.code != vals["code"] for stage in self):
            raise UserError(
                self.env._(
                    "The code of a lifecycle stage is fixed, because a rule leads to it. "
                    "Change the name instead."
                )
            )
        return super().write(vals)

    @api.model
    def _ids_by_code(self):
        """Return the stages as ``{code: id}``, whatever the user may read."""
        return {stage.code: stage.id for stage in self.sudo().search([])}
