# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL


class CrmLifecycleEngine(models.AbstractModel):
    """Settling: rank everybody over the narrow profile, without reading documents."""

    _inherit = "crm.lifecycle.engine"

    SETTLED_COLUMNS = (
        "abc_class",
        "abc_below_since",
        "recency_score",
        "frequency_score",
        "monetary_score",
        "potential_class",
        "category_id",
        "loyalty_rung",
        "next_evaluation_date",
    )
    # what the value layers read of a stored profile
    SETTLING_COLUMNS = (
        "partner_id",
        "active",
        "is_vip",
        "is_key_account",
        "is_excluded",
        "purchase_count",
        "first_purchase_date",
        "last_purchase_date",
        "window_purchase_count",
        "revenue",
        "margin",
        "rhythm_days",
        "stage_id",
        "stage_reason",
        "hold_until",
        "vip_review_date",
        "potential_amount",
        "potential_date",
        "potential_class_manual",
        "next_document_date",
    )

    def _sql_ranked_profiles(self, parameters):
        """The customers that take part in the ranking, as stored."""
        return SQL(
            """
            SELECT partner_id, is_excluded, revenue, margin, first_purchase_date,
                   last_purchase_date, window_purchase_count
              FROM crm_lifecycle_profile
             WHERE company_id = %s AND active
            """,
            parameters.company_id,
        )

    def _sql_settled(self, parameters, limits, scope=None):
        """Finished rows of the stored profiles under the limits of the pass."""
        base = SQL(
            """
            SELECT o.id AS profile_id, o.category_id AS step_category_id,
                   o.stage_figures AS full_figures, %(columns)s, %(old)s
              FROM crm_lifecycle_profile o
             WHERE o.company_id = %(company)s AND o.active AND %(scope)s
            """,
            columns=SQL(", ").join(
                SQL("o.%s", SQL.identifier(name)) for name in self.SETTLING_COLUMNS
            ),
            old=SQL(", ").join(
                SQL("o.%s AS %s", SQL.identifier(name), SQL.identifier(f"old_{name}"))
                for name in self.SETTLED_COLUMNS
            ),
            company=parameters.company_id,
            scope=scope or SQL("TRUE"),
        )
        layers = self._get_value_layers(parameters, limits)
        # a settled category moves from the stored one, in one step
        layers[-1].pop("step_category_id")
        return self._sql_layers(base, layers)

    def _write_settled(self, parameters, limits, scope=None):
        """Write class, scores, potential class and category where they differ."""
        return self._execute_write(
            SQL(
                """
                WITH fresh AS MATERIALIZED (
                    SELECT r.* FROM (%(rows)s) r WHERE %(differs)s
                ),
                inserted AS (
                    SELECT NULL::int AS id, NULL::int AS partner_id WHERE FALSE
                ),
                updated AS (
                    UPDATE crm_lifecycle_profile p
                       SET %(assignments)s, computed_at = %(now)s
                      FROM fresh f WHERE p.id = f.profile_id
                    RETURNING p.id
                ),
                queued AS (%(queued)s),
                recorded AS (%(transitions)s)
                SELECT (SELECT count(*) FROM updated), (SELECT count(*) FROM recorded)
                """,
                rows=self._sql_settled(parameters, limits, scope),
                differs=self._sql_is_unsettled(),
                assignments=self._sql_assignments(self.SETTLED_COLUMNS),
                now=self._now(),
                queued=self._sql_queue(
                    parameters, SQL("f.category_id IS DISTINCT FROM f.step_category_id")
                ),
                transitions=self._sql_transitions(
                    parameters, self._sql_class_step(parameters)
                ),
            )
        )

    def _sql_unsettled(self, parameters, limits):
        """Partner ids of the profiles that settling will change."""
        return SQL(
            "SELECT r.partner_id FROM (%s) r WHERE %s",
            self._sql_settled(parameters, limits),
            self._sql_is_unsettled(),
        )

    def _sql_is_unsettled(self):
        """A settled row differs from what is stored."""
        names = self.SETTLED_COLUMNS
        return SQL(
            "(%s) IS DISTINCT FROM (%s)",
            SQL(", ").join(SQL.identifier("r", name) for name in names),
            SQL(", ").join(SQL.identifier("r", f"old_{name}") for name in names),
        )
