# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date, plaintext2html

from ...models.feedback.crm_feedback import BANDS, SCORES

PEOPLE_DOMAIN = (
    "[('commercial_partner_id', '=', partner_id), ('is_company', '=', False)]"
)


class CrmLifecycleSatisfaction(models.TransientModel):
    """Ask how satisfied a customer is; what follows depends on the answer.

    Who is glad is offered more and asked whom he would tell, who is content is asked
    what is missing, and who is not gets help and no offer.
    """

    _name = "crm.lifecycle.satisfaction"
    _description = "Ask for Satisfaction"

    activity_id = fields.Many2one(comodel_name="mail.activity")
    company_id = fields.Many2one(
        comodel_name="res.company", default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, index=True
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner", string="Asked", domain=PEOPLE_DOMAIN
    )
    order_id = fields.Many2one(
        comodel_name="sale.order",
        string="About the Order",
        domain="[('partner_id.commercial_partner_id', '=', partner_id), "
        "('company_id', '=', company_id)]",
    )
    score = fields.Selection(
        selection=SCORES,
        string="Would You Recommend Us?",
        help="0: not at all, 10: certainly.",
    )
    band = fields.Selection(selection=BANDS, compute="_compute_band")
    comment = fields.Text(string="Why?")

    # 9-10
    product_ids = fields.Many2many(
        comodel_name="product.product",
        relation="crm_lifecycle_satisfaction_product_rel",
        string="Propose Other Products",
        domain="[('sale_ok', '=', True)]",
        help="Opens an opportunity about them.",
    )
    referral_name = fields.Char(
        string="Whom Would You Tell?", help="Becomes a lead that says who sent him."
    )
    referral_contact = fields.Char(string="How to Reach Them")
    may_quote = fields.Boolean(string="May Be Quoted")
    # 7-8
    missing = fields.Text(string="What Is Missing for a 10?")
    # 0-6
    rescue_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who Puts It Right",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        compute="_compute_rescue",
        store=True,
        readonly=False,
        precompute=True,
    )
    rescue_date = fields.Date(
        string="Deadline",
        compute="_compute_rescue",
        store=True,
        readonly=False,
        precompute=True,
    )
    # Next step
    next_type_id = fields.Many2one(
        comodel_name="mail.activity.type",
        string="Next Step",
        domain="[('res_model', 'in', (False, 'res.partner'))]",
        help="Plans an activity for you; empty: none.",
    )
    next_summary = fields.Char(string="About")
    next_date = fields.Date(
        string="On", compute="_compute_next_date", store=True, readonly=False
    )

    # ------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------

    @api.depends("score")
    def _compute_band(self):
        for wizard in self:
            wizard.band = self.env["crm.feedback"]._get_band(wizard.score)

    @api.depends("partner_id", "company_id")
    def _compute_rescue(self):
        for wizard in self:
            company = wizard.company_id.sudo()  # a setting, whoever asks
            today = self.env["crm.lifecycle.engine"]._today(company)
            # sudo: who answers for the customer is open to everybody
            profile = self.env["crm.lifecycle.profile"].sudo()
            profile = profile.search(
                [
                    ("partner_id", "=", wizard.partner_id.id),
                    ("company_id", "=", company.id),
                ]
            )
            user = profile.user_id
            wizard.rescue_user_id = user if user.active else self.env.user
            wizard.rescue_date = today + timedelta(company.lifecycle_rescue_days)

    @api.depends("next_type_id")
    def _compute_next_date(self):
        for wizard in self:
            if wizard.next_type_id and not wizard.next_date:
                wizard.next_date = wizard.next_type_id._get_date_deadline()

    # ------------------------------------------------------------
    # OPENING
    # ------------------------------------------------------------

    @api.model
    def _prepare_action(self, profile=None, activity=None):
        """Return the action that opens the dialog: for a card, or for an activity."""
        values = self._prepare_from_activity(activity) if activity else {}
        if profile:
            values = {
                "default_partner_id": profile.partner_id.id,
                "default_company_id": profile.company_id.id,
            }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("How Satisfied Is the Customer?"),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": values,
        }

    @api.model
    def _prepare_from_activity(self, activity):
        """The customer, the person and the order an activity is about."""
        record = self.env[activity.res_model].browse(activity.res_id)
        person = record
        if record._name != "res.partner":
            person = record["partner_id"] if "partner_id" in record else None
        if not person:
            raise UserError(
                self.env._("This activity is about no customer: set one first.")
            )
        # sudo: which order a playbook asked about, for whom the activity was planned
        run = activity.sudo().lifecycle_run_id
        order_id = run.source_id if run.source_model == "sale.order" else False
        company = run.company_id or self.env.company
        customer = person.commercial_partner_id
        return {
            "default_activity_id": activity.id,
            "default_partner_id": customer.id,
            "default_contact_id": person.id if person != customer else False,
            "default_order_id": order_id,
            "default_company_id": company.id,
        }

    # ------------------------------------------------------------
    # RECORDING
    # ------------------------------------------------------------

    def action_record(self):
        """Note the answer, do what it asks for, and close the activity."""
        self.ensure_one()
        if not self.score:
            raise UserError(self.env._("Choose the number the customer gave."))
        self._check_may_record()
        feedback = self._create_feedback()
        if self.band == "promoter":
            self._create_opportunity()
            self._create_referral()
        elif self.band == "detractor":
            self._assign_rescue(feedback)
        self._plan_next_step()
        self._close_activity()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self._get_result_text(),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _check_may_record(self):
        """A colleague's customer may answer anybody who may read the contact."""
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("Customers are asked by salespeople."))
        (self.partner_id + self.contact_id).check_access("read")
        self.order_id.check_access("read")
        if self.activity_id.user_id != self.env.user:
            self.activity_id.check_access("write")
        self.env["crm.touchpoint.log"]._check_company_allowed(self.company_id)

    def _create_feedback(self):
        # sudo: whoever asked notes the answer, also of a colleague's customer
        Touchpoint = self.env["crm.touchpoint"].sudo()
        profiles = Touchpoint._get_profiles(self.partner_id, self.company_id)
        return (
            self.env["crm.feedback"]
            .sudo()
            .create(
                {
                    "profile_id": profiles[self.partner_id.id],
                    "contact_id": self.contact_id.id,
                    "order_id": self.order_id.id,
                    "kind": "satisfaction",
                    "channel": "asked",
                    "score": self.score,
                    "comment": self._get_words(),
                    "may_quote": self.band == "promoter" and self.may_quote,
                    "user_id": self.env.uid,
                    "rescue_deadline": self.band == "detractor" and self.rescue_date,
                }
            )
        )

    def _get_words(self):
        """What the customer said, with what is missing for a 10."""
        words = [self.comment or ""]
        if self.band == "passive" and self.missing:
            words.append(self.env._("Missing for a 10: %(what)s", what=self.missing))
        return "\n".join(word for word in words if word) or False

    def _create_opportunity(self):
        """An opportunity about what was proposed to a glad customer."""
        products = self._get_proposed()
        if not products:
            return
        names = ", ".join(products.mapped("name"))
        text = self._get_proposal_text()
        self.env["crm.lead"].create(
            {
                "type": "opportunity",
                "name": f"{self.partner_id.name}: {names}",
                "partner_id": (self.contact_id or self.partner_id).id,
                "company_id": self.company_id.id,
                "user_id": self.env.uid,
                "description": text and plaintext2html(text),
            }
        )

    def _create_referral(self):
        """A lead for whom the customer would tell; it says who sent him."""
        if not self.referral_name:
            return
        reach = (self.referral_contact or "").strip()
        self.env["crm.lead"].create(
            {
                "type": "lead" if self._uses_leads() else "opportunity",
                "name": self.env._(
                    "%(name)s, recommended by %(customer)s",
                    name=self.referral_name,
                    customer=self.partner_id.name,
                ),
                "contact_name": self.referral_name,
                "referred": self.partner_id.name,
                "lifecycle_referrer_id": (self.contact_id or self.partner_id).id,
                "company_id": self.company_id.id,
                "user_id": self.env.uid,
                "email_from" if "@" in reach else "phone": reach or False,
            }
        )

    def _uses_leads(self):
        return self.env.user.has_group("crm.group_use_lead")

    def _assign_rescue(self, feedback):
        """Give the task of putting it right to whoever was chosen, with his day."""
        if not self.rescue_user_id or not self.rescue_date:
            raise UserError(
                self.env._("Say who puts it right, and by when: the customer waits.")
            )
        rescues = feedback._get_rescues()
        if not rescues:  # nobody answers for the customer
            feedback._create_rescues(
                [(feedback, self.rescue_user_id, self.rescue_date)]
            )
            return
        rescues.with_context(mail_activity_quick_update=True).write(
            {"user_id": self.rescue_user_id.id, "date_deadline": self.rescue_date}
        )

    def _plan_next_step(self):
        if not self.next_type_id:
            return
        (self.contact_id or self.partner_id).activity_schedule(
            activity_type_id=self.next_type_id.id,
            date_deadline=self.next_date,
            summary=self.next_summary or "",
            user_id=self.env.uid,
        )

    def _close_activity(self):
        """The activity that asked is done."""
        if not self.activity_id.exists() or not self.activity_id.active:
            return
        # without the answer, which is for readers of the card: everybody who sees the
        # contact reads its messages
        text = self.env._("Asked; the answer stands on the customer card.")
        self.activity_id._action_done(feedback=text)

    def _get_result_text(self):
        if self.band != "detractor":
            return self.env._("Noted: %(score)s of 10", score=self.score)
        return self.env._(
            "Noted: %(score)s of 10. No offers until it is put right; %(user)s sees "
            "to it by %(day)s.",
            score=self.score,
            user=self.rescue_user_id.name,
            day=format_date(self.env, self.rescue_date),
        )
