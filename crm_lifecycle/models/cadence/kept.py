# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

GC_LIMIT = 10000


class CrmCadencePeriod(models.Model):
    """How long the ledger is kept."""

    _inherit = "crm.cadence.period"

    @api.autovacuum
    def _gc_old_rows(self):
        """Delete closed rows older than the company keeps them, and what is left open
        of deleted customers."""
        self.env["res.company"].flush_model(["lifecycle_ledger_years"])
        gone = SQL("p.profile_id IS NULL AND p.state IN ('open', 'void')")
        old = SQL(
            "p.state <> 'open' AND company.lifecycle_ledger_years > 0 "
            "AND p.due_date < (%s - make_interval("
            "years => company.lifecycle_ledger_years))::date",
            fields.Date.context_today(self),
        )
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM crm_cadence_period WHERE id IN (
                    SELECT p.id FROM crm_cadence_period p
                      JOIN res_company company ON company.id = p.company_id
                     WHERE (%s) OR (%s) LIMIT %s)
                """,
                gone,
                old,
                GC_LIMIT,
            )
        )
        self.invalidate_model()
        done = self.env.cr.rowcount
        return done, int(done == GC_LIMIT)


class CrmLifecycleProfile(models.Model):
    _inherit = "crm.lifecycle.profile"

    def unlink(self):
        self.env["crm.lifecycle.engine"]._forget_open_turns(self.ids)
        return super().unlink()


class ResPartner(models.Model):
    _inherit = "res.partner"

    def unlink(self):
        # the customer's cards go with it, in the database
        profiles = (
            self.env["crm.lifecycle.profile"]
            .sudo()  # whoever may delete the contact deletes its cards
            .with_context(active_test=False)
            .search([("partner_id", "in", self.ids)])
        )
        self.env["crm.lifecycle.engine"]._forget_open_turns(profiles.ids)
        return super().unlink()


class CrmTouchpoint(models.Model):
    _inherit = "crm.touchpoint"

    def write(self, vals):
        """A contact that closed a row stays the reason, whoever decides later; with
        whom it was is looked at anew when that is corrected."""
        if not {"contact_id", "contact_ids"}.isdisjoint(vals):
            self.env["crm.lifecycle.engine"]._forget_closed_by(self)
        return super().write(vals)


class CrmLifecycleEngine(models.AbstractModel):
    _inherit = "crm.lifecycle.engine"

    @api.model
    def _forget_closed_by(self, touchpoints):
        """Of rows that may still be corrected."""
        # sudo: the ledger is the company's, whoever corrects a contact
        companies = touchpoints.sudo().profile_id.company_id
        for company in companies.filtered(self._has_day):
            self.env.cr.execute(
                SQL(
                    "UPDATE crm_cadence_period p SET touchpoint_id = NULL "
                    "WHERE p.company_id = %s AND p.touchpoint_id = ANY(%s) "
                    "AND NOT (%s)",
                    company.id,
                    touchpoints.ids,
                    self._sql_is_past_grace(self._get_norms(company)),
                )
            )
        self.env["crm.cadence.period"].invalidate_model(["touchpoint_id"], flush=False)

    @api.model
    def _forget_open_turns(self, profile_ids):
        """Of a customer about to be deleted the closed rows are kept, without name."""
        if profile_ids:
            self.env.cr.execute(
                SQL(
                    "DELETE FROM crm_cadence_period "
                    "WHERE profile_id = ANY(%s) AND state IN ('open', 'void')",
                    list(profile_ids),
                )
            )
            self.env["crm.cadence.period"].invalidate_model(flush=False)


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_ledger_years = fields.Integer(
        string="Keep the Ledger (years)",
        default=5,
        help="Closed rows of the compliance ledger are deleted after so many years. "
        "0: never.",
        groups="base.group_user",
    )

    @api.constrains("lifecycle_ledger_years")
    def _check_lifecycle_ledger(self):
        for company in self:
            if not 0 <= company.lifecycle_ledger_years <= 100:
                raise ValidationError(
                    self.env._("The ledger is kept for 0 (for ever) to 100 years.")
                )
