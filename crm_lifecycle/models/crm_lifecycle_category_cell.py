# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmLifecycleCategoryCell(models.Model):
    _name = "crm.lifecycle.category.cell"
    _description = "Category Matrix Cell"
    _order = "abc_class, potential_class, id"
    _rec_name = "category_id"

    abc_class = fields.Selection(
        selection=[("a", "A"), ("b", "B"), ("c", "C"), ("none", "No class")],
        required=True,
        string="ABC Class",
    )
    potential_class = fields.Selection(
        selection=[
            ("high", "High"),
            ("medium", "Medium"),
            ("low", "Low"),
            ("unknown", "Unknown"),
        ],
        required=True,
    )
    category_id = fields.Many2one(
        comodel_name="crm.lifecycle.category",
        required=True,
        ondelete="restrict",
        index=True,
    )

    _cell_unique = models.Constraint(
        "UNIQUE(abc_class, potential_class)",
        "The matrix has one cell for each ABC class and potential class: "
        "change the existing cell instead of adding a second one.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        cells = super().create(vals_list)
        self._settle_later()
        return cells

    def write(self, vals):
        res = super().write(vals)
        self._settle_later()
        return res

    def unlink(self):
        res = super().unlink()
        self._settle_later()
        return res

    @api.model
    def _ids_by_place(self):
        """Return the matrix as ``{(abc class, potential class): category id}``,
        whatever the user may read."""
        return {
            (cell.abc_class, cell.potential_class): cell.category_id.id
            for cell in self.sudo().search([])
        }

    def _settle_later(self):
        """Categories follow the matrix at the next pass, which this brings forward."""
        # sudo: the matrix is one for all companies
        self.env["crm.lifecycle.engine"]._request_settle(
            self.env["res.company"].sudo().search([("lifecycle_enabled", "=", True)])
        )
