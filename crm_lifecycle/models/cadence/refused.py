# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL


class CrmLifecycleEngine(models.AbstractModel):
    """Which ways of contact people refuse: asked before anything is planned or sent."""

    _inherit = "crm.lifecycle.engine"

    def _sql_refused_channels(self, contacts=None):
        """Return the SELECT of (partner_id, channel_id) that contacts refuse.

        The latest consent of a contact about a channel decides; blacklisted addresses
        and numbers refuse the channels that use them. Add-ons may add more by UNION.

        :param SQL contacts: SELECT of the contacts asked for; None: all
        """
        scope = SQL("p.id IN (%s)", contacts) if contacts else SQL("TRUE")
        return SQL(
            """
            SELECT said.partner_id, said.channel_id
              FROM (SELECT DISTINCT ON (p.id, channel.id)
                           p.id AS partner_id, channel.id AS channel_id, consent.state
                      FROM crm_contact_consent consent
                      JOIN res_partner p ON p.id = consent.partner_id
                      JOIN crm_touchpoint_channel channel
                        ON channel.id = consent.channel_id
                        OR consent.channel_id IS NULL
                     WHERE %(scope)s
                     ORDER BY p.id, channel.id, consent.date DESC, consent.id DESC
                   ) said
             WHERE said.state <> 'given'
             UNION
            SELECT p.id, channel.id
              FROM mail_blacklist listed
              JOIN res_partner p ON p.email_normalized = listed.email
              JOIN crm_touchpoint_channel channel ON channel.takes_email
             WHERE listed.active AND %(scope)s
             UNION
            SELECT p.id, channel.id
              FROM phone_blacklist listed
              JOIN res_partner p ON p.phone_sanitized = listed.number
              JOIN crm_touchpoint_channel channel
                ON channel.takes_phonecall OR channel.takes_message
             WHERE listed.active AND %(scope)s
            """,
            scope=scope,
        )

    def _sql_refused_channels_of(self, contact_ids):
        """Return the same SELECT for contacts known by their ids."""
        return self._sql_refused_channels(SQL("SELECT unnest(%s::int[])", contact_ids))

    def _sql_refused_customers(self, customers=None):
        """Return the SELECT of (partner_id, channel_id) over which a customer is not
        to be contacted: it refuses itself, or every one of its people does.

        :param SQL customers: SELECT of the customers asked for; None: all
        """
        contacts = customers and SQL(
            "SELECT person.id FROM res_partner person "
            "WHERE person.commercial_partner_id IN (%s)",
            customers,
        )
        return SQL(
            """
            WITH refused AS (%(refused)s)
            SELECT refused.partner_id, refused.channel_id
              FROM refused JOIN res_partner customer ON customer.id = refused.partner_id
             WHERE customer.commercial_partner_id = customer.id
             UNION
            SELECT person.commercial_partner_id, refused.channel_id
              FROM refused JOIN res_partner person ON person.id = refused.partner_id
             WHERE person.active AND person.commercial_partner_id <> person.id
               AND NOT EXISTS (
                    SELECT FROM res_partner other
                     WHERE other.commercial_partner_id = person.commercial_partner_id
                       AND other.id <> other.commercial_partner_id
                       AND other.active AND other.is_company IS NOT TRUE
                       AND other.type = 'contact'
                       AND NOT EXISTS (SELECT FROM refused same
                                        WHERE same.partner_id = other.id
                                          AND same.channel_id = refused.channel_id))
            """,
            refused=self._sql_refused_channels(contacts),
        )

    def _flush_refused(self):
        """Write to the database what the SELECTs above read."""
        self.env["crm.contact.consent"].flush_model()
        self.env["crm.touchpoint.channel"].flush_model()
        self.env["mail.blacklist"].flush_model(["email", "active"])
        self.env["phone.blacklist"].flush_model(["number", "active"])
        self.env["res.partner"].flush_model(
            [
                *("email_normalized", "phone_sanitized", "commercial_partner_id"),
                *("active", "is_company", "type"),
            ]
        )

    def _get_refused(self, customer_ids):
        """Return ``{customer id: {ids of channels it refuses}}`` of some customers."""
        if not customer_ids:
            return {}
        self._flush_refused()
        refused = {}
        rows = self.env.execute_query(
            self._sql_refused_customers(
                SQL("SELECT unnest(%s::int[])", list(customer_ids))
            )
        )
        for partner_id, channel_id in rows:
            refused.setdefault(partner_id, set()).add(channel_id)
        return refused
