# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL, format_date, html2plaintext

from ..lifecycle_derived_mixin import derived

# In the order of the alphabet, which is how groups of a selection are sorted.
GROUPS = [
    ("overdue", "Overdue"),
    ("today", "Today"),
    ("week", "This week"),
    ("week_next", "Next week"),
    ("weeks_later", "Later"),
    ("x_paused", "Paused"),
]


class CrmCadenceStatus(models.Model):
    """The contact plan: what a row shows, and what is done from it."""

    _inherit = "crm.cadence.status"

    # Written by the planner, in SQL; a clock that moves on forgets them
    planned_due_date = fields.Date(
        readonly=True,
        export_string_translation=False,
        help="The due day an activity has been planned for: once is enough.",
    )
    escalated_due_date = fields.Date(
        readonly=True,
        export_string_translation=False,
        help="The missed due day the leader has been told of.",
    )

    plan_group = derived(
        fields.Selection,
        "plan_group",
        string="When",
        selection=GROUPS,
        help="Weeks last from Monday to Sunday.",
    )
    channel_id = derived(
        fields.Many2one,
        "channel_id",
        comodel_name="crm.touchpoint.channel",
        help="The first channel of the norm.",
    )
    channel_ids = fields.Many2many(related="rule_id.channel_ids")
    rule_text = fields.Char(string="Norm", related="rule_id.interval_text")
    category_color = fields.Integer(related="profile_id.category_color")
    contact_phone = fields.Char(related="profile_id.contact_phone", related_sudo=False)
    contact_email = fields.Char(related="profile_id.contact_email", related_sudo=False)
    last_user_id = fields.Many2one(
        related="last_touchpoint_id.user_id", string="Last Contact By"
    )
    last_text = fields.Char(string="Last Contact", compute="_compute_last_text")
    agenda_text = fields.Char(string="To Talk About", compute="_compute_agenda_text")
    best_hours_text = fields.Char(
        string="Best Hours", compute="_compute_best_hours_text"
    )
    planned_date = fields.Date(string="Planned On", compute="_compute_planned")
    planned_text = fields.Char(string="Planned", compute="_compute_planned")
    refused_text = fields.Char(
        string="Refused",
        compute="_compute_refused_text",
        help="Ways of contact of this norm that the customer refuses.",
    )

    # ------------------------------------------------------------
    # DEFINITIONS: ``column`` is a function from a column's name to SQL
    # ------------------------------------------------------------

    def _sql_plan_group(self, column):
        return SQL(
            "(CASE WHEN %(paused)s THEN 'x_paused' "
            "WHEN %(due)s < %(today)s THEN 'overdue' "
            "WHEN %(due)s = %(today)s THEN 'today' "
            "WHEN %(due)s < %(monday)s + 7 THEN 'week' "
            "WHEN %(due)s < %(monday)s + 14 THEN 'week_next' "
            "ELSE 'weeks_later' END)",
            paused=self._sql_is_paused(column),
            due=column("due_date"),
            today=self._sql_today(column),
            monday=SQL(
                "date_trunc('week', %s::timestamp)::date", self._sql_today(column)
            ),
        )

    def _sql_channel_id(self, column):
        return SQL(
            "(SELECT channel.id FROM crm_cadence_rule_channel_rel allowed "
            "JOIN crm_touchpoint_channel channel ON channel.id = allowed.channel_id "
            "WHERE allowed.rule_id = %s AND channel.active "
            "ORDER BY channel.sequence, channel.id LIMIT 1)",
            column("rule_id"),
        )

    # ------------------------------------------------------------
    # COMPUTE: one query each for all rows
    # ------------------------------------------------------------

    @api.depends("last_date", "last_touchpoint_id")
    @api.depends_context("lang")
    def _compute_last_text(self):
        for status in self:
            parts = [format_date(self.env, status.last_date), status.last_user_id.name]
            status.last_text = ", ".join(part for part in parts if part)

    @api.depends("rule_id.agenda_ids.text", "profile_id.stage_id")
    def _compute_agenda_text(self):
        for status in self:
            texts = status.rule_id._get_agenda_lines(status.stage_id).mapped("text")
            status.agenda_text = "; ".join(
                " ".join(html2plaintext(text).split()) for text in texts
            )

    @api.depends("profile_id")
    @api.depends_context("lang")
    def _compute_best_hours_text(self):
        # sudo: when a visible customer's people are best called is shown on its card
        hours = self.env["crm.lifecycle.best.hours"].sudo()
        hours = hours.search_fetch(
            [("partner_id.commercial_partner_id", "in", self.partner_id.ids)]
        )
        by_customer = hours.grouped("partner_id")
        texts = {}
        for contact, lines in by_customer.items():
            customer = contact.commercial_partner_id
            text = ", ".join(lines.mapped("display_name"))
            if contact != customer:
                text = f"{contact.name}: {text}"
            texts.setdefault(customer.id, []).append(text)
        for status in self:
            status.best_hours_text = "; ".join(texts.get(status.partner_id.id, []))

    @api.depends("profile_id")
    @api.depends_context("lang")
    def _compute_planned(self):
        """The next open activity with the customer or one of its people."""
        self.env["mail.activity"].flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (person.commercial_partner_id)
                       person.commercial_partner_id, activity.activity_type_id,
                       activity.date_deadline
                  FROM mail_activity activity
                  JOIN res_partner person ON person.id = activity.res_id
                 WHERE activity.active AND activity.user_id IS NOT NULL
                   AND activity.res_model = 'res.partner'
                   -- few: looked up one by one
                   AND activity.res_id = ANY(ARRAY(
                       SELECT id FROM res_partner
                        WHERE commercial_partner_id = ANY(%s)))
                 ORDER BY person.commercial_partner_id, activity.date_deadline,
                          activity.id
                """,
                self.partner_id.ids,
            )
        )
        planned = {res_id: (type_id, day) for res_id, type_id, day in rows}
        Type = self.env["mail.activity.type"]
        for status in self:
            type_id, day = planned.get(status.partner_id.id, (False, False))
            status.planned_date = day
            name = Type.browse(type_id).name or self.env._("Activity")
            status.planned_text = day and f"{name}, {format_date(self.env, day)}"

    @api.depends("profile_id", "rule_id")
    def _compute_refused_text(self):
        refused = self.env["crm.lifecycle.engine"]._get_refused(self.partner_id.ids)
        for status in self:
            ids = refused.get(status.partner_id.id, set())
            channels = status.rule_id.channel_ids
            channels = channels.browse(id_ for id_ in channels.ids if id_ in ids)
            status.refused_text = ", ".join(channels.mapped("name"))

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_log_contact(self):
        """Open the dialog that logs a contact, with a channel of the norm."""
        self.ensure_one()
        action = self.profile_id.action_log_contact()
        channel = self.rule_id._get_channels()[:1]
        action["context"] |= {"default_channel_id": channel.id}
        return action

    def action_schedule(self):
        """Open Odoo's own dialog that schedules an activity with the customer."""
        self.ensure_one()
        refused = self.env["crm.lifecycle.engine"]._get_refused(self.partner_id.ids)
        activity_type = self.rule_id._get_activity_type(
            refused.get(self.partner_id.id, ())
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Schedule a Contact"),
            "res_model": "mail.activity.schedule",
            "view_mode": "form",
            "target": "new",
            "context": {
                "active_model": "res.partner",
                "active_ids": self.partner_id.ids,
                "active_id": self.partner_id.id,
                "default_res_model": "res.partner",
                "default_activity_type_id": activity_type.id,
                "default_summary": self.rule_id.name,
            },
        }

    def action_open_profile(self):
        """Open the customer's card."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lifecycle.profile",
            "res_id": self.profile_id.id,
            "view_mode": "form",
        }

    def action_pause(self):
        """Ask until when and why this customer is not to be contacted."""
        return self._prepare_decision("pause", self.env._("Pause the Contacts"))

    def action_plan(self):
        """Plan activities for these rows now; say what was planned and what not."""
        profiles = self.profile_id
        result = profiles._plan_contacts(self)
        skipped = {}
        for line in result["skipped"]:
            skipped.setdefault(line["reason"], []).append(line["id"])
        return profiles._prepare_result(self.env._("Plan Contacts"), result, skipped)

    def _prepare_decision(self, kind, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "crm.lifecycle.action",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_kind": kind,
                "active_model": self._name,
                "active_ids": self.ids,
                "active_id": self[:1].id,
            },
        }
