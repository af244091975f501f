# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date, format_time
from odoo.tools.misc import format_duration

TIMELINE_LIMIT = 80


class CrmTouchpoint(models.Model):
    """The timeline on the customer card."""

    _inherit = "crm.touchpoint"

    @api.model
    @api.readonly
    def get_timeline(self, profile_id, channel_id=None, direction=None, offset=0):
        """Return touchpoints of a customer for the timeline on its card.

        :param int profile_id: id of a ``crm.lifecycle.profile``
        :param int channel_id: only this channel
        :param str direction: only ``out`` (begun by us) or ``in`` (by the customer)
        :param int offset: how many to skip, the latest first
        :return: ``{"channels": [{"id", "name", "icon", "count"}], "total": int,
            "lines": [{"id", "day", "time", "icon", "channel", "direction", "with",
            "by", "subject", "text", "outcome", "duration", "is_ignored", "reason",
            "can_open"}]}``; at most 80 lines, texts in the user's language
        :raise UserError: an id or an offset that is no number
        """
        self._check_numbers(profile_id, channel_id or 1)
        self._check_numbers(offset, least=0)
        domain = Domain("profile_id", "=", profile_id)
        counts = self._read_group(domain, ["channel_id"], ["__count"])
        if channel_id:
            domain &= Domain("channel_id", "=", channel_id)
        if direction:
            domain &= Domain("direction", "=", direction)
        touchpoints = self.search(domain, offset=offset, limit=TIMELINE_LIMIT)
        return {
            "channels": [
                {
                    "id": channel.id,
                    "name": channel.name,
                    "icon": channel.icon,
                    "count": count,
                }
                for channel, count in counts
            ],
            "total": self.search_count(domain),
            "lines": [touchpoint._format_for_timeline() for touchpoint in touchpoints],
        }

    @api.model
    def _check_numbers(self, *numbers, least=1):
        """Refuse what can be no id (or, from 0, no offset)."""
        for number in numbers:
            is_number = isinstance(number, int) and not isinstance(number, bool)
            if not is_number or not least <= number < 2**31:
                raise UserError(
                    self.env._("“%(value)s” is no number of a record.", value=number)
                )

    def _format_for_timeline(self):
        """Return one touchpoint as the timeline shows it."""
        self.ensure_one()
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        # sudo: names of people whose contact the user may read
        people = self.sudo()
        return {
            "id": self.id,
            "day": format_date(self.env, self._local_moment()),
            "time": format_time(self.env, self.date, time_format="short"),
            "icon": self.channel_id.icon,
            "channel": self.channel_id.name,
            "direction": self.direction,
            "with": ", ".join((people.contact_id + people.contact_ids).mapped("name")),
            "by": ", ".join((people.user_id + people.user_ids).mapped("name")),
            "subject": self.subject or "",
            "text": self.note or self.source_text or "",
            "outcome": labels.get(self.outcome, ""),
            "duration": format_duration(self.duration) if self.duration else "",
            "is_ignored": self.is_ignored,
            "reason": self.ignore_reason or "",
            "can_open": bool(self._get_source_document()[0]),
        }

    def _local_moment(self):
        """The moment in the reader's time zone."""
        from_utc = self.env["crm.touchpoint"]._fields["date"].context_timestamp
        return from_utc(self, self.date)

    @api.model
    @api.readonly
    def get_acquaintances(self, profile_id):
        """Return who of us has met whom of a customer.

        :param int profile_id: id of a ``crm.lifecycle.profile``
        :return: ``[{"contact_id", "contact", "user_id", "user", "count", "last"}]``,
            the latest first; ``last`` is a day in the user's format
        :raise AccessError: the user may not see this customer's card
        :raise UserError: an id that is no number
        """
        self._check_numbers(profile_id)
        profile = self.env["crm.lifecycle.profile"].browse(profile_id)
        self.browse().check_access("read")
        profile.check_access("read")
        self.flush_model()
        rows = self.env.execute_query(self._get_acquaintances_sql(profile_id))
        # sudo: names of people whose contacts the user may read
        contacts = self.env["res.partner"].sudo().browse([row[0] for row in rows])
        users = self.env["res.users"].sudo().browse([row[1] for row in rows])
        return [
            {
                "contact_id": contact.id,
                "contact": contact.name or "",
                "user_id": user.id,
                "user": user.name,
                "count": count,
                "last": format_date(self.env, last),
            }
            for contact, user, (__, __, count, last) in zip(
                contacts, users, rows, strict=True
            )
        ]

    @api.model
    def _get_acquaintances_sql(self, profile_id):
        return SQL(
            """
            SELECT person.id, colleague.id, count(*), max(t.date)
              FROM crm_touchpoint t
             CROSS JOIN LATERAL (
                    SELECT t.contact_id AS id WHERE t.contact_id IS NOT NULL
                     UNION
                    SELECT rel.partner_id FROM crm_touchpoint_contact_rel rel
                     WHERE rel.touchpoint_id = t.id) person
             CROSS JOIN LATERAL (
                    SELECT t.user_id AS id WHERE t.user_id IS NOT NULL
                     UNION
                    SELECT rel.user_id FROM crm_touchpoint_user_rel rel
                     WHERE rel.touchpoint_id = t.id) colleague
             WHERE t.profile_id = %s AND t.is_ignored IS NOT TRUE
             GROUP BY person.id, colleague.id
             ORDER BY max(t.date) DESC, person.id, colleague.id
             LIMIT 200
            """,
            profile_id,
        )
