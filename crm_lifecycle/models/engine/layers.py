# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from .parameters import MAX_DAYS


def row(name):
    """A column of the layer below."""
    return SQL.identifier("r", name)


class CrmLifecycleEngine(models.AbstractModel):
    """Step 4, prepared: from figures to the finished row, layer upon layer."""

    _inherit = "crm.lifecycle.engine"

    def _get_stage_layers(self, parameters):
        """The columns added one layer upon the other, up to the stage."""
        return [
            {
                "allowed_days": self._sql_allowed_days(parameters, row),
                "lost_on": self._sql_lost_on(parameters, row),
                # half a day of rhythm still means the earlier day
                "expected_purchase_date": SQL(
                    "CASE WHEN %(rhythm)s IS NOT NULL "
                    "THEN %(last)s + LEAST(floor(%(rhythm)s), %(most)s)::int END",
                    rhythm=row("rhythm_days"),
                    last=row("last_purchase_date"),
                    most=MAX_DAYS,
                ),
                "average_purchase": self._sql_amount(
                    parameters,
                    self._sql_units(
                        parameters,
                        SQL(
                            "%s / NULLIF(%s, 0)",
                            row("revenue"),
                            row("window_purchase_count"),
                        ),
                    ),
                ),
            },
            {"computed_code": self._sql_computed_code(parameters, row)},
            {"stage_reason": self._sql_reason(parameters, row)},
            {
                "stage_id": self._sql_stage(parameters, row),
                "computed_stage_id": self._sql_stage_of_code(
                    parameters, row("computed_code")
                ),
                "is_lapsed": SQL(
                    "((%s OR %s) AND %s = 'silence')",
                    row("is_vip"),
                    row("is_key_account"),
                    row("computed_code"),
                ),
                **self._get_reason_documents(row),
            },
            {
                "stage_figures": self._sql_reason_figures(parameters, row),
                "lost_value": SQL(
                    "CASE WHEN %s = %s THEN %s END",
                    row("stage_id"),
                    parameters.stage_ids["lost_recoverable"],
                    self._sql_last_year_revenue(parameters, row),
                ),
            },
            {"checksum": self._sql_checksum(row, row("documents_hash"))},
        ]

    def _get_value_layers(self, parameters, limits):
        """The columns added upon a known stage.

        :param limits: of the pass, see ``_get_limits``; None between passes, when
            class and scores stay as the last pass set them.
        """
        if limits is None:
            kept = {name: row(f"old_{name}") for name in self.SCORE_COLUMNS}
            for name in ("abc_class", "abc_below_since"):
                kept[name] = SQL(
                    "CASE WHEN NOT %s THEN %s END",
                    row("is_excluded"),
                    row(f"old_{name}"),
                )
            layers = [kept]
        else:
            scores = {
                f"{kind}_score": self._sql_score(kind, limits, row, parameters)
                for kind in ("recency", "frequency", "monetary")
            }
            layers = [
                {"ranked_class": self._sql_ranked_class(parameters, limits, row)},
                {"abc_below_since": self._sql_abc_below_since(parameters, row)},
                {"abc_class": self._sql_abc_class(row), **scores},
            ]
        layers[0]["potential_class"] = self._sql_potential_class(parameters, row)
        layers.append(
            {
                "category_id": self._sql_category(parameters, row, row("abc_class")),
                "step_category_id": self._sql_category(
                    parameters, row, row("old_abc_class")
                ),
                "loyalty_rung": self._sql_loyalty_rung(
                    parameters, row, at_once=limits is not None
                ),
                "next_evaluation_date": self._sql_next_evaluation(parameters, row),
            }
        )
        return layers

    def _sql_layers(self, base, layers):
        """Stack the layers; the OFFSET keeps PostgreSQL from computing an expression
        again at each of its uses. In quotes its planner sees that it is zero early
        enough to still read in parallel."""
        select = base
        for layer in layers:
            columns = SQL(", ").join(
                SQL("%s AS %s", expression, SQL.identifier(name))
                for name, expression in layer.items()
            )
            select = SQL("SELECT r.*, %s FROM (%s OFFSET '0') r", columns, select)
        return select

    def _sql_rows(self, parameters, figures, scope=None, limits=None, with_user=True):
        """The finished rows of all customers in scope."""
        return self._sql_layers(
            self._sql_customers(parameters, figures, scope, with_user),
            self._get_stage_layers(parameters)
            + self._get_value_layers(parameters, limits),
        )
