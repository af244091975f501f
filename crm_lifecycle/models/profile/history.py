# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

HISTORY_LIMIT = 10


class CrmLifecycleProfile(models.Model):
    """The latest documents on the card; the buttons above lead to all of them."""

    _inherit = "crm.lifecycle.profile"

    recent_order_ids = fields.Many2many(
        comodel_name="sale.order", compute="_compute_recent_order_ids"
    )
    recent_lead_ids = fields.Many2many(
        comodel_name="crm.lead",
        compute="_compute_recent_lead_ids",
        context={"active_test": False},
    )
    open_activity_ids = fields.Many2many(
        comodel_name="mail.activity",
        string="Planned Activities",
        compute="_compute_open_activity_ids",
    )

    @api.depends_context("uid")
    def _compute_recent_order_ids(self):
        self._assign_latest("recent_order_ids", "sale.order", "date_order")

    @api.depends_context("uid")
    def _compute_recent_lead_ids(self):
        self._assign_latest("recent_lead_ids", "crm.lead", "create_date")

    def _assign_latest(self, name, model, moment):
        """Assign the latest documents the user may read; one query for all cards."""
        Document = self.env[model].with_context(active_test=False)  # lost leads too
        latest = {}
        if self._origin and Document.has_access("read"):
            query = Document._search(
                Domain("partner_id.commercial_partner_id", "in", self.partner_id.ids)
                & Domain("company_id", "in", [*self.company_id.ids, False])
            )
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT card_id, id FROM (
                        SELECT card.id AS card_id, document.id,
                               row_number() OVER (PARTITION BY card.id ORDER BY
                                   document.%(moment)s DESC NULLS LAST,
                                   document.id DESC) AS place
                          FROM %(table)s document
                          JOIN res_partner person ON person.id = document.partner_id
                          JOIN crm_lifecycle_profile card
                            ON card.partner_id = person.commercial_partner_id
                           AND card.company_id
                               = COALESCE(document.company_id, card.company_id)
                         WHERE document.id IN %(visible)s AND card.id = ANY(%(cards)s)
                    ) latest WHERE place <= %(limit)s ORDER BY place
                    """,
                    moment=SQL.identifier(moment),
                    table=SQL.identifier(Document._table),
                    visible=query.subselect(),
                    cards=self._origin.ids,
                    limit=HISTORY_LIMIT,
                )
            )
            for card_id, document_id in rows:
                latest.setdefault(card_id, []).append(document_id)
        for profile in self:
            profile[name] = latest.get(profile._origin.id, [])

    @api.depends_context("uid")
    def _compute_open_activity_ids(self):
        """What is planned with the customer, its contacts, leads and orders."""
        domains, customers = [], self.partner_id.ids
        companies = [*self.company_id.ids, False]
        for model, path in self._get_activity_paths().items():
            if not self.env[model].has_access("read"):
                continue
            domain = Domain(path, "in", customers)
            if model != "res.partner":
                domain &= Domain("company_id", "in", companies)
            documents = self.env[model]._search(domain)
            domains.append(
                Domain("res_model", "=", model) & Domain("res_id", "in", documents)
            )
        activities = self.env["mail.activity"].search(
            Domain.OR(domains),
            order="date_deadline, id",
            limit=HISTORY_LIMIT * len(self),
        )
        found = {}
        for model, group in activities.grouped("res_model").items():
            # sudo: whose document it is, of activities the user may read
            documents = self.env[model].sudo().browse(group.mapped("res_id"))
            customer_of = {
                document.id: document.mapped(self._get_activity_paths()[model]).id
                for document in documents
            }
            for activity in group:
                customer = customer_of[activity.res_id]
                found.setdefault(customer, []).append(activity.id)
        for profile in self:
            profile.open_activity_ids = found.get(profile.partner_id.id, [])

    @api.model
    def _get_activity_paths(self):
        """Return ``{model with activities: path to the customer}``."""
        return {
            "res.partner": "commercial_partner_id",
            "crm.lead": "partner_id.commercial_partner_id",
            "sale.order": "partner_id.commercial_partner_id",
        }
