# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL


class CrmLifecycleProfile(models.Model):
    """The decision-making unit of a customer, on the card."""

    _name = "crm.lifecycle.profile"
    _inherit = ["crm.lifecycle.profile", "crm.dmu.gap.mixin"]

    dmu_member_ids = fields.One2many(
        comodel_name="crm.dmu.member",
        inverse_name="profile_id",
        string="Decision Makers",
        domain=[("lead_id", "=", False)],
        help="Who takes part in the customer's decisions.",
    )
    dmu_decision_ids = fields.One2many(
        comodel_name="crm.dmu.member",
        inverse_name="profile_id",
        string="Who Decided What",
        domain=[
            ("lead_id.won_status", "in", ("won", "lost")),
            ("takes_part", "=", True),
        ],
        context={"active_test": False},
    )
    dmu_influence_ids = fields.One2many(
        comodel_name="crm.dmu.influence",
        inverse_name="profile_id",
        string="Influence Between People",
    )
    purchase_step_ids = fields.One2many(
        comodel_name="crm.purchase.step",
        inverse_name="profile_id",
        string="The Customer's Purchase Process",
    )
    dmu_member_count = fields.Integer(
        string="People Who Decide",
        compute="_compute_dmu_member_count",
        help="Those who take part in the customer's decisions today.",
    )
    dmu_coverage = fields.Integer(
        string="Coverage of the Unit (%)",
        compute="_compute_dmu_figures",
        search=lambda self, operator, value: self._search_dmu_figure(
            "dmu_coverage", operator, value
        ),
        aggregator="avg",
        help="How many of the gap rules that concern this customer are without a gap. "
        "Sales managers keep the rules in the configuration.",
    )
    dmu_gap_count = fields.Integer(
        string="Gaps in the Unit",
        compute="_compute_dmu_figures",
        search=lambda self, operator, value: self._search_dmu_figure(
            "dmu_gap_count", operator, value
        ),
        aggregator="sum",
    )
    dmu_gap_rule_ids = fields.Many2many(
        comodel_name="crm.dmu.gap.rule",
        string="Which Gaps",
        compute="_compute_dmu_gaps",
        search="_search_dmu_gap_rule_ids",
    )
    dmu_gaps = fields.Json(string="Gaps", compute="_compute_dmu_gap_lines")
    purchase_days = fields.Integer(
        string="A Purchase Takes (days)", compute="_compute_purchase_days"
    )

    @api.depends("dmu_member_ids.date_to")
    def _compute_dmu_member_count(self):
        counts = dict(
            self.env["crm.dmu.member"]._read_group(
                [
                    ("profile_id", "in", self.ids),
                    ("lead_id", "=", False),
                    ("has_left", "=", False),
                ],
                ["profile_id"],
                ["__count"],
            )
        )
        for profile in self:
            profile.dmu_member_count = counts.get(profile._origin, 0)

    @api.depends("purchase_step_ids.usual_days")
    def _compute_purchase_days(self):
        for profile in self:
            profile.purchase_days = sum(profile.purchase_step_ids.mapped("usual_days"))

    @api.depends("category_id", "stage_id", "dmu_member_ids")
    @api.depends_context("uid", "company", "lang")
    def _compute_dmu_figures(self):
        return super()._compute_dmu_figures()

    @api.depends("category_id", "stage_id", "dmu_member_ids")
    @api.depends_context("uid", "company", "lang")
    def _compute_dmu_gaps(self):
        return super()._compute_dmu_gaps()

    @api.depends("category_id", "stage_id", "dmu_member_ids")
    @api.depends_context("uid", "company", "lang")
    def _compute_dmu_gap_lines(self):
        return super()._compute_dmu_gap_lines()

    @api.model
    def _join_dmu_card(self, alias, query):
        return alias

    @api.model
    def _sql_dmu_people(self, ids=None):
        source = SQL(
            "crm_dmu_member m "
            "JOIN crm_lifecycle_profile card ON card.id = m.profile_id "
            "JOIN res_partner person ON person.id = m.contact_id"
        )
        where = SQL("m.lead_id IS NULL")
        if ids is not None:
            where = SQL("%s AND m.profile_id = ANY(%s)", where, list(ids))
        return SQL("m.profile_id"), source, where

    @api.model
    def _sql_dmu_cards(self, ids=None):
        if ids is None:
            return super()._sql_dmu_cards()
        return SQL("(SELECT unnest(%s::int[]))", list(ids))

    @api.model
    def _sql_dmu_amount(self, alias, card, query):
        """The biggest open opportunity."""
        return SQL(
            """(SELECT max(lead.expected_revenue)
                  FROM crm_lead lead
                  JOIN res_partner customer ON customer.id = lead.partner_id
                 WHERE customer.commercial_partner_id = %s
                   AND COALESCE(lead.company_id, %s) = %s
                   AND lead.active AND lead.type = 'opportunity'
                   AND lead.won_status = 'pending')""",
            SQL.identifier(card, "partner_id"),
            SQL.identifier(card, "company_id"),
            SQL.identifier(card, "company_id"),
        )

    def _get_dmu_document(self):
        return self.partner_id

    @api.model
    def _get_fields_written_directly(self):
        return super()._get_fields_written_directly() | {
            *("dmu_member_ids", "dmu_decision_ids", "purchase_step_ids"),
        }

    def action_view_dmu(self):
        """Open the people who take part in the decisions of this customer."""
        self.ensure_one()
        name = self.env._("Who Decides: %(name)s", name=self.display_name)
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "crm_lifecycle_kam.crm_dmu_member_action_unit"
            ),
            "name": name,
            "display_name": name,
            "domain": [("profile_id", "=", self.id), ("lead_id", "=", False)],
            "context": {
                "default_profile_id": self.id,
                "dmu_profile_id": self.id,
                "search_default_current": 1,
                "partner_display_name_hide_company": True,
            },
        }
