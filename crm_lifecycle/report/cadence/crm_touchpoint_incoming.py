# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..crm_lifecycle_report_mixin import CUSTOMER_DEPENDS


class CrmTouchpointIncoming(models.Model):
    """What customers sent us, and how long they waited for our answer.

    A wait begins with a contact the customer began over a channel that waits for an
    answer, unless the customer is waiting already. It ends with the next contact of
    any other sort: one that we began, or a conversation (call, meeting, visit).
    """

    _name = "crm.touchpoint.incoming"
    _inherit = ["crm.lifecycle.report.mixin"]
    _description = "Incoming Contacts"
    _auto = False
    _order = "waiting_since, date desc, id desc"  # who waits, longest first
    _rec_name = "partner_id"
    _depends = {
        **CUSTOMER_DEPENDS,
        "crm.touchpoint": [
            *("profile_id", "channel_id", "direction", "date", "is_ignored"),
            *("user_id", "contact_id", "no_answer_date"),
        ],
        "crm.touchpoint.channel": ["waits_for_answer"],
    }

    touchpoint_id = fields.Many2one(
        comodel_name="crm.touchpoint", string="Incoming Contact", readonly=True
    )
    subject = fields.Char(related="touchpoint_id.subject")
    contact_id = fields.Many2one(
        comodel_name="res.partner", string="Sender", readonly=True
    )
    channel_id = fields.Many2one(comodel_name="crm.touchpoint.channel", readonly=True)
    date = fields.Datetime(
        string="Came In",
        readonly=True,
        help="The first of the contacts the customer began without an answer between "
        "them.",
    )
    state = fields.Selection(
        selection=[
            ("waiting", "Unanswered"),
            ("answered", "Answered"),
            ("closed", "Needs no answer"),
        ],
        readonly=True,
    )
    answer_id = fields.Many2one(
        comodel_name="crm.touchpoint",
        readonly=True,
        help="The next contact that we began, over any channel, or a call, meeting or "
        "visit, whoever began it.",
    )
    answer_date = fields.Datetime(related="answer_id.date", string="Answered On")
    answer_user_id = fields.Many2one(
        comodel_name="res.users", string="Answered By", readonly=True
    )
    reply_hours = fields.Float(
        string="Reply Time (working hours, median)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="From the incoming contact to the answer, in hours of the company's "
        "working time without its public holidays. Of a group: the median, so that "
        "one forgotten letter does not hide the usual time.",
    )
    waiting_hours = fields.Float(
        string="Waiting (working hours)",
        readonly=True,
        aggregator="max",
        digits=(16, 1),
        help="How long an unanswered contact has been waiting until now, in hours of "
        "the company's working time. Of a group: the longest.",
    )
    waiting_since = fields.Datetime(readonly=True, export_string_translation=False)
    is_late = fields.Boolean(
        string="Too Late",
        readonly=True,
        help="Answered later, or waiting for longer, than the settings allow.",
    )
    incoming_count = fields.Integer(string="Incoming Contacts", readonly=True)
    answered_count = fields.Integer(string="Answered", readonly=True)
    waiting_count = fields.Integer(string="Unanswered", readonly=True)
    in_time_share = fields.Float(
        string="Answered in Time",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Share answered within the time of the settings. Unanswered ones count "
        "once that time is over; those that need no answer do not.",
    )

    # ------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT d.id, d.touchpoint_id, d.contact_id, d.channel_id, d.date, d.state,
                   d.answer_id, d.answer_user_id,
                   CASE WHEN d.state = 'waiting' THEN d.date END AS waiting_since,
                   CASE WHEN d.state = 'answered' THEN d.hours END AS reply_hours,
                   CASE WHEN d.state = 'waiting' THEN d.hours END AS waiting_hours,
                   d.state <> 'closed' AND d.hours > d.reply_limit AS is_late,
                   1 AS incoming_count, (d.state = 'answered')::int AS answered_count,
                   (d.state = 'waiting')::int AS waiting_count,
                   CASE WHEN d.state = 'closed' THEN NULL
                        WHEN d.hours > d.reply_limit THEN 0
                        WHEN d.state = 'answered' THEN 1 END AS in_time_share,
                   d.profile_id, d.partner_id, d.company_id, d.currency_id, d.user_id,
                   d.team_id, d.country_id, d.state_id, d.stage_id, d.category_id,
                   d.abc_class
              FROM (%s) d
            """,
            self._sql_waits(),
        )

    @api.model
    def _sql_waits(self):
        engine = self.env["crm.lifecycle.engine"]
        now = SQL("%s::timestamp", self.env["crm.touchpoint"]._now())
        channels = self._get_waiting_channels()
        return SQL(
            """
            SELECT t.id, t.id AS touchpoint_id, t.contact_id, t.channel_id, t.date,
                   CASE WHEN answer.id IS NOT NULL THEN 'answered'
                        WHEN t.no_answer_date IS NOT NULL OR NOT p.active
                        THEN 'closed' -- nobody answers who left the base
                        ELSE 'waiting' END AS state,
                   answer.id AS answer_id, answer.user_id AS answer_user_id,
                   company.reply_limit, %(hours)s AS hours, %(columns)s
              FROM crm_touchpoint t
              JOIN (%(customers)s) ON p.id = t.profile_id
              LEFT JOIN LATERAL (
                   SELECT b.id, b.date, b.user_id
                     FROM crm_touchpoint b
                    WHERE b.profile_id = t.profile_id AND b.is_ignored IS NOT TRUE
                      AND b.date >= t.date AND (b.date, b.id) > (t.date, t.id)
                      AND (b.direction = 'out' OR b.channel_id <> ALL(%(channels)s))
                    ORDER BY b.date, b.id
                    LIMIT 1) answer ON TRUE
             WHERE t.direction = 'in' AND t.channel_id = ANY(%(channels)s)
               AND t.is_ignored IS NOT TRUE AND %(begins)s
            """,
            hours=engine._sql_business_hours(
                SQL("t.date"), SQL("COALESCE(answer.date, %s)", now), SQL("company")
            ),
            columns=self._sql_customer_columns(),
            customers=self._sql_customers(),
            channels=channels,
            begins=self._sql_begins_to_wait(channels),
        )

    @api.model
    def _get_waiting_channels(self):
        """Return the ids of the channels that wait for an answer, used no more too."""
        # sudo: a setting, whoever looks at the report
        Channel = self.env["crm.touchpoint.channel"].sudo()
        domain = [("waits_for_answer", "=", True)]
        return Channel.with_context(active_test=False).search(domain).ids

    @api.model
    def _sql_begins_to_wait(self, channels):
        """The contact before it was none that waits as well."""
        return SQL(
            """
            COALESCE((
                SELECT b.direction = 'out' OR b.channel_id <> ALL(%(channels)s)
                       OR b.no_answer_date IS NOT NULL
                  FROM crm_touchpoint b
                 WHERE b.profile_id = t.profile_id AND b.is_ignored IS NOT TRUE
                   AND b.date <= t.date AND (b.date, b.id) < (t.date, t.id)
                 ORDER BY b.date DESC, b.id DESC
                 LIMIT 1), TRUE)
            """,
            channels=channels,
        )

    @api.model
    def _get_company_columns(self, company):
        engine = self.env["crm.lifecycle.engine"]
        return {
            **super()._get_company_columns(company),
            **engine._get_work_schedule(company),
            "reply_limit": SQL("%s::numeric", company.sudo().lifecycle_reply_hours),
        }

    @api.model
    def _get_group_figures(self):
        return {
            **super()._get_group_figures(),
            "reply_hours:avg": lambda column: SQL(
                "percentile_cont(0.5) WITHIN GROUP (ORDER BY %s)",
                column("reply_hours"),
            ),
        }

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_log_contact(self):
        """Open the dialog that logs the contact that answers this one."""
        self.ensure_one()
        return self.profile_id.action_log_contact()

    def action_open_source(self):
        """Open the message, or the document it stands on, to answer there."""
        self.ensure_one()
        return self.touchpoint_id.action_open_source()

    def action_needs_no_answer(self):
        """Take these contacts, and what the customer added since, off the list of
        those who wait.

        :return: a notification that says what was done and what was not, and why
        """
        waiting = self.filtered(lambda line: line.state == "waiting")
        waiting._get_waiting_touchpoints()._set_needs_no_answer()
        return self._tell_result(
            self.env._("Needs No Answer"),
            waiting,
            self.env._("answered already, or needs no answer"),
        )

    def action_needs_answer(self):
        """Put contacts back on the list of those who wait for an answer.

        :return: a notification that says what was done and what was not, and why
        """
        closed = self.filtered(lambda line: line.state == "closed")
        closed.touchpoint_id._set_needs_answer()
        return self._tell_result(
            self.env._("Needs an Answer"),
            closed,
            self.env._("answered already, or waiting already"),
        )

    def _get_waiting_touchpoints(self):
        """These contacts and the later ones of the same waits: nothing answered them,
        so they are all that these customers began since."""
        Touchpoint = self.env["crm.touchpoint"]
        if not self:
            return Touchpoint
        later = Touchpoint.search(
            [
                ("profile_id", "in", self.profile_id.ids),
                ("direction", "=", "in"),
                ("channel_id.waits_for_answer", "=", True),
                ("is_ignored", "=", False),
                ("date", ">=", min(self.mapped("date"))),
            ]
        )
        since = {line.profile_id: (line.date, line.id) for line in self}
        return later.filtered(
            lambda contact: (contact.date, contact.id) >= since[contact.profile_id]
        )

    def _tell_result(self, title, done, reason):
        skipped = self - done
        # the rows have changed: what was read of them is stale
        self.invalidate_model(flush=False)
        return self.env["crm.lifecycle.profile"]._prepare_result(
            title,
            {"done": done.ids, "state": "done"},
            {reason: skipped.ids} if skipped else {},
            model=self._name,
        )
