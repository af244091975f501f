# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

SCORES = [(str(score), str(score)) for score in range(11)]
BANDS = [
    ("promoter", "Promoter (9-10)"),
    ("passive", "Passive (7-8)"),
    ("detractor", "Detractor (0-6)"),
]
# What the customer said: changed by whoever noted it, and by sales managers
SAID_FIELDS = {
    *("profile_id", "contact_id", "order_id", "score", "comment"),
    *("kind", "channel", "date", "user_id", "may_quote"),
}
RESOLUTION_FIELDS = {"resolved_date", "resolved_by_id"}
# Worked out from what was said
DERIVED_FIELDS = {"band", "is_open", "rescue_deadline", "escalated_date"}


class CrmFeedback(models.Model):
    """What a customer thinks of us, in a number and in words.

    A detractor's feedback and a complaint stay open until somebody has put right what
    was wrong; meanwhile nothing is to be offered to the customer.
    """

    _name = "crm.feedback"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Feedback"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer Card",
        required=True,
        ondelete="cascade",
        index=True,
    )
    partner_id = fields.Many2one(related="profile_id.partner_id", string="Customer")
    company_id = fields.Many2one(related="profile_id.company_id")
    responsible_id = fields.Many2one(
        related="profile_id.user_id", string="Responsible Manager"
    )
    team_id = fields.Many2one(related="profile_id.team_id", string="Sales Team")
    category_id = fields.Many2one(related="profile_id.category_id")
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Said By",
        ondelete="set null",
        index="btree_not_null",
        help="The person at the customer who said it.",
    )
    order_id = fields.Many2one(
        comodel_name="sale.order",
        string="About the Order",
        ondelete="set null",
        index="btree_not_null",
    )
    kind = fields.Selection(
        selection=[
            ("satisfaction", "Satisfaction"),
            ("complaint", "Complaint"),
            ("idea", "Idea"),
            ("reference", "Reference"),
        ],
        required=True,
        default="satisfaction",
    )
    # a selection, because 0 is an answer and an empty number would be 0 as well
    score = fields.Selection(
        selection=SCORES,
        help="How likely the customer is to recommend us: 0 not at all, 10 certainly.",
    )
    band = fields.Selection(
        selection=BANDS,
        compute="_compute_band",
        store=True,
        precompute=True,
        help="9 and 10 recommend us, 7 and 8 are content, 0 to 6 speak against us.",
    )
    comment = fields.Text(string="In the Customer's Words")
    may_quote = fields.Boolean(
        string="May Be Quoted",
        help="The customer agreed that we show these words to others.",
    )
    channel = fields.Selection(
        selection=[
            ("asked", "Asked by us"),
            ("page", "Personal page"),
            ("noted", "Noted by hand"),
        ],
        required=True,
        default="noted",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Noted By",
        default=lambda self: self._default_user_id(),
        ondelete="set null",
    )
    date = fields.Date(required=True, default=lambda self: self._default_date())
    answer = fields.Text(string="Our Answer", help="What we told the customer.")
    is_open = fields.Boolean(
        string="To Put Right",
        compute="_compute_is_open",
        store=True,
        precompute=True,
        help="A low score or a complaint that nobody has put right yet. Until then "
        "nothing is offered to the customer.",
    )
    resolved_date = fields.Date(string="Put Right On", readonly=True)
    resolved_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Put Right By",
        readonly=True,
        ondelete="set null",
    )

    _last_score_idx = models.Index("(profile_id, date, id) WHERE score IS NOT NULL")
    _open_idx = models.Index("(profile_id) WHERE is_open")

    # ------------------------------------------------------------
    # DEFAULTS AND COMPUTES
    # ------------------------------------------------------------

    @api.model
    def _default_user_id(self):
        return self.env.user if self.env.user._is_internal() else False

    @api.model
    def _default_date(self):
        return self.env["crm.lifecycle.engine"]._today(self.env.company)

    @api.depends("score")
    def _compute_band(self):
        for feedback in self:
            feedback.band = self._get_band(feedback.score)

    @api.model
    def _get_band(self, score):
        """Return the band of a score (a text), False without one."""
        if not score:
            return False
        if int(score) >= 9:
            return "promoter"
        return "passive" if int(score) >= 7 else "detractor"

    @api.depends("band", "kind", "resolved_date")
    def _compute_is_open(self):
        for feedback in self:
            is_bad = feedback.band == "detractor" or feedback.kind == "complaint"
            feedback.is_open = is_bad and not feedback.resolved_date

    @api.constrains("kind", "score")
    def _check_score(self):
        for feedback in self:
            if feedback.kind == "satisfaction" and not feedback.score:
                raise ValidationError(
                    self.env._("Satisfaction is a number from 0 to 10: choose one.")
                )

    @api.constrains("profile_id", "contact_id", "order_id")
    def _check_customer(self):
        """Nobody speaks for another customer."""
        # sudo: whose contact and order it is, not what they say
        for feedback in self.sudo():
            customer = feedback.profile_id.partner_id
            for record in (feedback.contact_id, feedback.order_id.partner_id):
                if record and record.commercial_partner_id != customer:
                    raise ValidationError(
                        # without their names, which may be hidden from the user
                        self.env._(
                            "Choose a contact or an order of %(customer)s: the one "
                            "chosen is of somebody else.",
                            customer=customer.display_name,
                        )
                    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_resolution(vals)
            self._check_noted(vals)
            if not vals.get("date") and vals.get("profile_id"):
                # sudo: the day of the company whose card it is
                profile = self.env["crm.lifecycle.profile"].sudo()
                company = profile.browse(vals["profile_id"]).company_id
                vals["date"] = self.env["crm.lifecycle.engine"]._today(company)
        feedbacks = super().create(vals_list)
        feedbacks._follow()
        return feedbacks

    def write(self, vals):
        self._check_resolution(vals)
        self._check_noted(vals)
        if not SAID_FIELDS.isdisjoint(vals):
            self._check_may_correct()
            self.env["crm.touchpoint"]._check_moved(vals)
        profiles = self.profile_id
        res = super().write(vals)
        if not {"profile_id", "score", "date"}.isdisjoint(vals):
            self._follow()
            self._gather(profiles)
        return res

    def unlink(self):
        self._follow()
        return super().unlink()

    def _check_resolution(self, vals):
        if not RESOLUTION_FIELDS.isdisjoint(vals):
            raise AccessError(
                self.env._(
                    "Feedback is closed by the button “Put Right”, which keeps who "
                    "said so and when."
                )
            )

    def _check_noted(self, vals):
        """Nobody writes what follows from the score, nor in the name of the page."""
        if self.env.su:
            return
        if not DERIVED_FIELDS.isdisjoint(vals) or vals.get("channel") == "page":
            raise AccessError(
                self.env._(
                    "What follows from a score is worked out by itself, and only the "
                    "customer answers on the personal page."
                )
            )

    def _check_may_correct(self):
        """Nobody turns a colleague's bad mark into a good one."""
        if self.env.su or self.env.user.has_group("sales_team.group_sale_manager"):
            return
        if any(feedback.user_id != self.env.user for feedback in self):
            raise AccessError(
                self.env._(
                    "What a customer said is corrected by whoever noted it, or by a "
                    "sales manager. You can add your answer."
                )
            )

    def _follow(self):
        """Have the loyalty ladder follow, soon."""
        self._gather(self.profile_id)

    @api.model
    def _gather(self, profiles):
        # sudo: whose customer it is, for the queue
        for company, group in profiles.sudo().grouped("company_id").items():
            self.env["crm.lifecycle.event"]._gather(group.partner_id.ids, company)

    # ------------------------------------------------------------
    # PUT RIGHT
    # ------------------------------------------------------------

    def action_resolve(self):
        """Say that what was wrong has been put right: offers may go out again."""
        return self._set_resolved(True)

    def action_reopen(self):
        """Take back that it was put right."""
        return self._set_resolved(False)

    def _set_resolved(self, resolved):
        self.check_access("write")
        for company, feedbacks in self.grouped("company_id").items():
            today = self.env["crm.lifecycle.engine"]._today(company)
            # past our own write, which keeps people from these columns
            # pylint: disable-next=super-method-mismatch
            super(CrmFeedback, feedbacks).write(
                {
                    "resolved_date": today if resolved else False,
                    "resolved_by_id": self.env.uid if resolved else False,
                }
            )
        return True

    # ------------------------------------------------------------
    # FOR THE ENGINE
    # ------------------------------------------------------------

    @api.model
    def _sql_last_band(self, profile_id, band, at_once):
        """Return the condition that a customer's latest score is in a band.

        :param str band: see ``band``
        :param bool at_once: PostgreSQL looks once at the scores of everybody, and may
            do so in parallel; else customer by customer
        """
        return SQL(
            """
            %(profile)s IN (
                SELECT last.profile_id
                  FROM (SELECT DISTINCT ON (feedback.profile_id)
                               feedback.profile_id, feedback.band
                          FROM crm_feedback feedback
                         WHERE feedback.score IS NOT NULL AND %(scope)s
                         ORDER BY feedback.profile_id, feedback.date DESC,
                                  feedback.id DESC) last
                 WHERE last.band = %(band)s)
            """,
            profile=profile_id,
            scope=SQL("TRUE")
            if at_once
            else SQL("feedback.profile_id = %s", profile_id),
            band=band,
        )
