# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, models


class CrmLifecyclePlaybookRun(models.Model):
    """The letter of a run: to whom, and who must not get one."""

    _inherit = "crm.lifecycle.playbook.run"

    def _get_recipient(self):
        """Return whom the letter goes to: the person concerned, the customer, else the
        first of its people with an address."""
        person = self._get_person()
        people = person | self.profile_id.partner_id
        people |= self.profile_id.partner_id.child_ids.filtered("active")
        return next((who for who in people if who.email_normalized), person)

    def _why_no_letter(self):
        """Return why nothing may or can be sent, or None."""
        recipient = self._get_recipient()
        if not recipient.email_normalized:
            return self.env._("No letter: no e-mail address is known.")
        if recipient.is_blacklisted:
            return self.env._(
                "No letter: %(name)s is on the blacklist.", name=recipient.name
            )
        if self._has_refused_letters(recipient):
            return self.env._(
                "No letter: %(name)s does not want e-mails.", name=recipient.name
            )
        return None

    def _has_refused_letters(self, recipient):
        """Whether the person, or the customer as a whole, refused e-mails.

        The latest word about e-mail, or about every channel, counts.
        """
        channel_id = self.env["crm.touchpoint.channel"]._get_mapping()["email"]
        for who in recipient | recipient.commercial_partner_id:
            last = self.env["crm.contact.consent"].search(
                [
                    ("partner_id", "=", who.id),
                    ("channel_id", "in", (False, channel_id)),
                ],
                order="date desc, id desc",
                limit=1,
            )
            if last.state in ("refused", "withdrawn"):
                return True
        return False

    def _send_letter(self, user):
        """Put the letter into the queue of outgoing mail; Odoo delivers it."""
        template = self.playbook_id.template_id
        recipient = self._get_recipient()
        on_contact = template.model == "res.partner"
        values = {
            "recipient_ids": [Command.set(recipient.ids)],
            "email_to": False,
        }
        if user and not template.email_from:
            values["email_from"] = user.email_formatted
            values["author_id"] = user.partner_id.id
        template.with_context(lifecycle_user_name=user.name).send_mail(
            recipient.id if on_contact else self.profile_id.id,
            force_send=False,
            raise_exception=True,
            email_values=values,
        )
