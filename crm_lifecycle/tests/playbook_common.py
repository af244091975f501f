# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command, api

from .common import TestLifecycleCompanies

CALL = "mail.mail_activity_data_call"


class TestPlaybookCommon(TestLifecycleCompanies):
    """A playbook that plans one call, and the reaction step of the job."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Playbook = cls.env["crm.lifecycle.playbook"]
        cls.Run = cls.env["crm.lifecycle.playbook.run"]
        cls.Playbook.search([("is_on", "=", True)]).is_on = False
        cls.env.cr.execute(
            "UPDATE res_company SET lifecycle_baseline_at = now() - interval '1 year', "
            "lifecycle_enabled = TRUE, lifecycle_tz = NULL WHERE id IN %s",
            [(cls.company.id, cls.company_2.id)],
        )
        cls.env.cr.execute(
            "UPDATE crm_lifecycle_transition SET reacted_at = now() "
            "WHERE reacted_at IS NULL"
        )
        cls.env.invalidate_all()
        cls.plan = cls._create_plan()

    @classmethod
    def _create_plan(cls, **step):
        return cls.env["mail.activity.plan"].create(
            {
                "name": "Call",
                "res_model": "res.partner",
                "company_id": False,
                "template_ids": [
                    Command.create(
                        {
                            "activity_type_id": cls.env.ref(CALL).id,
                            "summary": "Call the customer",
                            "responsible_type": "on_demand",
                            "delay_from": "after_plan_date",
                            **step,
                        }
                    )
                ],
            }
        )

    def _create_playbook(self, trigger, since=30, **values):
        """Create a running playbook that was switched on ``since`` days ago."""
        playbook = self.Playbook.create(
            {
                "name": f"On {trigger}",
                "trigger": trigger,
                "plan_id": self.plan.id,
                "is_on": True,
                "user_id": self.user_manager.id,
                **values,
            }
        )
        self._set_activated(playbook, since)
        return playbook

    def _set_activated(self, playbook, since):
        playbook.flush_recordset()
        moment = datetime.combine(self.day(since), time(0))
        self.env.cr.execute(
            "UPDATE crm_lifecycle_playbook SET activated_at = %s WHERE id = %s",
            [moment, playbook.id],
        )
        playbook.invalidate_recordset()

    def _react(self):
        """Run the reaction step as the job does, with its commits."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["crm.lifecycle.engine"]._react()
        self.env.invalidate_all()

    def _new_day(self):
        """Have the job look for what comes with a date again."""
        self.company.lifecycle_playbook_date = False

    @contextmanager
    def _on_day(self, ahead):
        """Let the company's day be so many days from now."""
        day = self.today + timedelta(ahead)
        with patch.object(type(self.engine), "_today", lambda *_args: day):
            yield day

    def _runs(self, playbook, state=None):
        domain = [("playbook_id", "=", playbook.id)]
        if state:
            domain.append(("state", "=", state))
        return self.Run.search(domain, order="id")

    def _customers_of(self, playbook, state="done"):
        return self._runs(playbook, state).partner_id

    def _activities(self, partner):
        return self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", partner.ids)]
        )

    def _buyer(self, name="Buyer", ago=(1,), **values):
        """Create a customer who bought on days, computed as an event."""
        partner = self._create_customer(name, user_id=self.user_salesman.id, **values)
        self._create_orders(partner, ago)
        self._recompute(partner)
        return partner

    def _on_working(self, **values):
        stages = [Command.set(self.stage("working").ids)]
        return self._create_playbook("stage_entered", stage_ids=stages, **values)

    def _create_letter(self, model="res.partner", **values):
        return self.env["mail.template"].create(
            {
                "name": "Letter",
                "model_id": self.env["ir.model"]._get_id(model),
                "subject": "Hello",
                "body_html": '<p>Dear <t t-out="object.display_name"/></p>',
                **values,
            }
        )

    def _mails(self, partner):
        return self.env["mail.mail"].search([("recipient_ids", "in", partner.ids)])
