# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import format_date


class CrmLifecycleProfile(models.Model):
    """Why a customer is in its stage, said to the reader.

    Stored are a code and figures; the sentence is built in the reader's language and
    date format.
    """

    _inherit = "crm.lifecycle.profile"

    stage_reason_text = fields.Char(
        string="Why This Stage", compute="_compute_stage_reason_text"
    )

    @api.depends("stage_reason", "stage_figures", "stage_date")
    @api.depends_context("lang")
    def _compute_stage_reason_text(self):
        for profile in self:
            profile.stage_reason_text = self._get_reason_sentence(
                profile.stage_reason, profile.stage_figures or {}, profile.stage_date
            )

    @api.model
    def _get_reason_sentence(self, code, figures, date):
        """Return the sentence for a stage reason, or False for an unknown code.

        :param str code: see ``_get_reason_builders``
        :param dict figures: what the engine stored: counts, days as ISO strings, names
        :param date: since when the stage is true
        """
        builder = self._get_reason_builders().get(code)
        if not builder:
            return False
        return builder(figures or {}, self._reason_day(date))

    @api.model
    def _get_reason_builders(self):
        """Return ``{reason code: method(figures, since) -> sentence}``."""
        return {
            "potential": self._reason_potential,
            "agreed": self._reason_agreed,
            "working": self._reason_working,
            "regular": self._reason_regular,
            "partner": self._reason_partner,
            "silence": self._reason_silence,
            "declared_lost": self._reason_declared_lost,
            "vip": self._reason_vip,
            "key": self._reason_key,
            "hold": self._reason_hold,
        }

    @api.model
    def _reason_day(self, day):
        """A date or ISO string in the reader's format; a dash for an unknown one."""
        return format_date(self.env, day) if day else "–"

    @api.model
    def _reason_purchase(self, figures):
        """The purchase that reached the stage: “third purchase S00123”."""
        number = figures.get("threshold") or figures.get("purchase_count") or 1
        ordinals = {
            1: self.env._("first purchase"),
            2: self.env._("second purchase"),
            3: self.env._("third purchase"),
            4: self.env._("fourth purchase"),
            5: self.env._("fifth purchase"),
            10: self.env._("tenth purchase"),
        }
        text = ordinals.get(number) or self.env._("purchase no. %(n)s", n=number)
        document = figures.get("document")
        return f"{text} {document}" if document else text

    @api.model
    def _reason_outlook(self, sentence, figures):
        """Append when the customer becomes lost, or close the sentence."""
        if not figures.get("lost_on"):
            return self.env._("%(sentence)s.", sentence=sentence)
        return self.env._(
            "%(sentence)s; becomes Lost on %(day)s if nothing is bought.",
            sentence=sentence,
            day=self._reason_day(figures["lost_on"]),
        )

    @api.model
    def _reason_potential(self, figures, since):
        return self.env._(
            "Potential since %(since)s: nothing ordered and nothing agreed yet.",
            since=since,
        )

    @api.model
    def _reason_agreed(self, figures, since):
        name = figures.get("evidence_name") or ""
        evidence = {
            "order": self.env._("order %(name)s is confirmed", name=name),
            "opportunity": self.env._("opportunity “%(name)s” is agreed", name=name),
            "quotation": self.env._("quotation %(name)s is open", name=name),
            "manual": self.env._("set by hand"),
        }.get(figures.get("evidence"), self.env._("the customer agreed"))
        return self.env._(
            "Active since %(since)s: %(evidence)s, nothing bought yet.",
            since=since,
            evidence=evidence,
        )

    @api.model
    def _reason_working(self, figures, since):
        sentence = self.env._(
            "Working since %(since)s: %(purchase)s",
            since=since,
            purchase=self._reason_purchase(figures),
        )
        return self._reason_outlook(sentence, figures)

    @api.model
    def _reason_regular(self, figures, since):
        sentence = self.env._(
            "Regular since %(since)s: %(purchase)s",
            since=since,
            purchase=self._reason_purchase(figures),
        )
        return self._reason_outlook(sentence, figures)

    @api.model
    def _reason_partner(self, figures, since):
        sentence = self.env._(
            "Proven partner since %(since)s: %(count)s purchases, buying since "
            "%(first)s",
            since=since,
            count=figures.get("purchase_count") or figures.get("threshold"),
            first=self._reason_day(figures.get("first_purchase_date")),
        )
        return self._reason_outlook(sentence, figures)

    @api.model
    def _reason_silence(self, figures, since):
        return self.env._(
            "Lost since %(since)s: last purchase on %(last)s, silent for more than the "
            "%(days)s days allowed.",
            since=since,
            last=self._reason_day(figures.get("last_purchase_date")),
            days=f"{figures.get('allowed_days') or 0:g}",
        )

    @api.model
    def _reason_declared_lost(self, figures, since):
        reason = self.env["crm.lifecycle.lost.reason"].browse(
            figures.get("reason_id") or 0
        )
        # sudo: any reader of the sentence may know the reason's name
        name = reason.sudo().exists().name
        return self.env._(
            "Declared lost on %(since)s: %(reason)s.", since=since, reason=name or "–"
        )

    @api.model
    def _reason_vip(self, figures, since):
        return self.env._(
            "VIP since %(since)s: %(reason)s.",
            since=since,
            reason=self._reason_by_hand(figures.get("vip_reason")),
        )

    @api.model
    def _reason_key(self, figures, since):
        return self.env._(
            "Key account since %(since)s: %(reason)s.",
            since=since,
            reason=self._reason_by_hand(figures.get("key_reason")),
        )

    @api.model
    def _reason_hold(self, figures, since):
        return self.env._(
            "Held by hand since %(since)s, until %(until)s: %(reason)s.",
            since=since,
            until=self._reason_day(figures.get("hold_until")),
            reason=self._reason_by_hand(figures.get("hold_reason")),
        )

    @api.model
    def _reason_by_hand(self, reason):
        """What a person wrote, fitted into a sentence that has its own full stop."""
        return (reason or "").strip().rstrip(".") or "–"
