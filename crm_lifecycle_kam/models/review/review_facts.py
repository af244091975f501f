# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, format_amount, format_date, formatLang


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
        count, hours = contacts or (0, 0)
        return [
            (
                self.env._("Contacts of the last year"),
                self.env._(
                    "%(count)s, %(hours)s hours",
                    count=count,
                    hours=formatLang(self.env, hours, digits=1),
                ),
            ),
            (self.env._("Overdue debt"), self._get_debt_text(profile)),
            (self.env._("Payments"), profile.payment_discipline or ""),
            (self.env._("Feedback"), self._get_feedback_text(profile)),
            (
                self.env._("Gaps in the unit"),
                ", ".join(profile.dmu_gap_rule_ids.mapped("name")),
            ),
            (self.env._("Way through the stages"), self._get_way_text(profile)),
        ]

    @api.model
    def _get_debt_text(self, profile):
        if not profile.debt_overdue:
            return self.env._("none")
        return self.env._(
            "%(amount)s, days overdue: %(days)s",
            amount=format_amount(self.env, profile.debt_overdue, profile.currency_id),
            days=profile.debt_overdue_days,
        )

    @api.model
    def _get_feedback_text(self, profile):
        feedback = self.env["crm.feedback"].sudo()  # whoever answers sees it all
        feedback = feedback.search([("profile_id", "=", profile.id)], limit=3)
        return "; ".join(
            f"{format_date(self.env, one.date)}: "
            f"{one.score or ''} {one.comment or ''}".strip()
            for one in feedback
        )

    @api.model
    def _get_way_text(self, profile):
        moves = self.env["crm.lifecycle.transition"].sudo()  # as above
        moves = moves.search(
            [("profile_id", "=", profile.id), ("to_stage_id", "!=", False)],
            order="id desc",
            limit=5,
        )
        return " → ".join(
            f"{move.to_stage_id.name} ({format_date(self.env, move.date)})"
            for move in reversed(moves)
            if move.from_stage_id != move.to_stage_id
        )

    @api.model
    def _build_facts(self, profile, windows, lines):
        """Lay the figures out as a table of windows and a list of lines."""
        table = Markup("<p class='text-muted'>%s</p>") % self.env._(
            "No confirmed orders in the last windows."
        )
        if windows:
            table = self._build_windows(profile, windows)
        rest = Markup().join(
            Markup("<dt class='col-sm-4'>%s</dt><dd class='col-sm-8'>%s</dd>")
            % (label, text)
            for label, text in lines
            if text
        )
        return table + Markup("<dl class='row mb-0'>%s</dl>") % rest

    @api.model
    def _get_window_columns(self, profile):
        """Return ``[(label, function from a window to its text)]``."""

        def percent(value):
            if value is None:
                return ""
            # the reader's decimal sign
            return f"{formatLang(self.env, value, digits=1)} %"

        def money(value):
            if value is None:
                return ""
            return format_amount(self.env, value, profile.currency_id)

        return [
            (self.env._("Revenue"), lambda row: money(row["revenue"])),
            (self.env._("Average discount"), lambda row: percent(row["discount"])),
            (self.env._("Margin"), lambda row: money(row["margin"])),
            (self.env._("Margin share"), lambda row: percent(row["margin_share"])),
        ]

    @api.model
    def _build_windows(self, profile, windows):
        """Return the table of the terms, one row for each window."""
        columns = self._get_window_columns(profile)
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
        return Markup(
            "<div class='table-responsive'><table class='table table-sm'>"
            "<thead><tr><th></th>%s</tr></thead><tbody>%s</tbody></table></div>"
        ) % (head, body)
