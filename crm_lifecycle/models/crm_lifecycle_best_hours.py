# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.tools import format_time

CHANNELS = [
    ("call", "Call"),
    ("meeting", "Meeting"),
    ("visit", "Visit"),
    ("email", "E-mail"),
    ("message", "Message"),
]
DAYS = [
    ("any", "Any day"),
    ("workdays", "Monday to Friday"),
    ("weekend", "Weekend"),
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]


class CrmLifecycleBestHours(models.Model):
    """When a person is best reached over one channel, in the person's own time."""

    _name = "crm.lifecycle.best.hours"
    _description = "Best Hours of a Contact"
    _order = "partner_id, channel, days, hour_from, id"
    _rec_names_search = ["partner_id"]

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact",
        required=True,
        index=True,
        ondelete="cascade",
    )
    channel = fields.Selection(selection=CHANNELS, required=True, default="call")
    days = fields.Selection(
        selection=DAYS, string="Days of the Week", required=True, default="workdays"
    )
    hour_from = fields.Float(string="From", default=9.0)
    hour_to = fields.Float(string="Until", default=18.0)
    note = fields.Char()

    _hours_check = models.Constraint(
        "CHECK(hour_from >= 0 AND hour_to <= 24 AND hour_from < hour_to)",
        "Best hours: from must come before until, within one day.",
    )

    @api.depends("channel", "days", "hour_from", "hour_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        channels = dict(self._fields["channel"]._description_selection(self.env))
        days = dict(self._fields["days"]._description_selection(self.env))
        for hours in self:
            hours.display_name = self.env._(
                "%(channel)s: %(days)s, %(from)s–%(until)s",
                channel=channels.get(hours.channel, ""),
                days=days.get(hours.days, ""),
                **{
                    "from": self._hour_text(hours.hour_from),
                    "until": self._hour_text(hours.hour_to),
                },
            )

    @api.model
    def _hour_text(self, hour):
        """An hour of the day in the reader's format; 24 is shown as midnight."""
        moment = datetime.combine(datetime.min, time()) + timedelta(hours=hour)
        return format_time(self.env, moment.time(), time_format="short")
