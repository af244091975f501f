# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

# Kinds of messages that people write to each other.
LETTER_TYPES = ("email", "comment", "email_outgoing", "sms")
WATCHED = {
    *("author_id", "message_type", "model", "res_id", "date"),
    *("is_internal", "subtype_id", "record_company_id"),
}


class MailMessage(models.Model):
    _inherit = "mail.message"

    # Few of a customer's messages were posted by an activity that was done; to find
    # them without it, all of them would be fetched.
    _lifecycle_done_idx = models.Index(
        "(res_id, date) WHERE mail_activity_type_id IS NOT NULL"
    )

    def write(self, vals):
        if "partner_ids" in vals:
            self.env["crm.touchpoint.change"]._gather("mail.message+", self.ids)
        return super().write(vals)

    def unlink(self):
        self.env["crm.touchpoint.change"]._gather(self._name, self.ids)
        return super().unlink()

    def _write_multi(self, vals_list):
        """An author found later makes a customer of a stranger."""
        changed = [
            id_
            for id_, vals in zip(self._ids, vals_list, strict=True)
            if not WATCHED.isdisjoint(vals)
        ]
        self.env["crm.touchpoint.change"]._gather("mail.message+", changed)
        return super()._write_multi(vals_list)
