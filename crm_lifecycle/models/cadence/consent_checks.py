# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

# What may be added to an entry afterwards: the rest is history.
ADDED_LATER = {"proof", "attachment_id"}


class CrmContactConsent(models.Model):
    """A history by day: what was said stays, a new entry says that it changed."""

    _inherit = "crm.contact.consent"

    is_current = fields.Boolean(
        string="Holds Today",
        compute="_compute_is_current",
        help="No later entry about the same channel.",
    )

    @api.depends("partner_id.lifecycle_consent_ids.date", "channel_id", "state")
    def _compute_is_current(self):
        latest = {}
        # sudo: whether an entry holds does not depend on who asks
        entries = self.sudo().search(
            [("partner_id", "in", self.partner_id.ids)], order="date desc, id desc"
        )
        channels = {}
        for entry in entries:
            seen = channels.setdefault(entry.partner_id.id, set())
            latest[entry.id] = entry.channel_id.id not in seen and False not in seen
            seen.add(entry.channel_id.id)
        for consent in self:
            consent.is_current = latest.get(consent._origin.id, False)

    @api.constrains("date")
    def _check_date(self):
        for consent in self:
            if consent.date > fields.Date.context_today(consent):
                raise ValidationError(
                    self.env._(
                        "A consent or a refusal is noted when it has been given: its "
                        "day cannot lie in the future."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """An entry says who noted it: nobody notes in the name of a colleague."""
        if not self.env.su:
            vals_list = [{**vals, "user_id": self.env.uid} for vals in vals_list]
        consents = super().create(vals_list)
        consents._end_what_is_refused()
        return consents

    def _end_what_is_refused(self):
        """What was planned over a channel refused just now does not wait for the
        night."""
        # sudo: what was planned is planned for everybody
        refusing = self.sudo().filtered(lambda consent: consent.state != "given")
        customers = refusing.partner_id.commercial_partner_id
        if customers:
            self.env["crm.lifecycle.engine"]._withdraw_refused(
                SQL("SELECT unnest(%s::int[])", customers.ids)
            )

    def write(self, vals):
        """Let people add the proof; the rest of an entry is history."""
        if (
            not self.env.su
            and not self.env.user.has_group("sales_team.group_sale_manager")
            and not ADDED_LATER.issuperset(vals)
        ):
            raise AccessError(
                self.env._(
                    "An entry about consent is kept as it was noted. Add a new one "
                    "with the day from which something else holds."
                )
            )
        return super().write(vals)


class ResPartner(models.Model):
    _inherit = "res.partner"

    lifecycle_consent_ids = fields.One2many(
        comodel_name="crm.contact.consent",
        inverse_name="partner_id",
        string="Consent to Be Contacted",
        groups="sales_team.group_sale_salesman",
    )
    lifecycle_refused_channel_ids = fields.Many2many(
        comodel_name="crm.touchpoint.channel",
        string="Do Not Contact By",
        compute="_compute_lifecycle_refused_channel_ids",
        groups="base.group_user",
        help="From the entries below and from the blacklists of addresses and "
        "telephone numbers. Nothing is planned over these channels.",
    )

    @api.depends("lifecycle_consent_ids", "email_normalized", "phone_sanitized")
    def _compute_lifecycle_refused_channel_ids(self):
        engine = self.env["crm.lifecycle.engine"]
        engine._flush_refused()
        refused = {}
        rows = self.env.execute_query(engine._sql_refused_channels_of(self._origin.ids))
        for partner_id, channel_id in rows:
            refused.setdefault(partner_id, []).append(channel_id)
        for partner in self:
            partner.lifecycle_refused_channel_ids = refused.get(partner._origin.id, [])
