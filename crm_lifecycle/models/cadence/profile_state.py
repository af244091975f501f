# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

from ..lifecycle_derived_mixin import derived
from .crm_cadence_status import COLORS, STATES


class CrmLifecycleProfile(models.Model):
    """The worst of the customer's clocks, by the definition the clocks have.

    Reminders are kept apart: nobody is behind because of a mailing.
    """

    _inherit = "crm.lifecycle.profile"

    cadence_rank = derived(
        fields.Integer,
        "cadence_rank",
        string="Contact Urgency",
        aggregator="min",
        help="1: a contact is overdue; the higher, the less urgent.",
    )
    cadence_state = derived(
        fields.Selection,
        "cadence_state",
        string="State of Contacts",
        selection=STATES,
        help="The worst of the customer's contact rules. Empty: under no rule.",
    )
    cadence_color = derived(
        fields.Integer, "cadence_color", string="Colour of Contacts", aggregator=None
    )

    @api.model
    def _get_derived_depends(self):
        return [*super()._get_derived_depends(), "cadence_status_ids"]

    def _sql_cadence_rank(self, column):
        Status = self.env["crm.cadence.status"]
        return SQL(
            "(SELECT min(%(rank)s) FROM crm_cadence_status clock "
            "JOIN crm_cadence_rule norm ON norm.id = clock.rule_id "
            "WHERE clock.profile_id = %(id)s AND norm.kind = 'personal')",
            rank=Status._sql_state_rank(lambda name: SQL.identifier("clock", name)),
            id=column("id"),
        )

    def _sql_cadence_state(self, column):
        return SQL(
            "(%s::text[])[%s]",
            [state for state, __ in STATES],
            self._sql_cadence_rank(column),
        )

    def _sql_cadence_color(self, column):
        return SQL(
            "(%s::int[])[%s]",
            [COLORS[state] for state, __ in STATES],
            self._sql_cadence_rank(column),
        )

    def _get_overdue_norms(self):
        """Return what is overdue at this customer, worst first.

        :return: list of ``{"rule": crm.cadence.rule record, "name": its name,
            "due": date, "days": days late}``
        """
        self.ensure_one()
        overdue = self.env["crm.cadence.status"].search(
            [
                ("profile_id", "=", self.id),
                ("kind", "=", "personal"),
                ("state", "=", "overdue"),
            ],
            order="due_date, id",
        )
        return [
            {
                "rule": clock.rule_id,
                "name": clock.rule_id.name,
                "due": clock.due_date,
                "days": clock.days_late,
            }
            for clock in overdue
        ]


class CrmCadenceStatus(models.Model):
    _inherit = "crm.cadence.status"

    def action_open_touchpoint(self):
        """Open the touchpoint that restarted this clock.

        :return: an action; False when no contact has counted yet
        """
        self.ensure_one()
        if not self.last_touchpoint_id:
            return False
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.touchpoint",
            "res_id": self.last_touchpoint_id.id,
            "view_mode": "form",
        }


class CrmTouchpoint(models.Model):
    _inherit = "crm.touchpoint"

    @api.model
    def _get_agenda(self, profile, channel):
        """What the rules say to talk about over this channel: for the customer's stage,
        else for all."""
        texts = [super()._get_agenda(profile, channel)]
        if profile and profile.category_id:
            rules = self.env["crm.cadence.rule"].search(
                [
                    ("category_ids", "in", profile.category_id.ids),
                    ("company_id", "in", [False, profile.company_id.id]),
                    *([("channel_ids", "in", channel.ids)] if channel else []),
                ]
            )
            for rule in rules:
                lines = rule.agenda_ids.filtered(
                    lambda line: line.stage_id == profile.stage_id
                ) or rule.agenda_ids.filtered(lambda line: not line.stage_id)
                texts += lines.mapped("text")
        return Markup().join(Markup(text) for text in texts if text) or False
