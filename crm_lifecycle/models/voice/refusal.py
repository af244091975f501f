# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, models
from odoo.tools import email_normalize, hash_sign, verify_hash_signed

from .crm_feedback_request import TOKEN_LENGTH

SCOPE = "crm_lifecycle.refusal"


class ResPartner(models.Model):
    """Whoever gets a letter written by a machine can say, from the letter, that he
    wants no more of them."""

    _inherit = "res.partner"

    def _get_refusal_link(self, company, email):
        """Return the address of the page that ends the letters to an address.

        It does not expire: a letter can be found again after years.
        """
        self.ensure_one()
        values = [self.id, email_normalize(email), company.id]
        # sudo: the database's secret
        token = hash_sign(self.sudo().env, SCOPE, values)
        return f"{company.get_base_url()}/customer-letters/{token}"

    @api.model
    def _from_refusal_token(self, token):
        """Return whom, at which address and by which company a token names; None when
        it is forged, altered or of another database. The person may be gone."""
        if not isinstance(token, str) or len(token) > TOKEN_LENGTH:
            return None
        try:
            values = verify_hash_signed(self.sudo().env, SCOPE, token)
        except (ValueError, IndexError):
            return None
        if not isinstance(values, list) or len(values) != 3:
            return None
        # sudo: the token is what gives access, to refusing for this one address
        person = self.sudo().browse(values[0]).exists()
        company = self.env["res.company"].sudo().browse(values[2]).exists()
        if not values[1] or not company:
            return None
        return {"person": person, "email": values[1], "company": company}

    @api.model
    def _refuse_letters(self, person, email, company):
        """Put an address on Odoo's blacklist, and note with the person that he refuses
        e-mails, since when and how we know it; once, however often it is said.

        :param person: ``res.partner`` record, empty where it is gone meanwhile
        """
        # sudo: nobody needs rights to be left alone
        blacklist = self.env["mail.blacklist"].sudo()
        company_lang = company.sudo().partner_id.lang or self.env.lang
        reason = self.with_context(lang=company_lang).env._(
            "Refused by the link of a letter of %(company)s", company=company.name
        )
        if not blacklist.search_count([("email", "=", email)], limit=1):
            blacklist._add(email, message=reason)
        channel = self._get_email_channel()
        if not person or not channel or person._refuses_channel_email():
            return
        # the company's day, which is that of the entries of its people
        timezone = self.env["crm.lifecycle.engine"]._get_timezone(company)
        consents = self.env["crm.contact.consent"].sudo().with_context(tz=timezone)
        consents.create(
            {
                "partner_id": person.id,
                "channel_id": channel.id,
                "state": "refused",
                "proof": reason,
                "user_id": False,
            }
        )

    @api.model
    def _get_email_channel(self):
        channels = self.env["crm.touchpoint.channel"]
        return channels.browse(channels._get_mapping()["email"])

    def _refuses_channel_email(self):
        """Whether the latest word of this very person about e-mails is a refusal."""
        self.ensure_one()
        latest = (
            self.env["crm.contact.consent"]
            .sudo()  # see `_refuse_letters`
            .search(
                [
                    ("partner_id", "=", self.id),
                    ("channel_id", "in", (False, self._get_email_channel().id)),
                ],
                order="date desc, id desc",
                limit=1,
            )
        )
        return latest.state in ("refused", "withdrawn")


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _add_refusal(self, person, company):
        """Say in a waiting letter how to get no more of them: below its text, and in
        the header for which mail programs show a button of their own (RFC 8058).

        Not in the template, which everybody may rewrite, and not in the message on the
        record, where a colleague could click it.
        """
        self.ensure_one()
        link = person._get_refusal_link(company, person.email_normalized)
        lang = person.lang or company.sudo().partner_id.lang or self.env.lang
        words = self.with_context(lang=lang)
        footer = Markup(
            '<p style="margin-top: 24px; font-size: 13px; color: #4b5563;">%s '
            '<a href="%s" style="color: #4b5563;">%s</a></p>'
        ) % (
            words.env._("You would rather not get letters like this one?"),
            link,
            words.env._("No more letters"),
        )
        self.write(
            {
                "body_html": f"{self.body_html or ''}{footer}",
                "headers": repr(
                    {
                        "List-Unsubscribe": f"<{link}>",
                        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                    }
                ),
            }
        )
