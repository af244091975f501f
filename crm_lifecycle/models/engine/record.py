# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from .layers import row


def old(name):
    """A column of the stored profile."""
    return SQL.identifier("o", name)


class CrmLifecycleEngine(models.AbstractModel):
    """Step 4: compare with the stored profiles and write what differs."""

    _inherit = "crm.lifecycle.engine"

    # every column the engine writes on a profile that stays active; stage_date and
    # computed_at follow from the others
    WRITTEN_COLUMNS = (
        "active",
        "user_id",
        "purchase_count",
        "first_purchase_date",
        "last_purchase_date",
        "last_document_date",
        "lifetime_revenue",
        "turn_number",
        "rhythm_days",
        "expected_purchase_date",
        "window_purchase_count",
        "revenue",
        "margin",
        "revenue_previous",
        "margin_previous",
        "average_purchase",
        "abc_class",
        "abc_below_since",
        "recency_score",
        "frequency_score",
        "monetary_score",
        "potential_class",
        "stage_id",
        "computed_stage_id",
        "stage_reason",
        "stage_figures",
        "is_lapsed",
        "lost_value",
        "category_id",
        "loyalty_rung",
        "next_document_date",
        "next_evaluation_date",
        "checksum",
    )
    # names of documents are looked up on writing only, not for comparing
    NAMES_IN_FIGURES = ["document", "evidence_name"]

    # ------------------------------------------------------------------
    # COMPARE
    # ------------------------------------------------------------------

    def _sql_differs(self, columns):
        """A stored profile differs from its new row."""
        pairs = [
            (row(name), SQL("%s - %s::text[]", old(name), self.NAMES_IN_FIGURES))
            if name == "stage_figures"
            else (row(name), old(name))
            for name in columns
        ]
        return SQL(
            "(%s) IS DISTINCT FROM (%s)",
            SQL(", ").join(new for new, _old in pairs),
            SQL(", ").join(stored for _new, stored in pairs),
        )

    def _sql_to_write(self, columns=None):
        """New customers, active ones that differ, and those that cease to be active."""
        return SQL(
            "(r.profile_id IS NULL OR r.active AND %s OR NOT r.active AND o.active)",
            self._sql_differs(columns or self.WRITTEN_COLUMNS),
        )

    # ------------------------------------------------------------------
    # WRITE
    # ------------------------------------------------------------------

    def _write_customers(self, parameters, partner_ids, limits=None):
        """Read the documents of some customers, write what differs, in one statement.

        Contacts stand for their customer; a partner that has become a contact is
        looked at too, because its own profile ends.
        """
        if not partner_ids:
            return {"written": 0, "transitions": 0}
        ids = SQL(
            "ARRAY(SELECT commercial_partner_id FROM res_partner "
            "WHERE id = ANY(%(ids)s) UNION SELECT unnest(%(ids)s))",
            ids=list(partner_ids),
        )
        return self._write_selected(parameters, ids, limits)

    def _write_selected(self, parameters, ids, limits=None):
        """The same for the customers of a SQL ``int[]``."""
        return self._write_rows(
            parameters,
            self._sql_rows(
                parameters,
                SQL("(%s)", self._sql_figures(parameters, ids)),
                SQL("p.id = ANY(%s)", ids),
                limits,
            ),
        )

    def _sql_fresh(self, parameters, rows, to_write=None):
        """Those of ``rows`` that are to be written, with what writing needs to know.

        :param SQL to_write: condition; default: those that are not as stored
        """
        names = [name for name in self.WRITTEN_COLUMNS if name != "stage_figures"]
        return SQL(
            """
            SELECT r.partner_id, r.profile_id, r.is_excluded, r.added_date,
                   r.step_category_id, r.old_stage_id, %(columns)s,
                   %(date)s AS new_stage_date, %(figures)s AS full_figures,
                   o.category_id AS old_category_id,
                   o.purchase_count AS old_purchase_count,
                   o.last_purchase_date AS old_last_purchase_date,
                   o.user_id AS old_user_id, o.active AS old_active
              FROM (%(rows)s) r
              LEFT JOIN crm_lifecycle_profile o ON o.id = r.profile_id
             WHERE %(to_write)s
            """,
            columns=SQL(", ").join(row(name) for name in names),
            date=self._sql_stage_date(parameters, row, old),
            figures=self._sql_full_figures(parameters, row),
            rows=rows,
            to_write=to_write or self._sql_to_write(),
        )

    def _write_rows(self, parameters, rows):
        """Insert and update profiles from ``rows`` with their transitions.

        :return: ``{"written": profiles, "transitions": rows}``
        """
        return self._write_fresh(parameters, self._sql_fresh(parameters, rows))

    def _write_fresh(self, parameters, fresh):
        """The same from finished rows with the columns of ``_sql_fresh``."""
        return self._execute_write(
            SQL(
                """
                WITH fresh AS MATERIALIZED (%(fresh)s),
                inserted AS (%(insert)s),
                updated AS (%(update)s),
                ended AS (
                    UPDATE crm_lifecycle_profile p SET active = FALSE,
                           computed_at = %(now)s
                      FROM fresh f WHERE p.id = f.profile_id AND NOT f.active
                    RETURNING p.id
                ),
                responsible AS (%(responsible)s),
                queued AS (%(queued)s),
                recorded AS (%(transitions)s)
                SELECT (SELECT count(*) FROM inserted)
                       + (SELECT count(*) FROM updated) + (SELECT count(*) FROM ended),
                       (SELECT count(*) FROM recorded)
                """,
                fresh=fresh,
                insert=self._sql_insert(parameters),
                update=self._sql_update(parameters),
                responsible=self._sql_new_responsibles(parameters),
                queued=self._sql_queue(
                    parameters,
                    SQL(
                        "f.profile_id IS NULL "
                        "OR f.active IS DISTINCT FROM f.old_active "
                        "OR f.category_id IS DISTINCT FROM f.old_category_id"
                    ),
                ),
                transitions=self._sql_transitions(
                    parameters, self._sql_steps(parameters)
                ),
                now=self._now(),
            )
        )

    def _sql_queue(self, parameters, is_changed):
        """Hook: a statement that tells others who came, went or changed category.

        :param SQL is_changed: condition on the row ``f`` of ``fresh``
        """
        return SQL("SELECT %s FROM fresh f WHERE FALSE", is_changed)

    def _execute_write(self, statement):
        """Run a statement that ends with the counts of profiles and transitions.

        A conflict with a user's transaction is an expected event that the job repeats,
        so it is not logged as an error.
        """
        self.env.cr.execute(statement, log_exceptions=False)
        written, transitions = self.env.cr.fetchone()
        return {"written": written, "transitions": transitions}

    def _now(self):
        return self.env.cr.now().replace(microsecond=0)

    def _sql_insert(self, parameters):
        names = list(self.WRITTEN_COLUMNS)
        values = [
            SQL("f.full_figures")
            if name == "stage_figures"
            else SQL("f.%s", SQL.identifier(name))
            for name in names
        ]
        return SQL(
            """
            INSERT INTO crm_lifecycle_profile (
                partner_id, company_id, added_date, stage_date, computed_at,
                create_date, write_date, team_id, is_vip, is_key_account, is_excluded,
                is_agreed, %(names)s)
            SELECT f.partner_id, %(company)s, f.added_date, f.new_stage_date, %(now)s,
                   %(now)s, %(now)s, u.sale_team_id, FALSE, FALSE, FALSE, FALSE,
                   %(values)s
              FROM fresh f
              LEFT JOIN res_users u ON u.id = f.user_id
             WHERE f.profile_id IS NULL
            ON CONFLICT (partner_id, company_id) DO NOTHING
            RETURNING id, partner_id, user_id
            """,
            names=SQL(", ").join(map(SQL.identifier, names)),
            values=SQL(", ").join(values),
            company=parameters.company_id,
            now=self._now(),
        )

    def _sql_team(self, user):
        return SQL("(SELECT u.sale_team_id FROM res_users u WHERE u.id = %s)", user)

    def _sql_assignments(self, columns):
        return SQL(", ").join(
            SQL(
                "%s = f.%s",
                SQL.identifier(name),
                SQL.identifier("full_figures" if name == "stage_figures" else name),
            )
            for name in columns
        )

    def _sql_update(self, parameters):
        return SQL(
            """
            UPDATE crm_lifecycle_profile p
               SET %(assignments)s,
                   stage_date = CASE WHEN f.stage_id IS DISTINCT FROM f.old_stage_id
                                     THEN f.new_stage_date ELSE p.stage_date END,
                   team_id = CASE WHEN f.user_id IS DISTINCT FROM p.user_id
                                  THEN %(team)s ELSE p.team_id END,
                   reactivated_date = CASE WHEN p.active THEN p.reactivated_date
                                           ELSE %(today)s END,
                   computed_at = %(now)s
              FROM fresh f
             WHERE p.id = f.profile_id AND f.active
            RETURNING p.id
            """,
            today=parameters.today,
            assignments=self._sql_assignments(self.WRITTEN_COLUMNS),
            team=self._sql_team(SQL("f.user_id")),
            now=self._now(),
        )

    def _sql_new_responsibles(self, parameters):
        """History of responsibles: those given by default where there was nobody."""
        return SQL(
            """
            INSERT INTO crm_lifecycle_responsible (
                profile_id, user_id, date_from, create_date, write_date)
            SELECT id, user_id, %(today)s, %(now)s, %(now)s
              FROM inserted WHERE user_id IS NOT NULL
            UNION ALL
            SELECT f.profile_id, f.user_id, %(today)s, %(now)s, %(now)s
              FROM fresh f
             WHERE f.profile_id IS NOT NULL AND f.active
               AND f.old_user_id IS NULL AND f.user_id IS NOT NULL
            """,
            today=parameters.today,
            now=self._now(),
        )
