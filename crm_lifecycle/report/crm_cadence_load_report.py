# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL


class CrmCadenceLoadReport(models.Model):
    """What the contact regulation asks of each manager, against working hours."""

    _name = "crm.cadence.load.report"
    _description = "Workload of the Contact Regulation"
    _auto = False
    _order = "load desc, id"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        comodel_name="res.users", string="Responsible Manager", readonly=True
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    customer_count = fields.Integer(
        string="Customers", readonly=True, help="Customers under any contact rule."
    )
    contacts = fields.Float(
        readonly=True,
        digits=(16, 0),
        aggregator="sum",
        help="That the rules ask for in an average month.",
    )
    hours = fields.Float(
        string="Hours Asked For",
        readonly=True,
        digits=(16, 1),
        help="A month: contacts times the minutes each rule gives to one.",
    )
    working_hours = fields.Float(
        readonly=True,
        digits=(16, 1),
        help="A month: of the person's own working schedule, else of the company's, in "
        "an average month; holidays are not deducted.",
    )
    load = fields.Float(
        readonly=True,
        digits=(16, 4),
        aggregator="avg",
        help="Hours asked for divided by working hours. Of a group: all hours by all "
        "working hours.",
    )

    _depends = {
        "crm.cadence.status": ["profile_id", "rule_id", "company_id"],
        "crm.cadence.rule": ["minutes", "times", "interval_number", "interval_unit"],
        "crm.cadence.exception": [
            *("profile_id", "rule_id", "kind", "date_from", "date_to"),
            *("times", "interval_number", "interval_unit"),
        ],
        "crm.lifecycle.profile": ["user_id"],
        "resource.calendar": ["hours_per_week"],
    }

    @property
    def _table_query(self):
        Rule = self.env["crm.cadence.rule"]
        return SQL(
            """
            SELECT asked.id, asked.company_id, asked.user_id, asked.customer_count,
                   asked.contacts, asked.hours, work.hours AS working_hours,
                   asked.hours / NULLIF(work.hours, 0) AS load
              FROM (SELECT min(status_id) AS id, company_id, user_id,
                           count(DISTINCT profile_id) AS customer_count,
                           sum(contacts) AS contacts, sum(hours) AS hours
                      FROM (%s) demand WHERE user_id IS NOT NULL
                     GROUP BY company_id, user_id) asked
              JOIN (%s) work ON work.user_id = asked.user_id
               AND work.company_id = asked.company_id
            """,
            Rule._sql_demand(),
            Rule._sql_working_hours(),
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """The load of a group is a ratio of sums."""
        if aggregate_spec == "load:avg":
            return SQL(
                "sum(%s) / NULLIF(sum(%s), 0)",
                self._field_to_sql(self._table, "hours", query),
                self._field_to_sql(self._table, "working_hours", query),
            )
        return super()._read_group_select(aggregate_spec, query)

    def action_view_plan(self):
        """Open the contact plan of this manager."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_lifecycle.crm_cadence_status_action"
        )
        return {
            **action,
            "domain": [
                ("user_id", "=", self.user_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            "context": {},
        }
