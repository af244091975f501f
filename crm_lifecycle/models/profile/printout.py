# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

# Size of the printed chart, in its own units
CHART_WIDTH, CHART_HEIGHT = 700, 120
MIN_FUTURE_DAYS = 60
MARK_COLORS = {"today": "#6b7280", "expected": "#198754", "limit": "#c0392b"}


class CrmLifecycleProfile(models.Model):
    """The purchases over time as shapes on paper, where no script can draw."""

    _inherit = "crm.lifecycle.profile"

    def _get_printed_timeline(self):
        """Return what the report draws, or None without a purchase.

        :return: ``width``, ``height``; ``bars``: dicts of ``x``, ``y``, ``height``;
            ``marks``: dicts of ``x`` (None: too far away to draw), ``color``,
            ``label``, ``day``, in the order of time; ``first``: the first day drawn;
            ``highest``: the highest amount
        """
        self.ensure_one()
        timeline = self.purchase_timeline
        if not timeline or not timeline["days"]:
            return None
        days = [
            (fields.Date.to_date(day), amount) for day, amount, __ in timeline["days"]
        ]
        marks = self._get_printed_marks(timeline)
        first = days[0][0]
        last = self._get_last_printed_day(first, marks, timeline)
        span = max((last - first).days, 1)
        highest = max(amount for __, amount in days) or 1

        def place(day):
            return 4 + (day - first).days * (CHART_WIDTH - 12) / span

        return {
            "width": CHART_WIDTH,
            "height": CHART_HEIGHT,
            "first": first,
            "highest": highest,
            "bars": [
                {
                    "x": place(day) - 2,
                    "y": CHART_HEIGHT - max(amount / highest * CHART_HEIGHT, 2),
                    "height": max(amount / highest * CHART_HEIGHT, 2),
                }
                for day, amount in days
            ],
            "marks": [
                {
                    "x": place(day) if day <= last else None,
                    "color": color,
                    "label": label,
                    "day": day,
                }
                for day, color, label in marks
            ],
        }

    def _get_last_printed_day(self, first, marks, timeline):
        """As on the screen: the future takes at most as much room as the past."""
        today = fields.Date.to_date(timeline["today"])
        room = max((today - first).days, MIN_FUTURE_DAYS)
        days = [day for day, *__ in marks if (day - today).days <= room]
        return max([today, *days])

    def _get_printed_marks(self, timeline):
        """Return ``[(day, colour, label)]`` of today, expected purchase and limit."""
        labels = {
            "today": self.env._("Today"),
            "expected": self.env._("Expected next purchase"),
            "limit": self.env._("Silence is allowed until"),
        }
        return sorted(
            (fields.Date.to_date(timeline[name]), MARK_COLORS[name], label)
            for name, label in labels.items()
            if timeline[name]
        )
