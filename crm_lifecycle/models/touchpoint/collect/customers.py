# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CrmLifecycleEngine(models.AbstractModel):
    """Touchpoints: whose customer a document, a contact or a colleague is."""

    _inherit = "crm.lifecycle.engine"

    @api.model
    def _get_touchpoint_documents(self):
        """Return ``{model: (table, column of the contact)}``.

        What is said and done on these documents is said and done with the contact.
        Each table has a ``company_id``. Add-ons add their documents by ``super()``.
        """
        return {
            "res.partner": ("res_partner", "id"),
            "crm.lead": ("crm_lead", "partner_id"),
            "sale.order": ("sale_order", "partner_id"),
            "account.move": ("account_move", "partner_id"),
        }

    def _sql_document_of(self, model, id_):
        """Return a LATERAL item with ``partner_id`` and ``company_id`` of a document.

        :param SQL model: expression for the model's name
        :param SQL id_: expression for the document's id
        """
        return SQL(
            "LATERAL (%s)",
            SQL(" UNION ALL ").join(
                SQL(
                    "SELECT d.%s AS partner_id, d.company_id FROM %s d "
                    "WHERE %s = %s AND d.id = %s",
                    SQL.identifier(column),
                    SQL.identifier(table),
                    model,
                    name,
                    id_,
                )
                for name, (table, column) in self._get_touchpoint_documents().items()
            ),
        )

    def _sql_company_of(self, model, id_):
        """The same for the document's ``company_id`` alone: with one company it does
        not matter."""
        # sudo: which companies there are does not depend on who asks
        if len(self.env["crm.lifecycle.profile"].sudo()._get_all_company_ids()) == 1:
            return SQL("(SELECT NULL::int AS company_id)")
        return self._sql_document_of(model, id_)

    def _sql_documents_of_contacts(self, contact_ids):
        """Return the SELECT of (model, id) of the documents of contacts."""
        return SQL(" UNION ALL ").join(
            SQL(
                "SELECT %s::varchar AS model, d.id FROM %s d WHERE d.%s = ANY(%s)",
                name,
                SQL.identifier(table),
                SQL.identifier(column),
                contact_ids,
            )
            for name, (table, column) in self._get_touchpoint_documents().items()
        )

    def _sql_given_documents(self, model, ids):
        """Return the SELECT of (model, id) of given documents."""
        return SQL("SELECT %s::varchar AS model, unnest(%s::int[]) AS id", model, ids)

    def _sql_colleagues(self):
        """Return the SELECT of (contact, internal user that the contact is)."""
        return SQL(
            "SELECT DISTINCT ON (u.partner_id) u.partner_id, u.id FROM res_users u "
            "WHERE NOT u.share ORDER BY u.partner_id, u.active DESC, u.id"
        )

    @api.model
    def _get_collection_now(self):
        """What is later has not taken place. Messages carry the time of the clock,
        which goes on while a transaction lasts."""
        return max(self._now(), fields.Datetime.now())

    @api.model
    def _get_collecting_companies(self):
        """Return the companies whose customers are known: the base is classified."""
        return self._get_enabled_companies().filtered(
            lambda company: (
                company.lifecycle_baseline_at and company.lifecycle_touchpoint_since
            )
        )

    @api.model
    def _get_enabled_companies(self):
        """Return the companies with a customer base, without a query of its own: done
        activities are collected while somebody waits."""
        # sudo: which day a moment is does not depend on who asks
        Profile = self.env["crm.lifecycle.profile"].sudo()
        return Profile._get_lifecycle_companies().filtered(
            lambda company: (
                company.active and company.lifecycle_enabled and self._has_day(company)
            )
        )

    @api.model
    def _has_day(self, company):
        """One company's unknown time zone, of which its pass tells, must not keep the
        others from their touchpoints."""
        try:
            return bool(self._get_timezone(company))
        except UserError:
            return False

    def _sql_companies(self, companies):
        """Return a FROM item: id, time zone, first day collected, today."""
        return SQL(
            "unnest(%s::int[], %s::text[], %s::date[], %s::date[]) "
            "AS company (id, tz, since, today)",
            companies.ids,
            [self._get_timezone(company) for company in companies],
            [company.lifecycle_touchpoint_since for company in companies],
            [self._today(company) for company in companies],
        )
