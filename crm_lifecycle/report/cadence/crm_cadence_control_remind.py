# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree
from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import AccessError

LATE_STATES = ("overdue", "today", "soon")


class CrmCadenceControl(models.Model):
    """One click reminds whoever answers for the customer."""

    _inherit = "crm.cadence.control"

    # ------------------------------------------------------------
    # VIEWS
    # ------------------------------------------------------------

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self._may_remind())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Who may not remind has no button for it."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if not self._may_remind():
            for button in arch.iterfind(".//button[@name='action_remind']"):
                button.getparent().remove(button)
            etree.cleanup_namespaces(arch)
        return arch, view

    @api.model
    def _may_remind(self):
        return self.env["crm.lifecycle.profile"]._is_leader_or_manager()

    # ------------------------------------------------------------
    # REMINDING
    # ------------------------------------------------------------

    def action_remind(self):
        """Remind the responsibles of these contacts: one open activity for each
        customer and rule.

        :return: a notification that says how many were reminded, and why others not
        :raise AccessError: the user neither leads a team nor manages sales
        """
        self.check_access("read")
        if not self._may_remind():
            raise AccessError(
                self.env._(
                    "Leaders of a sales team and sales managers remind the "
                    "responsibles."
                )
            )
        lines, skipped = self._split_by_reminder()
        lines._make_reminders()
        return self.env["crm.lifecycle.profile"]._prepare_result(
            self.env._("Remind the Manager"),
            {"done": lines.ids, "state": "done"},
            {reason: rows.ids for reason, rows in skipped.items()},
            model=self._name,
        )

    def _split_by_reminder(self):
        """Return the rows to remind of, and ``{reason: rows}`` of the others."""
        skipped = {}
        lines = self.browse()
        able = self._get_able_users()
        for line in self:
            reason = line._get_reason_not_to_remind(able)
            if reason:
                skipped[reason] = skipped.get(reason, self.browse()) + line
            else:
                lines += line
        return lines, skipped

    def _get_reason_not_to_remind(self, able):
        """Return why nobody is reminded of this row; False: somebody is.

        :param able: ``{user id: customers' contacts the user may read}``
        """
        self.ensure_one()
        if self.state not in LATE_STATES:
            return self.env._("nothing is due yet, or contacts are paused")
        user = self.user_id.sudo()
        if not user or not user.active or user.share:
            return self.env._("no active responsible")
        if self.is_reminded:
            return self.env._("reminded already, and not done yet")
        if self.partner_id not in able[user.id]:
            return self.env._("the responsible may not see the customer's contact")
        return False

    def _get_able_users(self):
        """Return ``{user id: customers' contacts the user may read}``."""
        return {
            user.id: self.env["res.partner"]
            .browse(lines.partner_id.ids)
            .with_user(user)
            .with_context(allowed_company_ids=user.sudo().company_ids.ids)
            ._filtered_access("read")
            for user, lines in self.grouped("user_id").items()
            if user
        }

    def _make_reminders(self):
        """Plan an activity for each row, or turn the one that is planned into it."""
        planned = self._get_planned_activities()
        refused = self.env["crm.lifecycle.engine"]._get_refused(self.partner_id.ids)
        vals_list = []
        for line in self:
            vals = line._prepare_reminder_vals(refused.get(line.partner_id.id, ()))
            activity = planned.get((line.profile_id.id, line.rule_id.id))
            if activity:
                activity.write(line._prepare_planned_vals(vals))
                activity.action_notify()
            else:
                vals_list.append(vals)
        self.env["mail.activity"].create(vals_list)
        self.invalidate_recordset(["is_reminded"])

    def _get_planned_activities(self):
        """Return ``{(profile id, rule id): open activity}``, of which there is one."""
        # sudo: the activity may be somebody's whose documents the leader does not see
        activities = (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("lifecycle_profile_id", "in", self.profile_id.ids),
                    ("lifecycle_rule_id", "in", self.rule_id.ids),
                ]
            )
        )
        return {
            (activity.lifecycle_profile_id.id, activity.lifecycle_rule_id.id): activity
            for activity in activities
        }

    @api.model
    def _prepare_planned_vals(self, vals):
        """The planned activity goes to the responsible of today."""
        kept = ("user_id", "note", "lifecycle_reminder_user_id")
        return {name: vals[name] for name in kept}

    def _prepare_reminder_vals(self, refused=()):
        """Return the values of the activity that reminds of this row.

        :param refused: ids of the channels the customer refuses
        """
        self.ensure_one()
        user = self.user_id.sudo()
        line = self.with_context(lang=user.lang or self.env.lang)
        today = self.env["crm.lifecycle.engine"]._today(self.company_id)
        # a done activity of the rule's channel is the contact itself
        kind = self.rule_id._get_activity_type(refused)
        kind = kind or self.env.ref("mail.mail_activity_data_todo")
        return {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": self.partner_id.id,
            "user_id": user.id,
            "activity_type_id": kind.id,
            "date_deadline": today,
            "summary": line.rule_id.name,
            "note": line._get_reminder_note(),
            "lifecycle_profile_id": self.profile_id.id,
            "lifecycle_rule_id": self.rule_id.id,
            "lifecycle_due_date": self.due_date,
            "lifecycle_reminder_user_id": self.env.uid,
        }

    def _get_reminder_note(self):
        """What the responsible reads, in the responsible's language. Nothing of the
        card: everybody who sees the contact sees its activities."""
        self.ensure_one()
        if self.days_late:
            text = self.env._(
                "%(leader)s reminds you: this contact is overdue. Days: %(days)s.",
                leader=self.env.user.name,
                days=self.days_late,
            )
        else:
            text = self.env._(
                "%(leader)s reminds you: this contact is due.",
                leader=self.env.user.name,
            )
        norm = self.env._("Norm: %(norm)s", norm=self.norm)
        return Markup("<p>%s</p><p>%s</p>") % (text, norm)
