# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..models.winback.crm_winback_attempt import RESULTS, STATES
from .crm_lifecycle_report_mixin import CUSTOMER_DEPENDS, DOCUMENT_DEPENDS

YEAR = 365


class CrmWinbackReport(models.Model):
    """What came of winning customers back: one row for each attempt."""

    _name = "crm.winback.report"
    _inherit = ["crm.lifecycle.report.mixin"]
    _description = "Win-Back Results"
    _auto = False
    _order = "date_start desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        **CUSTOMER_DEPENDS,
        **DOCUMENT_DEPENDS,
        "crm.winback.attempt": [
            *("profile_id", "user_id", "lost_reason_id", "playbook_id", "state"),
            *("result", "date_start", "date_end", "return_date", "value_at_stake"),
        ],
    }

    attempt_id = fields.Many2one(comodel_name="crm.winback.attempt", readonly=True)
    owner_id = fields.Many2one(
        comodel_name="res.users",
        readonly=True,
        help="Who won the customer back, or tried to.",
    )
    lost_reason_id = fields.Many2one(
        comodel_name="crm.lifecycle.lost.reason", readonly=True
    )
    playbook_id = fields.Many2one(comodel_name="crm.lifecycle.playbook", readonly=True)
    argument = fields.Char(readonly=True)
    state = fields.Selection(selection=STATES, readonly=True)
    result = fields.Selection(selection=RESULTS, readonly=True)
    date_start = fields.Date(string="Begun On", readonly=True)
    date_end = fields.Date(string="Ended On", readonly=True)
    attempt_count = fields.Integer(string="Attempts", readonly=True)
    ended_count = fields.Integer(
        string="Ended Attempts",
        readonly=True,
        help="Won back or given up. Attempts that went on under another customer's "
        "name after a merge, and customers who had come back before, do not count.",
    )
    returned_count = fields.Integer(string="Won Back", readonly=True)
    returned_share = fields.Float(
        string="Share Won Back",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Won back of the attempts that have ended. Of a group: of all its ended "
        "attempts together.",
    )
    days = fields.Float(
        string="Days to Come Back",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="From the beginning of the attempt to the first purchase, of those won "
        "back.",
    )
    value_at_stake = fields.Monetary(
        string="Value at Stake",
        readonly=True,
        help="What the customers had bought in the 12 months before the silence.",
    )
    revenue = fields.Monetary(
        string="Revenue Brought Back",
        readonly=True,
        help="What those won back have bought in the 12 months from their return, the "
        "day of the return included. After a second return the revenue is that of the "
        "second attempt.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT a.id, a.id AS attempt_id, a.owner_id, a.lost_reason_id,
                   a.playbook_id, a.argument, a.state, a.result, a.date_start,
                   a.date_end, 1 AS attempt_count,
                   a.is_ended::int AS ended_count, a.is_returned::int AS returned_count,
                   CASE WHEN a.is_ended THEN a.is_returned::int END AS returned_share,
                   CASE WHEN a.is_returned THEN a.return_date - a.date_start END
                       AS days,
                   a.value_at_stake * company.rate AS value_at_stake,
                   CASE WHEN a.is_returned
                        THEN COALESCE(brought.amount, 0) * company.rate END AS revenue,
                   %(customer)s
              FROM (%(attempts)s) a
              JOIN (%(customers)s) ON p.id = a.profile_id
              LEFT JOIN (%(revenue)s) brought ON brought.id = a.id
            """,
            attempts=self._sql_attempts(),
            revenue=self._sql_revenue(),
            customer=self._sql_customer_columns(),
            customers=self._sql_customers(),
        )

    @api.model
    def _sql_attempts(self):
        """The attempts, each with the day up to which its return counts."""
        return SQL(
            """
            SELECT w.*, w.user_id AS owner_id, w.state = 'won_back' AS is_returned,
                   w.state = 'won_back'
                   OR w.state = 'given_up' AND w.result NOT IN ('merged', 'before')
                       AS is_ended,
                   LEAST(w.return_date + %(year)s, (
                       SELECT MIN(later.return_date) FROM crm_winback_attempt later
                        WHERE later.profile_id = w.profile_id
                          AND later.state = 'won_back'
                          AND later.return_date > w.return_date)) AS until
              FROM crm_winback_attempt w
            """,
            year=YEAR,
        )

    @api.model
    def _sql_revenue(self):
        """What was bought from the return on, attempt by attempt."""
        return SQL(
            """
            SELECT r.id, SUM(h.amount) AS amount
              FROM (%(attempts)s) r
              JOIN crm_lifecycle_profile p ON p.id = r.profile_id
              JOIN (%(history)s) h ON h.partner_id = p.partner_id
               AND h.company_id = p.company_id
               AND h.day >= r.return_date AND h.day < r.until
             WHERE r.is_returned
             GROUP BY r.id
            """,
            attempts=self._sql_attempts(),
            history=self.env["crm.lifecycle.engine"]._sql_history(
                self._get_companies(),
                SQL(
                    "ARRAY(SELECT c.partner_id FROM crm_winback_attempt w "
                    "JOIN crm_lifecycle_profile c ON c.id = w.profile_id "
                    "WHERE w.state = 'won_back')"
                ),
            ),
        )

    @api.model
    def _get_group_figures(self):
        return {
            **super()._get_group_figures(),
            "returned_share:avg": lambda column: SQL(
                "SUM(%s)::float8 / NULLIF(SUM(%s), 0)",
                column("returned_count"),
                column("ended_count"),
            ),
        }
