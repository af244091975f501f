# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

# What makes an opportunity won or lost
CLOSING_FIELDS = frozenset({"active", "probability", "stage_id", "won_status"})


class CrmLead(models.Model):
    """The people who decide about one opportunity."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "crm.dmu.gap.mixin"]

    _dmu_prefix = "lifecycle_"

    lifecycle_dmu_member_ids = fields.One2many(
        comodel_name="crm.dmu.member",
        inverse_name="lead_id",
        string="What Differs From the Account",
        groups="sales_team.group_sale_salesman",
    )
    lifecycle_dmu_count = fields.Integer(
        string="People Who Decide",
        compute="_compute_lifecycle_dmu_count",
        groups="sales_team.group_sale_salesman",
    )

    lifecycle_dmu_coverage = fields.Integer(
        string="Coverage of the Unit (%)",
        compute="_compute_dmu_figures",
        search=lambda self, operator, value: self._search_dmu_figure(
            "lifecycle_dmu_coverage", operator, value
        ),
        aggregator="avg",
        groups="sales_team.group_sale_salesman",
        help="How many of the gap rules that concern this opportunity are without a "
        "gap.",
    )
    lifecycle_dmu_gap_count = fields.Integer(
        string="Gaps in the Unit",
        compute="_compute_dmu_figures",
        search=lambda self, operator, value: self._search_dmu_figure(
            "lifecycle_dmu_gap_count", operator, value
        ),
        aggregator="sum",
        groups="sales_team.group_sale_salesman",
    )
    lifecycle_dmu_gap_rule_ids = fields.Many2many(
        comodel_name="crm.dmu.gap.rule",
        string="Which Gaps",
        compute="_compute_dmu_gaps",
        search="_search_dmu_gap_rule_ids",
        groups="sales_team.group_sale_salesman",
    )
    lifecycle_dmu_gaps = fields.Json(
        string="Gaps",
        compute="_compute_dmu_gap_lines",
        groups="sales_team.group_sale_salesman",
    )

    @api.depends("partner_id", "expected_revenue", "lifecycle_dmu_member_ids")
    @api.depends_context("uid", "company", "lang")
    def _compute_dmu_figures(self):
        return super()._compute_dmu_figures()

    @api.depends("partner_id", "expected_revenue", "lifecycle_dmu_member_ids")
    @api.depends_context("uid", "company", "lang")
    def _compute_dmu_gaps(self):
        return super()._compute_dmu_gaps()

    @api.depends("partner_id", "expected_revenue", "lifecycle_dmu_member_ids")
    @api.depends_context("uid", "company", "lang")
    def _compute_dmu_gap_lines(self):
        return super()._compute_dmu_gap_lines()

    @api.model
    def _join_dmu_card(self, alias, query):
        profiles = self.env["crm.lifecycle.profile"]
        return self._join_lifecycle_profile(alias, profiles, query)

    @api.model
    def _sql_dmu_people(self, ids=None):
        """The account's people with what differs; of a closed deal, those it keeps."""
        source = SQL(
            """
            crm_lead lead JOIN res_partner customer ON customer.id = lead.partner_id
              JOIN crm_lifecycle_profile card
                ON card.partner_id = customer.commercial_partner_id
               AND card.company_id = %s
              JOIN crm_dmu_member m ON m.profile_id = card.id
              JOIN res_partner person ON person.id = m.contact_id
            """,
            self.env.company.id,
        )
        where = SQL(
            """
            (m.lead_id = lead.id AND m.takes_part IS NOT FALSE
             OR m.lead_id IS NULL AND lead.won_status = 'pending' AND NOT EXISTS (
                SELECT FROM crm_dmu_member own
                 WHERE own.lead_id = lead.id AND own.contact_id = m.contact_id))
            """
        )
        if ids is not None:
            where = SQL("%s AND lead.id = ANY(%s)", where, list(ids))
        return SQL("lead.id"), source, where

    @api.model
    def _sql_dmu_amount(self, alias, card, query):
        return SQL.identifier(alias, "expected_revenue")

    def _compute_lifecycle_dmu_count(self):
        """For the button of the form: one opportunity at a time."""
        for lead in self:
            lead.lifecycle_dmu_count = self.env["crm.dmu.member"].search_count(
                lead._get_dmu_domain() & Domain("has_left", "=", False)
            )

    def _get_dmu_domain(self):
        """Return the domain of the people of this opportunity: the account's unit,
        with what differs here. A closed deal keeps the unit of its last day."""
        self.ensure_one()
        own = Domain("lead_id", "=", self.id)
        if self.won_status in ("won", "lost") or not self.partner_id:
            return own & Domain("takes_part", "=", True)
        # sudo: the differences decide whom of the visible people to show
        replaced = self.sudo().lifecycle_dmu_member_ids.contact_id.ids
        # sudo: whose customer it is; the entries themselves are read with one's rules
        customer = self.sudo().partner_id.commercial_partner_id
        company = self.company_id or self.env.company
        return (own & Domain("takes_part", "=", True)) | (
            Domain("lead_id", "=", False)
            & Domain("profile_id.partner_id", "=", customer.id)
            & Domain("profile_id.company_id", "=", company.id)
            & Domain("contact_id", "not in", replaced)
        )

    def action_view_dmu(self):
        """Open the people who decide about this opportunity."""
        self.ensure_one()
        if not self.lifecycle_profile_id:
            raise UserError(
                self.env._(
                    "People who decide are kept on the customer card, and this "
                    "opportunity has no customer in the base yet."
                )
            )
        name = self.env._("Who Decides: %(name)s", name=self.name)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle_kam.crm_dmu_member_action_unit"
        )
        # The tree follows the account's entries alone; the map knows the deal's too
        views = [view for view in action["views"] if view[1] != "hierarchy"]
        return {
            **action,
            "views": views,
            "view_mode": ",".join(mode for __, mode in views),
            "name": name,
            "display_name": name,
            "domain": [("effective_lead_id", "=", self.id)],
            "context": {
                "default_profile_id": self.lifecycle_profile_id.id,
                "default_lead_id": self.id,
                "dmu_profile_id": self.lifecycle_profile_id.id,
                "dmu_lead_id": self.id,
                "search_default_current": 1,
                "partner_display_name_hide_company": True,
            },
        }

    # ------------------------------------------------------------
    # THE UNIT OF A CLOSED DEAL
    # ------------------------------------------------------------

    def write(self, vals):
        if CLOSING_FIELDS.isdisjoint(vals):
            return super().write(vals)
        open_leads = self.filtered(lambda lead: lead.won_status == "pending")
        res = super().write(vals)
        closed = open_leads.filtered(lambda lead: lead.won_status != "pending")
        closed._keep_dmu()
        return res

    def _keep_dmu(self):
        """Copy the account's people into deals that are closed now, so that the past
        says who decided it, whatever becomes of the unit."""
        # sudo: what happened in a deal is kept whoever closes it
        leads = self.sudo().filtered("partner_id")
        Member = self.env["crm.dmu.member"].sudo()
        accounts = leads.partner_id.commercial_partner_id
        members = Member.search(
            [("lead_id", "=", False), ("profile_id.partner_id", "in", accounts.ids)]
        ).filtered(lambda member: not member.has_left)
        if not members:
            return
        units = members.grouped(
            lambda member: (member.profile_id.company_id, member.profile_id.partner_id)
        )
        vals_list = []
        for lead in leads:
            company = lead.company_id or self.env.company
            account = lead.partner_id.commercial_partner_id
            unit = units.get((company, account), Member)
            known = set(lead.lifecycle_dmu_member_ids.contact_id.ids)
            for member in unit:
                # who left today and came back in another role has two entries: the
                # open one comes first
                if member.contact_id.id not in known:
                    known.add(member.contact_id.id)
                    vals_list.append(member._prepare_lead_vals(lead))
        Member.create(vals_list)
