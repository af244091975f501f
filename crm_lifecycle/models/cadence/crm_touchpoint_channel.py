# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmTouchpointChannel(models.Model):
    _inherit = "crm.touchpoint.channel"

    counted_direction = fields.Selection(
        selection=[("any", "Whoever began it"), ("out", "Only if we began it")],
        string="Fulfils a Norm",
        required=True,
        default="any",
        help="Which contacts over this channel count for contact rules that do not say "
        "it themselves. A call or a meeting counts whoever began it; an e-mail we only "
        "received is no contact we made.",
    )
