# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Datetime, Domain


class DigestDigest(models.Model):
    """Who stays, leaves and comes back among the figures of the digest, with the
    rights of whoever receives it."""

    _inherit = "digest.digest"

    kpi_lifecycle_retention = fields.Boolean("Customers Kept (%)")
    kpi_lifecycle_retention_value = fields.Float(
        compute="_compute_kpi_lifecycle_retention_value",
        export_string_translation=False,
    )
    kpi_lifecycle_reactivated = fields.Boolean("Customers Reactivated")
    kpi_lifecycle_reactivated_value = fields.Integer(
        compute="_compute_kpi_lifecycle_reactivated_value",
        export_string_translation=False,
    )
    kpi_lifecycle_lost = fields.Boolean("Customers Lost")
    kpi_lifecycle_lost_value = fields.Integer(
        compute="_compute_kpi_lifecycle_lost_value",
        export_string_translation=False,
    )
    kpi_lifecycle_repeat = fields.Boolean("Repeat Revenue (%)")
    kpi_lifecycle_repeat_value = fields.Float(
        compute="_compute_kpi_lifecycle_repeat_value",
        export_string_translation=False,
    )
    kpi_lifecycle_nps = fields.Boolean("Net Promoter Score")
    kpi_lifecycle_nps_value = fields.Float(
        compute="_compute_kpi_lifecycle_nps_value",
        export_string_translation=False,
    )
    kpi_lifecycle_won_back = fields.Boolean("Customers Won Back")
    kpi_lifecycle_won_back_value = fields.Integer(
        compute="_compute_kpi_lifecycle_won_back_value",
        export_string_translation=False,
    )

    def _compute_kpi_lifecycle_retention_value(self):
        self._compute_kpi_of_retention(
            "kpi_lifecycle_retention_value", "retention:avg", "kept", 100
        )

    def _compute_kpi_lifecycle_reactivated_value(self):
        self._compute_kpi_of_retention(
            "kpi_lifecycle_reactivated_value", "reactivated_count:sum", "move"
        )

    def _compute_kpi_lifecycle_lost_value(self):
        self._compute_kpi_of_retention(
            "kpi_lifecycle_lost_value", "lost_count:sum", "move"
        )

    def _compute_kpi_lifecycle_repeat_value(self):
        self._compute_kpi_of_retention(
            "kpi_lifecycle_repeat_value", "existing_share:avg", "revenue", 100
        )

    def _compute_kpi_lifecycle_nps_value(self):
        self._compute_kpi_of_retention("kpi_lifecycle_nps_value", "nps:avg", "score")

    def _compute_kpi_lifecycle_won_back_value(self):
        self._compute_kpi_of_retention(
            "kpi_lifecycle_won_back_value", "won_back_count:sum", "attempt"
        )

    def _compute_kpi_of_retention(self, name, aggregate, kind, factor=1):
        """Fill a figure from the report of retention, company by company.

        :param str kind: what is counted; of ``kept`` it is the state at the end of the
            last month, else what happened in the time
        """
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            # Odoo leaves a figure out of the letter of who may not see it
            raise AccessError(
                self.env._("Figures of customers are for salespeople to see.")
            )
        start, end, companies = self._get_kpi_compute_parameters()
        start, end = Datetime.to_datetime(start), Datetime.to_datetime(end)
        Report = self.env["crm.retention.report"]
        if kind == "kept":
            month_end = end.date().replace(day=1) - timedelta(1)
            dates = Domain("date", "=", month_end)
        else:
            dates = Domain("date", ">=", start.date()) & Domain("date", "<", end.date())
        dates &= Domain("kind", "=", kind)
        values = {}
        for company, value in Report.with_context(
            allowed_company_ids=companies.ids
        )._read_group(
            dates & Domain("company_id", "in", companies.ids),
            ["company_id"],
            [aggregate],
        ):
            values[company] = factor * float(value or 0)
        for digest in self:
            digest[name] = values.get(digest.company_id or self.env.company, 0)

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = f"?menu_id={self.env.ref('crm_lifecycle.crm_lifecycle_menu_root').id}"
        retention = "crm_lifecycle.crm_retention_report_action" + menu
        for name in ("retention", "reactivated", "lost", "repeat"):
            actions[f"kpi_lifecycle_{name}"] = retention
        actions["kpi_lifecycle_nps"] = "crm_lifecycle.crm_feedback_report_action" + menu
        actions["kpi_lifecycle_won_back"] = (
            "crm_lifecycle.crm_winback_report_action" + menu
        )
        return actions
