# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

# A touchpoint's moment (seconds) and number in one integer, so that one max() finds
# the latest with its number: numbers have 31 bits.
NUMBER_BITS = 31


class CrmLifecycleEngine(models.AbstractModel):
    """Contact regulation: which contacts fulfil which rule."""

    _inherit = "crm.lifecycle.engine"

    # ------------------------------------------------------------
    # HOOKS
    # ------------------------------------------------------------

    @api.model
    def _sql_right_people(self):
        """Hook: SELECT of (profile_id, partner_id): who decides at a customer or
        speaks for us there; None: nobody knows.

        Customers without a row have no known decision makers: every contact with
        them counts.
        """
        return None

    @api.model
    def _sql_mailings(self, norms):
        """Return the SELECT of (profile_id, day) of the mailings customers received.

        They fulfil rules of the kind reminder only. Add-ons add theirs by ``super()``
        and UNION ALL.
        """
        selects = [self._sql_bulk_letters(norms)]
        if "mailing.trace" in self.env:
            selects.append(self._sql_mailing_traces(norms))
        return SQL(" UNION ALL ").join(selects)

    def _sql_bulk_letters(self, norms):
        """Letters that the collection of touchpoints left out as mailings to many."""
        return SQL(
            """
            SELECT profile.id AS profile_id, %(day)s AS day
              FROM mail_message m
              JOIN mail_message_res_partner_rel rel ON rel.mail_message_id = m.id
              JOIN res_partner contact ON contact.id = rel.res_partner_id
              JOIN crm_lifecycle_profile profile
                ON profile.partner_id = contact.commercial_partner_id
               AND profile.company_id = %(company)s
             WHERE m.date < %(until)s AND %(is_bulk)s
            """,
            day=self._sql_norm_day(norms, SQL("m.date")),
            company=norms.company_id,
            until=norms.until,
            is_bulk=self._sql_is_bulk_message(),
        )

    def _sql_mailing_traces(self, norms):
        """Letters of the application Email Marketing that arrived.

        A recipient of a mailing list is known by the address.
        """
        return SQL(
            """
            SELECT profile.id AS profile_id, %(day)s AS day
              FROM mailing_trace trace
              LEFT JOIN %(document)s document ON TRUE
              JOIN res_partner contact
                ON contact.id = document.partner_id
                OR trace.model = 'mailing.contact'
                   AND contact.email_normalized = lower(trim(trace.email))
              JOIN crm_lifecycle_profile profile
                ON profile.partner_id = contact.commercial_partner_id
               AND profile.company_id = %(company)s
             WHERE trace.trace_status IN ('sent', 'open', 'reply')
               AND trace.sent_datetime < %(until)s
            """,
            day=self._sql_norm_day(norms, SQL("trace.sent_datetime")),
            document=self._sql_document_of(SQL("trace.model"), SQL("trace.res_id")),
            company=norms.company_id,
            until=norms.until,
        )

    # ------------------------------------------------------------
    # CONTACTS
    # ------------------------------------------------------------

    def _sql_norm_day(self, norms, moment):
        """The company's day of a moment (UTC)."""
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, norms.tz)

    def _sql_is_covered(self, norms):
        """Condition on the touchpoint ``t``: with one of the right people, or at a
        customer of whom they are not known."""
        people = self._sql_right_people() if norms.wants_right_person else None
        if people is None:
            return SQL("TRUE")
        return SQL(
            """
            (NOT EXISTS (SELECT FROM (%(people)s) r WHERE r.profile_id = t.profile_id)
             OR EXISTS (
                SELECT FROM (%(people)s) r
                 WHERE r.profile_id = t.profile_id
                   AND (r.partner_id = t.contact_id OR EXISTS (
                        SELECT FROM crm_touchpoint_contact_rel also
                         WHERE also.touchpoint_id = t.id
                           AND also.partner_id = r.partner_id))))
            """,
            people=people,
        )

    def _sql_made(self, norms, scope):
        """Condition on the touchpoint ``t``: it counts, and lies not after the day.

        :param scope: function from a column's name to the condition on profiles
        """
        return SQL(
            "%s AND t.is_ignored IS NOT TRUE AND t.date < %s",
            scope(SQL("t.profile_id")),
            norms.until,
        )

    def _sql_latest_contacts(self, norms, scope):
        """Return the SELECT of the latest contact per profile and rule.

        ``latest``: the latest that fulfils the rule, ``other``: the latest with
        somebody else than the right people; packed, see ``NUMBER_BITS``.
        """
        return SQL(
            """
            SELECT made.profile_id, counted.rule_id,
                   max(made.latest) FILTER (
                       WHERE made.is_covered OR NOT rule.right_person) AS latest,
                   max(made.latest) FILTER (
                       WHERE NOT made.is_covered AND rule.right_person) AS other
              FROM (
                    SELECT t.profile_id, t.channel_id, t.direction,
                           %(covered)s AS is_covered,
                           max((floor(date_part('epoch', t.date))::bigint << %(bits)s)
                               | t.id) AS latest
                      FROM crm_touchpoint t
                     WHERE %(made)s
                     GROUP BY t.profile_id, t.channel_id, t.direction, is_covered
                   ) made
              JOIN %(counted)s
                ON counted.channel_id = made.channel_id
               AND counted.direction = made.direction
              JOIN %(rules)s ON rule.id = counted.rule_id
             GROUP BY made.profile_id, counted.rule_id
            """,
            covered=self._sql_is_covered(norms),
            bits=NUMBER_BITS,
            made=self._sql_made(norms, scope),
            counted=self._sql_norm_counted(norms),
            rules=self._sql_norms(norms),
        )

    def _sql_fulfilled_days(self, norms, profile_id, rule_id, span):
        """Return the SELECT of (day) of the contacts that fulfil one rule at one
        customer; the same day comes several times after several contacts.

        :param SQL profile_id: of the customer
        :param SQL rule_id: of the rule
        :param SQL span: condition on ``t.date``
        """
        contacts = SQL(
            """
            SELECT %(day)s AS day
              FROM crm_touchpoint t
              JOIN %(counted)s
                ON counted.rule_id = %(rule)s
               AND counted.channel_id = t.channel_id
               AND counted.direction = t.direction
              JOIN %(rules)s ON rule.id = counted.rule_id
             WHERE %(made)s AND %(span)s AND (NOT rule.right_person OR %(covered)s)
            """,
            day=self._sql_norm_day(norms, SQL("t.date")),
            counted=self._sql_norm_counted(norms),
            rule=rule_id,
            rules=self._sql_norms(norms),
            made=self._sql_made(
                norms, lambda column: SQL("%s = %s", column, profile_id)
            ),
            span=span,
            covered=self._sql_is_covered(norms),
        )
        if not norms.has_reminders:
            return contacts
        return SQL(
            "%s UNION ALL SELECT sent.day FROM (%s) sent "
            "WHERE %s = ANY(%s) AND sent.profile_id = %s",
            contacts,
            self._sql_mailings(norms),
            rule_id,
            [number for number, *__, is_reminder in norms.rules if is_reminder],
            profile_id,
        )

    def _sql_unpacked_day(self, norms, packed):
        return SQL(
            "(to_timestamp(%s >> %s) AT TIME ZONE %s)::date",
            packed,
            NUMBER_BITS,
            norms.tz,
        )

    def _sql_unpacked_id(self, packed):
        return SQL("(%s & %s)::int", packed, 2**NUMBER_BITS - 1)

    def _sql_latest_mailings(self, norms, scope):
        """Return the SELECT of the latest mailing per profile."""
        if not norms.has_reminders:
            return SQL("SELECT NULL::int AS profile_id, NULL::date AS day WHERE FALSE")
        return SQL(
            "SELECT sent.profile_id, max(sent.day) AS day FROM (%s) sent "
            "WHERE %s GROUP BY sent.profile_id",
            self._sql_mailings(norms),
            scope(SQL("sent.profile_id")),
        )
