# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from .parameters import FAR_DAY

ORDER, INVOICE, LEAD = 1, 2, 3
EVIDENCE_ORDER, EVIDENCE_QUOTATION, EVIDENCE_OPPORTUNITY = 1, 2, 3
# day, source (below 16) and document id in one bigint, see `_sql_place`
SOURCE_UNIT = 2**32
DAY_UNIT = 16 * SOURCE_UNIT
MAX_UNITS = 10**17


class CrmLifecycleEngine(models.AbstractModel):
    """Step 1, collect: every document that says something about a customer.

    Each source is one SELECT with the columns of ``DOCUMENT_COLUMNS``; an add-on adds
    one (point of sale, subscriptions) by extending ``_get_document_sources``.
    """

    _inherit = "crm.lifecycle.engine"

    # name -> meaning; every source selects these, in this order
    DOCUMENT_COLUMNS = {
        "partner_id": "res.partner the document is addressed to (contact or customer)",
        "source": "which kind of document: a small integer of the source's own",
        "document_id": "id of the document within its source",
        "day": "date of the document in the company's time zone",
        "is_purchase": "it counts as a purchase (only looked at up to today); NULL: if "
        "it has units",
        "units": "untaxed amount in units of the company currency's rounding (bigint, "
        "so that sums are exact and fast), minus for refunds; NULL: none",
        "margin_units": "margin in the same units; NULL: unknown",
        "evidence": "the customer agreed: place (`_sql_place`) of day, kind and id, "
        "only looked at when it is no purchase; NULL: no",
        "change_day": "a later day on which the date alone changes the document's "
        "meaning (a quotation expires); NULL: none",
    }

    def _get_document_sources(self, parameters):
        """Return the SELECTs of all document sources of one company.

        The tables are joined with ``members``: (id, customer_id) of the contacts in
        question, so that few customers are found by index.
        """
        return [
            self._sql_orders(parameters),
            self._sql_invoices(parameters),
            self._sql_leads(parameters),
        ]

    def _sql_day(self, parameters, moment):
        """A stored UTC moment as a date of the company."""
        if parameters.tz == "UTC":
            return SQL("(%s)::date", moment)
        return SQL(
            "(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, parameters.tz
        )

    def _sql_units(self, parameters, amount):
        """Round to the company's currency like ``res.currency.round``, as a number of
        its smallest units (the cast rounds half away from zero).

        A mistyped amount beyond all reason is cut, so that it cannot stop the pass.
        """
        unit = Decimal(str(parameters.rounding))
        if 1 % unit == 0:  # multiplying is several times faster than dividing
            units = SQL("%s * %s", amount, int(1 / unit))
        else:
            units = SQL("%s / %s", amount, unit)
        return SQL(
            "CASE WHEN %(amount)s IS NOT NULL "  # LEAST would put a bound in its place
            "THEN LEAST(GREATEST(%(units)s, -%(most)s), %(most)s)::bigint END",
            amount=amount,
            units=units,
            most=MAX_UNITS,
        )

    def _sql_amount(self, parameters, units):
        """A sum of units as an amount in company currency."""
        return SQL("(%s * %s)", units, Decimal(str(parameters.rounding)))

    def _sql_place(self, day, source, document_id):
        """Pack day, source and document into one integer that sorts like the three:
        sorting the documents is what takes the time here."""
        return SQL(
            "((%s - DATE '1970-01-01') * %s + %s * %s + %s)",
            day,
            SQL(str(DAY_UNIT)),
            source,
            SQL(str(SOURCE_UNIT)),
            document_id,
        )

    def _sql_unpack(self, place, what):
        """The day, the source or the document of a place."""
        day_unit, source_unit = SQL(str(DAY_UNIT)), SQL(str(SOURCE_UNIT))
        return {
            "day": SQL("DATE '1970-01-01' + (%s / %s)::int", place, day_unit),
            "source": SQL("(%s %% %s / %s)::int", place, day_unit, source_unit),
            "document": SQL("(%s %% %s)::int", place, source_unit),
        }[what]

    def _sql_orders(self, parameters):
        """Quotations and orders that are not cancelled."""
        day = self._sql_day(parameters, SQL("o.date_order"))
        units = margin = SQL("NULL::bigint")
        if parameters.basis == "sale":
            amount = self._sql_order_units(parameters, SQL("o.amount_untaxed"))
            units = SQL(
                "CASE WHEN o.state = 'sale' THEN NULLIF(GREATEST(%s, 0), 0) END", amount
            )
            if parameters.has_margin:
                margin = self._sql_order_units(parameters, SQL("o.margin"))
        return SQL(
            """
            SELECT m.customer_id AS partner_id, %(source)s AS source,
                   o.id AS document_id, %(day)s AS day, NULL::boolean AS is_purchase,
                   %(units)s AS units, %(margin)s AS margin_units,
                   CASE WHEN %(agreed)s THEN %(evidence)s END AS evidence,
                   CASE WHEN o.state = 'sent' AND o.validity_date >= %(today)s
                        THEN LEAST(o.validity_date, %(far)s) + 1 END AS change_day
              FROM sale_order o
              JOIN members m ON m.id = o.partner_id
             WHERE o.company_id = %(company)s
               AND o.state IN ('draft', 'sent', 'sale')
               AND o.date_order IS NOT NULL
            """,
            source=ORDER,
            day=day,
            units=units,
            margin=margin,
            agreed=self._sql_order_agrees(parameters),
            evidence=self._sql_order_evidence(parameters, day),
            company=parameters.company_id,
            today=parameters.today,
            far=FAR_DAY,
        )

    def _sql_order_units(self, parameters, amount):
        """An amount of the order in units of the company currency."""
        rate = SQL("COALESCE(NULLIF(o.currency_rate, 0), 1)")
        return SQL(
            "CASE WHEN o.currency_rate = 1 THEN %s ELSE %s END",
            self._sql_units(parameters, amount),
            self._sql_units(parameters, SQL("%s / %s", amount, rate)),
        )

    def _sql_order_agrees(self, parameters):
        """The order is a sign that the customer agreed."""
        agreed = SQL("o.state = 'sale'")
        if parameters.quotation_is_agreement:
            agreed = SQL(
                "(%s OR o.state = 'sent' AND (o.validity_date IS NULL OR "
                "o.validity_date >= %s))",
                agreed,
                parameters.today,
            )
        return agreed

    def _sql_order_evidence(self, parameters, day):
        """One dated after today was agreed on the day it was made."""
        created = self._sql_day(parameters, SQL("o.create_date"))
        return self._sql_place(
            SQL(
                "(CASE WHEN %(day)s > %(today)s THEN LEAST(%(created)s, %(today)s) "
                "ELSE %(day)s END)",
                day=day,
                created=created,
                today=parameters.today,
            ),
            SQL(
                "CASE WHEN o.state = 'sale' THEN %s ELSE %s END",
                EVIDENCE_ORDER,
                EVIDENCE_QUOTATION,
            ),
            SQL("o.id"),
        )

    def _sql_invoices(self, parameters):
        """Posted customer invoices, receipts and credit notes.

        An invoice credited in full by credit notes dated up to today is no purchase;
        its amount and theirs both stay.
        """
        is_basis = parameters.basis == "invoice"
        credited = SQL(
            """
            LEFT JOIN LATERAL (
                SELECT COALESCE(
                           SUM(CASE WHEN r.currency_id = i.currency_id
                                    THEN r.amount_untaxed
                                    ELSE -r.amount_untaxed_signed * i.amount_untaxed
                                         / NULLIF(i.amount_untaxed_signed, 0) END
                           ) FILTER (WHERE r.invoice_date <= %(today)s), 0) AS amount,
                       MIN(r.invoice_date) FILTER (WHERE r.invoice_date > %(today)s)
                           AS next_day
                  FROM account_move r
                 WHERE r.reversed_entry_id = i.id
                   AND r.move_type = 'out_refund'
                   AND r.state = 'posted'
            ) c ON i.move_type <> 'out_refund'
            """,
            today=parameters.today,
        )
        return SQL(
            """
            SELECT m.customer_id AS partner_id, %(source)s AS source,
                   i.id AS document_id, i.invoice_date AS day,
                   %(counts)s AS is_purchase, %(units)s AS units,
                   NULL::bigint AS margin_units, NULL::bigint AS evidence,
                   %(change)s AS change_day
              FROM account_move i
              JOIN members m ON m.id = i.partner_id
              %(credited)s
             WHERE i.company_id = %(company)s
               AND i.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
               AND i.state = 'posted'
               AND i.invoice_date IS NOT NULL
            """,
            source=INVOICE,
            counts=SQL("(i.move_type <> 'out_refund' AND c.amount < i.amount_untaxed)")
            if is_basis
            else SQL("FALSE"),
            units=self._sql_units(parameters, SQL("i.amount_untaxed_signed"))
            if is_basis
            else SQL("NULL::bigint"),
            change=SQL("c.next_day") if is_basis else SQL("NULL::date"),
            credited=credited if is_basis else SQL(),
            company=parameters.company_id,
        )

    def _sql_leads(self, parameters):
        """Leads and opportunities; one without company counts where a profile is."""
        day = self._sql_day(parameters, SQL("l.create_date"))
        agreed_day = self._sql_day(
            parameters, SQL("COALESCE(l.date_last_stage_update, l.create_date)")
        )
        return SQL(
            """
            SELECT m.customer_id AS partner_id, %(source)s AS source,
                   l.id AS document_id, %(day)s AS day, FALSE AS is_purchase,
                   NULL::bigint AS units, NULL::bigint AS margin_units,
                   CASE WHEN l.type = 'opportunity' AND l.active
                             AND l.won_status IN ('pending', 'won')
                             AND s.lifecycle_is_agreement
                        THEN %(evidence)s END AS evidence,
                   NULL::date AS change_day
              FROM crm_lead l
              JOIN members m ON m.id = l.partner_id
              LEFT JOIN crm_stage s ON s.id = l.stage_id
             WHERE l.company_id = %(company)s
                OR (l.company_id IS NULL AND %(without_company)s)
            """,
            source=LEAD,
            day=day,
            evidence=self._sql_place(
                SQL("LEAST(%s, %s)", agreed_day, parameters.today),
                EVIDENCE_OPPORTUNITY,
                SQL("l.id"),
            ),
            company=parameters.company_id,
            without_company=self._sql_is_customer_here(parameters),
        )

    def _sql_is_customer_here(self, parameters):
        """A lead without company counts where its customer has a profile, or gets one
        in this very computation because of something else."""
        if parameters.one_company:
            return SQL("TRUE")
        return SQL(
            """
            (EXISTS (SELECT FROM crm_lifecycle_profile e
                      WHERE e.partner_id = m.customer_id AND e.company_id = %(company)s)
             OR EXISTS (SELECT FROM res_partner c
                      WHERE c.id = m.customer_id AND c.company_id = %(company)s
                        AND c.customer_rank > 0)
             OR EXISTS (SELECT FROM sale_order d JOIN res_partner c
                          ON c.id = d.partner_id
                      WHERE c.commercial_partner_id = m.customer_id
                        AND d.company_id = %(company)s AND d.date_order IS NOT NULL
                        AND d.state IN ('draft', 'sent', 'sale'))
             OR EXISTS (SELECT FROM account_move d JOIN res_partner c
                          ON c.id = d.partner_id
                      WHERE c.commercial_partner_id = m.customer_id
                        AND d.company_id = %(company)s AND d.invoice_date IS NOT NULL
                        AND d.state = 'posted'
                        AND d.move_type IN ('out_invoice', 'out_receipt', 'out_refund'))
             OR EXISTS (SELECT FROM crm_lead d JOIN res_partner c
                          ON c.id = d.partner_id
                      WHERE c.commercial_partner_id = m.customer_id
                        AND d.company_id = %(company)s))
            """,
            company=parameters.company_id,
        )
