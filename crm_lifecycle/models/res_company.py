# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.base.models.res_partner import _tz_get

# A change of these changes what the documents say: everything is read again.
FULL_READ_FIELDS = (
    "lifecycle_basis",
    "lifecycle_tz",
    "lifecycle_window_days",
    "lifecycle_working_count",
    "lifecycle_regular_count",
    "lifecycle_partner_count",
    "lifecycle_partner_days",
    "lifecycle_lost_min_days",
    "lifecycle_lost_rhythm_factor",
    "lifecycle_lost_days",
    "lifecycle_typical_cycle_days",
    "lifecycle_quotation_is_agreement",
)
# A change of these only ranks and sorts anew what the profiles hold already.
SETTLE_FIELDS = (
    "lifecycle_newcomer_days",
    "lifecycle_abc_value",
    "lifecycle_abc_a_limit",
    "lifecycle_abc_b_limit",
    "lifecycle_abc_newcomer_days",
    "lifecycle_abc_down_days",
    "lifecycle_potential_stale_days",
    "lifecycle_potential_high",
    "lifecycle_potential_medium",
)
# These are read by filters and lists; no stored figure depends on them.
OTHER_SETTINGS = (
    "lifecycle_enabled",
    "lifecycle_dormant_days",
    "lifecycle_touchpoint_days",
    "lifecycle_vip_min_revenue",
    "lifecycle_vip_min_margin",
    "lifecycle_vip_stage_id",
)


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_enabled = fields.Boolean(
        string="Manage the Customer Base",
        default=True,
        help="Off: no profiles are kept for this company and no job runs for it.",
        groups="base.group_user",
    )
    lifecycle_basis = fields.Selection(
        selection=[("sale", "Sales orders"), ("invoice", "Customer invoices")],
        string="What Counts as a Purchase",
        default="sale",
        required=True,
        help="Confirmed sales orders by order date, or posted customer invoices by "
        "invoice date.",
        groups="base.group_user",
    )
    lifecycle_tz = fields.Selection(
        selection="_selection_lifecycle_tz",
        string="Time Zone of the Customer Base",
        help="Turns every moment into a day. Empty: the time zone of the working "
        "hours, else of the company's address, else UTC.",
        groups="base.group_user",
    )
    lifecycle_window_days = fields.Integer(
        string="Window (days)",
        default=365,
        help="Revenue, ABC and RFM look at this many days up to today.",
        groups="base.group_user",
    )
    lifecycle_working_count = fields.Integer(
        string="Working From (purchases)",
        default=1,
        groups="base.group_user",
    )
    lifecycle_regular_count = fields.Integer(
        string="Regular From (purchases)",
        default=3,
        groups="base.group_user",
    )
    lifecycle_partner_count = fields.Integer(
        string="Proven Partner From (purchases)",
        default=10,
        groups="base.group_user",
    )
    lifecycle_partner_days = fields.Integer(
        string="Proven Partner After (days)",
        default=365,
        help="Days since the first purchase.",
        groups="base.group_user",
    )
    lifecycle_lost_min_days = fields.Integer(
        string="Lost, At Least (days)",
        default=180,
        help="A customer is never lost sooner than this many days after the last "
        "purchase.",
        groups="base.group_user",
    )
    lifecycle_lost_rhythm_factor = fields.Float(
        string="Lost After (times the rhythm)",
        default=3.0,
        help="A customer with a purchase rhythm is lost after this many times the "
        "rhythm without a purchase.",
        groups="base.group_user",
    )
    lifecycle_lost_days = fields.Integer(
        string="Lost Without a Rhythm (days)",
        default=365,
        help="Used for customers without a purchase rhythm when no typical cycle is "
        "stated.",
        groups="base.group_user",
    )
    lifecycle_typical_cycle_days = fields.Integer(
        string="Typical Purchase Cycle (days)",
        help="How often a customer of yours typically buys; empty: not stated.",
        groups="base.group_user",
    )
    lifecycle_dormant_days = fields.Integer(
        string="Dormant Prospect After (days)",
        default=180,
        groups="base.group_user",
    )
    lifecycle_newcomer_days = fields.Integer(
        string="New Customer For (days)",
        default=90,
        help="Category New lasts this many days after the first purchase.",
        groups="base.group_user",
    )
    lifecycle_abc_value = fields.Selection(
        selection=[("revenue", "Revenue"), ("margin", "Margin")],
        string="ABC By",
        default="revenue",
        required=True,
        help="What a customer is worth in the ABC classes: its revenue or its margin "
        "in the window.",
        groups="base.group_user",
    )
    lifecycle_abc_a_limit = fields.Float(
        string="Class A Up To (%)",
        default=80.0,
        help="Customers by value, the largest first: class A as long as those before "
        "a customer make up less than this share of the total.",
        groups="base.group_user",
    )
    lifecycle_abc_b_limit = fields.Float(
        string="Class B Up To (%)",
        default=95.0,
        help="Class B as long as the customers before one make up less than this "
        "share of the total; all others are class C.",
        groups="base.group_user",
    )
    lifecycle_abc_newcomer_days = fields.Integer(
        string="Class N For (days)",
        help="Customers whose first purchase is at most this many days old get class N "
        "and take no part in the ranking. 0: off.",
        groups="base.group_user",
    )
    lifecycle_abc_down_days = fields.Integer(
        string="Class Goes Down After (days)",
        help="How long a customer must rank lower before the class goes down. "
        "0: at once.",
        groups="base.group_user",
    )
    lifecycle_potential_stale_days = fields.Integer(
        string="Potential Goes Stale After (days)",
        default=365,
        help="An older estimate counts as unknown until somebody renews it.",
        groups="base.group_user",
    )
    lifecycle_potential_high = fields.Monetary(
        string="High Potential From",
        currency_field="currency_id",
        help="Potential minus yearly revenue from which the potential is high. "
        "Empty: no classes by amount.",
        groups="base.group_user",
    )
    lifecycle_potential_medium = fields.Monetary(
        string="Medium Potential From",
        currency_field="currency_id",
        help="Potential minus yearly revenue from which the potential is medium; "
        "below it is low.",
        groups="base.group_user",
    )
    lifecycle_quotation_is_agreement = fields.Boolean(
        string="A Sent Quotation Counts as Agreement",
        help="A sent quotation that has not expired makes a potential customer active.",
        groups="base.group_user",
    )
    lifecycle_vip_min_revenue = fields.Monetary(
        string="VIP From Revenue",
        currency_field="currency_id",
        help="Revenue in the window that a VIP should bring. 0: no criterion.",
        groups="base.group_user",
    )
    lifecycle_vip_min_margin = fields.Monetary(
        string="VIP From Margin",
        currency_field="currency_id",
        help="Margin in the window that a VIP should bring. 0: no criterion.",
        groups="base.group_user",
    )
    lifecycle_vip_stage_id = fields.Many2one(
        comodel_name="crm.lifecycle.stage",
        string="VIP From Stage",
        domain=[("code", "in", ("working", "regular", "partner"))],
        help="The computed stage a customer must have reached.",
        groups="base.group_user",
    )

    def _selection_lifecycle_tz(self):
        return _tz_get(self)

    @api.model
    def _lifecycle_margin_installed(self):
        """Return whether sales orders have a margin (application Sales Margin)."""
        return "margin" in self.env["sale.order"]._fields

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        enabled = companies.filtered("lifecycle_enabled")
        if enabled:
            self.env["crm.lifecycle.engine"]._request_full_read(enabled, "baseline")
        return companies

    def write(self, vals):
        watched = [
            name
            for name in (*FULL_READ_FIELDS, *SETTLE_FIELDS, "lifecycle_enabled")
            if name in vals
        ]
        if not watched and not any(name in vals for name in OTHER_SETTINGS):
            return super().write(vals)
        # sudo: checked by the method; the settings of the base only
        companies = self.sudo() if self._lifecycle_may_write(vals) else self
        before = {
            company.id: {name: company[name] for name in watched} for company in self
        }
        res = super(ResCompany, companies).write(vals)
        self._lifecycle_follow_settings(before)
        return res

    def _lifecycle_may_write(self, vals):
        """Whether the user changes nothing but the base's settings of own companies.

        Sales managers configure the customer base without being administrators of
        the companies.
        """
        settings = {*FULL_READ_FIELDS, *SETTLE_FIELDS, *OTHER_SETTINGS}
        return (
            not self.env.su
            and settings.issuperset(vals)
            and self <= self.env.user.company_ids
            and self.env.user.has_group("sales_team.group_sale_manager")
        )

    def _lifecycle_follow_settings(self, before):
        """Ask the engine for what the changed settings need.

        :param before: ``{company id: {setting: value before}}``
        """
        # sudo: whoever may change a setting has its consequences computed
        followers = defaultdict(self.sudo().browse)
        for company in self.sudo():
            changed = {
                name
                for name, value in before[company.id].items()
                if company[name] != value
            }
            if changed and company.lifecycle_enabled:
                followers[company._lifecycle_consequence(changed)] += company
        engine = self.env["crm.lifecycle.engine"]
        for consequence, companies in followers.items():
            if consequence == "settle":
                engine._request_settle(companies)
            else:
                engine._request_full_read(companies, consequence)

    def _lifecycle_consequence(self, changed):
        """Return ``settle``, or the cause of the full re-read a change needs.

        :param changed: names of the settings that changed
        """
        self.ensure_one()
        enabled = "lifecycle_enabled" in changed
        if not enabled and not changed.intersection(FULL_READ_FIELDS):
            return "settle"
        if not self.lifecycle_baseline_at:
            return "baseline"
        return "demand" if enabled else "settings"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------
    def action_lifecycle_full_read(self):
        """Have every document of these companies read again (sales managers).

        :return: a notification that says when it happens
        :raise AccessError: for anybody but a sales manager of these companies
        """
        self._lifecycle_check_manager()
        # sudo: checked above; marks the companies and wakes the job
        self.env["crm.lifecycle.engine"]._request_full_read(self.sudo(), "demand")
        return self._lifecycle_notification()

    def action_lifecycle_run_job(self):
        """Wake the job of the customer base now (sales managers).

        :return: a notification that says when it happens
        :raise AccessError: for anybody but a sales manager of these companies
        """
        self._lifecycle_check_manager()
        # sudo: checked above; who starts the job by hand waits for no first run
        self.sudo().lifecycle_first_run_until = False
        # sudo: checked above; the job itself is not readable by sales managers
        self.env.ref("crm_lifecycle.ir_cron_lifecycle").sudo()._trigger()
        return self._lifecycle_notification()

    def _lifecycle_check_manager(self):
        if not (
            self.env.user.has_group("sales_team.group_sale_manager")
            and self <= self.env.user.company_ids
        ):
            raise AccessError(
                self.env._(
                    "Only sales managers of the company configure its customer base "
                    "and start the job."
                )
            )

    def _lifecycle_notification(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "title": self.env._("The job is on its way"),
                "message": self.env._(
                    "It starts within a minute and runs in the background; this page "
                    "shows the result after a reload."
                ),
            },
        }
