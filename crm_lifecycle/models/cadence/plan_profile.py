# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..lifecycle_derived_mixin import derived
from .plan_status import GROUPS


class CrmLifecycleProfile(models.Model):
    """The customer in the contact plan, by the norms of personal contacts."""

    _inherit = "crm.lifecycle.profile"

    cadence_group = derived(
        fields.Selection,
        "cadence_group",
        string="Next Contact Due",
        selection=GROUPS,
        help="Of the norm that is due first. Weeks last from Monday to Sunday.",
    )
    cadence_days_late = derived(
        fields.Integer,
        "cadence_days_late",
        string="Contact Late (days)",
        aggregator="max",
        help="Of the norm that is longest overdue.",
    )
    # not derived: lists would look for refusals whenever they show any derived figure
    has_refused_channel = fields.Boolean(
        string="Refuses a Channel",
        compute="_compute_refused_channel_ids",
        search="_search_has_refused_channel",
        help="Do-not-contact, a withdrawn consent or a blacklist.",
    )
    refused_channel_ids = fields.Many2many(
        comodel_name="crm.touchpoint.channel",
        string="Refused Channels",
        compute="_compute_refused_channel_ids",
    )
    waiting_pause_count = fields.Integer(compute="_compute_waiting_pause_count")

    # ------------------------------------------------------------
    # DEFINITIONS: ``column`` is a function from a column's name to SQL
    # ------------------------------------------------------------

    def _sql_of_norms(self, column, aggregate):
        """Return a sub-query over the customer's norms; reminders are kept apart.

        :param aggregate: function of a function from a column's name to SQL
        """
        return SQL(
            "(SELECT %s FROM crm_cadence_status cadence "
            "JOIN crm_cadence_rule norm ON norm.id = cadence.rule_id "
            "WHERE cadence.profile_id = %s AND norm.kind = 'personal')",
            aggregate(lambda name: SQL.identifier("cadence", name)),
            column("id"),
        )

    def _sql_cadence_group(self, column):
        """The groups follow the alphabet, see `plan_status.GROUPS`."""
        Status = self.env["crm.cadence.status"]
        return self._sql_of_norms(
            column,
            lambda norm: SQL('min(%s COLLATE "C")', Status._sql_plan_group(norm)),
        )

    def _sql_cadence_days_late(self, column):
        Status = self.env["crm.cadence.status"]
        return self._sql_of_norms(
            column, lambda norm: SQL("max(%s)", Status._sql_days_late(norm))
        )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("partner_id")
    def _compute_refused_channel_ids(self):
        refused = self.env["crm.lifecycle.engine"]._get_refused(self.partner_id.ids)
        for profile in self:
            channel_ids = refused.get(profile.partner_id.id, ())
            profile.refused_channel_ids = [*channel_ids]
            profile.has_refused_channel = bool(channel_ids)

    @api.model
    def _search_has_refused_channel(self, operator, value):
        if operator != "in":
            return NotImplemented
        engine = self.env["crm.lifecycle.engine"]
        engine._flush_refused()
        refuses = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (SELECT refused.partner_id FROM (%s) refused)",
                model._field_to_sql(alias, "partner_id", query),
                engine._sql_refused_customers(),
            )
        )
        if set(value) == {True, False}:
            return Domain.TRUE
        return refuses if True in value else ~refuses

    @api.depends("cadence_pause_ids.state")
    def _compute_waiting_pause_count(self):
        self._count_lines(
            "waiting_pause_count", "crm.cadence.pause", [("state", "=", "waiting")]
        )

    def action_view_plan(self):
        """Open what the contact regulation asks for with this customer."""
        return self._prepare_line_action("crm_lifecycle.crm_cadence_status_action")


class CrmLifecycleCustomerMixin(models.AbstractModel):
    _inherit = "crm.lifecycle.customer.mixin"

    def action_view_contact_plan(self):
        """Open what the contact regulation asks for with this customer."""
        self.ensure_one()
        return self.lifecycle_profile_id.action_view_plan()
