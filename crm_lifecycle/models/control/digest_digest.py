# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import AccessError

CLOSED = [("state", "in", ("met", "late", "missed"))]


class DigestDigest(models.Model):
    """Contacts with customers among the figures of the digest, with the rights of
    whoever receives it."""

    _inherit = "digest.digest"

    kpi_lifecycle_contacts = fields.Boolean("Contacts With Customers")
    kpi_lifecycle_contacts_value = fields.Integer(
        compute="_compute_kpi_lifecycle_contacts_value",
        export_string_translation=False,
    )
    kpi_lifecycle_violations = fields.Boolean("Contacts Late or Missed")
    kpi_lifecycle_violations_value = fields.Integer(
        compute="_compute_kpi_lifecycle_violations_value",
        export_string_translation=False,
    )
    kpi_lifecycle_compliance = fields.Boolean("Contact Compliance (%)")
    kpi_lifecycle_compliance_value = fields.Float(
        compute="_compute_kpi_lifecycle_compliance_value",
        export_string_translation=False,
    )

    def _check_may_read_contacts(self):
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            # Odoo leaves a figure out of the letter of who may not see it
            raise AccessError(
                self.env._("Contacts with customers are for salespeople to see.")
            )

    def _compute_kpi_lifecycle_contacts_value(self):
        self._check_may_read_contacts()
        self._calculate_company_based_kpi(
            "crm.touchpoint",
            "kpi_lifecycle_contacts_value",
            date_field="date",
            additional_domain=[("is_ignored", "=", False)],
        )

    def _compute_kpi_lifecycle_violations_value(self):
        self._check_may_read_contacts()
        self._calculate_company_based_kpi(
            "crm.cadence.period",
            "kpi_lifecycle_violations_value",
            date_field="closing_date",
            additional_domain=[("state", "in", ("late", "missed"))],
        )

    def _compute_kpi_lifecycle_compliance_value(self):
        self._check_may_read_contacts()
        start, end, companies = self._get_kpi_compute_parameters()
        shares = dict(
            self.env["crm.cadence.period"]._read_group(
                [
                    *CLOSED,
                    ("company_id", "in", companies.ids),
                    ("closing_date", ">=", start),
                    ("closing_date", "<", end),
                ],
                ["company_id"],
                ["compliance:avg"],
            )
        )
        for digest in self:
            company = digest.company_id or self.env.company
            digest.kpi_lifecycle_compliance_value = 100 * float(
                shares.get(company) or 0
            )

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = f"?menu_id={self.env.ref('crm_lifecycle.crm_lifecycle_menu_root').id}"
        compliance = "crm_lifecycle.crm_cadence_period_action" + menu
        actions["kpi_lifecycle_contacts"] = "crm_lifecycle.crm_touchpoint_action" + menu
        actions["kpi_lifecycle_violations"] = compliance
        actions["kpi_lifecycle_compliance"] = compliance
        return actions
