# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, models
from odoo.tools import SQL


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
        if recipient._get_feedback_refusals() or self._has_refused(recipient):
            return self.env._(
                "No letter: %(name)s does not want e-mails.", name=recipient.name
            )
        return None

    def _has_refused(self, recipient):
        """Whether the person or the customer refuses e-mails, as add-ons see it too."""
        engine = self.env["crm.lifecycle.engine"]
        people = recipient | recipient.commercial_partner_id
        self.env.flush_all()
        return bool(
            self.env.execute_query(
                SQL(
                    "SELECT FROM (%s) refused WHERE refused.channel_id = %s LIMIT 1",
                    engine._sql_refused_channels_of(people.ids),
                    self.env["crm.touchpoint.channel"]._get_mapping()["email"],
                )
            )
        )

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
        mail_id = template.with_context(lifecycle_user_name=user.name).send_mail(
            recipient.id if on_contact else self.profile_id.id,
            force_send=False,
            raise_exception=True,
            email_values=values,
        )
        mail = self.env["mail.mail"].browse(mail_id)
        mail._add_refusal(recipient, self.company_id)

    def _ask_feedback(self):
        """Ask for feedback by letter; return why not, or None."""
        source = self._get_source()
        orders = source if source._name == "sale.order" else None
        result = self.profile_id._ask_feedback(orders, self.contact_id or None)
        for line in result["skipped"]:
            return self.env._("Not asked: %(reason)s.", reason=line["reason"])
        return None
