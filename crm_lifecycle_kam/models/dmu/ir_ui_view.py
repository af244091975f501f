# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

VIEW_TYPES = [("dmu_map", "Map"), ("dmu_grid", "Influence and Interest")]


class IrUiView(models.Model):
    _inherit = "ir.ui.view"

    type = fields.Selection(selection_add=VIEW_TYPES)

    def _get_view_info(self):
        return {
            "dmu_map": {"icon": "fa fa-share-alt"},
            "dmu_grid": {"icon": "fa fa-th-large"},
        } | super()._get_view_info()


class IrActionsAct_WindowView(models.Model):
    _inherit = "ir.actions.act_window.view"

    view_mode = fields.Selection(
        selection_add=VIEW_TYPES,
        ondelete={"dmu_map": "cascade", "dmu_grid": "cascade"},
    )
