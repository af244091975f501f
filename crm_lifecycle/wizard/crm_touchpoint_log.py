# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.touchpoint.crm_touchpoint import OUTCOMES

PEOPLE_DOMAIN = (
    "[('commercial_partner_id', '=', partner_id), ('is_company', '=', False)]"
)


class CrmTouchpointLog(models.TransientModel):
    """One small dialog after a contact: what happened, and what happens next."""

    _name = "crm.touchpoint.log"
    _description = "Log a Contact"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        compute="_compute_partner_id",
        compute_sudo=False,  # whose document it is, as far as the user may see it
        store=True,
        readonly=False,
        precompute=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company", default=lambda self: self.env.company
    )
    res_model = fields.Char()
    res_id = fields.Many2oneReference(model_field="res_model")
    channel_id = fields.Many2one(
        comodel_name="crm.touchpoint.channel",
        required=True,
        default=lambda self: self._default_channel_id(),
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="With",
        domain=PEOPLE_DOMAIN,
        help="The person at the customer.",
    )
    contact_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="crm_touchpoint_log_contact_rel",
        string="Also With",
        domain=PEOPLE_DOMAIN,
    )
    user_ids = fields.Many2many(
        comodel_name="res.users",
        string="Colleagues Too",
        domain="[('share', '=', False), ('id', '!=', uid)]",
    )
    date = fields.Datetime(
        string="When", required=True, default=lambda self: fields.Datetime.now()
    )
    duration = fields.Float(
        string="How Long",
        compute="_compute_duration",
        store=True,
        readonly=False,
        precompute=True,
        help="Hours and minutes.",
    )
    direction = fields.Selection(
        selection=[("out", "We"), ("in", "The customer")],
        string="Begun By",
        required=True,
        default="out",
    )
    outcome = fields.Selection(selection=OUTCOMES, string="What Came of It")
    note = fields.Text(string="What Was Said")
    objections = fields.Text(
        string="Objections and Questions",
        help="One a line. A line that ends with a question mark is a question.",
    )
    promise = fields.Char(help="What was promised; empty: nothing.")
    promise_side = fields.Selection(
        selection=[("we", "We"), ("customer", "The customer")],
        string="Promised By",
        default="we",
    )
    promise_date = fields.Date(
        string="Until",
        default=lambda self: fields.Date.context_today(self) + timedelta(days=7),
    )
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
    agenda = fields.Html(compute="_compute_agenda")

    # ------------------------------------------------------------
    # DEFAULTS AND COMPUTES
    # ------------------------------------------------------------

    @api.model
    def _default_channel_id(self):
        return self.env["crm.touchpoint.channel"].search([], limit=1)

    @api.depends("res_model", "res_id")
    def _compute_partner_id(self):
        for wizard in self:
            partner = wizard.partner_id
            document = wizard._get_document()
            if not partner and document:
                is_contact = document._name == "res.partner"
                partner = document if is_contact else document.partner_id
            # a card is the customer's; who was met is asked for below
            wizard.partner_id = partner.commercial_partner_id

    def _get_document(self):
        """Return the record the contact was about, None without one."""
        self.ensure_one()
        documents = self.env["crm.lifecycle.engine"]._get_touchpoint_documents()
        if self.res_model not in documents or not self.res_id:
            return None
        return self.env[self.res_model].browse(self.res_id)

    @api.depends("channel_id")
    def _compute_duration(self):
        for wizard in self:
            wizard.duration = wizard.channel_id.minutes / 60

    @api.depends("next_type_id")
    def _compute_next_date(self):
        for wizard in self:
            if wizard.next_type_id and not wizard.next_date:
                wizard.next_date = wizard.next_type_id._get_date_deadline()

    @api.depends("partner_id", "channel_id")
    def _compute_agenda(self):
        for wizard in self:
            profile = self.env["crm.lifecycle.profile"].search(
                [
                    ("partner_id", "=", wizard.partner_id.id),
                    ("company_id", "=", wizard.company_id.id),
                ]
            )
            wizard.agenda = self.env["crm.touchpoint"]._get_agenda(
                profile, wizard.channel_id
            )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @api.model
    def _prepare_action(self, partner, document=None, company=None):
        """Return the action that opens the dialog.

        :param partner: ``res.partner`` record: the customer, or who was met
        :param document: record the contact was about, a lead for instance
        :param company: whose contact it is; default: the current company's
        """
        customer = partner.commercial_partner_id
        people = customer.child_ids.filtered(lambda contact: not contact.is_company)
        contact = partner if not partner.is_company else people[:1]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log a Contact"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_id": customer.id,
                "default_company_id": (company or self.env.company).id,
                "default_contact_id": contact.id,
                "default_res_model": document._name if document else False,
                "default_res_id": document.id if document else False,
            },
        }

    def action_log(self):
        """Log the contact with everything noted on it, and plan the next step."""
        self.ensure_one()
        touchpoint = self._log()
        self._plan_next_step()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Logged: %(contact)s", contact=touchpoint.sudo().display_name
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _log(self):
        """Create the touchpoint, its promise and objections; return it.

        A colleague's customer may call anybody: whoever may read the contact may log
        it, and sees nothing of the card by that.
        """
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(
                self.env._("Contacts with customers are logged by salespeople.")
            )
        (self.partner_id + self.contact_id + self.contact_ids).check_access("read")
        document = self._get_document()
        if document:
            document.check_access("read")
        if self.promise and not self.promise_date:
            raise UserError(self.env._("Say until when it is promised."))
        company = self.company_id or self.env.company
        self._check_company_allowed(company)
        Touchpoint = self.env["crm.touchpoint"].with_company(company).sudo()
        touchpoint = Touchpoint.create(self._prepare_vals())
        self.env["crm.promise"].sudo().create(self._prepare_promise_vals(touchpoint))
        self.env["crm.objection"].sudo().create(
            self._prepare_objection_vals(touchpoint)
        )
        return touchpoint.sudo(self.env.su)

    @api.model
    def _check_company_allowed(self, company):
        if company not in self.env.companies:
            raise AccessError(
                self.env._(
                    "You do not work in %(company)s now: choose it at the top of the "
                    "screen, then log the contact.",
                    company=company.sudo().name,
                )
            )

    def _prepare_vals(self):
        document = self._get_document()
        return {
            "partner_id": self.partner_id.id,
            "contact_id": self.contact_id.id,
            "contact_ids": [Command.set((self.contact_ids - self.contact_id).ids)],
            "user_id": self.env.uid,
            "user_ids": [Command.set((self.user_ids - self.env.user).ids)],
            "channel_id": self.channel_id.id,
            "direction": self.direction,
            "date": self.date,
            "duration": self.duration,
            "outcome": self.outcome,
            "note": self.note,
            "res_model": document._name if document else False,
            "res_id": document.id if document else False,
        }

    def _prepare_promise_vals(self, touchpoint):
        if not self.promise:
            return []
        return [
            {
                "name": self.promise,
                "touchpoint_id": touchpoint.id,
                "side": self.promise_side or "we",
                "date_due": self.promise_date,
                "user_id": self.env.uid,
                "contact_id": self.contact_id.id,
            }
        ]

    def _prepare_objection_vals(self, touchpoint):
        lines = [line.strip() for line in (self.objections or "").splitlines()]
        return [
            {
                "name": line,
                "kind": "question" if line.endswith("?") else "objection",
                "touchpoint_id": touchpoint.id,
                "contact_id": self.contact_id.id,
                "user_id": self.env.uid,
            }
            for line in lines
            if line
        ]

    def _plan_next_step(self):
        """Plan an activity on the document the contact was about, else on whom we
        met."""
        if not self.next_type_id:
            return
        record = self._get_document() or self.contact_id or self.partner_id
        record.activity_schedule(
            activity_type_id=self.next_type_id.id,
            date_deadline=self.next_date,
            summary=self.next_summary or "",
            user_id=self.env.uid,
        )
