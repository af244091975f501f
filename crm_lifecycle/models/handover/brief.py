# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_amount, format_date

# How much of a customer stands in a brief, and how many customers in one of a portfolio
LAST_CONTACTS = 5
BRIEF_LIMIT = 200
# Days without any contact after which somebody who buys should be called
SILENT_DAYS = 90


class CrmLifecycleProfile(models.Model):
    """What a new responsible must know of a customer, on one page."""

    _inherit = "crm.lifecycle.profile"

    @api.readonly
    def action_view_brief(self):
        """Show the brief of these customers on the screen."""
        report = self.env.ref("crm_lifecycle.crm_handover_brief_screen_action")
        return report.report_action(self, config=False)

    @api.readonly
    def action_print_brief(self):
        """Print the brief of these customers."""
        report = self.env.ref("crm_lifecycle.crm_handover_brief_report_action")
        return report.report_action(self)

    # ------------------------------------------------------------
    # HOOKS
    # ------------------------------------------------------------

    def _get_red_flags(self):
        """Return sentences on what needs care; add-ons add theirs."""
        self.ensure_one()
        today = self._company_today(self.company_id)
        flags = []
        if self.is_lapsed:
            flags.append(self.env._("VIP or key account, silent for too long"))
        if self.stage_id.zone == "departure":
            flags.append(self.env._("Lost: %(stage)s", stage=self.stage_id.name))
        elif self.is_late:
            flags.append(
                self.env._(
                    "Late against the own rhythm of %(days)s days",
                    days=f"{self.rhythm_days:.0f}",
                )
            )
        if self.debt_overdue > 0:
            flags.append(
                self.env._(
                    "Overdue debt of %(amount)s, days: %(days)s",
                    amount=format_amount(self.env, self.debt_overdue, self.currency_id),
                    days=self.debt_overdue_days,
                )
            )
        if self.is_vip and self.vip_review_date and self.vip_review_date < today:
            flags.append(self.env._("VIP review overdue"))
        if self.purchase_count and self._is_untouched(today):
            flags.append(
                self.env._("No contact for more than %(days)s days", days=SILENT_DAYS)
            )
        if self.is_excluded:
            flags.append(
                self.env._("Excluded: %(reason)s", reason=self.exclude_reason or "")
            )
        return flags

    def _is_untouched(self, today):
        last = self.last_contact_date
        return not last or last < today - timedelta(SILENT_DAYS)

    # ------------------------------------------------------------
    # WHAT THE PAGE SHOWS
    # ------------------------------------------------------------

    def _get_briefs(self):
        """Return what the brief of these customers prints, the most valuable first.

        :return: ``{"is_portfolio", "is_cut", "briefs"}``; each brief has ``card``,
            ``contacts``, ``promises``, ``norms``, ``invoices`` and ``flags``
        :raise AccessError: one of the cards is hidden from the user
        """
        # Asked for here: rules that look at a card leave its fields in the cache, where
        # nobody asks any more
        self.check_access("read")
        profiles = self.sorted(lambda p: (-p.revenue, p.id))
        shown = profiles[:BRIEF_LIMIT]
        contacts = shown._get_last_contacts()
        promises = shown._get_open_promises()
        invoices = shown._get_unpaid_invoices()
        return {
            "is_portfolio": len(self) > 1,
            "is_cut": len(self) >= BRIEF_LIMIT,
            "briefs": [
                {
                    "card": card,
                    "contacts": contacts.get(card.id, []),
                    "promises": promises.get(card.id, []),
                    "norms": card._get_overdue_norms(),
                    "invoices": invoices.get(card.id, []),
                    "flags": card._get_red_flags()
                    + card._get_flags_of_promises(promises.get(card.id, [])),
                }
                for card in shown
            ],
        }

    def _get_flags_of_promises(self, promises):
        late = sum(promise.is_late and promise.side == "we" for promise in promises)
        if not late:
            return []
        return [self.env._("Promises of ours overdue: %(count)s", count=late)]

    def _get_last_contacts(self):
        """Return ``{card: [lines of the timeline]}``; one query for all cards."""
        if not self:
            return {}
        Touchpoint = self.env["crm.touchpoint"]
        Touchpoint.flush_model()
        # the rules of touchpoints are those of the cards, which the reader has
        rows = self.env.execute_query(
            SQL(
                """
                SELECT card.id, last.id
                  FROM unnest(%s::int[]) AS card (id)
                 CROSS JOIN LATERAL (
                       SELECT t.id, t.date FROM crm_touchpoint t
                        WHERE t.profile_id = card.id AND t.is_ignored IS NOT TRUE
                        ORDER BY t.date DESC, t.id DESC LIMIT %s) last
                 ORDER BY last.date DESC, last.id DESC
                """,
                self.ids,
                LAST_CONTACTS,
            )
        )
        readable = Touchpoint.browse([row[1] for row in rows])._filtered_access("read")
        contacts = {}
        for card_id, touchpoint_id in rows:
            touchpoint = Touchpoint.browse(touchpoint_id).with_prefetch(readable.ids)
            if touchpoint in readable:
                line = touchpoint._format_for_timeline()
                contacts.setdefault(card_id, []).append(line)
        return contacts

    def _get_open_promises(self):
        promises = self.env["crm.promise"].search(
            [("profile_id", "in", self.ids), ("state", "=", "open")], order="date_due"
        )
        return {
            profile.id: list(group)
            for profile, group in promises.grouped("profile_id").items()
        }

    def _get_unpaid_invoices(self):
        """Return ``{card: [invoice lines]}`` for readers of invoices; the sums of
        what is owed stand on the card for everybody who sees it."""
        Move = self.env["account.move"]
        try:
            Move.check_access("read")
        except AccessError:
            return {}
        moves = Move.search(
            [
                ("move_type", "in", ("out_invoice", "out_receipt")),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
                ("commercial_partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ],
            order="invoice_date_due, id",
        )
        by_key = {(card.partner_id.id, card.company_id.id): card.id for card in self}
        found = {}
        for move in moves:
            card_id = by_key.get((move.commercial_partner_id.id, move.company_id.id))
            if card_id:
                found.setdefault(card_id, []).append(move)
        return found

    @api.model
    def _format_brief_day(self, day):
        return format_date(self.env, day) if day else ""
