# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.tools import SQL

USERS_A_CHUNK = 20
CLOSED_A_CHUNK = 500


class CrmLifecycleEngine(models.AbstractModel):
    """The step of the one job that turns due norms into activities.

    An activity and the mark that it has been planned are written by one transaction,
    for some people at a time; the database keeps a second open one from being made.
    """

    _inherit = "crm.lifecycle.engine"

    @api.model
    def _plan_due_contacts(self):
        """Close what is no longer due; once a day plan what is. Commits."""
        self.env.invalidate_all()
        while self._attempt(self._close_planned, SQL("TRUE"), CLOSED_A_CHUNK):
            self._commit_progress()
        companies = self._get_enabled_companies().filtered(
            lambda company: (
                company.lifecycle_plan_enabled
                and self._has_day(company)
                and company.lifecycle_plan_date != self._today(company)
            )
        )
        if companies:
            self._attempt(self._withdraw_refused)
            self._commit_progress()
            self._do_for_companies(self._plan_for_company, companies)

    def _plan_for_company(self, company):
        today = self._today(company)
        done = self._plan_for_all(company, today, self._plan_for_users, "user_id")
        done &= self._plan_for_all(company, today, self._tell_leaders, "leader_id")
        if done:
            self._note(company, {"lifecycle_plan_date": today})

    def _plan_for_all(self, company, today, work, person):
        """Do ``work`` for every person, some at a time.

        :return: False when a chunk kept meeting conflicts: the next run repeats it
        """
        table = SQL("(%s) due", self._sql_due(company, today))
        if person == "leader_id":
            table = SQL("(%s) due", self._sql_unheard(company, today))
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT %s FROM %s ORDER BY 1", SQL.identifier(person), table)
        )
        user_ids = [user_id for (user_id,) in rows]
        done = True
        for start in range(0, len(user_ids), USERS_A_CHUNK):
            chunk = user_ids[start : start + USERS_A_CHUNK]
            try:
                done &= self._attempt(work, company, today, chunk) is not False
            except UniqueViolation:
                # somebody planned the same at this moment: look again next time
                self.env.cr.rollback()
                self.env.clear()
                done = False
            self._commit_progress(len(chunk))
        return done

    # ------------------------------------------------------------
    # WHAT IS DUE
    # ------------------------------------------------------------

    def _sql_due(self, company, today, rows=None):
        """Return the SELECT of norms that an activity may have to be planned for.

        :param SQL rows: condition on ``status`` instead of what the job looks for: a
            person asks for these rows, whatever was planned before
        """
        asked = rows or SQL(
            "rule.is_planned AND status.planned_due_date IS DISTINCT FROM "
            "status.due_date"
        )
        return SQL(
            """
            SELECT status.id, status.profile_id, status.rule_id, status.due_date,
                   profile.partner_id, profile.user_id, profile.stage_id
              FROM crm_cadence_status status
              JOIN crm_cadence_rule rule ON rule.id = status.rule_id AND rule.active
              JOIN crm_lifecycle_profile profile ON profile.id = status.profile_id
              JOIN res_users person ON person.id = profile.user_id
               AND person.active AND NOT person.share
             WHERE status.company_id = %(company)s AND %(asked)s
               AND status.due_date <= %(today)s + %(days)s
               AND NOT COALESCE(GREATEST(status.due_date, %(today)s)
                       BETWEEN status.pause_from AND status.pause_until, FALSE)
               AND NOT EXISTS (
                    SELECT FROM crm_cadence_pause pause
                     WHERE pause.profile_id = status.profile_id
                       AND pause.state = 'approved'
                       AND (pause.rule_id IS NULL OR pause.rule_id = status.rule_id)
                       AND GREATEST(status.due_date, %(today)s)
                           BETWEEN pause.date_from AND pause.date_to)
               AND NOT EXISTS (
                    SELECT FROM mail_activity activity
                     WHERE activity.active
                       AND activity.lifecycle_profile_id = status.profile_id
                       AND activity.lifecycle_rule_id = status.rule_id)
            """,
            company=company.id,
            asked=asked,
            today=today,
            days=company.lifecycle_plan_days,
        )

    def _sql_planned_by_hand(self, company, user_ids):
        """Return the SELECT of (customer, user, rule) for whom an open activity of
        these people will do: with the customer, one of its people, or on a document."""
        return SQL(
            """
            SELECT person.commercial_partner_id, activity.user_id, allowed.rule_id
              FROM mail_activity activity
              JOIN crm_touchpoint_channel_activity_rel mapped
                ON mapped.activity_type_id = activity.activity_type_id
              JOIN crm_cadence_rule_channel_rel allowed
                ON allowed.channel_id = mapped.channel_id
             CROSS JOIN %(document)s document
              JOIN res_partner person ON person.id = document.partner_id
             WHERE activity.active AND activity.lifecycle_rule_id IS NULL
               AND activity.user_id = ANY(%(users)s)
               AND COALESCE(document.company_id = %(company)s, TRUE)
            """,
            document=self._sql_document_of(
                SQL("activity.res_model"), SQL("activity.res_id")
            ),
            users=user_ids,
            company=company.id,
        )

    def _sql_unheard(self, company, today):
        """Return the SELECT of violations the leader of the team has not been told."""
        return SQL(
            """
            SELECT status.id, status.profile_id, status.rule_id, status.due_date,
                   profile.partner_id, profile.user_id, team.user_id AS leader_id
              FROM crm_cadence_status status
              JOIN crm_cadence_rule rule ON rule.id = status.rule_id
               AND rule.active AND rule.is_planned AND rule.kind = 'personal'
              JOIN crm_lifecycle_profile profile ON profile.id = status.profile_id
              JOIN crm_team team ON team.id = profile.team_id
              JOIN res_users leader ON leader.id = team.user_id
               AND leader.active AND NOT leader.share
             WHERE status.company_id = %(company)s AND %(days)s > 0
               AND status.due_date <= %(today)s - %(days)s
               AND leader.id IS DISTINCT FROM profile.user_id
               AND status.escalated_due_date IS DISTINCT FROM status.due_date
               AND NOT COALESCE(%(today)s
                       BETWEEN status.pause_from AND status.pause_until, FALSE)
               AND NOT EXISTS (
                    SELECT FROM mail_activity activity
                     WHERE activity.active
                       AND activity.lifecycle_escalation_id = status.id)
            """,
            company=company.id,
            today=today,
            days=company.lifecycle_escalation_days,
        )

    # ------------------------------------------------------------
    # ACTIVITIES
    # ------------------------------------------------------------

    def _plan_for_users(self, company, today, user_ids, rows=None):
        """Plan what is due for some people; return the profiles planned for.

        :param SQL rows: see ``_sql_due``
        """
        self._flush_planning()
        due = self._get_plannable(company, today, list(user_ids), rows)
        last = today + timedelta(company.lifecycle_plan_days)
        days = self._get_planning_days(company, today, last)
        taken = self._get_planned_counts(user_ids, today)
        limit = company.lifecycle_plan_limit
        planned = []
        for row in due:
            counts = taken.setdefault(row["user_id"], {})
            day = self._choose_day(days, row["due_date"], counts, limit)
            if day:
                counts[day] = counts.get(day, 0) + 1
                planned.append({**row, "day": day})
        self._create_activities(planned, "plan")
        return self.env["crm.lifecycle.profile"].browse(
            dict.fromkeys(row["profile_id"] for row in planned)
        )

    def _get_plannable(self, company, today, user_ids, rows=None):
        """Return what is due for some people, in order, with the activity type: what
        nobody has planned yet, and what is not refused."""
        due = self.env.execute_query_dict(
            SQL(
                "SELECT * FROM (%s) due WHERE user_id = ANY(%s) "
                "ORDER BY user_id, due_date, id",
                self._sql_due(company, today, rows),
                user_ids,
            )
        )
        by_hand = set(
            self.env.execute_query(self._sql_planned_by_hand(company, user_ids))
        )
        keys = ("partner_id", "user_id", "rule_id")
        due = [row for row in due if tuple(row[key] for key in keys) not in by_hand]
        refused = self._get_refused({row["partner_id"] for row in due})
        # sudo: the rules are the company's, whoever asks
        Rule = self.env["crm.cadence.rule"].sudo()
        types = {}
        for row in due:
            way = row["rule_id"], frozenset(refused.get(row["partner_id"], ()))
            if way not in types:
                types[way] = Rule.browse(way[0])._get_activity_type(way[1]).id
            row["type_id"] = types[way]
        return [row for row in due if row["type_id"]]

    def _tell_leaders(self, company, today, leader_ids):
        """Tell some leaders of violations, the worst first, so many a day."""
        self._flush_planning()
        unheard = self.env.execute_query_dict(
            SQL(
                "SELECT * FROM (%s) due WHERE leader_id = ANY(%s) "
                "ORDER BY leader_id, due_date, id",
                self._sql_unheard(company, today),
                list(leader_ids),
            )
        )
        taken = self._get_planned_counts(leader_ids, today)
        told = []
        for row in unheard:
            counts = taken.setdefault(row["leader_id"], {})
            if counts.get(today, 0) < company.lifecycle_plan_limit:
                counts[today] = counts.get(today, 0) + 1
                told.append({**row, "day": today})
        self._create_activities(told, "escalation")
        return True

    @api.model
    def _choose_day(self, days, due, counts, limit):
        """Return the day for a contact: the last working day up to the due one that
        has room, else the next; None when nothing is left.

        :param days: working days in which activities are planned, in order
        :param counts: ``{day: contacts planned already}`` of the person
        """
        free = [day for day in days if counts.get(day, 0) < limit]
        before = [day for day in free if day <= due]
        return before[-1] if before else next(iter(free), None)

    def _get_planning_days(self, company, today, last):
        """Return the company's working days up to a day, and a week more at most."""
        calendar = company.resource_calendar_id
        weekdays = {int(line.dayofweek) for line in calendar.attendance_ids}
        weekdays = weekdays or set(range(7))
        span = (last - today).days + 1
        days = [today + timedelta(number) for number in range(span)]
        days = [day for day in days if day.weekday() in weekdays]
        following = (today + timedelta(number) for number in range(span, span + 7))
        return days or [next(d for d in following if d.weekday() in weekdays)]

    def _get_planned_counts(self, user_ids, today):
        """Return ``{user: {day: number}}`` of what the regulation planned already;
        what is late stands for today."""
        counts = {}
        rows = self.env.execute_query(
            SQL(
                "SELECT user_id, GREATEST(date_deadline, %s), count(*) "
                "FROM mail_activity WHERE active AND lifecycle_due_date IS NOT NULL "
                "AND user_id = ANY(%s) GROUP BY 1, 2",
                today,
                list(user_ids),
            )
        )
        for user_id, day, number in rows:
            counts.setdefault(user_id, {})[day] = number
        return counts

    def _flush_planning(self):
        self.env.flush_all()

    def _create_activities(self, rows, role):
        """Create the activities of one role, and mark the rows as planned."""
        vals_list = []
        for row in rows:
            person = row["leader_id" if role == "escalation" else "user_id"]
            # sudo: names of rules and people, for whom the job works
            env = self.sudo().with_context(lang=self._get_user_lang(person))
            vals_list.append(getattr(env, f"_prepare_{role}_vals")(row, person))
        Activity = self.env["mail.activity"].sudo()  # for people, whoever asks
        Activity.with_context(mail_activity_quick_update=True).create(vals_list)
        column = "escalated_due_date" if role == "escalation" else "planned_due_date"
        self.env.cr.execute(
            SQL(
                "UPDATE crm_cadence_status SET %s = due_date WHERE id = ANY(%s)",
                SQL.identifier(column),
                [row["id"] for row in rows],
            )
        )
        self.env["crm.cadence.status"].invalidate_model(
            [column, "planned_date", "planned_text"]
        )

    def _get_user_lang(self, user_id):
        return self.env["res.users"].browse(user_id).sudo().lang or "en_US"

    def _prepare_activity_vals(self, row, user_id):
        return {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": row["partner_id"],
            "user_id": user_id,
            "date_deadline": row["day"],
            "automated": True,
            "lifecycle_due_date": row["due_date"],
        }

    def _prepare_plan_vals(self, row, user_id):
        """Return the activity that reminds the responsible of a norm."""
        rule = self.env["crm.cadence.rule"].browse(row["rule_id"])
        stage = self.env["crm.lifecycle.stage"].browse(row["stage_id"])
        return {
            **self._prepare_activity_vals(row, user_id),
            "lifecycle_profile_id": row["profile_id"],
            "lifecycle_rule_id": row["rule_id"],
            "activity_type_id": row["type_id"],
            "summary": rule.name,
            "note": rule._get_agenda_html(stage),
        }

    def _prepare_escalation_vals(self, row, user_id):
        """Return the activity that tells the leader of a violation."""
        rule = self.env["crm.cadence.rule"].browse(row["rule_id"])
        manager = self.env["res.users"].browse(row["user_id"] or [])
        todo = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        return {
            **self._prepare_activity_vals(row, user_id),
            "lifecycle_escalation_id": row["id"],
            "activity_type_id": todo.id if todo else False,
            "summary": self.env._(
                "Contact overdue (days: %(days)s): %(rule)s (%(manager)s)",
                days=(row["day"] - row["due_date"]).days,
                rule=rule.name,
                manager=manager.name or self.env._("nobody"),
            ),
        }

    @api.model
    def _plan_rows(self, rows):
        """Plan activities for rows of the contact plan now, because somebody asks.

        :param rows: ``crm.cadence.status`` records
        :return: the profiles something was planned for
        """
        rows = rows.sudo()  # asked for by whoever may act on these customers
        planned = self.env["crm.lifecycle.profile"]
        for company, norms in rows.grouped("company_id").items():
            asked = SQL("status.id = ANY(%s)", norms.ids)
            planned |= planned.browse(
                self.sudo()
                ._plan_for_users(
                    company, self._today(company), norms.user_id.ids, asked
                )
                .ids
            )
        return planned
