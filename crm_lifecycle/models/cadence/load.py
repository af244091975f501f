# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

MANAGERS_SHOWN = 5
LINE = Markup('<li class="%s">%s</li>')


class CrmCadenceRule(models.Model):
    """Load check: the work the regulation asks for against the hours there are.

    An average month: 365 / 12 days. Working hours are those of the person's own
    calendar, else of the company's; holidays are not deducted.
    """

    _inherit = "crm.cadence.rule"

    monthly_rate = fields.Float(
        string="Contacts a Month per Customer",
        compute="_compute_monthly_rate",
        digits=(16, 2),
        help="That one customer asks for in an average month.",
    )
    customer_count = fields.Integer(
        string="Customers",
        compute="_compute_load",
        groups="sales_team.group_sale_manager",
        help="Customers of the rule's categories in the companies chosen at the top "
        "of the screen.",
    )
    monthly_contacts = fields.Integer(
        string="Contacts a Month",
        compute="_compute_load",
        groups="sales_team.group_sale_manager",
    )
    monthly_hours = fields.Float(
        string="Hours a Month",
        compute="_compute_load",
        digits=(16, 1),
        groups="sales_team.group_sale_manager",
    )
    load_html = fields.Html(
        string="Load Check",
        compute="_compute_load",
        sanitize=False,
        groups="sales_team.group_sale_manager",
        help="What the rule adds to the work of those who answer for the customers.",
    )

    # ------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------

    @api.model
    def _sql_rate(self, table):
        """Return how many contacts a month a norm asks for.

        The same definition as ``_get_interval``.

        :param str table: alias of a rule or of an exception
        """
        return SQL(
            """
            (CASE WHEN %(unit)s = 'month' AND %(times)s = 1 THEN 1.0 / %(number)s
                  ELSE 365 / 12.0 / GREATEST(1, floor(%(number)s * CASE %(unit)s
                       WHEN 'day' THEN 1 WHEN 'week' THEN 7 ELSE 365 / 12.0 END
                       / %(times)s)) END)
            """,
            unit=SQL.identifier(table, "interval_unit"),
            times=SQL.identifier(table, "times"),
            number=SQL.identifier(table, "interval_number"),
        )

    @api.model
    def _sql_interval_of(self, table):
        """Return the interval between two contacts of a rule or of an exception."""
        return SQL(
            """
            (CASE WHEN %(unit)s = 'month' AND %(times)s = 1
                  THEN make_interval(months => %(number)s)
                  ELSE make_interval(days => GREATEST(1, floor(%(number)s
                       * CASE %(unit)s WHEN 'day' THEN 1 WHEN 'week' THEN 7
                         ELSE 365 / 12.0 END / %(times)s))::integer) END)
            """,
            unit=SQL.identifier(table, "interval_unit"),
            times=SQL.identifier(table, "times"),
            number=SQL.identifier(table, "interval_number"),
        )

    @api.model
    def _sql_of_exception(self, value):
        """Return the sub-query of ``value`` of the exception in force at ``status``
        on the company's day: of several the one decided last."""
        return SQL(
            """
            (SELECT %(value)s FROM crm_cadence_exception exception
              WHERE exception.profile_id = status.profile_id
                AND exception.rule_id = status.rule_id
                AND exception.kind = 'interval'
                AND exception.date_from <= %(today)s
                AND COALESCE(exception.date_to >= %(today)s, TRUE)
              ORDER BY exception.id DESC LIMIT 1)
            """,
            value=value,
            today=self.env["crm.lifecycle.engine"]._sql_company_today(
                SQL("status.company_id")
            ),
        )

    @api.model
    def _sql_step(self):
        """Return the interval that holds at ``status``, whose rule is ``rule``."""
        return SQL(
            "COALESCE(%s, %s)",
            self._sql_of_exception(self._sql_interval_of("exception")),
            self._sql_interval_of("rule"),
        )

    @api.model
    def _sql_demand(self):
        """Return the SELECT of (status_id, rule_id, profile_id, company_id, user_id,
        contacts, hours): what each row of the contact plan asks for in a month."""
        return SQL(
            """
            SELECT status.id AS status_id, status.rule_id, status.profile_id,
                   status.company_id, profile.user_id, rate.contacts,
                   rate.contacts * COALESCE(rule.minutes, 0) / 60.0 AS hours
              FROM crm_cadence_status status
              JOIN crm_lifecycle_profile profile ON profile.id = status.profile_id
              JOIN crm_cadence_rule rule ON rule.id = status.rule_id
             CROSS JOIN LATERAL (SELECT COALESCE(%(own)s, %(rate)s) AS contacts) rate
            """,
            own=self._sql_of_exception(self._sql_rate("exception")),
            rate=self._sql_rate("rule"),
        )

    @api.model
    def _sql_working_hours(self):
        """Return the SELECT of (user_id, company_id, hours) of an average month."""
        return SQL(
            """
            SELECT person.id AS user_id, company.id AS company_id,
                   COALESCE(own.hours_per_week, shared.hours_per_week, 0)
                       * 365 / 12 / 7 AS hours
              FROM res_users person
             CROSS JOIN res_company company
              LEFT JOIN LATERAL (
                   SELECT calendar.hours_per_week
                     FROM resource_resource resource
                     JOIN resource_calendar calendar
                       ON calendar.id = resource.calendar_id
                    WHERE resource.user_id = person.id AND resource.active
                    ORDER BY resource.company_id = company.id DESC NULLS LAST,
                             resource.id
                    LIMIT 1) own ON TRUE
              LEFT JOIN resource_calendar shared
                ON shared.id = company.resource_calendar_id
            """
        )

    # ------------------------------------------------------------
    # WHAT THE FORM SHOWS BEFORE IT IS SAVED
    # ------------------------------------------------------------

    @api.depends("times", "interval_number", "interval_unit")
    def _compute_monthly_rate(self):
        for rule in self:
            rule.monthly_rate = rule._get_monthly_rate()

    def _get_monthly_rate(self):
        """Return how many contacts a month one customer asks for; 0 while the norm is
        being typed in."""
        self.ensure_one()
        if self.times < 1 or self.interval_number < 1 or not self.interval_unit:
            return 0.0
        months, days = self._get_interval(
            self.times, self.interval_number, self.interval_unit
        )
        return 1 / months if months else 365 / 12 / days

    @api.depends(
        *("category_ids", "channel_ids", "times", "interval_number", "interval_unit"),
        *("minutes", "company_id", "active"),
    )
    @api.depends_context("allowed_company_ids")
    def _compute_load(self):
        for rule in self:
            rate = rule._get_monthly_rate() if rule.active else 0.0
            counts = rule._get_customer_counts()
            rule.customer_count = sum(counts.values())
            rule.monthly_contacts = round(rule.customer_count * rate)
            rule.monthly_hours = rule.customer_count * rate * rule.minutes / 60
            rule.load_html = rule._render_load(counts, rate)

    def _get_load_companies(self):
        return self.company_id._origin or self.env.companies

    def _get_customer_counts(self):
        """Return ``{user id or None: customers}`` of the categories, saved or not."""
        rows = self.env.execute_query(
            SQL(
                "SELECT user_id, count(*) FROM crm_lifecycle_profile "
                "WHERE active AND is_excluded IS NOT TRUE AND category_id = ANY(%s) "
                "AND company_id = ANY(%s) GROUP BY user_id",
                self.category_ids._origin.ids,
                self._get_load_companies().ids,
            )
        )
        return dict(rows)

    def _get_load_rows(self, user_ids):
        """Return [(user id, hours the other rules ask for, working hours)]."""
        self.env["crm.cadence.status"].flush_model()
        companies = self._get_load_companies()
        return self.env.execute_query(
            SQL(
                """
                SELECT work.user_id, COALESCE(sum(demand.hours), 0), max(work.hours)
                  FROM (%(work)s) work
                  LEFT JOIN (%(demand)s) demand
                    ON demand.user_id = work.user_id AND demand.rule_id <> %(rule)s
                   AND demand.company_id = ANY(%(companies)s)
                 WHERE work.user_id = ANY(%(users)s)
                   AND work.company_id = %(company)s
                 GROUP BY work.user_id
                """,
                work=self._sql_working_hours(),
                demand=self._sql_demand(),
                rule=self._origin.id or 0,
                companies=companies.ids,
                company=companies[:1].id,
                users=user_ids,
            )
        )

    def _render_load(self, counts, rate):
        """Say in words what the rule asks for, and of whom most."""
        if not counts or not rate:
            return False
        total = sum(counts.values()) * rate
        text = self.env._(
            "Asks for %(contacts)s contacts a month with %(customers)s customers: "
            "%(hours)s hours.",
            contacts=round(total),
            customers=sum(counts.values()),
            hours=round(total * self.minutes / 60),
        )
        lines = []
        for user_id, before, working in self._get_load_rows(
            [user_id for user_id in counts if user_id]
        ):
            added = counts[user_id] * rate * self.minutes / 60
            if working:
                share = (float(before) + added) / working
                lines.append((share, float(before) / working, user_id))
        lines.sort(reverse=True)
        items = [self._render_load_line(*line) for line in lines[:MANAGERS_SHOWN]]
        if counts.get(None):
            nobody = self.env._(
                "Nobody answers for %(count)s of them.", count=counts[None]
            )
            items.append(LINE % ("text-warning", nobody))
        return Markup('<p class="mb-1">%s</p><ul class="mb-0">%s</ul>') % (
            text,
            Markup("").join(items),
        )

    def _render_load_line(self, share, before, user_id):
        style = "text-danger" if share > 1 else "text-warning" if share > 0.8 else ""
        return LINE % (
            style,
            self.env._(
                "%(manager)s: contacts take %(share)s %% of the working time "
                "(without this rule %(before)s %%)",
                manager=self.env["res.users"].browse(user_id).name,
                share=round(share * 100),
                before=round(before * 100),
            ),
        )
