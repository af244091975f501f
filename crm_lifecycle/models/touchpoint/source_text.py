# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import html2plaintext

EXCERPT = 300  # characters of a source shown beside its touchpoint


class CrmTouchpoint(models.Model):
    """The words of a touchpoint's source, read with the reader's own rights.

    Nothing is copied: a source that is private, hidden or gone says nothing here, and
    one that was edited says what it says now.
    """

    _inherit = "crm.touchpoint"

    subject = fields.Char(compute="_compute_source_text")
    source_text = fields.Text(string="Details", compute="_compute_source_text")

    @api.depends("source_model", "source_id", "note")
    @api.depends_context("uid")
    def _compute_source_text(self):
        texts = {}
        for model, touchpoints in self.grouped("source_model").items():
            if model and model in self.env:
                texts[model] = self._read_source_texts(
                    model, set(touchpoints.mapped("source_id"))
                )
        for touchpoint in self:
            subject, text = texts.get(touchpoint.source_model, {}).get(
                touchpoint.source_id, ("", "")
            )
            note = touchpoint.note or ""
            touchpoint.subject = subject or (note.splitlines() or [""])[0][:EXCERPT]
            touchpoint.source_text = text

    @api.model
    def _read_source_texts(self, model, ids):
        """Return ``{id: (subject, text)}`` of the sources the user may read."""
        records = self.env[model].browse(sorted(ids)).exists()
        records = records.with_context(active_test=False)._filtered_access("read")
        # The calendar hides words while it fetches them: none may be cached already.
        records.invalidate_recordset()
        method = {
            "mail.activity": self._get_activity_text,
            "mail.message": self._get_message_text,
            "calendar.event": self._get_event_text,
        }.get(model, self._get_other_text)
        return {record.id: method(record) for record in records}

    def _get_activity_text(self, activity):
        subject = activity.summary or activity.activity_type_id.name or ""
        return subject, activity.feedback or ""

    def _get_message_text(self, message):
        body = html2plaintext(message.body or "").strip()
        subject = message.subject or (body.splitlines() or [""])[0]
        return subject[:EXCERPT], body[:EXCERPT]

    def _get_event_text(self, event):
        # The calendar itself says "Busy" of private meetings of others.
        return event.name or "", event.location or ""

    def _get_other_text(self, record):
        return record.display_name or "", ""
