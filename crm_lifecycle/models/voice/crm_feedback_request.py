# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.tools import hash_sign, verify_hash_signed

SCOPE = "crm_lifecycle.feedback"
# No token of ours is longer; what is, is no token
TOKEN_LENGTH = 512
COMMENT_LENGTH = 5000
# Answers to one letter: so many in an hour
ANSWERS = 20
PERIOD = timedelta(hours=1)


class CrmFeedbackRequest(models.Model):
    """A letter that asks one person what he thinks of us, and its answer.

    Its link is a token signed with the database's secret. It names this record, the
    company, the person and the order, expires, and opens nothing but the page where
    this person answers.
    """

    _name = "crm.feedback.request"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Request for Feedback"
    _order = "date desc, id desc"
    _rec_name = "contact_id"

    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer Card",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    partner_id = fields.Many2one(related="profile_id.partner_id", string="Customer")
    company_id = fields.Many2one(related="profile_id.company_id")
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Asked",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
        help="Whose opinion is asked.",
    )
    email = fields.Char(string="Asked At", readonly=True)
    order_id = fields.Many2one(
        comodel_name="sale.order",
        string="About the Order",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Asked By",
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="set null",
    )
    date = fields.Date(string="Asked On", required=True, readonly=True)
    expires_at = fields.Datetime(string="Answered Until", required=True, readonly=True)
    feedback_id = fields.Many2one(
        comodel_name="crm.feedback",
        string="Answer",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    is_answered = fields.Boolean(
        string="Answered", compute="_compute_is_answered", store=True
    )
    # how often the page was sent, against floods
    answer_count = fields.Integer(
        readonly=True, exportable=False, export_string_translation=False
    )
    answered_since = fields.Datetime(
        readonly=True, exportable=False, export_string_translation=False
    )

    @api.depends("feedback_id")
    def _compute_is_answered(self):
        for request in self:
            request.is_answered = bool(request.feedback_id)

    # ------------------------------------------------------------
    # THE PERSONAL LINK
    # ------------------------------------------------------------

    def _get_token_values(self):
        """Return what the link is bound to."""
        self.ensure_one()
        return [self.id, self.company_id.id, self.contact_id.id, self.order_id.id]

    def _get_token(self):
        """Return the token of the page; the same one for each of the letter's links."""
        self.ensure_one()
        # sudo: the database's secret
        return hash_sign(
            self.sudo().env, SCOPE, self._get_token_values(), self.expires_at
        )

    def _get_link(self, score=None):
        """Return the address of the page, with the score that a click chooses.

        :param int score: 0 to 10; None: none
        """
        url = f"{self.company_id.get_base_url()}/customer-feedback/{self._get_token()}"
        return url if score is None else f"{url}?score={score}"

    @api.model
    def _from_token(self, token):
        """Return the request a token names; none when it is forged, expired, altered,
        of another database, or when what it is bound to is gone."""
        nothing = self.browse()
        if not isinstance(token, str) or len(token) > TOKEN_LENGTH:
            return nothing
        try:
            values = verify_hash_signed(self.sudo().env, SCOPE, token)
        except (ValueError, IndexError):
            return nothing
        if not isinstance(values, list) or not values:
            return nothing
        # sudo: the token is what gives access, to this one record
        request = self.sudo().browse(values[0]).exists()
        is_bound = request and request._get_token_values() == values
        if not is_bound or request.expires_at < datetime.now():
            return nothing
        is_here = request.contact_id.active and request.profile_id.active
        return request if is_here else nothing

    # ------------------------------------------------------------
    # ANSWERING
    # ------------------------------------------------------------

    def _answer(self, score, comment="", may_quote=False):
        """Record what the person says; a later answer replaces it.

        :param str score: "0" to "10"
        :param str comment: empty: what was written before stays
        :return: False when there are too many answers in a short time
        """
        self.ensure_one()
        if not self._count_answer():
            return False
        comment = (comment or "").replace("\x00", "").strip()[:COMMENT_LENGTH]
        feedback = self.feedback_id
        if not feedback:
            self.feedback_id = self.env["crm.feedback"].create(
                {**self._prepare_feedback_vals(), "score": score}
                | {"comment": comment, "may_quote": bool(may_quote and comment)}
            )
            return True
        vals = {"score": score, "may_quote": bool(may_quote and comment)}
        if comment:
            vals["comment"] = comment
        else:
            vals["may_quote"] = feedback.may_quote
        if feedback.score != score:
            vals["date"] = self.env["crm.lifecycle.engine"]._today(self.company_id)
        feedback.write(vals)
        return True

    def _prepare_feedback_vals(self):
        return {
            "profile_id": self.profile_id.id,
            "contact_id": self.contact_id.id,
            "order_id": self.order_id.id,
            "kind": "satisfaction",
            "channel": "page",
            "user_id": False,
        }

    def _count_answer(self):
        """Whether one more answer is let through. Two at a time wait for each other,
        so that one letter never makes two answers."""
        now = fields.Datetime.now()
        if not self.answered_since or now - self.answered_since > PERIOD:
            self.write({"answered_since": now, "answer_count": 1})
        elif self.answer_count >= ANSWERS:
            return False
        else:
            self.answer_count += 1
        self.flush_recordset()
        return True
