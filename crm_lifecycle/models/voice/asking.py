# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Datetime, Domain


class CrmLifecycleProfile(models.Model):
    """Asking customers what they think, no more often than they bear."""

    _inherit = "crm.lifecycle.profile"

    def action_ask_feedback(self):
        """Ask the customers for feedback by letter, and tell who was not asked.

        Playbooks and server actions call it for their customers as well.
        """
        self._check_may_act()
        result = self._ask_feedback()
        skipped = {}
        for line in result["skipped"]:
            skipped.setdefault(line["reason"], []).append(line["id"])
        return self._prepare_result(self.env._("Ask for Feedback"), result, skipped)

    def _ask_feedback(self, orders=None, contacts=None):
        """Write to one person of each customer, who gets a personal link.

        Nobody is asked more often than the company's setting says, and nobody who
        does not want to be written to.

        :param orders: ``sale.order`` records the question is about, one per customer;
            their contact is asked
        :param contacts: ``res.partner`` records to ask, one per customer
        :return: ``{"done": [profile ids], "skipped": [{"id", "reason"}], "state"}``
        """
        accepted, skipped, asked = self._split_who_is_asked(orders, contacts)
        requests = accepted._create_requests(asked)
        requests._send_letters()
        return {"done": accepted.ids, "skipped": skipped, "state": "recomputed"}

    def _split_who_is_asked(self, orders=None, contacts=None):
        """Find whom a letter would go to now, and who is left out and why.

        Arguments as of `_ask_feedback`.

        :return: ``(profiles, [{"id", "reason"}], {profile: (person, order)})``
        """
        # sudo: whose order or contact it is
        order_of = {
            (order.partner_id.commercial_partner_id.id, order.company_id.id): order
            for order in (orders or self.env["sale.order"]).sudo()
        }
        contact_of = {
            contact.commercial_partner_id.id: contact
            for contact in (contacts or self.env["res.partner"]).sudo()
        }
        asked = {}
        for profile in self:
            order = order_of.get((profile.partner_id.id, profile.company_id.id))
            contact = contact_of.get(profile.partner_id.id)
            asked[profile] = (contact or profile._get_person_to_ask(order), order)
        persons = self.env["res.partner"].sudo().union(*(c for c, _o in asked.values()))
        refusals = persons._get_feedback_refusals()
        recent = self._get_recently_asked(persons)
        accepted, skipped = self._split(
            lambda profile: profile._why_not_asked(asked[profile][0], refusals, recent)
        )
        return accepted, skipped, asked

    def _get_person_to_ask(self, order=None):
        """Return the contact with an address: of the order, of the customer, or the
        first person of the customer."""
        self.ensure_one()
        # sudo: whom the salesperson of this customer writes to
        partner = self.partner_id.sudo()
        persons = partner.child_ids.filtered(
            lambda child: child.type == "contact" and child.active
        )
        ordering = order.partner_id if order else partner.browse()
        people = ordering | persons | partner if partner.is_company else partner
        return people.filtered("email_normalized")[:1]

    def _why_not_asked(self, person, refusals, recent):
        """Return why this person is not asked now, or None."""
        if self.is_excluded or not self.active:
            return self.env._("is no active customer")
        if not person or not person.email_normalized:
            return self.env._("nobody there has an e-mail address")
        if person in refusals:
            return self.env._("does not want to be written to")
        if self.has_open_feedback:
            return self.env._("is dissatisfied: put that right first")
        if person.email_normalized in recent.get(self.company_id, ()):
            return self.env._("was asked a short time ago")
        return None

    def _get_recently_asked(self, persons):
        """Return ``{company: addresses asked, or that answered, too recently}``."""
        addresses = set(persons.mapped("email_normalized")) - {False}
        recent = {}
        for company in self.company_id.sudo():  # a setting, whoever asks
            today = self._company_today(company)
            since = today - timedelta(company.lifecycle_feedback_days)
            mine = Domain("company_id", "=", company.id) & Domain("date", ">", since)
            people = Domain("contact_id.email_normalized", "in", list(addresses))
            requests = self.env["crm.feedback.request"].sudo()
            requests = requests.search(
                mine & (people | Domain("email", "in", list(addresses)))
            )
            answers = self.env["crm.feedback"].sudo()
            answers = answers.search(mine & people & Domain("score", "!=", False))
            recent[company] = {
                *requests.mapped("email"),
                *requests.contact_id.mapped("email_normalized"),
                *answers.contact_id.mapped("email_normalized"),
            }
        return recent

    def _create_requests(self, asked):
        now = Datetime.now()
        vals_list, addresses = [], set()
        for profile in self:
            person, order = asked[profile]
            key = (profile.company_id, person.email_normalized)
            if key in addresses:  # one person of two customers is asked once
                continue
            addresses.add(key)
            days = profile.company_id.sudo().lifecycle_feedback_expiry_days
            vals_list.append(
                {
                    "profile_id": profile.id,
                    "contact_id": person.id,
                    "email": person.email_normalized,
                    "order_id": order.id if order else False,
                    "date": self._company_today(profile.company_id),
                    "expires_at": now + timedelta(days=days or 1),
                }
            )
        # sudo: letters are written by this method alone, which has checked the rights
        return self.env["crm.feedback.request"].sudo().create(vals_list)


