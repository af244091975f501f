# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a trigger is asked: whose events, of which customers, since when."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Scan:
    """Events of one company that one playbook answers.

    ``since`` is the first day of an event that counts, ``moment`` the first moment in
    which it may have been written (None: whenever); ``transition_ids`` are the changes
    of stage and category at hand (None: all); ``profile_id`` is the one customer asked
    about (None: all).
    """

    playbook: Any
    parameters: Any
    since: date
    moment: datetime | None = None
    transition_ids: tuple | None = None
    profile_id: int | None = None

    @property
    def today(self):
        return self.parameters.today

    def changed(self, **values):
        return replace(self, **values)
