# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from .documents import (
    EVIDENCE_OPPORTUNITY,
    EVIDENCE_ORDER,
    EVIDENCE_QUOTATION,
    LEAD,
    ORDER,
)
from .people import EVIDENCE_MANUAL

EVIDENCE_NAMES = {
    EVIDENCE_MANUAL: "manual",
    EVIDENCE_ORDER: "order",
    EVIDENCE_QUOTATION: "quotation",
    EVIDENCE_OPPORTUNITY: "opportunity",
}
EVIDENCE_SOURCES = {
    EVIDENCE_ORDER: ORDER,
    EVIDENCE_QUOTATION: ORDER,
    EVIDENCE_OPPORTUNITY: LEAD,
}


class CrmLifecycleEngine(models.AbstractModel):
    """Step 3, reason: the figures and documents that explain a stage."""

    _inherit = "crm.lifecycle.engine"

    def _get_reason_documents(self, row):
        """Return ``{column: SQL}`` of the documents that a reason names."""

        def reached(what):
            return SQL(
                "CASE %s WHEN 'working' THEN %s WHEN 'regular' THEN %s "
                "WHEN 'partner' THEN %s END",
                row("stage_reason"),
                *(
                    self._sql_unpack(row(f"{stage}_reached"), what)
                    for stage in ("working", "regular", "partner")
                ),
            )

        kinds = SQL(" ").join(
            SQL("WHEN %s THEN %s", kind, source)
            for kind, source in EVIDENCE_SOURCES.items()
        )
        kind = self._sql_unpack(row("evidence"), "source")
        document = self._sql_unpack(row("evidence"), "document")

        def when_agreed(value):
            return SQL(
                "CASE WHEN %s = 'agreed' THEN %s END", row("stage_reason"), value
            )

        return {
            "reached_source": reached("source"),
            "reached_document": reached("document"),
            "evidence_source": when_agreed(SQL("CASE %s %s END", kind, kinds)),
            "evidence_document": when_agreed(SQL("NULLIF(%s, 0)", document)),
        }

    def _get_reason_figures(self, parameters, row):
        """Return ``{key: SQL}`` of the figures behind a stage, for the reader."""
        return {
            "purchase_count": row("purchase_count"),
            "first_purchase_date": row("first_purchase_date"),
            "last_purchase_date": row("last_purchase_date"),
            "rhythm_days": row("rhythm_days"),
            "allowed_days": SQL(
                "CASE WHEN %s > 0 THEN %s END",
                row("purchase_count"),
                row("allowed_days"),
            ),
            "lost_on": row("lost_on"),
            "threshold": SQL(
                "CASE %s WHEN 'working' THEN %s WHEN 'regular' THEN %s "
                "WHEN 'partner' THEN %s END",
                row("stage_reason"),
                parameters.working_count,
                parameters.regular_count,
                parameters.partner_count,
            ),
            "document_source": row("reached_source"),
            "document_id": row("reached_document"),
        }

    def _get_special_figures(self, row):
        """Return ``{reason: {key: SQL}}`` of the figures only one reason has."""
        kind = self._sql_unpack(row("evidence"), "source")
        names = SQL(" ").join(
            SQL("WHEN %s THEN %s", kind, name) for kind, name in EVIDENCE_NAMES.items()
        )
        return {
            "agreed": {
                "evidence": SQL("CASE %s %s END", kind, names),
                "evidence_id": row("evidence_document"),
            },
            "hold": {
                "hold_until": row("hold_until"),
                "hold_reason": row("hold_reason"),
            },
            "vip": {"vip_reason": row("vip_reason")},
            "key": {"key_reason": row("key_reason")},
            "declared_lost": {"reason_id": row("lost_reason_id")},
        }

    def _sql_reason_figures(self, parameters, row):
        """The figures without names of documents, by which profiles are compared."""
        return SQL(
            "CASE WHEN %s THEN %s - %s::text[] ELSE %s END",
            self._sql_is_frozen(row),
            row("old_stage_figures"),
            self.NAMES_IN_FIGURES,
            self._sql_figures_object(
                row,
                self._get_reason_figures(parameters, row),
                self._get_special_figures(row),
            ),
        )

    def _sql_full_figures(self, parameters, row):
        """The figures with the names of their documents."""
        figures = self._get_reason_figures(parameters, row)
        figures["document"] = self._sql_document_name(
            row("reached_source"), row("reached_document")
        )
        special = self._get_special_figures(row)
        special["agreed"]["evidence_name"] = self._sql_document_name(
            row("evidence_source"), row("evidence_document")
        )
        return SQL(
            "CASE WHEN %s THEN %s ELSE %s END",
            self._sql_is_frozen(row),
            row("old_stage_figures"),
            self._sql_figures_object(row, figures, special),
        )

    def _sql_figures_object(self, row, figures, special):
        """One JSON object; every key takes its time, so the special ones are left out
        of the objects that do not have them."""

        def build(pairs):
            return SQL(
                "jsonb_build_object(%s)",
                SQL(", ").join(
                    SQL("%s, %s", key, value) for key, value in pairs.items()
                ),
            )

        return SQL(
            "jsonb_strip_nulls(CASE %s %s ELSE %s END)",
            row("stage_reason"),
            SQL(" ").join(
                SQL("WHEN %s THEN %s", reason, build({**figures, **more}))
                for reason, more in special.items()
            ),
            build(figures),
        )

    def _sql_document_name(self, source, document_id):
        """Name of a document by the source number of ``documents.py``; a hook for
        add-ons with sources of their own."""
        return SQL(
            "CASE %(source)s "
            "WHEN 1 THEN (SELECT name FROM sale_order WHERE id = %(id)s) "
            "WHEN 2 THEN (SELECT name FROM account_move WHERE id = %(id)s) "
            "WHEN 3 THEN (SELECT name FROM crm_lead WHERE id = %(id)s) END",
            source=source,
            id=document_id,
        )
