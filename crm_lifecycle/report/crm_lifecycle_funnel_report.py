# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..models.crm_lifecycle_transition import CAUSES
from .crm_lifecycle_report_mixin import CUSTOMER_DEPENDS

# More than any revenue: keeps the number of a profile apart from its revenue.
PROFILE_UNIT = 10**24


class CrmLifecycleFunnelReport(models.Model):
    """Development funnel: one row for each move of a customer to another stage."""

    _name = "crm.lifecycle.funnel.report"
    _inherit = ["crm.lifecycle.report.mixin"]
    _description = "Development Funnel"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        **CUSTOMER_DEPENDS,
        "crm.lifecycle.stage": ["sequence", "zone"],
        "crm.lifecycle.transition": [
            *("profile_id", "date", "cause", "from_stage_id", "to_stage_id"),
            *("from_category_id", "to_category_id", "user_id"),
        ],
    }

    transition_id = fields.Many2one(
        comodel_name="crm.lifecycle.transition", readonly=True
    )
    date = fields.Date(
        readonly=True, help="The day from which the customer is in the new stage."
    )
    from_stage_id = fields.Many2one(
        comodel_name="crm.lifecycle.stage",
        readonly=True,
        help="Empty: the customer came into the base.",
    )
    to_stage_id = fields.Many2one(comodel_name="crm.lifecycle.stage", readonly=True)
    to_category_id = fields.Many2one(
        comodel_name="crm.lifecycle.category",
        string="Category at the Move",
        readonly=True,
    )
    direction = fields.Selection(
        selection=[
            ("new", "Came into the base"),
            ("up", "Moved on"),
            ("down", "Fell back"),
            ("departed", "Departed"),
            ("returned", "Returned"),
        ],
        readonly=True,
        help="On or back in the order of the stages; departed into the zone of "
        "departure, or returned from it.",
    )
    cause = fields.Selection(selection=CAUSES, readonly=True)
    mover_id = fields.Many2one(
        comodel_name="res.users",
        string="Moved By",
        readonly=True,
        help="Who caused the move by hand; empty when a rule did.",
    )
    reason_text = fields.Char(related="transition_id.reason_text", string="Why")
    days_in_stage = fields.Integer(
        string="Days in the Previous Stage (median)",
        readonly=True,
        aggregator="avg",
        help="Days the customer had spent in the stage it left. Of a group: the "
        "median, so that a few very old customers do not hide the usual time.",
    )
    customer_count = fields.Integer(
        string="Customers",
        readonly=True,
        help="Customers that moved, each counted once, however often it moved.",
    )
    revenue = fields.Monetary(
        string="Revenue of the Customers",
        readonly=True,
        help="What these customers bought in the window up to today, each counted "
        "once, however often it moved.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT t.id, t.id AS transition_id, t.date, t.from_stage_id, t.to_stage_id,
                   t.to_category_id, t.cause, t.user_id AS mover_id,
                   %(direction)s AS direction, %(days)s AS days_in_stage,
                   1 AS customer_count, p.revenue * company.rate AS revenue,
                   %(customer)s
              FROM crm_lifecycle_transition t
              JOIN (%(customers)s) ON p.id = t.profile_id
              JOIN crm_lifecycle_stage s ON s.id = t.to_stage_id
              LEFT JOIN crm_lifecycle_stage f ON f.id = t.from_stage_id
             WHERE t.from_stage_id IS DISTINCT FROM t.to_stage_id
            """,
            direction=self._sql_direction(),
            days=self._sql_days_in_stage(),
            customer=self._sql_customer_columns(),
            customers=self._sql_customers(),
        )

    @api.model
    def _sql_direction(self):
        return SQL(
            "CASE WHEN f.id IS NULL THEN 'new' "
            "WHEN s.zone = 'departure' AND f.zone <> 'departure' THEN 'departed' "
            "WHEN f.zone = 'departure' AND s.zone <> 'departure' THEN 'returned' "
            "WHEN (s.sequence, s.id) > (f.sequence, f.id) THEN 'up' ELSE 'down' END"
        )

    @api.model
    def _sql_days_in_stage(self):
        """Only looked up for the rows that a report shows, by the profile's index."""
        return SQL(
            """
            CASE WHEN t.from_stage_id IS NOT NULL THEN (
                SELECT GREATEST(t.date - b.date, 0)
                  FROM crm_lifecycle_transition b
                 WHERE b.profile_id = t.profile_id AND b.id < t.id
                   AND b.from_stage_id IS DISTINCT FROM b.to_stage_id
                 ORDER BY b.id DESC
                 LIMIT 1) END
            """
        )

    @api.model
    def _get_group_figures(self):
        return {
            **super()._get_group_figures(),
            "customer_count:sum": lambda column: self._sql_distinct_customers(
                column, SQL("TRUE")
            ),
            "days_in_stage:avg": lambda column: SQL(
                "percentile_cont(0.5) WITHIN GROUP (ORDER BY %s)",
                column("days_in_stage"),
            ),
            "revenue:sum": self._sql_revenue_of_group,
        }

    @api.model
    def _sql_revenue_of_group(self, column):
        """Add up each customer once, in one aggregate: as numbers made of profile and
        revenue, of which equal ones count once, less the profiles."""
        profile = SQL("%s::numeric * %s", column("profile_id"), SQL(str(PROFILE_UNIT)))
        return SQL(
            "COALESCE(SUM(DISTINCT %(profile)s + %(revenue)s) "
            "- SUM(DISTINCT %(profile)s), 0)",
            profile=profile,
            revenue=column("revenue"),
        )
