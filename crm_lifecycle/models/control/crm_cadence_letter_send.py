# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .crm_cadence_letter import TEMPLATE

_logger = logging.getLogger(__name__)


class CrmCadenceLetter(models.Model):
    """Who receives a letter, and that everybody receives one a week."""

    _inherit = "crm.cadence.letter"

    @api.model
    def _cron_send(self):
        """Write the letters of this week that are missing, each in a transaction of
        its own; one that fails is logged and tried again a day later."""
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        if not template:
            _logger.info("Weekly letter on contacts: the template was deleted")
            return
        todo = self._get_missing_letters()
        failed = 0
        for number, (user, company) in enumerate(todo, start=1):
            try:
                with self.env.cr.savepoint():
                    self._send_one(template, user, company)
            except Exception:
                # one leader's trouble must not keep the others from their letters
                _logger.exception("Weekly letter to user %s failed", user.id)
                failed += 1
            self.env["ir.cron"]._commit_progress(1, remaining=len(todo) - number)
        if failed:
            cron = self.env.ref("crm_lifecycle.ir_cron_cadence_letter")
            cron._trigger(fields.Datetime.now() + timedelta(days=1))

    @api.model
    def _get_missing_letters(self):
        """Return [(leader, company)] that have no letter of this week yet."""
        todo = []
        companies = self.env["res.company"].search(
            [("lifecycle_enabled", "=", True), ("lifecycle_letter", "!=", "none")],
            order="id",
        )
        for company in companies:
            week = self._get_week(company)
            told = self.search(
                [
                    ("company_id", "=", company.id),
                    ("week", "=", week),
                    ("state", "!=", "preview"),
                ]
            ).user_id
            leaders = self._get_leaders(company) - told
            todo += [(user, company) for user in leaders.sorted("id")]
        return todo

    @api.model
    def _get_week(self, company):
        today = self.env["crm.lifecycle.engine"]._today(company)
        return today - timedelta(days=today.weekday())

    @api.model
    def _get_leaders(self, company):
        """Return the leaders of the company's teams who have an address, did not switch
        it off and may see the report."""
        # sudo: the teams of a company, whoever asks for the letters
        teams = (
            self.env["crm.team"]
            .sudo()
            .search(
                Domain("user_id", "!=", False)
                & Domain("company_id", "in", (company.id, False))
            )
        )
        return teams.user_id.filtered(
            lambda user: (
                user.active
                and not user.share
                and user.email
                and user.lifecycle_weekly_letter
                and company in user.company_ids
                and self.env["crm.cadence.control"].with_user(user).has_access("read")
            )
        ).sudo(False)

    @api.model
    def _send_one(self, template, user, company):
        """Write one letter and its e-mail, which Odoo's own queue delivers."""
        today = self.env["crm.lifecycle.engine"]._today(company)
        vals = self._prepare_letter_vals(user, company, today)
        always = company.lifecycle_letter == "always" and vals["rule_count"]
        state = "sent" if vals["violation_count"] or always else "skipped"
        letter = self.create({**vals, "state": state})
        if state == "sent":
            template.send_mail(
                letter.id,
                force_send=False,
                email_layout_xmlid="mail.mail_notification_light",
            )
        return letter

    def action_preview(self):
        """Show the manager the letters that the leaders would receive now.

        :return: the action that lists them
        :raise AccessError: the user is no sales manager
        """
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._("Sales managers look at the letters of the leaders.")
            )
        company = self.env.company
        today = self.env["crm.lifecycle.engine"]._today(company)
        # sudo: previews are written for the manager who asks for them
        Letter = self.sudo()
        Letter.search(
            [("state", "=", "preview"), ("create_uid", "=", self.env.uid)]
        ).unlink()
        Letter.create(
            [
                {
                    **Letter._prepare_letter_vals(user, company, today),
                    "state": "preview",
                }
                for user in self._get_leaders(company)
            ]
        )
        return self.env["ir.actions.actions"]._for_xml_id(
            "crm_lifecycle.crm_cadence_letter_action_preview"
        )