class CrmFeedbackRequest(models.Model):
    _inherit = "crm.feedback.request"

    def _send_letters(self):
        """Put one letter for each request into the queue of outgoing mail."""
        template = self._get_letter()
        for request in self:
            mail_id = template.send_mail(
                request.id,
                force_send=False,
                # no contact by a person of ours: it counts for no rule
                email_values={"message_type": "auto_comment"},
            )
            # sudo: letters are written by this method alone
            mail = self.env["mail.mail"].sudo().browse(mail_id)
            mail._add_refusal(request.contact_id, request.company_id)

    @api.model
    def _get_letter(self):
        # sudo: a template is no secret; some edit theirs for managers alone
        template = self.env.ref("crm_lifecycle.mail_template_feedback", False)
        if not template:
            raise UserError(
                self.env._(
                    "The letter “Ask for Feedback” has been deleted. Update the "
                    "application, which makes it again."
                )
            )
        return template.sudo()


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_feedback_refusals(self):
        """Return those of these persons who must not be written to: on the blacklist,
        or their latest word about letters, or about everything, is a refusal."""
        # sudo: that somebody refuses is to be respected by everybody
        blacklist = self.env["mail.blacklist"].sudo().with_context(active_test=True)
        addresses = [address for address in self.mapped("email_normalized") if address]
        blocked = set(blacklist.search([("email", "in", addresses)]).mapped("email"))
        email = self.env.ref("crm_lifecycle.crm_touchpoint_channel_email", False)
        channels = [False, *(email or self.env["crm.touchpoint.channel"]).ids]
        consents = self.env["crm.contact.consent"].sudo()
        latest = {}
        for consent in consents.search(
            [
                ("partner_id", "in", (self | self.commercial_partner_id).ids),
                ("channel_id", "in", channels),
            ],
            order="date, id",
        ):
            latest[consent.partner_id, consent.channel_id] = consent.state
        refused = {
            partner
            for (partner, _channel), state in latest.items()
            if state in ("withdrawn", "refused")
        }
        return self.filtered(
            lambda person: (
                person.email_normalized in blocked
                or person in refused
                or person.commercial_partner_id in refused
            )
        )

    def _erase_lifecycle_person(self):
        """Forget that, and under which address, these persons were asked."""
        count = super()._erase_lifecycle_person()
        # sudo: a request to be forgotten concerns every company
        requests = self.env["crm.feedback.request"].sudo()
        requests = requests.search([("contact_id", "in", self.ids)])
        count += len(requests)
        requests.unlink()
        return count
