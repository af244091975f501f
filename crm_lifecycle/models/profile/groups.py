# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL

from .derived import derived

SHARE_HELP = (
    "What the largest customers bring of the group's revenue of the window: how much "
    "depends on few. Customers without revenue are left out."
)


class CrmLifecycleProfile(models.Model):
    """Figures of groups: the ratio of a group is made of sums, not of ratios."""

    _inherit = "crm.lifecycle.profile"

    largest_1_share = derived(
        fields.Float,
        "largest_1_share",
        string="Share of the Largest Customer",
        aggregator="avg",
        digits=(16, 1),
        help=SHARE_HELP,
    )
    largest_5_share = derived(
        fields.Float,
        "largest_5_share",
        string="Share of the 5 Largest Customers",
        aggregator="avg",
        digits=(16, 1),
        help=SHARE_HELP,
    )
    largest_10_share = derived(
        fields.Float,
        "largest_10_share",
        string="Share of the 10 Largest Customers",
        aggregator="avg",
        digits=(16, 1),
        help=SHARE_HELP,
    )

    def _get_group_figures(self):
        """Return ``{"field:aggregator": function}``; the function takes one from a
        column's name to SQL and returns the aggregate."""
        return {
            "average_purchase:avg": self._sql_average_purchase_of_group,
            "rhythm_days:avg": self._sql_rhythm_of_group,
            "lateness:avg": self._sql_lateness_of_group,
            "share_of_wallet:avg": self._sql_share_of_wallet_of_group,
            **{
                f"largest_{number}_share:avg": lambda column, number=number: (
                    self._sql_largest_share_of_group(column, number)
                )
                for number in (1, 5, 10)
            },
        }

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == "average_purchase:sum_currency":
            # asked for by the client, which shows it for a group of several currencies
            return SQL(
                "(%s FILTER (WHERE %s > 0) / NULLIF(SUM(%s), 0))",
                super()._read_group_select("revenue:sum_currency", query),
                self._field_to_sql(self._table, "window_purchase_count", query),
                self._field_to_sql(self._table, "window_purchase_count", query),
            )
        method = self._get_group_figures().get(aggregate_spec)
        if method is None:
            return super()._read_group_select(aggregate_spec, query)
        return method(lambda name: self._field_to_sql(self._table, name, query))

    # ------------------------------------------------------------
    # DEFINITIONS
    # ------------------------------------------------------------

    def _sql_average_purchase_of_group(self, column):
        return SQL(
            "(SUM(%(revenue)s) FILTER (WHERE %(count)s > 0) "
            "/ NULLIF(SUM(%(count)s), 0))",
            revenue=column("revenue"),
            count=column("window_purchase_count"),
        )

    def _sql_rhythm_of_group(self, column):
        """Each customer's rhythm counts as often as gaps were seen in it."""
        gaps = SQL("(%s - 1)", column("turn_number"))
        return SQL(
            "(SUM(%(rhythm)s * %(gaps)s) "
            "/ NULLIF(SUM(%(gaps)s) FILTER (WHERE %(rhythm)s IS NOT NULL), 0))",
            rhythm=column("rhythm_days"),
            gaps=gaps,
        )

    def _sql_lateness_of_group(self, column):
        return SQL(
            "(SUM(%(silence)s) FILTER (WHERE %(rhythm)s > 0) "
            "/ NULLIF(SUM(%(rhythm)s), 0))",
            silence=column("silence_days"),
            rhythm=column("rhythm_days"),
        )

    def _sql_share_of_wallet_of_group(self, column):
        potential = self._sql_potential(column)
        return SQL(
            "(SUM(%(yearly)s) FILTER (WHERE %(potential)s IS NOT NULL) "
            "/ SUM(%(potential)s))",
            yearly=self._sql_yearly(column),
            potential=potential,
        )

    def _sql_comparable_revenue(self, column):
        """Positive revenue of the window, in the currency of the user's company."""
        currency = self.env.company.sudo().currency_id
        engine = self.env["crm.lifecycle.engine"]

        def get_rate(company):
            return Decimal(
                str(
                    company.currency_id._get_conversion_rate(
                        company.currency_id,
                        currency,
                        self.env.company,
                        engine._today(company),
                    )
                )
            )

        rate = self._sql_by_company(column, get_rate, SQL("numeric"))
        return SQL("NULLIF(GREATEST(%s, 0), 0) * %s", column("revenue"), rate)

    def _sql_largest_1_share(self, column):
        """One customer is a group of one."""
        return SQL("(CASE WHEN %s > 0 THEN 1.0 END)", column("revenue"))

    _sql_largest_5_share = _sql_largest_10_share = _sql_largest_1_share

    def _sql_largest_share_of_group(self, column, number):
        revenue = self._sql_comparable_revenue(column)
        return SQL(
            "(SELECT SUM(largest) FROM unnest((array_agg("
            "%(revenue)s ORDER BY %(revenue)s DESC NULLS LAST))[1:%(number)s]"
            ") largest) / SUM(%(revenue)s)",
            revenue=revenue,
            number=number,
        )
