# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain


class CrmLifecycleProfile(models.Model):
    """What people write on the card: business data and facts about persons."""

    _inherit = "crm.lifecycle.profile"

    # Business data
    industry_id = fields.Many2one(
        comodel_name="res.partner.industry",
        compute="_compute_industry_id",
        inverse="_inverse_industry_id",
        search="_search_industry_id",
        help="Kept on the contact.",
    )
    trade_format_id = fields.Many2one(
        comodel_name="crm.lifecycle.trade.format",
        ondelete="restrict",
        help="How the customer does business.",
    )
    own_turnover = fields.Monetary(
        string="Own Turnover (yearly)",
        help="What the customer itself sells in a year: an upper limit for what it "
        "could buy from you.",
    )
    own_volume = fields.Char(
        string="Sells or Makes in a Year",
        help="In the customer's own units, for instance: 1,200 t of castings.",
    )
    competitor_ids = fields.Many2many(
        comodel_name="crm.lifecycle.competitor",
        relation="crm_lifecycle_profile_competitor_rel",
        column1="profile_id",
        column2="competitor_id",
        string="Competitors",
        help="Who else sells to this customer.",
    )
    # Persons
    fact_ids = fields.One2many(
        comodel_name="crm.lifecycle.fact",
        inverse_name="profile_id",
        string="Informal Facts",
    )

    # ------------------------------------------------------------
    # INDUSTRY: of the contact, and shown to who may not read the contact
    # ------------------------------------------------------------

    # Computed, not related: see `_compute_colors`.
    @api.depends("partner_id")
    def _compute_industry_id(self):
        # sudo: the industry of a visible customer is no secret
        for profile, profile_sudo in zip(self, self.sudo(), strict=True):
            profile.industry_id = profile_sudo.partner_id.industry_id

    def _inverse_industry_id(self):
        for industry, profiles in self.grouped("industry_id").items():
            profiles.partner_id.industry_id = industry

    def _search_industry_id(self, operator, value):
        return Domain("partner_id.industry_id", operator, value)

    # ------------------------------------------------------------
    # WHAT MAY BE WRITTEN
    # ------------------------------------------------------------

    @api.model
    def _get_fields_written_directly(self):
        return super()._get_fields_written_directly() | {
            *("industry_id", "trade_format_id", "own_turnover", "own_volume"),
            *("competitor_ids", "fact_ids", "contact_ids"),
        }
