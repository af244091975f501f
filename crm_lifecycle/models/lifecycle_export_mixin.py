# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class LifecycleExportMixin(models.AbstractModel):
    """Records that say who our customers are and what we know of them: they leave the
    house with a sales manager only."""

    _name = "lifecycle.export.mixin"
    _description = "Exported by Sales Managers Only"

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        self.env["crm.lifecycle.profile"]._check_may_export()
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
