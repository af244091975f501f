# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

# Payment discipline looks at what fell due in the last year.
DISCIPLINE_DAYS = 365


class CrmLifecycleProfile(models.Model):
    """What the customer owes this company, and how punctually it pays."""

    _inherit = "crm.lifecycle.profile"

    debt_balance = fields.Monetary(
        string="Balance",
        compute="_compute_debt",
        help="What the customer owes this company by posted entries; negative: what "
        "it has paid in advance.",
    )
    debt_overdue = fields.Monetary(
        string="Overdue Debt",
        compute="_compute_debt",
        help="The part of the balance that is past its due date.",
    )
    debt_overdue_days = fields.Integer(
        string="Overdue for (days)",
        compute="_compute_debt",
        help="Days since the oldest overdue amount fell due.",
    )
    payment_count = fields.Integer(
        string="Invoices Paid",
        compute="_compute_debt",
        help="Invoices that fell due in the last year and are paid in full.",
    )
    payment_late_count = fields.Integer(
        string="Of These Paid Late", compute="_compute_debt"
    )
    payment_days_late = fields.Float(
        string="Average Days Late",
        compute="_compute_debt",
        digits=(16, 1),
        help="Of the invoices that fell due in the last year and are paid in full; "
        "one paid in time counts as 0 days.",
    )
    payment_discipline = fields.Char(compute="_compute_payment_discipline")

    @api.depends("partner_id", "company_id")
    def _compute_debt(self):
        """One query for all cards.

        Sums only, no documents: whoever may see the customer's card may know how it
        pays, as Odoo's own credit warning on orders tells the salesperson. Nobody who
        may not see the card can read these fields.
        """
        names = self._get_debt_names()
        values = {}
        if self._origin:
            self.env["account.move.line"].flush_model()
            self.env["account.partial.reconcile"].flush_model()
            rows = self.env.execute_query(self._sql_debt())
            values = {row[0]: row[1:] for row in rows}
        nothing = (0,) * len(names)
        for profile in self:
            row = values.get(profile._origin.id, nothing)
            for name, value in zip(names, row, strict=True):
                profile[name] = value or 0
            if not profile.debt_overdue:
                profile.debt_overdue_days = 0

    @api.model
    def _get_debt_names(self):
        return [
            *("debt_balance", "debt_overdue", "debt_overdue_days"),
            *("payment_count", "payment_late_count", "payment_days_late"),
        ]

    def _sql_debt(self):
        """The SELECT of profile and `_get_debt_names`, from receivables alone."""
        return SQL(
            """
            WITH lines AS (%(lines)s), paid AS (
                SELECT profile_id, GREATEST(0, COALESCE((
                           SELECT MAX(part.max_date) FROM account_partial_reconcile part
                            WHERE part.debit_move_id = lines.id
                       ), due) - due) AS late
                  FROM lines
                 WHERE is_invoice AND balance > 0 AND full_reconcile_id IS NOT NULL
                   AND due BETWEEN today - %(year)s AND today
            ), discipline AS (
                SELECT profile_id, COUNT(*) AS total,
                       COUNT(*) FILTER (WHERE late > 0) AS late, AVG(late) AS days
                  FROM paid GROUP BY profile_id
            )
            SELECT lines.profile_id, SUM(amount_residual)::float8,
                   GREATEST(0, LEAST(SUM(amount_residual), SUM(
                       CASE WHEN due < today THEN GREATEST(amount_residual, 0)
                            ELSE 0 END)))::float8,
                   MAX(today - due) FILTER (
                       WHERE due < today AND amount_residual > 0),
                   MAX(discipline.total), MAX(discipline.late),
                   MAX(discipline.days)::float8
              FROM lines
              LEFT JOIN discipline ON discipline.profile_id = lines.profile_id
             GROUP BY lines.profile_id
            """,
            lines=self._sql_receivables(),
            year=DISCIPLINE_DAYS,
        )

    def _sql_receivables(self):
        """The SELECT of open receivables, and of those that fell due in the last year;
        each company has its own today."""
        engine = self.env["crm.lifecycle.engine"]
        companies = self.company_id
        return SQL(
            """
            SELECT card.id AS profile_id, line.id, line.amount_residual,
                   line.balance, line.full_reconcile_id, company.today,
                   COALESCE(line.date_maturity, line.date) AS due,
                   move.move_type IN ('out_invoice', 'out_receipt') AS is_invoice
              FROM crm_lifecycle_profile card
              JOIN unnest(%(companies)s::int[], %(days)s::date[])
                   AS company (id, today) ON company.id = card.company_id
              JOIN res_partner person
                ON person.commercial_partner_id = card.partner_id
              JOIN account_move_line line
                ON line.partner_id = person.id AND line.company_id = company.id
              JOIN account_account account ON account.id = line.account_id
              JOIN account_move move ON move.id = line.move_id
             WHERE card.id = ANY(%(profiles)s)
               AND line.parent_state = 'posted'
               AND account.account_type = 'asset_receivable'
               AND (line.reconciled IS NOT TRUE
                    OR line.date_maturity >= company.today - %(year)s)
            """,
            companies=companies.ids,
            days=[engine._today(company) for company in companies],
            profiles=self._origin.ids,
            year=DISCIPLINE_DAYS,
        )

    @api.depends("payment_count", "payment_late_count", "payment_days_late")
    @api.depends_context("lang")
    def _compute_payment_discipline(self):
        """Say it in words; nothing without a paid invoice."""
        for profile in self:
            if not profile.payment_count:
                profile.payment_discipline = False
            elif not profile.payment_late_count:
                profile.payment_discipline = self.env._(
                    "Pays in time; invoices of the last year: %(count)s.",
                    count=profile.payment_count,
                )
            else:
                profile.payment_discipline = self.env._(
                    "Invoices of the last year paid late: %(late)s of %(count)s; "
                    "days late on average over all of them: %(days)s.",
                    late=profile.payment_late_count,
                    count=profile.payment_count,
                    days=f"{profile.payment_days_late:.0f}",
                )
