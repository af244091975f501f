# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL


class SaleReport(models.Model):
    """Which category at which stage bought what, and with what margin.

    The columns are subqueries over what Odoo's report groups by already: the database
    looks up those that a pivot shows, and a report without them costs what it did.
    """

    _inherit = "sale.report"

    lifecycle_stage_id = fields.Many2one(
        comodel_name="crm.lifecycle.stage",
        string="Lifecycle Stage Today",
        readonly=True,
    )
    lifecycle_category_id = fields.Many2one(
        comodel_name="crm.lifecycle.category",
        string="Customer Category Today",
        readonly=True,
    )
    lifecycle_sale_stage_id = fields.Many2one(
        comodel_name="crm.lifecycle.stage",
        string="Lifecycle Stage at the Sale",
        readonly=True,
        help="The stage the customer had on the day of the order, including what the "
        "order itself changed. Empty before the customer base knew a stage.",
    )
    lifecycle_sale_category_id = fields.Many2one(
        comodel_name="crm.lifecycle.category",
        string="Customer Category at the Sale",
        readonly=True,
        help="The category the customer had on the day of the order, including what "
        "the order itself changed. Empty before the customer base knew a category.",
    )

    def _select_additional_fields(self):
        res = super()._select_additional_fields()
        columns = {
            "lifecycle_stage_id": self._sql_lifecycle_now("stage_id"),
            "lifecycle_category_id": self._sql_lifecycle_now("category_id"),
            "lifecycle_sale_stage_id": self._sql_lifecycle_at_sale("stage_id"),
            "lifecycle_sale_category_id": self._sql_lifecycle_at_sale("category_id"),
        }
        cr = self.env.cr
        for name, sql in columns.items():
            # Odoo's report is made of text
            res[name] = cr.mogrify(sql).decode(cr.connection.encoding)
        return res

    @api.model
    def _sql_lifecycle_now(self, name):
        return SQL(
            "(SELECT profile.%s FROM crm_lifecycle_profile profile "
            "WHERE profile.partner_id = partner.commercial_partner_id "
            "AND profile.company_id = s.company_id)",
            SQL.identifier(name),
        )

    @api.model
    def _sql_lifecycle_at_sale(self, name):
        """What the last change up to the day of the order, in its company, led to."""
        timezone = self.env["crm.lifecycle.profile"]._sql_by_company(
            lambda column: SQL("s.company_id"),
            self.env["crm.lifecycle.engine"]._get_timezone,
            SQL("text"),
        )
        return SQL(
            """(
                SELECT t.%(after)s
                  FROM crm_lifecycle_profile profile
                  JOIN crm_lifecycle_transition t ON t.profile_id = profile.id
                 WHERE profile.partner_id = partner.commercial_partner_id
                   AND profile.company_id = s.company_id
                   AND t.date <= (s.date_order AT TIME ZONE 'UTC'
                                  AT TIME ZONE %(timezone)s)::date
                   AND t.%(before)s IS DISTINCT FROM t.%(after)s
                 ORDER BY t.date DESC, t.id DESC
                 LIMIT 1)""",
            before=SQL.identifier(f"from_{name}"),
            after=SQL.identifier(f"to_{name}"),
            timezone=timezone,
        )

    def _get_view(self, view_id=None, view_type="form", **options):
        """Show the margin in the pivot by category where there is one."""
        arch, view = super()._get_view(view_id, view_type, **options)
        ours = self.env.ref(
            "crm_lifecycle.sale_report_view_pivot", raise_if_not_found=False
        )
        if view == ours and "margin" in self._fields:
            attributes = {
                "name": "margin",
                "type": "measure",
                "string": self.env._("Margin"),
            }
            arch.append(arch.makeelement("field", attributes))
        return arch, view
