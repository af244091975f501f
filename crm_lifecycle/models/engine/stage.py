# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.tools import SQL

from .parameters import FAR_DAY, MAX_DAYS, TYPICAL_CYCLE_FACTOR


class CrmLifecycleEngine(models.AbstractModel):
    """Step 3, stage: the precedence, its reason and its figures.

    hold > key > VIP > declared lost > lost by silence > partner > regular > working >
    active > potential.
    """

    _inherit = "crm.lifecycle.engine"

    def _sql_allowed_days(self, parameters, row):
        """How many days a customer may be silent (may be a fraction)."""
        without_rhythm = parameters.lost_days
        if parameters.typical_cycle_days:
            without_rhythm = max(
                parameters.lost_min_days,
                TYPICAL_CYCLE_FACTOR * parameters.typical_cycle_days,
            )
        return SQL(
            "LEAST(%(most)s::float8, CASE WHEN %(rhythm)s IS NULL "
            "THEN %(without)s::float8 "
            "ELSE GREATEST(%(least)s::float8, %(factor)s::float8 * %(rhythm)s) END)",
            most=MAX_DAYS,
            rhythm=row("rhythm_days"),
            without=without_rhythm,
            least=parameters.lost_min_days,
            factor=parameters.lost_rhythm_factor,
        )

    def _sql_lost_on(self, parameters, row):
        """First day on which the customer is lost if nothing is bought."""
        return SQL(
            "%s + floor(%s)::int + 1",
            row("last_purchase_date"),
            self._sql_allowed_days(parameters, row),
        )

    def _sql_computed_code(self, parameters, row):
        """Reason code of the last link of the precedence alone."""
        return SQL(
            """
            CASE WHEN %(count)s > 0 AND %(today)s >= %(lost_on)s THEN 'silence'
                 WHEN %(count)s >= %(partner_count)s
                      AND %(today)s - %(first)s >= %(partner_days)s THEN 'partner'
                 WHEN %(count)s >= %(regular_count)s THEN 'regular'
                 WHEN %(count)s >= %(working_count)s AND %(count)s > 0 THEN 'working'
                 WHEN %(evidence)s IS NOT NULL THEN 'agreed'
                 ELSE 'potential' END
            """,
            count=row("purchase_count"),
            first=row("first_purchase_date"),
            lost_on=row("lost_on"),
            evidence=row("evidence"),
            today=parameters.today,
            partner_count=parameters.partner_count,
            partner_days=parameters.partner_days,
            regular_count=parameters.regular_count,
            working_count=parameters.working_count,
        )

    def _sql_is_declared_lost(self, row):
        """Declared lost, and no purchase is dated after the declaration."""
        return SQL(
            "(%(lost)s IS NOT NULL AND NOT COALESCE(%(last)s > %(lost)s, FALSE))",
            lost=row("lost_date"),
            last=row("last_purchase_date"),
        )

    def _sql_is_frozen(self, row):
        """An excluded customer keeps the stage it had, with its explanation."""
        return SQL("(%s AND %s IS NOT NULL)", row("is_excluded"), row("old_stage_id"))

    def _sql_reason(self, parameters, row):
        """Reason code of the whole precedence."""
        return SQL(
            """
            CASE WHEN %(frozen)s THEN %(old)s
                 WHEN %(hold)s >= %(today)s AND %(held)s IS NOT NULL THEN 'hold'
                 WHEN %(key)s THEN 'key'
                 WHEN %(vip)s THEN 'vip'
                 WHEN %(declared)s THEN 'declared_lost'
                 ELSE %(computed)s END
            """,
            frozen=self._sql_is_frozen(row),
            old=row("old_stage_reason"),
            hold=row("hold_until"),
            held=row("hold_stage_id"),
            today=parameters.today,
            key=row("is_key_account"),
            vip=row("is_vip"),
            declared=self._sql_is_declared_lost(row),
            computed=row("computed_code"),
        )

    def _sql_stage_of_code(self, parameters, code):
        stages = parameters.stage_ids
        return SQL(
            "CASE %s %s END",
            code,
            SQL(" ").join(
                SQL("WHEN %s THEN %s", reason, stages[stage])
                for reason, stage in (
                    ("potential", "potential"),
                    ("agreed", "active"),
                    ("working", "working"),
                    ("regular", "regular"),
                    ("partner", "partner"),
                    ("silence", "lost_recoverable"),
                    ("vip", "vip"),
                    ("key", "key"),
                )
            ),
        )

    def _sql_stage(self, parameters, row):
        """The stage; an excluded customer keeps the one it had."""
        stages = parameters.stage_ids
        return SQL(
            """
            CASE WHEN %(frozen)s THEN %(old)s
                 WHEN %(reason)s = 'hold' THEN %(held)s
                 WHEN %(reason)s = 'declared_lost' THEN
                      CASE WHEN (SELECT is_recoverable FROM crm_lifecycle_lost_reason
                                  WHERE id = %(lost_reason)s) THEN %(recoverable)s
                           ELSE %(lost)s END
                 ELSE %(by_reason)s END
            """,
            frozen=self._sql_is_frozen(row),
            old=row("old_stage_id"),
            reason=row("stage_reason"),
            held=row("hold_stage_id"),
            lost_reason=row("lost_reason_id"),
            recoverable=stages["lost_recoverable"],
            lost=stages["lost"],
            by_reason=self._sql_stage_of_code(parameters, row("stage_reason")),
        )

    # ------------------------------------------------------------------
    # DATE OF A TRANSITION
    # ------------------------------------------------------------------

    def _sql_stage_date(self, parameters, row, old):
        """The day from which the new stage is true.

        :param row: the new values; ``old``: the stored profile
        """
        decision = SQL(
            "CASE %s WHEN 'hold' THEN %s WHEN 'key' THEN %s WHEN 'vip' THEN %s "
            "WHEN 'declared_lost' THEN %s END",
            row("stage_reason"),
            row("hold_date"),
            row("key_date"),
            row("vip_date"),
            row("lost_date"),
        )
        ended = self._sql_decision_ended(parameters, row, old)
        return SQL(
            "COALESCE(GREATEST(%s, %s), %s, %s)",
            decision,
            ended,
            self._sql_computed_stage_date(parameters, row, old),
            parameters.today,
        )

    def _sql_decision_ended(self, parameters, row, old):
        """The day an earlier decision ceased: a hold's end the day after its last day,
        a withdrawal the day of the action; NULL when none ended."""
        return SQL(
            """
            CASE %(old_reason)s
                 WHEN 'hold' THEN
                      CASE WHEN %(hold)s IS NULL THEN %(day)s
                           WHEN %(hold)s < %(today)s THEN %(hold)s + 1 END
                 WHEN 'key' THEN CASE WHEN NOT %(key)s THEN %(day)s END
                 WHEN 'vip' THEN CASE WHEN NOT %(vip)s THEN %(day)s END
                 WHEN 'declared_lost' THEN CASE WHEN %(lost)s IS NULL THEN %(day)s END
            END
            """,
            old_reason=old("stage_reason"),
            hold=row("hold_until"),
            key=row("is_key_account"),
            vip=row("is_vip"),
            lost=row("lost_date"),
            day=parameters.action_day,
            today=parameters.today,
        )

    def _sql_computed_stage_date(self, parameters, row, old):
        resumed = self._sql_resumed(row("long_gaps"), row("allowed_days"))
        won_back = SQL(
            "CASE WHEN %s = 'declared_lost' AND %s IS NOT NULL THEN %s END",
            old("stage_reason"),
            row("lost_date"),
            row("last_purchase_date"),
        )

        def reached(stage):
            day = self._sql_unpack(row(f"{stage}_reached"), "day")
            return SQL("GREATEST(%s, %s, %s)", day, resumed, won_back)

        return SQL(
            """
            CASE %(reason)s
                 WHEN 'silence' THEN %(lost_on)s
                 WHEN 'partner' THEN %(partner)s
                 WHEN 'regular' THEN %(regular)s
                 WHEN 'working' THEN %(working)s
                 WHEN 'agreed' THEN %(evidence)s
                 WHEN 'potential' THEN %(added)s END
            """,
            reason=row("stage_reason"),
            lost_on=row("lost_on"),
            partner=SQL(
                "GREATEST(%s, %s + %s)",
                reached("partner"),
                row("first_purchase_date"),
                parameters.partner_days,
            ),
            regular=reached("regular"),
            working=reached("working"),
            evidence=self._sql_unpack(row("evidence"), "day"),
            added=row("added_date"),
        )

    # ------------------------------------------------------------------
    # NEXT EVALUATION
    # ------------------------------------------------------------------

    def _sql_next_evaluation(self, parameters, row):
        """The earliest day after today on which the date alone changes something."""
        first = row("first_purchase_date")
        days = [
            self._sql_lost_on(parameters, row),
            SQL(
                "CASE WHEN %s >= %s THEN %s + %s END",
                row("purchase_count"),
                parameters.partner_count,
                first,
                parameters.partner_days,
            ),
            SQL("%s + %s", first, parameters.newcomer_days + 1),
            SQL("%s + 1", row("hold_until")),
            row("vip_review_date"),
            SQL("%s + %s", row("potential_date"), parameters.potential_stale_days + 1),
            row("next_document_date"),
        ]
        if parameters.abc_newcomer_days:
            days.append(SQL("%s + %s", first, parameters.abc_newcomer_days + 1))
        if parameters.abc_down_days:
            days.append(
                SQL("%s + %s", row("abc_below_since"), parameters.abc_down_days)
            )
        return SQL(
            "NULLIF(LEAST(%(days)s, %(far)s), %(far)s)",
            far=FAR_DAY,
            days=SQL(", ").join(
                SQL("CASE WHEN %(d)s > %(t)s THEN %(d)s END", d=day, t=parameters.today)
                for day in days
            ),
        )
