"""A slow, obvious computation of what the add-on must show for a customer base.

It works on plain values, knows no database and shares nothing with the add-on. Tests
read documents and settings into a :class:`Base`, ask :func:`full` or :func:`some`
what the profiles and transitions have to be, and compare with what the database holds.
"""

from .documents import (
    Base,
    Invoice,
    Lead,
    Order,
    Partner,
    People,
    Row,
    Settings,
    Step,
)
from .run import full, settle, some, unchanged_until

__all__ = [
    "Base",
    "Invoice",
    "Lead",
    "Order",
    "Partner",
    "People",
    "Row",
    "Settings",
    "Step",
    "full",
    "settle",
    "some",
    "unchanged_until",
]
