"""Case 6: what the screens ask for, against the SQL a developer would write for it."""

from odoo.tools import SQL

from .measure import Sample, timed

REGULAR = "regular"
SEARCHED = "Customer 432"
LIST_LIMIT = 80
COUNT_LIMIT = 10_001  # as the web client asks
# A tenth of a second is soon disturbed and soon repeated.
TIMES_AS_OFTEN = 3
PROFILE_FIELDS = (
    "partner_id",
    "stage_id",
    "category_id",
    "abc_class",
    "user_id",
    "purchase_count",
    "last_purchase_date",
    "revenue",
)
PARTNER_FIELDS = (
    "complete_name",
    "email",
    "user_id",
    "lifecycle_stage_id",
    "lifecycle_category_id",
    "lifecycle_revenue",
    "lifecycle_last_purchase_date",
)


class ViewCases:
    """Each question as a user asks it through the web client, and as plain SQL."""

    def __init__(self, env, repetitions, report):
        self.env = env
        self.cr = env.cr
        self.repetitions = repetitions
        self.report = report
        self.company_id = env.company.id
        self.stage_id = env["crm.lifecycle.stage"].search([("code", "=", REGULAR)]).id

    def measure(self):
        """``[(case, Sample of Odoo, Sample of the SQL)]`` for both roles."""
        salesman = self.env["res.users"].search([("login", "=", "bench_salesman_1")])
        manager = self.env.ref("base.user_admin")
        results = []
        for role, user in (("salesman", salesman), ("manager", manager)):
            visible = self._visible(role == "salesman" and user)
            cases = {
                **self._profile_cases(user, visible),
                **self._contact_cases(user, visible),
            }
            for name, (ask, statements) in cases.items():
                results.append(self._compare(f"{name}, {role}", ask, statements))
        return results

    def _compare(self, name, ask, statements):
        odoo, developer = Sample(name), Sample(f"{name}: SQL")
        turns = TIMES_AS_OFTEN * self.repetitions
        for turn in range(-1, turns):  # the first one warms up
            self.env.invalidate_all()
            seconds = timed(ask)
            plain = timed(lambda: self._execute(statements))
            if turn >= 0:
                odoo.seconds.append(seconds)
                developer.seconds.append(plain)
        self.cr.commit()
        self.report(f"6 {name}", turns, turns)
        return name, odoo, developer

    def _execute(self, statements):
        for statement in statements:
            self.cr.execute(statement)
            self.cr.fetchall()

    # -- conditions -----------------------------------------------------------------

    def _visible(self, user):
        """The profiles that a user may see, as a FROM item; without user: all."""
        rules = SQL("o.company_id IN (%s)", self.company_id)
        team = SQL()
        if user:
            team = SQL("LEFT JOIN crm_team t ON t.id = o.team_id")
            rules = SQL(
                "%s AND (o.user_id = %s OR o.user_id IS NULL OR t.user_id = %s)",
                rules,
                user.id,
                user.id,
            )
        return SQL(
            "(SELECT o.* FROM crm_lifecycle_profile o %s WHERE %s) o", team, rules
        )

    def _visible_contacts(self):
        """The record rule of contacts, on alias ``p``."""
        return SQL(
            "p.active AND (p.company_id = %s OR p.company_id IS NULL "
            "OR p.partner_share IS NOT TRUE)",
            self.company_id,
        )

    # -- questions --------------------------------------------------------------------

    def _profile_cases(self, user, visible):
        profiles = self.env["crm.lifecycle.profile"].with_user(user)
        specification = {name: {} for name in PROFILE_FIELDS}
        for name in ("partner_id", "stage_id", "category_id", "user_id"):
            specification[name] = {"fields": {"display_name": {}}}
        in_stage = [("stage_id", "=", self.stage_id)]
        found = [("partner_id.complete_name", "ilike", SEARCHED)]
        source = SQL(
            "%s JOIN res_partner p ON p.id = o.partner_id WHERE o.active",
            visible,
        )
        columns = SQL(", ").join(SQL.identifier("o", name) for name in PROFILE_FIELDS)
        columns = SQL("o.id, p.complete_name, %s", columns)
        order = SQL("o.revenue DESC, o.id")
        only_profiles = SQL("%s WHERE o.active", visible)

        def ask(domain):
            return lambda: profiles.web_search_read(
                domain,
                specification,
                limit=LIST_LIMIT,
                order="revenue desc, id",
                count_limit=COUNT_LIMIT,
            )

        stage = SQL("o.stage_id = %s", self.stage_id)
        name = SQL("p.complete_name ILIKE %s", f"%{SEARCHED}%")
        return {
            "profiles: list": (
                ask(in_stage),
                self._page(columns, source, stage, order, only_profiles),
            ),
            "profiles: group by stage": (
                lambda: profiles.formatted_read_group(
                    [], ["stage_id"], ["__count", "revenue:sum"]
                ),
                [self._grouped(SQL("o.stage_id"), only_profiles)],
            ),
            "profiles: search": (ask(found), self._page(columns, source, name, order)),
        }

    def _contact_cases(self, user, visible):
        partners = self.env["res.partner"].with_user(user)
        specification = {name: {} for name in PARTNER_FIELDS}
        for name in ("user_id", "lifecycle_stage_id", "lifecycle_category_id"):
            specification[name] = {"fields": {"display_name": {}}}
        # Stage and category are open to everybody, figures to those who may see them.
        source = SQL(
            """
            res_partner p
            LEFT JOIN crm_lifecycle_profile a
              ON a.partner_id = p.commercial_partner_id AND a.company_id = %s
            LEFT JOIN %s
              ON o.partner_id = p.commercial_partner_id AND o.company_id = %s
            WHERE %s
            """,
            self.company_id,
            visible,
            self.company_id,
            self._visible_contacts(),
        )
        columns = SQL(
            "p.id, p.complete_name, p.email, p.user_id, a.stage_id, a.category_id, "
            "o.revenue, o.last_purchase_date"
        )
        order = SQL("COALESCE(o.revenue, 0) DESC, p.id")
        search = [
            ("complete_name", "ilike", SEARCHED),
            ("lifecycle_revenue", ">", 500),
        ]

        def ask(domain):
            return lambda: partners.web_search_read(
                domain,
                specification,
                limit=LIST_LIMIT,
                order="lifecycle_revenue desc, id",
                count_limit=COUNT_LIMIT,
            )

        stage = SQL("a.stage_id = %s", self.stage_id)
        name = SQL("p.complete_name ILIKE %s AND o.revenue > 500", f"%{SEARCHED}%")
        return {
            "contacts: list": (
                ask([("lifecycle_stage_id", "=", self.stage_id)]),
                self._page(columns, source, stage, order),
            ),
            "contacts: group by stage": (
                lambda: partners.formatted_read_group(
                    [], ["lifecycle_stage_id"], ["__count", "lifecycle_revenue:sum"]
                ),
                [self._grouped(SQL("a.stage_id"), source)],
            ),
            "contacts: search": (ask(search), self._page(columns, source, name, order)),
        }

    def _page(self, columns, source, condition, order, counted=None):
        """One page of a list, and how many rows there are up to the limit."""
        return [
            SQL(
                "SELECT %s FROM %s AND %s ORDER BY %s LIMIT %s",
                columns,
                source,
                condition,
                order,
                LIST_LIMIT,
            ),
            SQL(
                "SELECT count(*) FROM (SELECT FROM %s AND %s LIMIT %s) t",
                counted or source,
                condition,
                COUNT_LIMIT,
            ),
        ]

    def _grouped(self, column, source):
        """Customers and revenue of each stage, in the order of the stages."""
        return SQL(
            """
            SELECT g.id, g.customers, g.revenue
              FROM (SELECT %s AS id, count(*) AS customers, sum(o.revenue) AS revenue
                      FROM %s GROUP BY 1) g
              LEFT JOIN crm_lifecycle_stage s ON s.id = g.id
             ORDER BY s.sequence, g.id
            """,
            column,
            source,
        )
