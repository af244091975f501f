# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

KINDS = [
    ("vip", "VIP review"),
    ("key", "Key account review"),
    ("turn", "Decision point of a turn"),
]
# What the job writes, and the answer that closes a review
PROTECTED_FIELDS = {
    *("profile_id", "kind", "state", "event_date", "due_date", "escalated_date"),
    *("done_date", "done_by_id", "kept_facts", "is_manual"),
}
ANSWER_FIELDS = {
    *("customer_side", "customer_asks", "decision", "terms", "reason"),
    *("next_date", "actions", "user_id"),
}


class CrmAccountReview(models.Model):
    """A moment at which both sides decide whether to go on, and on which terms.

    The job opens it, once for each event, or somebody does; people answer. Nothing
    renews a status by itself: an unanswered review stays open, is marked, and goes to
    the leader.
    """

    _name = "crm.account.review"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Account Review"
    _order = "state DESC, due_date, id"
    _rec_name = "partner_id"

    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer Card",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    partner_id = fields.Many2one(
        related="profile_id.partner_id", string="Customer", related_sudo=True
    )
    company_id = fields.Many2one(related="profile_id.company_id", related_sudo=True)
    stage_id = fields.Many2one(related="profile_id.stage_id", related_sudo=True)
    category_id = fields.Many2one(related="profile_id.category_id", related_sudo=True)
    kind = fields.Selection(selection=KINDS, required=True, readonly=True)
    state = fields.Selection(
        selection=[("open", "To Answer"), ("done", "Answered"), ("void", "Void")],
        required=True,
        readonly=True,
        default="open",
        help="Void: the status was withdrawn or reviewed otherwise meanwhile.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who Answers",
        ondelete="set null",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="The VIP's sponsor, the key account's manager, else the responsible.",
    )
    event_date = fields.Date(
        readonly=True,
        help="The day that made the review due: it is opened once for each.",
    )
    due_date = fields.Date(string="Answer Until", required=True, readonly=True)
    is_manual = fields.Boolean(
        string="Started by Hand",
        readonly=True,
        help="Somebody asked for it, whatever the settings say.",
    )
    escalated_date = fields.Date(
        string="Went to the Leader On",
        readonly=True,
        help="Nobody had answered for longer than the settings allow.",
    )
    is_late = fields.Boolean(
        string="Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="Open after its day: nobody has said whether the customer still deserves "
        "what it gets.",
    )
    customer_side = fields.Selection(
        selection=[
            ("goes_on", "Goes on"),
            ("hesitates", "Hesitates"),
            ("leaves", "Leaves"),
        ],
        string="The Customer",
    )
    customer_asks = fields.Text(string="What the Customer Asks For")
    decision = fields.Selection(
        selection=[
            ("keep", "Keep the terms"),
            ("other", "Other terms"),
            ("withdraw", "Withdraw the status"),
            ("stop", "Stop working with the customer"),
        ],
        string="Our Decision",
    )
    terms = fields.Text(string="With Which Terms")
    reason = fields.Char(string="Why We Decide So")
    next_date = fields.Date(string="Next Review")
    actions = fields.Text(
        string="What Is to Be Done", help="Who does what, until when."
    )
    done_date = fields.Date(string="Answered On", readonly=True)
    done_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Answered By",
        readonly=True,
        ondelete="set null",
    )
    concession_ids = fields.One2many(
        related="profile_id.concession_ids", readonly=False
    )

    _event_unique = models.Constraint(
        "UNIQUE(profile_id, kind, event_date)",
        "This event has its review already: see the reviews of the customer.",
    )
    _open_unique = models.UniqueIndex(
        "(profile_id, kind) WHERE state = 'open'",
        "Such a review of this customer waits for an answer already.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("partner_id", "kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for review in self:
            review.display_name = self.env._(
                "%(customer)s: %(kind)s",
                customer=review.partner_id.display_name or "",
                kind=labels.get(review.kind, ""),
            )

    @api.depends("state", "due_date")
    def _compute_is_late(self):
        engine = self.env["crm.lifecycle.engine"]
        for company, reviews in self.grouped("company_id").items():
            today = engine._today(company or self.env.company)
            for review in reviews:
                review.is_late = review.state == "open" and review.due_date < today

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env["crm.lifecycle.engine"]._today(self.env.company)
        late = Domain("state", "=", "open") & Domain("due_date", "<", today)
        return Domain.OR([late if wanted else ~late for wanted in set(value)])

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._raise_by_job()
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if not PROTECTED_FIELDS.isdisjoint(vals):
                self._raise_by_job()
            if not ANSWER_FIELDS.isdisjoint(vals) and set(self.mapped("state")) != {
                "open"
            }:
                raise UserError(
                    self.env._("The review is closed: its answer stays as it was.")
                )
        return super().write(vals)

    def _raise_by_job(self):
        raise UserError(
            self.env._(
                "Reviews open by themselves when they are due, or by the button “Start "
                "a Review”, and are closed by the button “Give an Answer”."
            )
        )

    def copy_data(self, default=None):
        raise UserError(self.env._("A review cannot be duplicated."))

    @api.readonly
    def action_open_card(self):
        """Open the card of the customer."""
        self.ensure_one()
        return self.profile_id._prepare_card_action()

    def action_plan_activity(self):
        """Open the dialog that plans what the review decides, on the customer."""
        self.ensure_one()
        customer = self.partner_id
        customer.check_access("write")
        todo = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan an Activity"),
            "res_model": "mail.activity.schedule",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": customer._name,
                "active_id": customer.id,
                "active_ids": customer.ids,
                "default_activity_type_id": todo and todo.id,
                "default_summary": self.display_name,
            },
        }

    def _prepare_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }
