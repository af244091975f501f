# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from .documents import EVIDENCE_ORDER

EVIDENCE_MANUAL = 0


class CrmLifecycleEngine(models.AbstractModel):
    """Who has a profile, and what people decided about it."""

    _inherit = "crm.lifecycle.engine"

    # columns that figures bring and profiles keep as they are
    FIGURE_COLUMNS = (
        "purchase_count",
        "first_purchase_date",
        "last_purchase_date",
        "last_document_date",
        "lifetime_revenue",
        "turn_number",
        "rhythm_days",
        "window_purchase_count",
        "revenue",
        "margin",
        "revenue_previous",
        "margin_previous",
        "next_document_date",
    )
    ZERO_COLUMNS = (
        "purchase_count",
        "lifetime_revenue",
        "turn_number",
        "window_purchase_count",
        "revenue",
        "revenue_previous",
    )
    # columns that the rules read and people set
    PEOPLE_COLUMNS = (
        "hold_stage_id",
        "hold_date",
        "hold_until",
        "hold_reason",
        "vip_date",
        "vip_reason",
        "vip_review_date",
        "key_date",
        "key_reason",
        "lost_reason_id",
        "lost_date",
        "potential_amount",
        "potential_date",
        "potential_class_manual",
    )
    FLAG_COLUMNS = ("is_vip", "is_key_account", "is_excluded", "is_agreed")
    # columns that figures bring for the rules alone
    MILESTONE_COLUMNS = (
        "working_reached",
        "regular_reached",
        "partner_reached",
        "long_gaps",
        "unit_days",
        "unit_amounts",
    )
    SCORE_COLUMNS = ("recency_score", "frequency_score", "monetary_score")

    def _sql_customers(self, parameters, figures, scope=None, with_user=True):
        """Join figures, contacts and profiles: one row per customer with a profile.

        :param SQL figures: FROM item with the columns of ``_sql_figures``
        :param SQL scope: condition on ``p.id``; None: everybody in the share
        :param bool with_user: look for a responsible where there is nobody
        """
        figure = [
            SQL("COALESCE(f.%(c)s, 0) AS %(c)s", c=SQL.identifier(name))
            if name in self.ZERO_COLUMNS
            or (name.startswith("margin") and parameters.has_margin)
            else SQL("f.%s", SQL.identifier(name))
            for name in (*self.FIGURE_COLUMNS, *self.MILESTONE_COLUMNS)
        ]
        people = [SQL("o.%s", SQL.identifier(name)) for name in self.PEOPLE_COLUMNS]
        flags = [
            SQL("COALESCE(o.%(c)s, FALSE) AS %(c)s", c=SQL.identifier(name))
            for name in self.FLAG_COLUMNS
        ]
        return SQL(
            """
            SELECT p.id AS partner_id, o.id AS profile_id, %(active)s AS active,
                   %(user)s AS user_id, %(evidence)s AS evidence,
                   COALESCE(o.added_date, %(today)s) AS added_date,
                   o.stage_id AS old_stage_id, o.stage_reason AS old_stage_reason,
                   o.stage_figures AS old_stage_figures, %(old)s,
                   COALESCE(f.documents_hash, 0) AS documents_hash,
                   %(figure)s, %(people)s, %(flags)s
              FROM res_partner p
              LEFT JOIN %(figures)s f ON f.partner_id = p.id
              LEFT JOIN crm_lifecycle_profile o
                ON o.partner_id = p.id AND o.company_id = %(company)s
             WHERE %(scope)s
               AND (o.id IS NOT NULL OR %(eligible)s)
            """,
            active=self._sql_is_active(parameters),
            user=self._sql_responsible(parameters) if with_user else SQL("o.user_id"),
            evidence=self._sql_all_evidence(parameters),
            today=parameters.today,
            old=self._sql_old_value(),
            figure=SQL(", ").join(figure),
            people=SQL(", ").join(people),
            flags=SQL(", ").join(flags),
            figures=figures,
            company=parameters.company_id,
            scope=scope
            or self._sql_is_own(SQL("p.id"), parameters.share, parameters.shares),
            eligible=self._sql_is_eligible(parameters),
        )

    def _sql_old_value(self):
        """What the last pass left, which a recompute of some customers keeps."""
        return SQL(", ").join(
            SQL("o.%s AS %s", SQL.identifier(name), SQL.identifier(f"old_{name}"))
            for name in ("abc_class", "abc_below_since", *self.SCORE_COLUMNS)
        )

    def _sql_is_active(self, parameters):
        """The partner is active, its own customer, and not bound elsewhere."""
        return SQL(
            "(p.active AND p.commercial_partner_id = p.id "
            "AND (p.company_id IS NULL OR p.company_id = %s))",
            parameters.company_id,
        )

    def _sql_is_eligible(self, parameters):
        """A partner without profile gets one (domain: who has a profile)."""
        ranked = SQL("p.customer_rank > 0")
        if not parameters.one_company:
            ranked = SQL("(%s AND p.company_id = %s)", ranked, parameters.company_id)
        return SQL(
            """
            (p.commercial_partner_id = p.id
             AND (p.company_id IS NULL OR p.company_id = %(company)s)
             AND (f.partner_id IS NOT NULL OR %(ranked)s OR %(by_hand)s)
             AND (COALESCE(f.purchase_count, 0) > 0 OR NOT (
                  EXISTS (SELECT FROM res_company c WHERE c.partner_id = p.id)
                  OR EXISTS (SELECT FROM res_users u
                              WHERE u.partner_id = p.id AND NOT u.share))))
            """,
            company=parameters.company_id,
            ranked=ranked,
            by_hand=parameters.by_hand,
        )

    def _sql_all_evidence(self, parameters):
        """Oldest sign that the customer agreed: of documents, by hand, or a purchase
        that does not yet reach the working stage."""
        by_hand = SQL(
            "CASE WHEN o.is_agreed THEN %s END",
            self._sql_place(
                SQL("COALESCE(o.agreed_date, o.added_date)"), EVIDENCE_MANUAL, 0
            ),
        )
        purchase = SQL("NULL")
        if parameters.basis == "sale" and parameters.working_count > 1:
            purchase = self._sql_place(SQL("f.first_purchase_date"), EVIDENCE_ORDER, 0)
        return SQL("LEAST(f.evidence, %s, %s)", by_hand, purchase)

    def _sql_responsible(self, parameters):
        """The responsible; where there is nobody, the partner's salesperson or else
        the one of the last order, if he may work in the company."""

        def allowed(user):
            # the same for every customer, so that it is looked up once
            return SQL(
                "%s IN (SELECT u.id FROM res_users u JOIN res_company_users_rel rel "
                "ON rel.user_id = u.id AND rel.cid = %s "
                "WHERE u.active AND NOT u.share)",
                user,
                parameters.company_id,
            )

        return SQL(
            """
            CASE WHEN o.user_id IS NOT NULL THEN o.user_id
                 WHEN %(allowed)s THEN p.user_id
                 ELSE (
                    SELECT last.user_id
                      FROM (SELECT s.user_id
                              FROM sale_order s
                              JOIN res_partner m ON m.id = s.partner_id
                             WHERE m.commercial_partner_id = p.id
                               AND s.company_id = %(company)s
                               AND s.state <> 'cancel'
                               AND s.user_id IS NOT NULL
                             ORDER BY s.date_order DESC, s.id DESC
                             LIMIT 1) last
                     WHERE %(last_allowed)s) END
            """,
            allowed=allowed(SQL("p.user_id")),
            last_allowed=allowed(SQL("last.user_id")),
            company=parameters.company_id,
        )
