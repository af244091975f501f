# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, models

CALL = "mail.mail_activity_data_call"
MEETING = "mail.mail_activity_data_meeting"
TO_DO = "mail.mail_activity_data_todo"
SATISFACTION = "crm_lifecycle.mail_activity_type_satisfaction"
READY_PLANS = (
    *("welcome", "ownership", "satisfaction", "routine", "thanks"),
    *("late", "lapsed", "winback", "birthday", "rescue"),
)


class CrmLifecyclePlaybook(models.Model):
    """The activity plans of the ready playbooks.

    Odoo keeps no translations of plans, so their texts are written once, in the
    language of the company.
    """

    _inherit = "crm.lifecycle.playbook"

    @api.model
    def _create_ready_plans(self):
        """Make the plans that are not there yet, at the installation."""
        lang = self.env.ref("base.main_company").partner_id.lang
        playbooks = self.with_context(lang=lang or self.env.lang)
        for key, (name, steps) in playbooks._get_ready_plans().items():
            xml_id = f"crm_lifecycle.mail_activity_plan_playbook_{key}"
            if self.env.ref(xml_id, raise_if_not_found=False):
                continue
            plan = self.env["mail.activity.plan"].create(
                playbooks._prepare_ready_plan(name, steps)
            )
            self.env["ir.model.data"]._update_xmlids(
                [{"xml_id": xml_id, "record": plan, "noupdate": True}]
            )

    @api.model
    def _prepare_ready_plan(self, name, steps):
        return {
            "name": name,
            "res_model": "res.partner",
            "company_id": False,
            "template_ids": [
                Command.create(
                    {
                        "activity_type_id": self.env.ref(activity_type).id,
                        "summary": summary,
                        "note": note,
                        "delay_count": days,
                        "delay_unit": "days",
                        "delay_from": "after_plan_date",
                        "responsible_type": "on_demand",
                        "responsible_id": False,
                    }
                )
                for activity_type, days, summary, note in steps
            ],
        }

    @api.model
    def _get_ready_plans(self):
        """Return ``{key: (name, [(activity type, days, summary, note)])}``."""
        return {key: getattr(self, f"_get_plan_{key}")() for key in READY_PLANS}

    @api.model
    def _get_plan_welcome(self):
        steps = [
            (
                CALL,
                0,
                self.env._("Welcome call after the first order"),
                self.env._(
                    "Thank for the order. Say who answers for what, and how to reach "
                    "you. Ask who else decides and uses it there."
                ),
            ),
        ]
        return self.env._("Welcome"), steps

    @api.model
    def _get_plan_ownership(self):
        steps = [
            (
                CALL,
                0,
                self.env._("Is it used, is it understood?"),
                self.env._(
                    "Who works with it? What is not clear? Offer to show it. Sell "
                    "nothing in this call."
                ),
            ),
        ]
        return self.env._("Ownership and Use"), steps

    @api.model
    def _get_plan_satisfaction(self):
        steps = [
            (
                SATISFACTION,
                0,
                self.env._("Ask how satisfied the customer is"),
                self.env._(
                    "“Mark Done” opens the dialog: a number from 0 to 10, why, and "
                    "what follows from it."
                ),
            ),
        ]
        return self.env._("Satisfaction"), steps

    @api.model
    def _get_plan_routine(self):
        steps = [
            (
                CALL,
                1,
                self.env._("Agree on a routine"),
                self.env._(
                    "What is needed how often? Who orders, and how? What would make it"
                    " easier: a stock, a standing order, a price list?"
                ),
            ),
        ]
        return self.env._("Routine of a Regular"), steps

    @api.model
    def _get_plan_thanks(self):
        steps = [
            (
                MEETING,
                14,
                self.env._("Thank in person"),
                self.env._(
                    "Thank for the years. Ask for the plans of the coming year, and "
                    "whom he would recommend us to."
                ),
            ),
        ]
        return self.env._("Thanks to a Proven Partner"), steps

    @api.model
    def _get_plan_late(self):
        steps = [
            (
                CALL,
                0,
                self.env._("Call with a reason: the usual order is missing"),
                self.env._(
                    "Do not ask why he does not order. Bring something: a date, a "
                    "price, news about what he buys."
                ),
            ),
        ]
        return self.env._("Late Against the Own Rhythm"), steps

    @api.model
    def _get_plan_lapsed(self):
        steps = [
            (
                CALL,
                0,
                self.env._("Call: why the silence?"),
                self.env._("Listen first. Who else could tell what has changed?"),
            ),
            (
                MEETING,
                7,
                self.env._("Visit the customer"),
                self.env._("Bring somebody of the management along."),
            ),
        ]
        return self.env._("A VIP Falls Silent"), steps

    @api.model
    def _get_plan_winback(self):
        steps = [
            (
                CALL,
                0,
                self.env._("Find out which expectation was broken"),
                self.env._(
                    "What did he expect and not get? What would have to be different? "
                    "Then start the attempt in the win-back queue: the argument of the "
                    "first sale does not work twice."
                ),
            ),
        ]
        return self.env._("Win Back"), steps

    @api.model
    def _get_plan_birthday(self):
        steps = [
            (
                CALL,
                0,
                self.env._("Congratulate"),
                self.env._("Sell nothing in this call."),
            ),
        ]
        return self.env._("Birthday"), steps

    @api.model
    def _get_plan_rescue(self):
        steps = [
            (
                CALL,
                1,
                self.env._("Speak with the dissatisfied customer yourself"),
                self.env._(
                    "Listen, apologise, say what happens by when. When it is put "
                    "right, mark the feedback as put right: offers may go out again."
                ),
            ),
            (
                CALL,
                7,
                self.env._("Is it really put right?"),
                self.env._("Ask again how satisfied the customer is."),
            ),
        ]
        return self.env._("Rescue of a Dissatisfied Customer"), steps
