# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmTouchpointChannel(models.Model):
    _inherit = "crm.touchpoint.channel"

    waits_for_answer = fields.Boolean(
        string="Waits for an Answer",
        compute="_compute_waits_for_answer",
        store=True,
        readonly=False,
        help="What a customer sends over this channel waits for our answer: the reply "
        "time is measured, and what is unanswered is listed. A call or a meeting is an "
        "answer itself.",
    )

    @api.depends("takes_email", "takes_message")
    def _compute_waits_for_answer(self):
        for channel in self:
            channel.waits_for_answer = channel.takes_email or channel.takes_message
