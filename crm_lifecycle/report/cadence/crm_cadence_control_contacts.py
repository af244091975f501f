# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import SQL, format_date

UTC = ZoneInfo("UTC")


class CrmCadenceControl(models.Model):
    """The norm in words, and the last contact over every channel."""

    _inherit = "crm.cadence.control"

    category_color = fields.Integer(compute="_compute_category_color")
    norm = fields.Char(
        compute="_compute_norm",
        help="What the rule asks of this customer, an exception included.",
    )
    last_contacts = fields.Json(
        string="Last Contact per Channel", compute="_compute_last_contacts"
    )
    last_contacts_text = fields.Char(
        string="Last Contact per Channel (text)",
        compute="_compute_last_contacts_text",
    )

    @api.depends("category_id")
    def _compute_category_color(self):
        for line in self:
            line.category_color = line.category_id.color

    # ------------------------------------------------------------
    # NORM
    # ------------------------------------------------------------

    @api.depends("rule_id", "profile_id")
    @api.depends_context("lang")
    def _compute_norm(self):
        exceptions = self._get_exceptions()
        texts = {}
        for line in self:
            rule = line.rule_id
            held = exceptions.get((line.profile_id.id, rule.id), rule)
            if (held, rule) not in texts:
                texts[held, rule] = self._get_norm_text(rule, held)
            line.norm = texts[held, rule]

    @api.model
    def _get_norm_text(self, rule, held):
        """Return a norm in words: the rule's channels, and the interval that is held
        instead of the rule's."""
        text = rule._format_interval(
            held.times, held.interval_number, held.interval_unit
        )
        channels = ", ".join(rule.channel_ids.mapped("name"))
        return f"{channels}: {text}" if channels else text

    def _get_exceptions(self):
        """Return ``{(profile id, rule id): exception}`` of other intervals in force.

        Several at once: the one that was decided last, as in the engine.
        """
        found = {}
        # sudo: what holds for a customer whose row the user sees
        exceptions = (
            self.env["crm.cadence.exception"]
            .sudo()
            .search(
                [
                    ("profile_id", "in", self.profile_id.ids),
                    ("rule_id", "in", self.rule_id.ids),
                    ("kind", "=", "interval"),
                ],
                order="id",
            )
        )
        engine = self.env["crm.lifecycle.engine"]
        for exception in exceptions:
            today = engine._today(exception.profile_id.company_id)
            ended = exception.date_to and exception.date_to < today
            if exception.date_from <= today and not ended:
                found[exception.profile_id.id, exception.rule_id.id] = exception
        return found

    # ------------------------------------------------------------
    # LAST CONTACTS
    # ------------------------------------------------------------

    @api.depends("profile_id", "rule_id")
    @api.depends_context("lang")
    def _compute_last_contacts(self):
        """One query for the rows of a page; who sees a row sees these contacts."""
        contacts = self._read_last_contacts()
        # channels are few, and switched-off ones were used
        Channel = self.env["crm.touchpoint.channel"].with_context(active_test=False)
        channels = Channel.search([("id", "!=", False)])
        asked = {rule: set(rule.channel_ids.ids) for rule in self.rule_id}
        for line in self:
            by_channel = contacts.get(line.profile_id.id, {})
            line.last_contacts = [
                {
                    "channel_id": channel.id,
                    "channel": channel.name,
                    "icon": channel.icon,
                    "id": by_channel[channel.id][1],
                    "day": fields.Date.to_string(by_channel[channel.id][0]),
                    "counts": channel.id in asked.get(line.rule_id, ()),
                }
                for channel in channels
                if channel.id in by_channel
            ]

    @api.depends("last_contacts")
    @api.depends_context("lang")
    def _compute_last_contacts_text(self):
        for line in self:
            line.last_contacts_text = ", ".join(
                f"{contact['channel']} {format_date(self.env, contact['day'])}"
                for contact in line.last_contacts or ()
            )

    def _read_last_contacts(self):
        """Return ``{profile id: {channel id: (company's day, touchpoint id)}}``."""
        if not self.profile_id:
            return {}
        engine = self.env["crm.lifecycle.engine"]
        self.env["crm.touchpoint"].flush_model(
            ["profile_id", "channel_id", "date", "is_ignored"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (profile_id, channel_id)
                       profile_id, channel_id, date, id
                  FROM crm_touchpoint
                 WHERE profile_id = ANY(%s) AND is_ignored IS NOT TRUE
                 ORDER BY profile_id, channel_id, date DESC, id DESC
                """,
                self.profile_id.ids,
            )
        )
        zones = {}
        for company, lines in self.grouped("company_id").items():
            zone = ZoneInfo(engine._get_timezone(company))
            zones.update(dict.fromkeys(lines.profile_id.ids, zone))
        contacts = {}
        for profile_id, channel_id, moment, touchpoint_id in rows:
            moment = moment.replace(tzinfo=UTC)
            day = moment.astimezone(zones[profile_id]).date()
            contacts.setdefault(profile_id, {})[channel_id] = (day, touchpoint_id)
        return contacts
