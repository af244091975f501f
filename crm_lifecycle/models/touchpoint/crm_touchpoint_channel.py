# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

# What besides activity types a channel may take in: {field: key of the sources}
TAKEN = {
    "takes_email": "email",
    "takes_message": "message",
    "takes_event": "event",
    "takes_phonecall": "phonecall",
}
MAPPING_FIELDS = {*TAKEN, "activity_type_ids", "event_type_ids", "active"}


class CrmTouchpointChannel(models.Model):
    """A way to reach a customer, and what of Odoo counts as using it."""

    _name = "crm.touchpoint.channel"
    _description = "Contact Channel"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    icon = fields.Selection(
        selection=[
            ("fa-phone", "Phone"),
            ("fa-users", "People"),
            ("fa-envelope", "Envelope"),
            ("fa-comments", "Speech bubbles"),
            ("fa-map-marker", "Place"),
            ("fa-video-camera", "Camera"),
            ("fa-mobile", "Mobile phone"),
            ("fa-paper-plane", "Paper plane"),
            ("fa-handshake-o", "Handshake"),
            ("fa-globe", "Globe"),
            ("fa-star", "Star"),
        ],
        required=True,
        default="fa-star",
    )
    minutes = fields.Integer(
        string="Usual Duration (minutes)",
        default=15,
        help="Proposed when a contact is logged, and used to estimate how much work "
        "the contacts of a customer base take.",
    )
    activity_type_ids = fields.Many2many(
        comodel_name="mail.activity.type",
        relation="crm_touchpoint_channel_activity_rel",
        column1="channel_id",
        column2="activity_type_id",
        string="Activity Types",
        help="A done activity of these types is a touchpoint over this channel.",
    )
    event_type_ids = fields.Many2many(
        comodel_name="calendar.event.type",
        relation="crm_touchpoint_channel_event_rel",
        column1="channel_id",
        column2="event_type_id",
        string="Meeting Tags",
        help="A finished meeting with one of these tags is a touchpoint over this "
        "channel instead of the one for all other meetings.",
    )
    takes_email = fields.Boolean(
        string="E-mails",
        help="E-mails that people write to the customer, or the customer to us.",
    )
    takes_message = fields.Boolean(
        string="SMS and Portal",
        help="Text messages to the customer, and what the customer writes in the "
        "portal.",
    )
    takes_event = fields.Boolean(
        string="Meetings",
        help="Finished meetings of the calendar, unless a tag or the type of their "
        "activity leads to another channel.",
    )
    takes_phonecall = fields.Boolean(
        string="Phone Calls",
        help="Held calls of the application Phone Calls, where it is installed.",
    )

    @api.constrains("minutes")
    def _check_minutes(self):
        for channel in self:
            if not 0 <= channel.minutes <= 24 * 60:
                raise ValidationError(
                    self.env._(
                        "%(channel)s: the usual duration is %(minutes)s minutes. "
                        "Choose a number from 0 to 1440.",
                        channel=channel.name,
                        minutes=channel.minutes,
                    )
                )

    @api.constrains(*MAPPING_FIELDS)
    def _check_mapping(self):
        """Each thing leads to one channel: it would count twice otherwise."""
        channels = self.search([])  # pylint: disable=no-search-all
        for name in ("activity_type_ids", "event_type_ids"):
            taken = {}
            for channel in channels:
                for record in channel[name]:
                    other = taken.setdefault(record, channel)
                    if other != channel:
                        self._raise_taken(record.display_name, other, channel)
        for name in TAKEN:
            users = channels.filtered(name)
            if len(users) > 1:
                label = self._fields[name]._description_string(self.env)
                self._raise_taken(label, users[0], users[1])

    def _raise_taken(self, what, first, second):
        raise ValidationError(
            self.env._(
                "“%(what)s” leads to the channels %(first)s and %(second)s. Remove it "
                "from one of them.",
                what=what,
                first=first.name,
                second=second.name,
            )
        )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        channels = super().create(vals_list)
        if any(MAPPING_FIELDS.intersection(vals) for vals in vals_list):
            self._mapping_changed()
        return channels

    def write(self, vals):
        res = super().write(vals)
        if MAPPING_FIELDS.intersection(vals):
            self._mapping_changed()
        return res

    def unlink(self):
        res = super().unlink()
        self._mapping_changed()
        return res

    @api.model
    def _mapping_changed(self):
        """What was collected may lead elsewhere now: the job reads it again."""
        self.env.registry.clear_cache()
        # sudo: whoever may edit channels has the consequences computed
        self.env["crm.touchpoint.source"].sudo()._request_collection()

    # ------------------------------------------------------------
    # MAPPING
    # ------------------------------------------------------------

    @api.model
    @ormcache()
    def _get_mapping(self):
        """Return ``{"email": channel id or None, ...}`` for what is no activity."""
        # sudo: a setting, whoever's action is collected
        channels = self.sudo().search([])  # pylint: disable=no-search-all
        return {
            key: channels.filtered(name)[:1].id or None for name, key in TAKEN.items()
        }

    @api.model
    @ormcache()
    def _get_activity_type_ids(self):
        """Return the ids of the activity types that lead to a channel."""
        # sudo: a setting, whoever's action is collected
        channels = self.sudo().search([])  # pylint: disable=no-search-all
        return frozenset(channels.activity_type_ids.ids)
