# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
from datetime import date

from odoo import models
from odoo.tools import SQL

# the checksum fits Odoo's integers
CHECKSUM_RANGE = 2**31 - 1
# bit_xor and hash_record_extended came with this version of PostgreSQL
CHECKSUM_SERVER_VERSION = 140000
# beyond this share of customers computing everything anew is cheaper
MOST_SUSPECTS = 0.12
ANY_DAY = date(2000, 1, 1)


class CrmLifecycleEngine(models.AbstractModel):
    """Full re-read under unchanged rules: compare documents with profiles.

    A profile keeps a checksum of the documents it was computed from, of what people
    decided and of what the engine wrote. When it still fits and no date has come that
    changes something, computing the customer anew would give the same row.
    """

    _inherit = "crm.lifecycle.engine"

    # written, but verified by settling, looked up, or compared on their own
    UNCHECKED_COLUMNS = ("active", "user_id", "stage_figures", "checksum")
    # texts of decisions, which only explain
    EXPLAINING_COLUMNS = ("hold_reason", "vip_reason", "key_reason")

    def _has_checksums(self):
        return self.env.cr._cnx.server_version >= CHECKSUM_SERVER_VERSION

    def _get_checked_columns(self):
        """The stored columns that the checksum covers."""
        unchecked = self.UNCHECKED_COLUMNS + self.SETTLED_COLUMNS
        names = self.WRITTEN_COLUMNS + self.FLAG_COLUMNS + self.PEOPLE_COLUMNS
        return [
            name
            for name in names
            if name not in unchecked and name not in self.EXPLAINING_COLUMNS
        ]

    def _sql_documents_hash(self):
        """Aggregate over ``documents`` that tells one set of them from another."""
        if not self._has_checksums():
            return SQL("NULL::bigint")
        # chained through the seeds, so that nothing can change places unnoticed
        return SQL(
            """
            bit_xor(hashint8extended(place, hashint8extended(
                COALESCE(units, -1), hashint8extended(
                    CASE WHEN is_purchase THEN COALESCE(margin_units, -1)
                         ELSE COALESCE(evidence, -2) END,
                    COALESCE(change_day - DATE '1970-01-01', 0)))))
            """
        )

    def _sql_checksum(self, column, documents_hash):
        """Checksum of a row; ``column`` gives the SQL of a column's value."""
        if not self._has_checksums():
            return SQL("NULL::int")
        fields = self.env["crm.lifecycle.profile"]._fields
        values = [
            # a new value must look like a stored one
            SQL("%s::%s", column(name), SQL(fields[name].column_type[0]))
            for name in self._get_checked_columns()
        ]
        return SQL(
            "(hash_record_extended(ROW(%s, %s), 0) %% %s)::int",
            documents_hash,
            SQL(", ").join(values),
            CHECKSUM_RANGE,
        )

    def _get_rules_hash(self, parameters):
        """Tells one set of rules from another: settings, code, and other add-ons' say.

        Profiles computed under other rules are not judged by their checksum.
        """
        plain = parameters.changed(
            today=ANY_DAY, day=None, cause="time", user_id=None, by_hand=False
        )
        rules = self._sql_rows(plain, SQL("(%s)", self._sql_figures(plain)))
        text = f"{rules.code} {rules.params}"
        return hashlib.sha256(text.encode()).hexdigest()

    def _verify(self, parameters):
        """Compute the customers whose documents or row are not as they were written,
        then rank everybody. Commits.

        :return: ``(limits, number of rows that differed)``; None when this is not the
            way, because too many would have to be computed
        """
        if not self._has_checksums():
            return None
        self._prepare_transaction()
        # what waits in the queue is known to differ, and left to the drain
        undrained = self._sql_undrained(parameters)
        suspects, chunks = self._create_chunks(
            SQL(
                "SELECT p.id AS partner_id FROM (%s) p (id) WHERE %s",
                self._sql_suspects(parameters),
                undrained,
            )
        )
        if suspects > MOST_SUSPECTS * self._count_profiles(parameters):
            return None

        def write(scope, _chunk):
            ids = SQL(
                "ARRAY(SELECT p.id FROM res_partner p WHERE %s AND %s)",
                scope,
                undrained,
            )
            return self._write_selected(parameters, ids)

        self._write_chunks(parameters, chunks, write, suspects)
        limits, moved = self._settle(parameters)
        return limits, suspects + moved

    def _count_profiles(self, parameters):
        self.env.cr.execute(
            SQL(
                "SELECT count(*) FROM crm_lifecycle_profile WHERE company_id = %s",
                parameters.company_id,
            )
        )
        return self.env.cr.fetchone()[0]

    def _sql_suspects(self, parameters):
        """Customers without their profile, and profiles that no longer fit."""
        return SQL(
            """
            WITH %(documents)s
            SELECT p.id AS partner_id
              FROM res_partner p
              LEFT JOIN (
                    SELECT partner_id, %(hash)s AS documents_hash,
                           count(*) FILTER (WHERE is_purchase) AS purchase_count
                      FROM documents GROUP BY partner_id
                   ) f ON f.partner_id = p.id
              LEFT JOIN crm_lifecycle_profile o
                ON o.partner_id = p.id AND o.company_id = %(company)s
             WHERE CASE WHEN o.id IS NULL THEN %(eligible)s
                        WHEN NOT %(active)s THEN o.active
                        ELSE NOT o.active OR o.next_evaluation_date <= %(today)s
                             OR o.checksum IS DISTINCT FROM %(checksum)s END
            """,
            documents=self._sql_documents(parameters),
            hash=self._sql_documents_hash(),
            company=parameters.company_id,
            eligible=self._sql_is_eligible(parameters),
            active=self._sql_is_active(parameters),
            today=parameters.today,
            checksum=self._sql_checksum(
                lambda name: SQL.identifier("o", name),
                SQL("COALESCE(f.documents_hash, 0)"),
            ),
        )
