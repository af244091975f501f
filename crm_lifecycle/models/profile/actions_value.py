# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..engine.engine import AT_ONCE_LIMIT

# Above it cents are lost in what a browser can count
LARGEST_AMOUNT = 10**13
LARGEST_FACTOR = 1000


class CrmLifecycleProfile(models.Model):
    """What people decide about a customer's value and place in the base.

    The methods return what those of ``actions_status.py`` return.
    """

    _inherit = "crm.lifecycle.profile"

    # ------------------------------------------------------------
    # POTENTIAL
    # ------------------------------------------------------------

    def set_potential(
        self,
        amount=None,
        source=None,
        confidence=None,
        date=None,
        revenue_factor=None,
        potential_class=None,
    ):
        """Set what the customers could buy in a year. None leaves a part as it is.

        :param float amount: yearly amount in the company's currency, 0 or more
        :param str source: who or what says so
        :param str confidence: low, medium or high
        :param date: day of the estimate; default: today, not later
        :param float revenue_factor: instead of an amount, this many times each
            customer's own yearly revenue; who has no revenue is skipped
        :param str potential_class: high, medium or low set by hand, which wins over
            the class by amount; False: by amount again
        """
        self._check_may_act()
        date = self._check_day(date, self.env._("Potential Estimated On"), future=False)
        values = self._prepare_potential_values(
            amount, source, confidence, potential_class
        )
        if revenue_factor is not None:
            self._check_factor(revenue_factor, amount)
        by_factor = revenue_factor is not None
        estimated = by_factor or "potential_amount" in values or bool(potential_class)
        if not values and not date and not estimated:
            raise UserError(
                self.env._(
                    "Give an amount, a factor of the revenue or a class of the "
                    "potential."
                )
            )
        accepted, skipped = self._split(
            lambda profile: profile._why_no_potential(by_factor, estimated)
        )
        for company, profiles in accepted.grouped("company_id").items():
            if date or estimated:
                values["potential_date"] = date or self._company_today(company)
            if by_factor:
                values["potential_amount"] = self._sql_yearly_revenue(
                    company, revenue_factor
                )
            profiles._write_people(values)
        return accepted._finish_action(skipped)

    def _why_no_potential(self, by_factor, estimated):
        """Return why this customer's potential cannot be set, or None."""
        if by_factor and self.revenue <= 0:
            return self.env._("has no revenue in the window")
        if not estimated and not self.potential_date:
            return self.env._("has no estimated potential yet: give an amount")
        return None

    def clear_potential(self):
        """Forget the potential: it is unknown again."""
        self._check_may_act()
        accepted, skipped = self._split(
            lambda profile: (
                None
                if profile.potential_date or profile.potential_class_manual
                else self.env._("has no estimated potential")
            )
        )
        accepted._write_people(
            {
                "potential_amount": None,
                "potential_date": None,
                "potential_source": None,
                "potential_confidence": None,
                "potential_class_manual": None,
            }
        )
        return accepted._finish_action(skipped)

    def _prepare_potential_values(self, amount, source, confidence, potential_class):
        """Check the given parts of an estimate; return them as column values."""
        values = {}
        if amount is not None:
            is_number = isinstance(amount, (int, float)) and not isinstance(
                amount, bool
            )
            if not is_number or not 0 <= amount <= LARGEST_AMOUNT:
                raise UserError(
                    self.env._("The potential is an amount of 0 or more a year.")
                )
            values["potential_amount"] = amount
        if source is not None:
            values["potential_source"] = self._check_text(
                source, self.env._("Potential Source")
            )
        if confidence is not None:
            values["potential_confidence"] = self._check_selection(
                "potential_confidence", confidence
            )
        if potential_class is not None:
            values["potential_class_manual"] = self._check_selection(
                "potential_class_manual", potential_class
            )
        return values

    def _check_selection(self, name, value):
        """Return a value of a selection field, None for False; refuse any other."""
        field = self._fields[name]
        allowed = [code for code, _label in field.selection]
        if value not in (False, "") and value not in allowed:
            raise UserError(
                self.env._(
                    "%(field)s: “%(value)s” is not one of %(allowed)s.",
                    field=field._description_string(self.env),
                    value=value,
                    allowed=", ".join(allowed),
                )
            )
        return value or None

    def _check_factor(self, factor, amount):
        """A factor of the revenue replaces an amount and is above 0."""
        if amount is not None:
            raise UserError(
                self.env._(
                    "Give either an amount or a factor of the revenue, not both."
                )
            )
        is_number = isinstance(factor, (int, float)) and not isinstance(factor, bool)
        if not is_number or not 0 < factor <= LARGEST_FACTOR:
            raise UserError(
                self.env._("The factor of the revenue is a number above 0.")
            )

    @api.model
    def _sql_yearly_revenue(self, company, factor):
        """Each row's own revenue of the window, as of a year, times a factor."""
        company = company.sudo()  # settings and currency, whoever asks
        return SQL(
            "ROUND((revenue * 365 / %s * %s)::numeric, %s)",
            company.lifecycle_window_days or 365,
            factor,
            company.currency_id.decimal_places,
        )

    # ------------------------------------------------------------
    # IN OR OUT OF THE BASE
    # ------------------------------------------------------------

    def exclude(self, reason):
        """Exclude the customers: profile and history stay, nothing works on them.

        :param str reason: why (a lawyer, a supplier, ...)
        """
        self._check_may_act()
        reason = self._check_reason(reason)
        accepted, skipped = self._split(
            lambda profile: (
                self.env._("is excluded already") if profile.is_excluded else None
            )
        )
        accepted._write_people({"is_excluded": True, "exclude_reason": reason})
        return accepted._finish_action(skipped)

    def include(self):
        """Include excluded customers again; nothing reacts to where they stand now."""
        self._check_may_act()
        accepted, skipped = self._split(
            lambda profile: (
                None if profile.is_excluded else self.env._("is not excluded")
            )
        )
        accepted._write_people({"is_excluded": False, "exclude_reason": None})
        return accepted._finish_action(skipped, react=False)

    def recompute_now(self):
        """Have the customers computed from their documents at once.

        Nobody decided anything, so transitions carry the cause the documents give.
        """
        self._check_may_act()
        accepted, skipped = self._split(lambda profile: None)
        profiles = accepted.sudo()  # the right to act was checked above
        at_once = len(profiles) <= AT_ONCE_LIMIT
        for company, group in profiles.grouped("company_id").items():
            if at_once:
                self.env["crm.lifecycle.engine"]._recompute(company, group.partner_id)
            else:
                self.env["crm.lifecycle.event"]._gather(group.partner_id.ids, company)
        return {
            "done": accepted.ids,
            "skipped": skipped,
            "state": "recomputed" if at_once else "queued",
        }

    @api.model
    def add_to_base(self, partner_ids):
        """Give customers a profile in the current company, though nothing leads to one.

        :param list partner_ids: ``res.partner`` ids; a contact stands for its customer
        :return: like the other actions, but ``done`` and ``skipped`` carry partner ids;
            ``profile_ids`` are the profiles made
        """
        # An ACL for creating would open `create`; who may change profiles may add one.
        self.browse().check_access("write")
        company = self.env.company
        self._check_company_enabled(company)
        partners = self._check_partner_ids(partner_ids)
        reasons = self._why_not_added(partners.commercial_partner_id, company)
        customers = partners.commercial_partner_id.filtered(
            lambda customer: customer not in reasons
        )
        if customers:
            today = self._company_today(company)
            self.env["crm.lifecycle.engine"]._add_profiles(company, customers, today)
        profiles = self._find_profiles(customers, company)
        for customer in customers - profiles.partner_id:
            reasons[customer] = self.env._(
                "is one of our own companies or internal users, and never bought"
            )
        return {
            "done": profiles.partner_id.ids,
            "profile_ids": profiles.ids,
            "skipped": [
                {"id": partner.id, "reason": reasons[partner.commercial_partner_id]}
                for partner in partners
                if partner.commercial_partner_id in reasons
            ],
            "state": "recomputed",
        }

    @api.model
    def _why_not_added(self, customers, company):
        """Return ``{customer: reason}`` for those that get no profile by hand."""
        known = self._find_profiles(customers, company).partner_id
        reasons = {}
        for customer in customers:
            if customer in known:
                reasons[customer] = self.env._("has a profile already")
            elif not customer.active:
                reasons[customer] = self.env._("is archived")
            elif customer.company_id and customer.company_id != company:
                reasons[customer] = self.env._("belongs to another company")
        return reasons

    @api.model
    def _find_profiles(self, customers, company):
        """Return the profiles there are, also those a rule hides from the user."""
        return (
            self.sudo()  # "has a profile already" holds whoever asks
            .with_context(active_test=False)
            .search(
                [("partner_id", "in", customers.ids), ("company_id", "=", company.id)]
            )
        )

    @api.model
    def _check_partner_ids(self, partner_ids):
        """Return the partners with these ids, or say what is wrong with the list."""
        if not isinstance(partner_ids, (list, tuple)) or not all(
            isinstance(id_, int) and not isinstance(id_, bool) and 0 < id_ < 2**31
            for id_ in partner_ids
        ):
            raise UserError(
                self.env._("partner_ids must be a list of IDs of contacts (numbers).")
            )
        ids = list(dict.fromkeys(partner_ids))
        Partner = self.env["res.partner"].with_context(active_test=False)
        seen = set(Partner.search([("id", "in", ids)]).ids)
        missing = [id_ for id_ in ids if id_ not in seen]
        if missing:
            raise AccessError(
                self.env._(
                    "These contacts do not exist, or you may not see them: %(ids)s.",
                    ids=", ".join(map(str, missing[:20])),
                )
            )
        return Partner.browse(ids)
