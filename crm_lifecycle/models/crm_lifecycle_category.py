# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLifecycleCategory(models.Model):
    _name = "crm.lifecycle.category"
    _description = "Customer Category"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Selection(
        selection=[
            ("key", "Key"),
            ("vip", "VIP"),
            ("a", "A"),
            ("b", "B"),
            ("c", "C"),
            ("new", "New"),
            ("prospect", "Prospect"),
            ("lost", "Lost"),
        ],
        readonly=True,
        copy=False,
        help="Set on the categories that a rule assigns. Categories of your own have "
        "no code and are reached through the matrix.",
    )
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True)

    _code_unique = models.Constraint(
        "UNIQUE(code)", "There is already a category with this code."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ruled(self):
        ruled = self.filtered("code")
        if ruled:
            raise UserError(
                self.env._(
                    "The category %(name)s cannot be deleted: a rule assigns it. "
                    "Rename it, or change the matrix so that it is not used.",
                    name=ruled[0].display_name,
                )
            )

    def write(self, vals):
        if vals.get("active") is False and any(category.code for category in self):
            raise UserError(
                self.env._(
                    "A category that a rule assigns cannot be archived. "
                    "Rename it, or change the matrix so that it is not used."
                )
            )
        if "code" in vals and any(
            (category.code or False) != (vals["code"] or False) for category in self
        ):
            raise UserError(self.env._("The code of a category is fixed."))
        return super().write(vals)

    @api.model
    def _ids_by_code(self):
        """Return the ruled categories as ``{code: id}``."""
        return {
            category.code: category.id
            for category in self.sudo().search([("code", "!=", False)])
        }
