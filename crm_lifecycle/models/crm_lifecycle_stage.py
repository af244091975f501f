# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import frozendict, ormcache

ZONES = [
    ("birth", "Birth"),
    ("life", "Life"),
    ("departure", "Departure"),
]
PHASES = [
    ("generation", "Lead Generation"),
    ("development", "Lead Development"),
    ("conversion", "Lead Conversion"),
    ("account_management", "Account Management"),
]
STAGE_CODES = [
    ("potential", "Potential"),
    ("active", "Active (agreed)"),
    ("working", "Working"),
    ("regular", "Regular"),
    ("partner", "Proven Partner"),
    ("vip", "VIP"),
    ("key", "Key Account"),
    ("lost_recoverable", "Lost, Recoverable"),
    ("lost", "Lost, Not Recoverable"),
]


class CrmLifecycleStage(models.Model):
    _name = "crm.lifecycle.stage"
    _description = "Lifecycle Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Selection(
        selection=STAGE_CODES,
        required=True,
        readonly=True,
        help="Which rule leads to this stage. Codes are fixed; names, colours, order, "
        "zone and phase are yours.",
    )
    sequence = fields.Integer(default=10)
    zone = fields.Selection(selection=ZONES, required=True)
    phase = fields.Selection(
        selection=PHASES,
        required=True,
        string="Management Phase",
        help="The phase of the four-stage customer management model this stage "
        "belongs to.",
    )
    color = fields.Integer()
    fold = fields.Boolean(string="Folded in Board")
    description = fields.Text(
        translate=True, help="What the stage means in your company; shown on the board."
    )

    # The numbers of the current company, edited here as on its own page
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Numbers of the Company",
        compute="_compute_company_id",
        search="_search_company_id",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    working_count = fields.Integer(
        related="company_id.lifecycle_working_count", readonly=False
    )
    regular_count = fields.Integer(
        related="company_id.lifecycle_regular_count", readonly=False
    )
    partner_count = fields.Integer(
        related="company_id.lifecycle_partner_count", readonly=False
    )
    partner_days = fields.Integer(
        related="company_id.lifecycle_partner_days", readonly=False
    )
    lost_min_days = fields.Integer(
        related="company_id.lifecycle_lost_min_days", readonly=False
    )
    lost_rhythm_factor = fields.Float(
        related="company_id.lifecycle_lost_rhythm_factor", readonly=False
    )
    lost_days = fields.Integer(related="company_id.lifecycle_lost_days", readonly=False)
    typical_cycle_days = fields.Integer(
        related="company_id.lifecycle_typical_cycle_days", readonly=False
    )
    dormant_days = fields.Integer(
        related="company_id.lifecycle_dormant_days", readonly=False
    )
    quotation_is_agreement = fields.Boolean(
        related="company_id.lifecycle_quotation_is_agreement", readonly=False
    )
    vip_min_revenue = fields.Monetary(
        related="company_id.lifecycle_vip_min_revenue", readonly=False
    )
    vip_min_margin = fields.Monetary(
        related="company_id.lifecycle_vip_min_margin", readonly=False
    )
    vip_stage_id = fields.Many2one(
        related="company_id.lifecycle_vip_stage_id", readonly=False
    )

    _code_unique = models.Constraint(
        "UNIQUE(code)", "There is already a lifecycle stage with this code."
    )

    @api.depends_context("company")
    def _compute_company_id(self):
        self.company_id = self.env.company

    def _search_company_id(self, operator, value):
        """Every stage shows the numbers of the current company and of no other."""
        if operator != "in":
            return NotImplemented
        return Domain.TRUE if self.env.company.id in value else Domain.FALSE

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(
            self.env._(
                "Lifecycle stages cannot be deleted: each one is the result of a rule. "
                "Rename it, or fold it in the board instead."
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        self.env.registry.clear_cache()
        return stages

    def write(self, vals):
        if "code" in vals and any(stage.code != vals["code"] for stage in self):
            raise UserError(
                self.env._(
                    "The code of a lifecycle stage is fixed, because a rule leads to "
                    "it. Change the name instead."
                )
            )
        return super().write(vals)

    @api.model
    @ormcache()
    def _ids_by_code(self):
        """Return the stages as ``{code: id}``, whatever the user may read.

        Codes are fixed and stages cannot be deleted.
        """
        return frozendict({stage.code: stage.id for stage in self.sudo().search([])})
