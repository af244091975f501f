# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

# Changes of the rules and of the address book are no events of a customer's life.
NO_EVENTS = ("baseline", "settings", "merge")


def column(name):
    """A column of the customer's profile."""
    return SQL.identifier("p", name)


class CrmLifecycleEngine(models.AbstractModel):
    """Triggers that the profile and its transitions tell.

    Each is one SELECT of ``profile_id, event_key, event_date, contact_id,
    source_model, source_id``: the events that hold at this moment. An add-on adds a
    value to the field ``trigger`` and a method ``_sql_trigger_<value>(scan)``.
    """

    _inherit = "crm.lifecycle.engine"

    def _sql_trigger(self, scan):
        """The events of a playbook, by the method of its trigger."""
        return getattr(self, f"_sql_trigger_{scan.playbook.trigger}")(scan)

    def _sql_scanned(self, scan):
        """Condition on the profile ``p``: it takes part in playbooks."""
        one = SQL("TRUE")
        if scan.profile_id:
            one = SQL("p.id = %s", scan.profile_id)
        return SQL(
            "(p.company_id = %s AND p.active AND p.is_excluded IS NOT TRUE AND %s)",
            scan.parameters.company_id,
            one,
        )

    def _sql_event(self, key, day, contact=None, model=None, id_=None):
        """The columns of an event of the profile ``p``."""
        return SQL(
            "p.id AS profile_id, (%s)::text AS event_key, (%s)::date AS event_date, "
            "(%s)::int AS contact_id, (%s)::text AS source_model, "
            "(%s)::int AS source_id",
            key,
            day,
            contact or SQL("NULL"),
            model,
            id_ or SQL("NULL"),
        )

    def _sql_in_time(self, scan, day):
        """Condition: the day has come, and not too long ago."""
        return SQL(
            "((%(day)s) <= %(today)s AND (%(day)s) >= %(since)s)",
            day=day,
            today=scan.today,
            since=scan.since,
        )

    # ------------------------------------------------------------
    # TRANSITIONS
    # ------------------------------------------------------------

    def _sql_trigger_transition(self, scan, happened):
        """Transitions of which ``happened`` is true, a condition on ``t`` and ``p``."""
        model = "crm.lifecycle.transition"
        # the stage that a customer returns to may have begun before its silence
        day = SQL(
            "(CASE WHEN t.cause = 'purchase' AND t.from_stage_id = ANY(%s) "
            "THEN GREATEST(t.date, (t.figures->>'last_purchase_date')::date) "
            "ELSE t.date END)",
            self._get_stage_ids("lost", "lost_recoverable"),
        )
        at_hand = [SQL("TRUE")]
        if scan.transition_ids is not None:
            at_hand.append(SQL("t.id = ANY(%s)", list(scan.transition_ids)))
        if scan.moment:
            at_hand.append(SQL("t.recorded_at >= %s", scan.moment))
        return SQL(
            """
            SELECT %(event)s
              FROM crm_lifecycle_transition t
              JOIN crm_lifecycle_profile p ON p.id = t.profile_id
             WHERE %(scanned)s AND %(at_hand)s AND %(in_time)s AND %(happened)s
               AND t.cause NOT IN %(no_events)s
            """,
            event=self._sql_event(SQL("t.id"), day, model=model, id_=SQL("t.id")),
            scanned=self._sql_scanned(scan),
            at_hand=SQL(" AND ").join(at_hand),
            in_time=self._sql_in_time(scan, day),
            happened=happened,
            no_events=NO_EVENTS,
        )

    def _sql_trigger_stage_entered(self, scan):
        return self._sql_trigger_transition(
            scan,
            SQL(
                "t.to_stage_id IS DISTINCT FROM t.from_stage_id "
                "AND t.to_stage_id = ANY(%s) AND p.stage_id = t.to_stage_id",
                scan.playbook.stage_ids.ids,
            ),
        )

    def _sql_trigger_stage_left(self, scan):
        return self._sql_trigger_transition(
            scan,
            SQL(
                "t.to_stage_id IS DISTINCT FROM t.from_stage_id "
                "AND t.from_stage_id = ANY(%s) AND p.stage_id <> t.from_stage_id",
                scan.playbook.stage_ids.ids,
            ),
        )

    def _sql_trigger_category_entered(self, scan):
        return self._sql_trigger_transition(
            scan,
            SQL(
                "t.to_category_id IS DISTINCT FROM t.from_category_id "
                "AND t.to_category_id = ANY(%s) AND p.category_id = t.to_category_id",
                scan.playbook.category_ids.ids,
            ),
        )

    # ------------------------------------------------------------
    # WHAT THE DATE ALONE BRINGS
    # ------------------------------------------------------------

    def _sql_trigger_state(self, scan, day, key, holds):
        """Profiles in a state since a day; once for each ``key``."""
        return SQL(
            """
            SELECT %(event)s FROM crm_lifecycle_profile p
             WHERE %(scanned)s AND %(holds)s AND %(in_time)s
            """,
            event=self._sql_event(key, day),
            scanned=self._sql_scanned(scan),
            holds=holds,
            in_time=self._sql_in_time(scan, day),
        )

    def _get_stage_ids(self, *codes):
        ids = self.env["crm.lifecycle.stage"]._ids_by_code()
        return [ids[code] for code in codes]

    def _sql_trigger_rhythm_late(self, scan):
        """Once for each last purchase; nobody who is lost already."""
        return self._sql_trigger_state(
            scan,
            SQL(
                "p.last_purchase_date + LEAST(floor(%s * p.rhythm_days), 36500)::int "
                "+ 1",
                scan.playbook.factor,
            ),
            SQL("p.last_purchase_date"),
            SQL(
                "p.rhythm_days > 0 AND NOT p.stage_id = ANY(%s)",
                self._get_stage_ids("lost", "lost_recoverable"),
            ),
        )

    def _sql_trigger_lapsed(self, scan):
        return self._sql_trigger_state(
            scan,
            self._sql_lost_on(scan.parameters, column),
            SQL("p.last_purchase_date"),
            SQL("p.is_lapsed"),
        )

    def _sql_trigger_dormant(self, scan):
        """Once for each last sign of life."""
        last = SQL("GREATEST(p.last_document_date, p.last_contact_date, p.added_date)")
        company = self.env["res.company"].browse(scan.parameters.company_id).sudo()
        return self._sql_trigger_state(
            scan,
            SQL("%s + %s", last, company.lifecycle_dormant_days + 1),
            last,
            SQL("p.stage_id = ANY(%s)", self._get_stage_ids("potential", "active")),
        )

    def _sql_trigger_potential(self, scan):
        """Once for each estimate that leaves much to sell."""
        return self._sql_trigger_state(
            scan,
            SQL("p.potential_date"),
            SQL("p.potential_date"),
            SQL(
                "p.potential_amount > 0 AND p.potential_amount >= %s "
                "* p.revenue * 365 / %s AND %s",
                scan.playbook.factor,
                scan.parameters.window_days,
                self._sql_potential_is_known(scan.parameters, column),
            ),
        )

    def _sql_trigger_no_responsible(self, scan):
        """Since the last one was taken away or left; once for each of them."""
        return SQL(
            """
            SELECT %(event)s
              FROM crm_lifecycle_profile p
              LEFT JOIN res_users u ON u.id = p.user_id
              LEFT JOIN LATERAL (
                   SELECT r.id, r.date_to FROM crm_lifecycle_responsible r
                    WHERE r.profile_id = p.id ORDER BY r.id DESC LIMIT 1
                   ) last ON TRUE
             WHERE %(scanned)s AND %(in_time)s
               AND (u.id IS NULL OR NOT u.active OR u.share)
            """,
            event=self._sql_event(SQL("COALESCE(last.id, 0)"), self._sql_left_on(scan)),
            scanned=self._sql_scanned(scan),
            in_time=self._sql_in_time(scan, self._sql_left_on(scan)),
        )

    def _sql_left_on(self, scan):
        """The day on which the last one stopped answering for the profile ``p``."""
        return SQL(
            "(CASE WHEN u.id IS NULL THEN COALESCE(last.date_to, p.added_date) "
            "ELSE %s END)",
            self._sql_scan_day(SQL("u.write_date"), scan),
        )

    def _sql_scan_day(self, moment, scan):
        """A moment (UTC) as a day of the company."""
        return SQL(
            "((%s) AT TIME ZONE 'UTC' AT TIME ZONE %s)::date",
            moment,
            scan.parameters.tz,
        )
