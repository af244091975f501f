# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL


class CrmLifecycleEngine(models.AbstractModel):
    """What customers said, asked and were promised."""

    _inherit = "crm.lifecycle.engine"

    def _sql_written_since(self, scan, column):
        """Condition: written in time; always, where no moment is asked for."""
        if not scan.moment:
            return SQL("TRUE")
        return SQL("%s >= %s", column, scan.moment)

    def _sql_trigger_said(self, scan, rows):
        """Events of profiles, from ``rows`` with profile_id, key, day, contact_id,
        model, id."""
        return SQL(
            """
            SELECT %(event)s FROM (%(rows)s) said
              JOIN crm_lifecycle_profile p ON p.id = said.profile_id
             WHERE %(scanned)s AND %(in_time)s
            """,
            event=self._sql_event(
                SQL("said.key"),
                SQL("said.day"),
                SQL("said.contact_id"),
                SQL("said.model"),
                SQL("said.id"),
            ),
            rows=rows,
            scanned=self._sql_scanned(scan),
            in_time=self._sql_in_time(scan, SQL("said.day")),
        )

    def _sql_trigger_feedback(self, scan):
        """A score of the band; a low one that has been put right is over."""
        rows = SQL(
            "SELECT f.profile_id, f.id::text AS key, f.date AS day, f.contact_id, "
            "'crm.feedback' AS model, f.id FROM crm_feedback f "
            "WHERE f.band = %s AND (f.is_open OR f.band <> 'detractor') AND %s",
            scan.playbook.band,
            self._sql_written_since(scan, SQL("f.create_date")),
        )
        return self._sql_trigger_said(scan, rows)

    def _sql_trigger_complaint(self, scan):
        """A contact that ended with a problem, or a complaint noted as feedback."""
        rows = SQL(
            """
            SELECT t.profile_id, 'touchpoint ' || t.id AS key, %(day)s AS day,
                   t.contact_id, 'crm.touchpoint' AS model, t.id
              FROM crm_touchpoint t
             WHERE t.outcome = 'problem' AND t.is_ignored IS NOT TRUE
             UNION ALL
            SELECT f.profile_id, 'feedback ' || f.id, f.date, f.contact_id,
                   'crm.feedback', f.id
              FROM crm_feedback f
             WHERE f.kind = 'complaint' AND f.is_open AND %(written)s
            """,
            day=self._sql_scan_day(SQL("t.date"), scan),
            written=self._sql_written_since(scan, SQL("f.create_date")),
        )
        return self._sql_trigger_said(scan, rows)

    def _sql_trigger_promise_broken(self, scan):
        """A promise of ours that somebody marked as broken."""
        rows = SQL(
            "SELECT c.profile_id, c.id::text AS key, c.date_closed AS day, "
            "c.contact_id, 'crm.promise' AS model, c.id FROM crm_promise c "
            "WHERE c.state = 'broken' AND c.side = 'we'"
        )
        return self._sql_trigger_said(scan, rows)

    def _sql_trigger_reply(self, scan):
        """A contact the customer began: a letter, a call, a visit."""
        rows = SQL(
            "SELECT t.profile_id, t.id::text AS key, %s AS day, t.contact_id, "
            "'crm.touchpoint' AS model, t.id FROM crm_touchpoint t "
            "WHERE t.direction = 'in' AND t.is_ignored IS NOT TRUE AND %s",
            self._sql_scan_day(SQL("t.date"), scan),
            self._sql_written_since(scan, SQL("t.recorded_at")),
        )
        return self._sql_trigger_said(scan, rows)

    def _sql_trigger_lead(self, scan):
        """A lead or opportunity of a customer: by a form, an e-mail, or by hand."""
        rows = SQL(
            """
            SELECT card.id AS profile_id, lead.id::text AS key, %(day)s AS day,
                   NULLIF(lead.partner_id, card.partner_id) AS contact_id,
                   'crm.lead' AS model, lead.id
              FROM crm_lead lead
              JOIN res_partner person ON person.id = lead.partner_id
              JOIN crm_lifecycle_profile card
                ON card.partner_id = person.commercial_partner_id
               AND card.company_id = COALESCE(lead.company_id, card.company_id)
             WHERE lead.active AND lead.create_date >= %(from)s AND %(written)s
            """,
            **{"from": scan.since},
            day=self._sql_scan_day(SQL("lead.create_date"), scan),
            written=self._sql_written_since(scan, SQL("lead.create_date")),
        )
        return self._sql_trigger_said(scan, rows)
