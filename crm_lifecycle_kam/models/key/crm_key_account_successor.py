# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmKeyAccountSuccessor(models.Model):
    """A customer on the bench: it could take the place of a key account."""

    _name = "crm.key.account.successor"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Bench of a Key Account"
    _order = "key_id, preparedness DESC, id"
    _rec_name = "profile_id"

    key_id = fields.Many2one(
        comodel_name="crm.key.account",
        string="Key Account",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="key_id.company_id")
    currency_id = fields.Many2one(related="key_id.currency_id")
    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Who Takes the Place",
        required=True,
        ondelete="cascade",
        index=True,
        domain="[('company_id', '=', company_id)]",
    )
    preparedness = fields.Integer(
        string="Prepared (%)",
        aggregator="avg",
        help="0: only an idea. 50: the people who decide know us, first orders. 100: "
        "could take the place tomorrow.",
    )
    missing = fields.Char(string="What Is Missing")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who Prepares It",
        ondelete="set null",
        domain="[('share', '=', False)]",
    )

    _once = models.UniqueIndex(
        "(key_id, profile_id)", "This customer is on the bench already."
    )
    _percent = models.Constraint(
        "CHECK(preparedness BETWEEN 0 AND 100)",
        "How far prepared is a number from 0 to 100.",
    )

    @api.constrains("profile_id", "key_id")
    def _check_other(self):
        for line in self:
            if line.profile_id == line.key_id.profile_id:
                raise ValidationError(
                    self.env._("An account cannot be its own successor.")
                )
            if line.profile_id.company_id != line.key_id.company_id:
                raise ValidationError(
                    self.env._("The successor is a customer of the same company.")
                )

    def write(self, vals):
        """Nobody puts a customer on a bench he may not change."""
        self.env["crm.key.account"].browse(vals.get("key_id") or []).check_access(
            "write"
        )
        return super().write(vals)
