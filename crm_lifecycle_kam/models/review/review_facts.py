# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, format_amount, format_date


class CrmAccountReview(models.Model):
    """What the review prepares by itself; kept as it was when it is answered."""

    _inherit = "crm.account.review"

    facts = fields.Html(string="Prepared", compute="_compute_facts", sanitize=False)
    kept_facts = fields.Html(readonly=True, sanitize=False)
    is_creeping = fields.Boolean(
        string="Terms Creep",
        compute="_compute_is_creeping",
        help="The average discount only grows, or the share of the margin only falls, "
        "from window to window.",
    )

    @api.depends("profile_id", "state", "kept_facts")
    @api.depends_context("lang", "uid")
    def _compute_facts(self):
        # sudo: whoever answers the review sees what it rests on
        profiles = self.profile_id.sudo()
        terms = self.sudo()._get_terms(profiles)
        contacts = self._get_contacts(profiles)
        for review in self:
            profile = review.profile_id.sudo()
            windows = terms.get(profile.id, [])
            if review.state == "open":
                lines = self._get_fact_lines(profile, contacts.get(profile.id))
                review.facts = self._build_facts(profile, windows, lines)
            else:
                review.facts = review.kept_facts

    @api.depends("profile_id")
    def _compute_is_creeping(self):
        # sudo: the flag says nothing of the documents it comes from
        terms = self.sudo()._get_terms(self.profile_id.sudo())
        for review in self:
            windows = terms.get(review.profile_id.id, [])
            review.is_creeping = self._is_creeping(windows)

    @api.model
    def _get_contacts(self, profiles):
        """Return ``{card id: (contacts of the last year, hours)}``, in one query."""
        self.env["crm.touchpoint"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT profile_id, COUNT(*), COALESCE(SUM(duration), 0)::float8
                  FROM crm_touchpoint
                 WHERE profile_id = ANY(%s) AND is_ignored IS NOT TRUE
                   AND date >= %s - INTERVAL '365 days'
                 GROUP BY profile_id
                """,
                profiles.ids,
                self.env.cr.now(),
            )
        )
        return {card: (count, hours) for card, count, hours in rows}

    @api.model
    def _get_fact_lines(self, profile, contacts):
        """Return ``[(label, text)]`` beside the terms; an add-on adds its own."""

        def money(amount):
            return format_amount(self.env, amount, profile.currency_id)

        count, hours = contacts or (0, 0)
        feedback = self.env["crm.feedback"].sudo()
        feedback = feedback.search([("profile_id", "=", profile.id)], limit=3)
        moves = self.env["crm.lifecycle.transition"].sudo()
        moves = moves.search(
            [("profile_id", "=", profile.id), ("to_stage_id", "!=", False)],
            order="id desc",
            limit=5,
        )
        return [
            (
                self.env._("Contacts of the last year"),
                self.env._(
                    "%(count)s, %(hours)s hours", count=count, hours=f"{hours:.1f}"
                ),
            ),
            (
                self.env._("Overdue debt"),
                self.env._(
                    "%(amount)s, for %(days)s days",
                    amount=money(profile.debt_overdue),
                    days=profile.debt_overdue_days,
                )
                if profile.debt_overdue
                else self.env._("none"),
            ),
            (self.env._("Payments"), profile.payment_discipline or ""),
            (
                self.env._("Feedback"),
                "; ".join(
                    f"{format_date(self.env, one.date)}: "
                    f"{one.score or ''} {one.comment or ''}".strip()
                    for one in feedback
                ),
            ),
            (
                self.env._("Gaps in the unit"),
                ", ".join(profile.dmu_gap_rule_ids.mapped("name")),
            ),
            (
                self.env._("Way through the stages"),
                " → ".join(
                    f"{move.to_stage_id.name} ({format_date(self.env, move.date)})"
                    for move in reversed(moves)
                    if move.from_stage_id != move.to_stage_id
                ),
            ),
        ]

    @api.model
    def _build_facts(self, profile, windows, lines):
        """Lay the figures out as a table of windows and a table of lines."""

        def percent(value):
            return "" if value is None else f"{value:.1f} %"

        def money(value):
            if value is None:
                return ""
            return format_amount(self.env, value, profile.currency_id)

        columns = [
            (self.env._("Revenue"), lambda row: money(row["revenue"])),
            (self.env._("Average discount"), lambda row: percent(row["discount"])),
            (self.env._("Margin"), lambda row: money(row["margin"])),
            (self.env._("Margin share"), lambda row: percent(row["margin_share"])),
        ]
        names = [
            self.env._("Current window"),
            self.env._("Window before"),
            self.env._("Two before"),
            self.env._("Three before"),
        ]
        cell = Markup("<td class='text-end'>%s</td>")
        body = Markup().join(
            Markup("<tr><th>%s</th>%s</tr>")
            % (
                names[row["window"]],
                Markup().join(cell % value(row) for __, value in columns),
            )
            for row in windows
        )
        head = Markup().join(
            Markup("<th class='text-end'>%s</th>") % label for label, __ in columns
        )
        table = Markup(
            "<div class='table-responsive'><table class='table table-sm'>"
            "<thead><tr><th></th>%s</tr></thead><tbody>%s</tbody></table></div>"
        ) % (head, body)
        rest = Markup().join(
            Markup("<dt class='col-sm-4'>%s</dt><dd class='col-sm-8'>%s</dd>")
            % (label, text)
            for label, text in lines
            if text
        )
        if not windows:
            table = Markup("<p class='text-muted'>%s</p>") % self.env._(
                "No confirmed orders in the last windows."
            )
        return table + Markup("<dl class='row mb-0'>%s</dl>") % rest
