# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command, fields

from .common import TestLifecycleCompanies


class HandoverCommon(TestLifecycleCompanies):
    """Two companies; what hangs on the salesman, and a hand-over of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Handover = cls.env["crm.handover"]
        # customers are not mirrored to contacts where there are several companies
        cls.user_manager.group_ids += cls.env.ref("base.group_partner_manager")
        cls.user_both.group_ids += cls.env.ref("base.group_partner_manager")
        cls.customers = cls._create_customers(3, "Handed")
        cls.person = cls.env["res.partner"].create(
            {
                "name": "Peggy Person",
                "parent_id": cls.customers[0].id,
                "user_id": cls.user_salesman.id,
            }
        )

    def setUp(self):
        super().setUp()
        self.profiles = self.Profile
        for number, customer in enumerate(self.customers):
            self.profiles |= self._make_profiles(
                customer,
                user_id=self.user_salesman.id,
                team_id=self.team_1.id,
                revenue=1000 * (3 - number),
                stage="working",
                purchase_count=1,
                abc_class="abc"[number],
            )
        for company in self.company + self.company_2:
            self.Profile._record_responsibles(company)

    def _plan_work(self, partner=None, user=None):
        """Give the salesman a record of every other sort with a customer."""
        partner, user = partner or self.customers[0], user or self.user_salesman
        own = {"partner_id": partner.id, "user_id": user.id}
        self.lead = self.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "company_id": self.company.id,
                **own,
            }
        )
        self.quotation = self._create_order(
            partner, self.day(1), state="draft", user_id=user.id
        )
        self.meeting = self.env["calendar.event"].create(
            {
                "name": "Fair",
                "start": fields.Datetime.now() + timedelta(5),
                "stop": fields.Datetime.now() + timedelta(5, 3600),
                "user_id": user.id,
                "partner_ids": [Command.set([user.partner_id.id, partner.id])],
            }
        )
        self.activity = partner.activity_schedule(
            "mail.mail_activity_data_call", user_id=user.id, summary="Ask"
        )
        self.promise = self.env["crm.promise"].create(
            {
                "name": "Price list",
                "profile_id": self.profiles[0].id,
                "user_id": user.id,
                "date_due": self.day(-3),
            }
        )
        self.attempt = self.env["crm.winback.attempt"].create(
            {
                "profile_id": self.profiles[1].id,
                "user_id": user.id,
                "argument": "A technician within a day",
                "date_start": self.today,
            }
        )
        return (
            self.attempt,
            self.lead,
            self.quotation,
            self.meeting,
            self.activity,
            self.promise,
        )

    def _create_handover(self, user=None, companies=None, scopes=None, **values):
        """Create a hand-over from the salesman to his colleague, as the manager."""
        user = user or self.user_manager
        companies = companies or self.company
        handover = (
            self.Handover.with_user(user)
            .with_context(allowed_company_ids=companies.ids)
            .create(
                {
                    "from_user_id": self.user_salesman.id,
                    "to_user_id": self.user_salesman_2.id,
                    "introduce": "none",
                    **values,
                }
            )
        )
        if scopes:
            others = handover.scope_ids.filtered(lambda row: row.scope not in scopes)
            others.is_chosen = False
        return handover

    def _hand_over(self, handover):
        handover.action_prepare()
        handover.action_hand_over()
        self.env.invalidate_all()
        return handover

    def _row(self, handover, scope):
        return handover.scope_ids.filtered(lambda row: row.scope == scope)

    def _states(self, handover, model="crm.lifecycle.profile"):
        """Return the states and reasons of the lines of a model."""
        lines = handover.line_ids.filtered(lambda line: line.res_model == model)
        return [(line.state, line.reason) for line in lines.sorted("res_id")]
