# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import fields, models


class CrmCadenceRule(models.Model):
    """What the planner does about a rule."""

    _inherit = "crm.cadence.rule"

    is_planned = fields.Boolean(
        string="Plan Activities",
        default=True,
        help="The nightly job plans an activity for the responsible manager before a "
        "contact is due, where the company has switched planning on.",
    )
    plan_type_id = fields.Many2one(
        comodel_name="mail.activity.type",
        string="Planned As",
        domain="[('res_model', 'in', (False, 'res.partner'))]",
        ondelete="set null",
        help="Empty: the first activity type of the first channel the customer does "
        "not refuse.",
    )

    def _get_channels(self):
        """Return the active channels in their order."""
        return self.channel_ids.filtered("active").sorted("sequence")

    def _get_activity_type(self, refused=()):
        """Return the activity type a contact of this norm is planned with: the rule's
        own, else the first one of the first channel.

        A reminder never makes a call. Empty: every way is refused.

        :param refused: ids of the channels the customer refuses
        """
        self.ensure_one()
        is_reminder = self.kind == "reminder"
        channels = self._get_channels().filtered(
            lambda channel: (
                channel.id not in refused
                and not (is_reminder and channel.takes_phonecall)
            )
        )
        # sudo: settings
        avoided = self.env["crm.touchpoint.channel"].sudo().browse(refused)
        types = self.plan_type_id + channels.activity_type_ids
        usable = (types - avoided.activity_type_ids).filtered(
            lambda kind: (
                kind.active
                and kind.res_model in (False, "res.partner")
                and not (is_reminder and kind.category == "phonecall")
            )
        )
        return usable[:1] if channels else usable.browse()

    def _get_agenda_lines(self, stage):
        """Return what to talk about at a stage: its own agenda, else the general."""
        self.ensure_one()
        own = self.agenda_ids.filtered(lambda line: line.stage_id == stage)
        return (
            own
            if own and stage
            else self.agenda_ids.filtered(lambda line: not line.stage_id)
        )

    def _get_agenda_html(self, stage):
        """Return what to talk about at a stage as one HTML text, or False."""
        texts = self._get_agenda_lines(stage).mapped("text")
        return Markup("").join(texts) or False
