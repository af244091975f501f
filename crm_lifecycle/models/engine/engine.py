# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, time, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from odoo import api, models
from odoo.exceptions import UserError

from .parameters import MAX_DAYS, Parameters

# Above this many customers an action by hand leaves the computation to the job.
AT_ONCE_LIMIT = 200
SETTINGS = (
    "basis",
    "window_days",
    "working_count",
    "regular_count",
    "partner_count",
    "partner_days",
    "lost_min_days",
    "lost_rhythm_factor",
    "lost_days",
    "typical_cycle_days",
    "newcomer_days",
    "abc_value",
    "abc_a_limit",
    "abc_b_limit",
    "abc_newcomer_days",
    "abc_down_days",
    "potential_stale_days",
    "potential_high",
    "potential_medium",
    "quotation_is_agreement",
)


class CrmLifecycleEngine(models.AbstractModel):
    """Computes profiles and transitions; nothing else writes them.

    The steps, each a method returning SQL that an add-on extends by ``super()``:
    documents -> figures -> value -> stage -> record. See the sibling files.
    """

    _name = "crm.lifecycle.engine"
    _description = "Lifecycle Engine"

    # ------------------------------------------------------------------
    # PARAMETERS
    # ------------------------------------------------------------------

    @api.model
    def _get_timezone(self, company):
        """Name of the time zone that turns this company's moments into days."""
        company = company.sudo()
        name = (
            company.lifecycle_tz
            or company.resource_calendar_id.tz
            or company.partner_id.tz
            or "UTC"
        )
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise UserError(
                self.env._(
                    "The time zone %(name)s of the company %(company)s is unknown. "
                    "Choose another one in the field “Time Zone of the Customer Base”.",
                    name=name,
                    company=company.name,
                )
            ) from error
        return name

    @api.model
    def _today(self, company):
        """The company's own day: now in its time zone."""
        now = self.env.cr.now().replace(tzinfo=timezone.utc)
        return now.astimezone(ZoneInfo(self._get_timezone(company))).date()

    @api.model
    def _has_margin(self, basis):
        """Margins exist for orders only, and only with ``sale_margin`` installed."""
        return basis == "sale" and "margin" in self.env["sale.order"]._fields

    @api.model
    def _get_parameters(self, company, today=None, values=None, **context):
        """Return the :class:`Parameters` of ``company``.

        :param dict values: company fields (``lifecycle_*``) that replace the saved
            ones: the what-if.
        :param context: ``cause``, ``user_id``, ``day``, ``react``.
        """
        company = company.sudo()  # limits are read whoever's action needs them
        values = values or {}
        settings = {
            name: values.get(f"lifecycle_{name}", company[f"lifecycle_{name}"]) or 0
            for name in SETTINGS
        }
        self._check_days(company, settings)
        has_margin = self._has_margin(settings["basis"])
        if not has_margin:
            settings["abc_value"] = "revenue"
        settings["quotation_is_agreement"] = bool(settings["quotation_is_agreement"])
        return Parameters(
            company_id=company.id,
            today=today or self._today(company),
            tz=self._get_timezone(company),
            one_company=self._is_one_company(),
            rounding=company.currency_id.rounding or 0.01,
            has_margin=has_margin,
            stage_ids=self.env["crm.lifecycle.stage"]._ids_by_code(),
            category_ids=self.env["crm.lifecycle.category"]._ids_by_code(),
            cells=self.env["crm.lifecycle.category.cell"]._ids_by_place(),
            **settings,
            **context,
        )

    @api.model
    def _check_days(self, company, settings):
        """Refuse unsaved or imported settings that no date can bear."""
        for name, value in settings.items():
            if name.endswith("_days") and not 0 <= value <= MAX_DAYS:
                field = company._fields[f"lifecycle_{name}"]
                raise UserError(
                    self.env._(
                        "%(company)s: %(field)s is %(value)s. Choose a number of days "
                        "from 0 to %(maximum)s.",
                        company=company.display_name,
                        field=field._description_string(self.env),
                        value=value,
                        maximum=MAX_DAYS,
                    )
                )

    @api.model
    def _is_one_company(self):
        return self.env["res.company"].sudo().search_count([], limit=2) == 1

    # ------------------------------------------------------------------
    # ONE UNIT OF WORK
    # ------------------------------------------------------------------

    @api.model
    def _recompute(
        self, company, partners=None, today=None, cause=None, user=None, **context
    ):
        """Compute customers of one company and record what changed; no commit.

        :param partners: ``res.partner`` records or ids; contacts stand for their
            customer. None: everybody, with ABC, RFM and limits settled anew.
        :param date today: the company's day; default: now in its time zone.
        :param str cause: cause of the transitions, see ``crm.lifecycle.transition``;
            default: purchase or time.
        :param user: ``res.users`` record behind a cause by hand.
        :return: ``{"written": profiles, "transitions": rows}``
        """
        parameters = self._get_parameters(
            company,
            today,
            cause=cause or "time",
            user_id=user.id if user else None,
            **context,
        )
        self.env.flush_all()
        self._prepare_transaction()
        if partners is None:
            result = self._recompute_all(parameters)
        else:
            ids = partners if isinstance(partners, (list, tuple)) else partners.ids
            result = self._write_customers(parameters, ids)
        self._invalidate()
        return result

    @api.model
    def _prepare_transaction(self):
        """Compiling these long statements would take longer than running them."""
        self.env.cr.execute("SET LOCAL jit = off")

    @api.model
    def _after_action(self, profiles, today=None, react=True):
        """Let the computation follow what a person just did to ``profiles``.

        Few are recomputed in the person's own transaction, so that he sees it; many
        are left to the job.

        :return: "recomputed" or "queued"
        """
        profiles = profiles.sudo()  # the caller has checked the right to act
        user = self.env.user
        if len(profiles) <= AT_ONCE_LIMIT:
            for company, group in profiles.grouped("company_id").items():
                self._recompute(
                    company, group.partner_id, today, "manual", user, react=react
                )
            return "recomputed"
        for company, group in profiles.grouped("company_id").items():
            self.env["crm.lifecycle.event"]._append_manual(
                group, user, today or self._today(company), react
            )
        self._trigger()
        return "queued"

    @api.model
    def _add_profiles(self, company, partners, today=None):
        """Give ``partners`` a profile in ``company`` because somebody asks for it."""
        return self._recompute(
            company, partners, today, "manual", self.env.user, by_hand=True
        )

    @api.model
    def _invalidate(self):
        """Forget cached values of everything this engine's SQL may have changed."""
        self.env["crm.lifecycle.profile"].invalidate_model()
        self.env["crm.lifecycle.transition"].invalidate_model()
        self.env["crm.lifecycle.responsible"].invalidate_model()
        for model in ("res.partner", "crm.lead", "sale.order", "account.move"):
            fields = self.env[model]._fields
            self.env[model].invalidate_model(
                [name for name in fields if name.startswith("lifecycle_")], flush=False
            )

    # ------------------------------------------------------------------
    # REQUESTS
    # ------------------------------------------------------------------

    @api.model
    def _request_full_read(self, companies, cause):
        """Have the job re-read every document of ``companies``; a baseline wins."""
        companies = companies.sudo()  # requested on behalf of whoever changed a rule
        for company in companies:
            request = {"lifecycle_request_number": company.lifecycle_request_number + 1}
            if company.lifecycle_full_read_cause != "baseline":
                request["lifecycle_full_read_cause"] = cause
            company.write(request)
        self._trigger()

    @api.model
    def _request_settle(self, companies):
        """Have the job rank and categorise the customers of ``companies`` anew."""
        for company in companies.sudo():  # see above
            company.write(
                {
                    "lifecycle_request_number": company.lifecycle_request_number + 1,
                    "lifecycle_settle_asked": True,
                }
            )
        self._trigger()

    @api.model
    def _trigger(self, at=None):
        """Wake the job: now, or at a moment (UTC)."""
        cron = self.env.ref("crm_lifecycle.ir_cron_lifecycle", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger(at)

    @api.model
    def _trigger_on(self, company, day):
        """Wake the job when a day begins for ``company``."""
        zone = ZoneInfo(self._get_timezone(company))
        midnight = datetime.combine(day, time.min, zone)
        self._trigger(midnight.astimezone(timezone.utc).replace(tzinfo=None))
