# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import format_date


class CrmCadenceRule(models.Model):
    """The regulation on paper."""

    _inherit = "crm.cadence.rule"

    def _get_regulation(self):
        """Return what the instruction prints: rules in force, by category.

        :return: list of ``{"category": record, "rules": records}``
        """
        rules = self.filtered("active").sorted("sequence")
        return [
            {
                "category": category,
                "rules": rules.filtered(
                    lambda rule, category=category: category in rule.category_ids
                ),
            }
            for category in rules.category_ids.sorted("sequence")
        ]


class CrmCadencePlan(models.Model):
    """A period plan on paper."""

    _inherit = "crm.cadence.plan"

    def _get_printed_months(self):
        """Return the columns: ``{"day": first day, "name": the month's name}``."""
        self.ensure_one()
        days = sorted(set(self.line_ids.mapped("month")))
        return [
            {"day": day, "name": format_date(self.env, day, date_format="LLL y")}
            for day in days
        ]

    def _get_printed_managers(self):
        """Return a table for each manager whose lines the reader may see.

        :return: list of ``name``, ``rows`` (``customer``, ``rule``, ``months``) and
            ``months``: ``{first day: (planned, made)}``
        """
        self.ensure_one()
        tables = []
        lines = self.line_ids.sorted(lambda line: (line.partner_id.name or "", line.id))
        by_manager = lines.grouped("user_id")
        for user, own in sorted(
            by_manager.items(), key=lambda item: item[0].sudo().name or ""
        ):
            rows = {}
            for line in own:
                row = rows.setdefault(
                    (line.profile_id.id, line.rule_id.id),
                    {
                        # sudo: the name of a customer whose plan the reader may see
                        "customer": line.partner_id.sudo().display_name,
                        "rule": line.rule_id.name,
                        "months": {},
                    },
                )
                row["months"][line.month] = (line.planned, line.made)
            tables.append(
                {
                    "name": user.sudo().name or self.env._("Nobody"),
                    "rows": list(rows.values()),
                    "months": self._sum_months(own),
                }
            )
        return tables

    def _sum_months(self, lines):
        sums = {}
        for line in lines:
            planned, made = sums.get(line.month, (0, 0))
            sums[line.month] = (planned + line.planned, made + line.made)
        return sums
