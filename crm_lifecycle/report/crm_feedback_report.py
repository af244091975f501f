# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..models.feedback.crm_feedback import BANDS
from .crm_lifecycle_report_mixin import CUSTOMER_DEPENDS


class CrmFeedbackReport(models.Model):
    """How likely customers recommend us: one row for each score given."""

    _name = "crm.feedback.report"
    _inherit = ["crm.lifecycle.report.mixin"]
    _description = "Net Promoter Score"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        **CUSTOMER_DEPENDS,
        "crm.feedback": [
            *("profile_id", "score", "band", "date", "kind", "channel", "is_open"),
            *("resolved_date", "user_id", "order_id"),
        ],
    }

    feedback_id = fields.Many2one(comodel_name="crm.feedback", readonly=True)
    date = fields.Date(readonly=True)
    band = fields.Selection(selection=BANDS, readonly=True)
    kind = fields.Selection(
        selection=lambda self: self._selection_of("kind"), readonly=True
    )
    channel = fields.Selection(
        selection=lambda self: self._selection_of("channel"), readonly=True
    )
    noted_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    is_open = fields.Boolean(string="To Put Right", readonly=True)
    score = fields.Float(
        string="Average Score", readonly=True, aggregator="avg", digits=(16, 1)
    )
    answer_count = fields.Integer(
        string="Answers",
        readonly=True,
        help="How many answers the score rests on: of few it says little.",
    )
    promoter_count = fields.Integer(string="Promoters (9-10)", readonly=True)
    passive_count = fields.Integer(string="Passives (7-8)", readonly=True)
    detractor_count = fields.Integer(string="Detractors (0-6)", readonly=True)
    nps = fields.Float(
        string="Net Promoter Score",
        readonly=True,
        aggregator="avg",
        digits=(16, 0),
        help="Share of promoters less share of detractors, from -100 to 100. Of a "
        "group: of all its answers together.",
    )

    @api.model
    def _selection_of(self, name):
        """Return the values with their labels in the language of the user."""
        field = self.env["crm.feedback"]._fields[name]
        return field._description_selection(self.env)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT f.id, f.id AS feedback_id, f.date, f.band, f.kind, f.channel,
                   f.user_id AS noted_by_id, f.is_open, f.score::int AS score,
                   1 AS answer_count, (f.band = 'promoter')::int AS promoter_count,
                   (f.band = 'passive')::int AS passive_count,
                   (f.band = 'detractor')::int AS detractor_count,
                   100 * ((f.band = 'promoter')::int - (f.band = 'detractor')::int)
                       AS nps,
                   %(customer)s
              FROM crm_feedback f
              JOIN (%(customers)s) ON p.id = f.profile_id
             WHERE f.score IS NOT NULL
            """,
            customer=self._sql_customer_columns(),
            customers=self._sql_customers(),
        )

    @api.readonly
    def action_open_feedback(self):
        """Open the feedback behind this row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.feedback",
            "res_id": self.feedback_id.id,
            "view_mode": "form",
        }
