# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ...models.cadence.crm_cadence_status import STATES
from ..crm_lifecycle_report_mixin import CUSTOMER_DEPENDS


class CrmCadenceControl(models.Model):
    """Control of the contact regulation: each customer under each personal rule.

    The clocks come from ``crm.cadence.status``, states and days late by its
    definitions; customers, responsibles and rights are those of today.
    """

    _name = "crm.cadence.control"
    _inherit = ["crm.lifecycle.report.mixin"]
    _description = "Contact Control"
    _auto = False
    _order = "due_date, id"
    _rec_name = "partner_id"
    _depends = {
        **CUSTOMER_DEPENDS,
        "crm.cadence.rule": ["kind", "lead_days"],
        "crm.cadence.status": [
            *("profile_id", "company_id", "rule_id", "last_touchpoint_id"),
            *("last_date", "uncovered_date", "due_date", "pause_from", "pause_until"),
        ],
        "mail.activity": [
            *("active", "lifecycle_profile_id", "lifecycle_rule_id"),
            "lifecycle_reminder_user_id",
        ],
    }

    rule_id = fields.Many2one(comodel_name="crm.cadence.rule", readonly=True)
    last_touchpoint_id = fields.Many2one(
        comodel_name="crm.touchpoint",
        string="Last Contact That Counted",
        readonly=True,
        help="The contact the clock of the rule was last set back by.",
    )
    last_user_id = fields.Many2one(
        related="last_touchpoint_id.user_id", string="Last Made By"
    )
    last_date = fields.Date(
        string="Last Counted On",
        readonly=True,
        help="Empty: never contacted as the rule asks.",
    )
    last_contact_date = fields.Date(
        string="Last Contact",
        readonly=True,
        help="The last contact over any channel, whether it counted for the rule.",
    )
    uncovered_date = fields.Date(
        string="Touched, Not Covered",
        readonly=True,
        help="A later contact with somebody who does not decide at the customer.",
    )
    due_date = fields.Date(string="Due", readonly=True)
    pause_until = fields.Date(string="Paused Until", readonly=True)
    state = fields.Selection(
        selection=STATES,
        readonly=True,
        help="Overdue from the day after it was due. Worst first: overdue, due today, "
        "due soon, in order, paused.",
    )
    days_late = fields.Integer(
        readonly=True,
        aggregator="max",
        help="Days since the contact was due. Of a group: of the worst customer.",
    )
    is_never = fields.Boolean(
        string="Never Contacted",
        readonly=True,
        help="No contact has ever counted for this rule.",
    )
    is_reminded = fields.Boolean(
        string="Reminded",
        readonly=True,
        help="The responsible was reminded, and the reminder is still open.",
    )
    violation_count = fields.Integer(
        string="Violations", readonly=True, help="Contacts that are overdue."
    )
    customer_count = fields.Integer(
        string="Customers",
        readonly=True,
        help="Customers under rules, each counted once.",
    )
    late_customer_count = fields.Integer(
        string="Customers With Violations",
        readonly=True,
        help="Customers with an overdue contact, each counted once.",
    )
    kept_share = fields.Float(
        string="Kept Today",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Share of the contacts that are not overdue, paused ones left out.",
    )

    # ------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT s.id, s.rule_id, s.last_touchpoint_id, s.last_date,
                   s.uncovered_date, s.due_date, %(state)s AS state,
                   %(days_late)s AS days_late, s.last_date IS NULL AS is_never,
                   CASE WHEN %(paused)s THEN s.pause_until END AS pause_until,
                   %(reminded)s AS is_reminded, p.last_contact_date,
                   (%(late)s)::int AS violation_count, 1 AS customer_count,
                   (%(late)s)::int AS late_customer_count,
                   CASE WHEN NOT %(paused)s THEN (NOT %(late)s)::int END AS kept_share,
                   p.id AS profile_id, p.partner_id, s.company_id,
                   %(currency)s::int AS currency_id, p.user_id, p.team_id,
                   c.country_id, c.state_id, p.stage_id, p.category_id, p.abc_class
              FROM crm_cadence_status s
              JOIN crm_lifecycle_profile p
                ON p.id = s.profile_id AND p.active AND NOT p.is_excluded
              LEFT JOIN res_partner c ON c.id = p.partner_id
             WHERE s.company_id = ANY(%(companies)s) AND s.rule_id = ANY(%(rules)s)
            """,
            **self._get_status_sql(),
            # as numbers: of the few rules nobody has counted PostgreSQL would expect
            # nearly none to be personal, and sort all rows instead of reading the first
            rules=list(self.env["crm.cadence.rule"]._get_personal_ids()),
            reminded=self._sql_is_reminded(),
            currency=self.env.company.sudo().currency_id.id,
            companies=self._get_companies().ids,
        )

    @api.model
    def _get_status_sql(self):
        """The definitions of ``crm.cadence.status``, over its row ``s``."""
        Status = self.env["crm.cadence.status"]

        def column(name):
            return SQL.identifier("s", name)

        days_late = Status._sql_days_late(column)
        return {
            "state": Status._sql_state(column),
            "days_late": days_late,
            "paused": Status._sql_is_paused(column),
            "late": SQL("(%s > 0)", days_late),
        }

    @api.model
    def _sql_is_reminded(self):
        """Looked up by the key of open activities, for the rows that are shown."""
        return SQL(
            "EXISTS (SELECT FROM mail_activity a WHERE a.active "
            "AND a.lifecycle_profile_id = s.profile_id "
            "AND a.lifecycle_rule_id = s.rule_id "
            "AND a.lifecycle_reminder_user_id IS NOT NULL)"
        )

    @api.model
    def _get_group_figures(self):
        return {
            **super()._get_group_figures(),
            "customer_count:sum": lambda column: self._sql_distinct_customers(
                column, SQL("TRUE")
            ),
            "late_customer_count:sum": lambda column: self._sql_distinct_customers(
                column, SQL("%s = 1", column("late_customer_count"))
            ),
        }

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @api.readonly
    def action_view_ledger(self):
        """Open the turns of this rule at this customer, as far as the user may."""
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                "crm_lifecycle.crm_cadence_period_action"
            ),
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("profile_id", "=", self.profile_id.id),
                ("rule_id", "=", self.rule_id.id),
            ],
            "context": {},
        }

    def action_log_contact(self):
        """Open the dialog that logs a contact with the customer of this row."""
        self.ensure_one()
        return self.profile_id.action_log_contact()
