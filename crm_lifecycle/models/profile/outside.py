# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

OUTSIDE_LIMIT = 1000


class CrmLifecycleProfile(models.Model):
    """What other programs may ask."""

    _inherit = "crm.lifecycle.profile"

    @api.model
    @api.readonly
    def get_lifecycle(self, partner_ids):
        """Tell where customers stand in their lifecycle, in the current company.

        Over HTTP: ``POST /json/2/crm.lifecycle.profile/get_lifecycle`` with an API key
        and the body ``{"partner_ids": [7, 8]}``. Another company is chosen by
        ``"context": {"allowed_company_ids": [2]}``.

        :param list partner_ids: at most 1,000 ids of ``res.partner``; a contact stands
            for its customer
        :return: a list in the order asked, one dict for each id: ``partner_id`` (as
            asked), ``customer_id`` (the commercial partner), ``profile_id``, and if
            there is a profile the user may see: ``active``; ``stage``,
            ``computed_stage`` and ``category`` as ``{"code", "name"}`` or None;
            ``stage_date``, ``stage_reason`` (a sentence in the user's language);
            ``is_vip``, ``is_key_account``, ``is_excluded``, ``is_lapsed``;
            ``responsible`` as ``{"id", "name"}`` or None; ``currency``;
            ``purchase_count``, ``first_purchase_date``, ``last_purchase_date``,
            ``expected_purchase_date``, ``rhythm_days``, ``silence_days``;
            ``revenue``, ``revenue_previous``, ``lifetime_revenue``, ``margin``;
            ``abc_class``, ``recency_score``, ``frequency_score``, ``monetary_score``;
            ``potential_amount``, ``potential_class``, ``share_of_wallet``;
            ``loyalty_rung``, ``last_contact_date``, ``next_contact_date``,
            ``computed_at``. Days and moments (UTC) are ISO strings, amounts are in
            ``currency``; what is unknown is None. Without a visible profile
            ``profile_id`` is None and nothing else follows.
        :raise UserError: partner_ids is no list of ids, or too long
        :raise AccessError: the user may not read customer profiles, or a contact does
            not exist or is hidden from him
        """
        self.browse().check_access("read")
        if isinstance(partner_ids, (list, tuple)) and len(partner_ids) > OUTSIDE_LIMIT:
            raise UserError(
                self.env._(
                    "partner_ids has %(count)s entries: ask for at most %(limit)s at a "
                    "time.",
                    count=len(partner_ids),
                    limit=OUTSIDE_LIMIT,
                )
            )
        partners = self._check_partner_ids(partner_ids)
        profiles = self.with_context(active_test=False).search(
            [
                ("partner_id", "in", partners.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
            ]
        )
        by_customer = {profile.partner_id.id: profile for profile in profiles}
        answers = {}
        for partner in partners:
            customer_id = partner.commercial_partner_id.id
            answer = {
                "partner_id": partner.id,
                "customer_id": customer_id,
                "profile_id": None,
            }
            if customer_id in by_customer:
                answer.update(by_customer[customer_id]._prepare_outside_values())
            answers[partner.id] = answer
        return [answers[partner_id] for partner_id in partner_ids]

    @api.model
    def _get_outside_fields(self):
        """Return the fields an outside client gets as they are; add-ons add theirs."""
        return [
            *("active", "stage_date", "is_vip", "is_key_account", "is_excluded"),
            *("is_lapsed", "purchase_count", "first_purchase_date"),
            *("last_purchase_date", "expected_purchase_date", "rhythm_days"),
            *("silence_days", "revenue", "revenue_previous", "lifetime_revenue"),
            *("margin", "abc_class", "recency_score", "frequency_score"),
            *("monetary_score", "potential_amount", "potential_class"),
            *("share_of_wallet", "loyalty_rung", "last_contact_date"),
            *("next_contact_date", "computed_at"),
        ]

    def _prepare_outside_values(self):
        """Return one profile as plain values."""
        self.ensure_one()
        unknown = self._get_unknown_figures()
        values = {
            name: None if name in unknown else self._to_outside_value(self[name], name)
            for name in self._get_outside_fields()
        }
        responsible = self.user_id.sudo()  # a colleague's name is no secret
        return {
            **values,
            "profile_id": self.id,
            "stage": self._to_outside_code(self.stage_id),
            "computed_stage": self._to_outside_code(self.computed_stage_id),
            "category": self._to_outside_code(self.category_id),
            "stage_reason": self.stage_reason_text or None,
            "responsible": (
                {"id": responsible.id, "name": responsible.name}
                if responsible
                else None
            ),
            "currency": self.currency_id.name,
        }

    def _get_unknown_figures(self):
        """Return the numbers that are 0 only because a number cannot be empty."""
        unknown = set()
        if not self.last_purchase_date:
            unknown |= {"silence_days"}
        if not self.rhythm_days:
            unknown |= {"rhythm_days"}
        if not self.recency_score:
            unknown |= {"recency_score", "frequency_score", "monetary_score"}
        if not self.potential_date:
            unknown |= {"potential_amount"}
        if not (self.potential_date and self.potential_amount):
            unknown |= {"share_of_wallet"}
        engine = self.env["crm.lifecycle.engine"]
        company = self.company_id.sudo()  # a setting, whoever asks
        if not engine._has_margin(company.lifecycle_basis):
            unknown |= {"margin"}
        return unknown

    def _to_outside_value(self, value, name):
        """Return a field's value as JSON knows it."""
        if isinstance(value, datetime):
            return fields.Datetime.to_string(value)
        if isinstance(value, date):
            return fields.Date.to_string(value)
        if value is False and self._fields[name].type != "boolean":
            return None
        return value

    @api.model
    def _to_outside_code(self, record):
        """Return a stage or category as code and name in the user's language."""
        if not record:
            return None
        return {"code": record.code or None, "name": record.name}
