# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

FAILED = ("bounce", "exception", "canceled")


class MailNotification(models.Model):
    _inherit = "mail.notification"

    def _write_multi(self, vals_list):
        """What bounced has not reached the customer."""
        failed = [
            id_
            for id_, vals in zip(self._ids, vals_list, strict=True)
            if vals.get("notification_status") in FAILED
        ]
        if failed:
            # sudo: messages are looked at on nobody's behalf
            messages = self.browse(failed).sudo().mail_message_id
            self.env["crm.touchpoint.change"]._gather("mail.message", messages.ids)
        return super()._write_multi(vals_list)
