# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmTouchpoint(models.Model):
    """What a customer sent, and whether it waits for our answer."""

    _inherit = "crm.touchpoint"

    no_answer_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Needs No Answer, Says",
        readonly=True,
        ondelete="set null",
        help="Who decided that this contact waits for no answer; empty: it does, if "
        "the customer began it over a channel that does.",
    )
    no_answer_date = fields.Datetime(string="Needs No Answer Since", readonly=True)

    def _set_needs_no_answer(self):
        """Keep who decided that nobody has to answer."""
        self._decide({"no_answer_user_id": self.env.uid, "no_answer_date": self._now()})

    def _set_needs_answer(self):
        self._decide({"no_answer_user_id": False, "no_answer_date": False})
