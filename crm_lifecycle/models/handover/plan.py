# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

CUSTOMER_MODEL = "crm.lifecycle.profile"


class CrmHandover(models.Model):
    """Who would get what: one line for each record, written in SQL."""

    _inherit = "crm.handover"

    def action_prepare(self):
        """Find what hangs on the user and decide who gets it; nothing moves yet.

        :return: for the mode customer by customer, the list to choose in
        """
        self.ensure_one()
        self._check_complete()
        self._note_progress({"user_id": self.env.uid})
        self._plan_lines()
        if not self.line_count:
            raise UserError(
                self.env._(
                    "Nothing of what you chose hangs on %(user)s.",
                    user=self.from_user_id.name,
                )
            )
        self._check_takers()
        self._note_progress({"state": "ready"})
        if self.mode == "line":
            return self.action_view_customers()
        return True

    def action_change(self):
        """Go back to change what was prepared."""
        for handover in self.filtered(lambda handover: handover.state == "ready"):
            handover.check_access("write")
            # sudo: lines are written by nobody but the hand-over
            handover.sudo().line_ids.unlink()
            handover._note_progress({"state": "draft", "line_count": 0})
        return True

    def _plan_lines(self):
        """Write the lines: customers first, then what follows them."""
        self.env.flush_all()
        scopes = self._get_scopes()
        chosen = self.scope_ids.filtered("is_chosen").mapped("scope")
        for code, scope in scopes.items():
            if code not in chosen:
                continue
            records = self._search_scope(scope)
            if records:
                self.env.cr.execute(self._sql_insert_lines(scope, records))
        self.env["crm.handover.line"].invalidate_model()
        self._plan_takers(CUSTOMER_MODEL)
        self._follow_customers()
        self.invalidate_recordset(["line_ids"])
        count = self.env["crm.handover.line"].search_count(
            [("handover_id", "=", self.id)]
        )
        self._note_progress({"line_count": count})

    def _sql_insert_lines(self, scope, records):
        return SQL(
            """
            INSERT INTO crm_handover_line (
                handover_id, res_model, res_id, field_name, partner_id, company_id,
                old_user_id, state, create_uid, create_date, write_uid, write_date)
            SELECT %(handover)s, %(model)s, t.id, %(field)s,
                   person.commercial_partner_id, %(company)s, %(user)s, 'planned',
                   %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM %(table)s t %(join)s
             WHERE t.id = ANY(%(ids)s)
             ORDER BY t.id
            """,
            handover=self.id,
            model=scope.model,
            field=scope.user_field,
            company=scope.company_column,
            user=self.from_user_id.id,
            uid=self.env.uid,
            now=self.env.cr.now(),
            table=SQL.identifier(self.env[scope.model]._table),
            join=scope.join,
            ids=records.ids,
        )

    # ------------------------------------------------------------
    # WHO GETS WHAT
    # ------------------------------------------------------------

    def _plan_takers(self, model=None):
        """Decide by the mode who gets the lines that nobody gets yet.

        :param str model: only lines of this model
        """
        if self.mode == "even":
            taker = self._sql_dealt_taker()
        elif self.mode == "rule":
            taker = self._sql_taker_by_rule()
        else:
            taker = SQL("%s", self.to_user_id.id)
        self.env.cr.execute(
            SQL(
                """
                WITH open_line AS (
                    SELECT line.id, line.partner_id, card.category_id,
                           customer.country_id, customer.state_id,
                           dense_rank() OVER (
                               ORDER BY card.revenue DESC NULLS LAST, line.partner_id,
                                        CASE WHEN line.partner_id IS NULL
                                             THEN line.id END)::int - 1 AS place
                      FROM crm_handover_line line
                      LEFT JOIN crm_lifecycle_profile card
                        ON card.id = line.res_id AND line.res_model = %(card)s
                      LEFT JOIN res_partner customer ON customer.id = line.partner_id
                     WHERE line.handover_id = %(handover)s
                       AND line.new_user_id IS NULL AND %(scope)s)
                UPDATE crm_handover_line l SET new_user_id = %(taker)s
                  FROM open_line
                 WHERE l.id = open_line.id
                """,
                taker=taker,
                card=CUSTOMER_MODEL,
                handover=self.id,
                scope=SQL("line.res_model = %s", model) if model else SQL("TRUE"),
            )
        )
        self.env["crm.handover.line"].invalidate_model(["new_user_id"])

    def _sql_dealt_taker(self):
        """Deal out by revenue like cards, there and back: 1 2 3, 3 2 1, 1 2 3.

        What belongs to one customer has one place, so that it goes to one taker.
        """
        users = self.to_user_ids.sorted("id").ids
        place = SQL("mod(open_line.place, %s)", len(users))
        return SQL(
            "(%(users)s::int[])[1 + CASE WHEN mod(open_line.place / %(count)s, 2) = 0 "
            "THEN %(place)s ELSE %(count)s - 1 - %(place)s END]",
            users=users,
            count=len(users),
            place=place,
        )

    def _sql_taker_by_rule(self):
        """The first rule that fits, else whoever takes over the rest."""

        def fits(field_name, column):
            field = self.env["crm.handover.rule"]._fields[field_name]
            return SQL(
                """
                (NOT EXISTS (SELECT FROM %(rel)s m WHERE m.%(mine)s = rule.id)
                 OR EXISTS (SELECT FROM %(rel)s m WHERE m.%(mine)s = rule.id
                               AND m.%(theirs)s = open_line.%(column)s))
                """,
                rel=SQL.identifier(field.relation),
                mine=SQL.identifier(field.column1),
                theirs=SQL.identifier(field.column2),
                column=SQL.identifier(column),
            )

        return SQL(
            """
            COALESCE((SELECT rule.user_id FROM crm_handover_rule rule
                       WHERE rule.handover_id = %s AND %s AND %s AND %s
                       ORDER BY rule.sequence, rule.id LIMIT 1), %s)
            """,
            self.id,
            fits("country_ids", "country_id"),
            fits("state_ids", "state_id"),
            fits("category_ids", "category_id"),
            self.to_user_id.id or None,
        )

    def _follow_customers(self):
        """What belongs to a customer goes where the customer goes; the rest as the
        mode says."""
        self.env["crm.handover.line"].flush_model()
        # The planner knows nothing of lines that were just written, and would compare
        # each with every customer.
        self.env.cr.execute("SET LOCAL enable_nestloop = off")
        self.env.cr.execute(
            SQL(
                """
                WITH customer AS MATERIALIZED (
                    SELECT id, partner_id, company_id, new_user_id
                      FROM crm_handover_line
                     WHERE handover_id = %(handover)s AND res_model = %(card)s
                ), anywhere AS MATERIALIZED (
                    SELECT DISTINCT ON (partner_id) partner_id, new_user_id
                      FROM customer ORDER BY partner_id, id)
                UPDATE crm_handover_line l
                   SET new_user_id = COALESCE(here.new_user_id, anywhere.new_user_id)
                  FROM crm_handover_line line
                  LEFT JOIN customer here ON here.partner_id = line.partner_id
                                         AND here.company_id = line.company_id
                  LEFT JOIN anywhere ON anywhere.partner_id = line.partner_id
                 WHERE l.id = line.id AND line.handover_id = %(handover)s
                   AND line.res_model <> %(card)s
                """,
                card=CUSTOMER_MODEL,
                handover=self.id,
            )
        )
        self.env.cr.execute("SET LOCAL enable_nestloop = on")
        self._plan_takers()
