# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What one computation of one company depends on besides its documents."""

from dataclasses import dataclass, field, replace
from datetime import date

# Without a rhythm of his own a customer may be silent for this many typical cycles.
TYPICAL_CYCLE_FACTOR = 3
# A hundred years: no setting in days may be longer, and no silence is allowed longer.
MAX_DAYS = 36500
# The last day to which one can be added: Python reads no date after the year 9999.
FAR_DAY = date(9999, 12, 30)


@dataclass(frozen=True)
class Parameters:
    """Settings of a company as plain values, so that a what-if can replace some.

    ``cause`` is the cause written on transitions that have no stronger one, ``day``
    the day an action by hand counts from, ``react`` whether playbooks may be told.
    ``share`` of ``shares`` are the customers that one of several connections computes.
    """

    company_id: int
    today: date
    tz: str
    one_company: bool
    rounding: float
    has_margin: bool
    basis: str
    window_days: int
    working_count: int
    regular_count: int
    partner_count: int
    partner_days: int
    lost_min_days: int
    lost_rhythm_factor: float
    lost_days: int
    typical_cycle_days: int
    newcomer_days: int
    abc_value: str
    abc_a_limit: float
    abc_b_limit: float
    abc_newcomer_days: int
    abc_down_days: int
    potential_stale_days: int
    potential_high: float
    potential_medium: float
    quotation_is_agreement: bool
    stage_ids: dict = field(hash=False)
    category_ids: dict = field(hash=False)
    cells: dict = field(hash=False)
    cause: str = "time"
    user_id: int | None = None
    day: date | None = None
    react: bool = True
    by_hand: bool = False
    share: int = 0
    shares: int = 1

    @property
    def shortest_allowed_silence(self):
        """No customer may be lost sooner than this; bounds which gaps matter."""
        if self.typical_cycle_days:
            return self.lost_min_days
        return min(self.lost_min_days, self.lost_days)

    @property
    def action_day(self):
        return self.day or self.today

    def changed(self, **values):
        return replace(self, **values)
