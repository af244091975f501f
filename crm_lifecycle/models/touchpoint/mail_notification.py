# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

FAILED = ("bounce", "exception", "canceled")


class MailNotification(models.Model):
    _inherit = "mail.notification"

    @api.model_create_multi
    def create(self, vals_list):
        """Who is told later, of a message sent by schedule, has been written to."""
        notifications = super().create(vals_list)
        # sudo: messages are looked at on nobody's behalf
        messages = notifications.sudo().mail_message_id
        now = self.env.cr.now()
        # what is being posted has not been collected
        older = messages.filtered(lambda message: message.create_date != now)
        self.env["crm.touchpoint.change"]._gather("mail.message", older.ids)
        return notifications

    def _write_multi(self, vals_list):
        """What bounced has not reached the customer; what was sent again has.

        Failures are few, and told in any case: the job may be collecting the message
        at this moment, unseen by us.
        """
        changed = {"mail.message": [], "mail.message+": []}
        for id_, vals in zip(self._ids, vals_list, strict=True):
            if "notification_status" in vals:
                failed = vals["notification_status"] in FAILED
                changed["mail.message+" if failed else "mail.message"].append(id_)
        for model, ids in changed.items():
            if ids:
                # sudo: messages are looked at on nobody's behalf
                messages = self.browse(ids).sudo().mail_message_id
                self.env["crm.touchpoint.change"]._gather(model, messages.ids)
        return super()._write_multi(vals_list)
