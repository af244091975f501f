# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError, UserError


class CrmTouchpoint(models.Model):
    """What people decide about touchpoints, and the way to where they come from."""

    _inherit = "crm.touchpoint"

    # ------------------------------------------------------------
    # DOES NOT COUNT
    # ------------------------------------------------------------

    def set_ignored(self, reason):
        """Let these touchpoints count no longer, and keep who decided it and why.

        :param str reason: why they were no contacts with the customer
        :return: True
        """
        reason = self.env["crm.lifecycle.profile"]._check_reason(reason)
        self._decide(
            {
                "is_ignored": True,
                "ignore_reason": reason,
                "ignore_user_id": self.env.uid,
                "ignore_date": self._now(),
            }
        )
        return True

    def set_counted(self):
        """Let touchpoints that somebody excluded count again: whoever did so, the
        leader of the team and managers.

        :return: True
        :raise AccessError: somebody else decided it
        """
        for touchpoint in self.filtered("ignore_user_id"):
            if (
                touchpoint.ignore_user_id != self.env.user
                and not touchpoint.profile_id._may_decide_contacts()
            ):
                raise AccessError(
                    self.env._(
                        "%(user)s decided that this contact does not count. Ask the "
                        "leader of the team or a sales manager.",
                        user=touchpoint.ignore_user_id.sudo().name,
                    )
                )
        self._decide(
            {
                "is_ignored": False,
                "ignore_reason": False,
                "ignore_user_id": False,
                "ignore_date": False,
            }
        )
        return True

    def action_ignore(self):
        """Ask why these touchpoints do not count."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Does Not Count"),
            "res_model": "crm.touchpoint.ignore",
            "view_mode": "form",
            "target": "new",
            "context": {"default_touchpoint_ids": self.ids},
        }

    # ------------------------------------------------------------
    # SOURCE
    # ------------------------------------------------------------

    def action_open_source(self):
        """Open the meeting, message or document behind this touchpoint.

        :raise AccessError: the user may read the touchpoint, but not its source
        """
        self.ensure_one()
        model, id_ = self._get_source_document()
        record = self.env[model].browse(id_).exists() if model in self.env else None
        if not record:
            raise UserError(
                self.env._(
                    "There is nothing to open: the source is gone, or there was none."
                )
            )
        record.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": id_,
            "view_mode": "form",
        }

    def _get_source_document(self):
        """Return (model, id) of what shows this touchpoint's source best."""
        if self.source_model in ("calendar.event", "crm.phonecall"):
            return self.source_model, self.source_id
        return self.res_model or "", self.res_id or 0

    @api.model
    def _get_agenda(self, profile, channel):
        """Hook: what to talk about with this customer, as HTML; False for nothing.

        :param profile: ``crm.lifecycle.profile`` record, may be empty
        :param channel: ``crm.touchpoint.channel`` record, may be empty
        """
        return False
