# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

GATHERED = "crm.lifecycle.event"  # key in `cr.precommit.data`


class CrmLifecycleEvent(models.Model):
    """Append-only queue: customers whose documents changed since the last drain.

    Documents never wait for us: what a transaction touches is only remembered, and
    appended in one statement just before it commits. Documents are remembered by id
    and turned into customers by that statement; what they were before a change of
    customer or a deletion is read while the old row is still there.
    """

    _name = "crm.lifecycle.event"
    _description = "Customer Awaiting Recomputation"
    _order = "id"
    _log_access = False
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="cascade"
    )
    cause = fields.Selection(
        selection=[("event", "Event"), ("manual", "Set by hand")],
        required=True,
        readonly=True,
    )
    date = fields.Date(readonly=True, help="The day an action by hand counts from.")
    user_id = fields.Many2one(
        comodel_name="res.users", readonly=True, ondelete="set null"
    )
    without_reaction = fields.Boolean(
        readonly=True, help="The change must not start playbooks."
    )
    recorded_at = fields.Datetime(required=True, readonly=True)

    _company_idx = models.Index("(company_id, id)")

    # ------------------------------------------------------------
    # GATHERING
    # ------------------------------------------------------------

    @api.model
    def _gather(self, partner_ids, companies=None):
        """Remember customers to be recomputed after this transaction.

        :param partner_ids: ids of contacts; the event concerns their customer
        :param companies: ``res.company`` records; None: every enabled company
        """
        company_ids = [None] if companies is None else companies.ids
        pairs = {
            (id_, company) for id_ in partner_ids if id_ for company in company_ids
        }
        if pairs:
            self._get_gathered().setdefault("partners", set()).update(pairs)

    @api.model
    def _gather_documents(self, source, ids):
        """Remember documents whose customers are to be recomputed.

        :param source: a name that `_get_touched_sql` knows
        """
        if ids:
            self._get_gathered().setdefault(source, set()).update(ids)

    @api.model
    def _gather_before(self, source, ids):
        """Remember the customers documents have in the database at this moment:
        called before the documents change hands or disappear. A failure is ours
        alone."""
        if not ids:
            return
        try:
            # Within a flush as a rule: flushing again would recurse.
            with self.env.cr.savepoint(flush=False):
                pairs = self.env.execute_query(self._get_touched_sql(source, ids))
        except Exception:
            _logger.exception("Customers could not be queued for recomputation")
            return
        if pairs:
            self._get_gathered().setdefault("partners", set()).update(pairs)

    @api.model
    def _get_gathered(self):
        """What this transaction has touched so far, as ``{source: set}``.

        It lives beside the callback in `cr.precommit`, so both are dropped together
        on rollback and both are used up at every flush of the cursor.
        """
        precommit = self.env.cr.precommit
        if GATHERED not in precommit.data:
            precommit.data[GATHERED] = {}
            # Sudo: whoever touched the document, the queue is ours. The user stays,
            # because what Odoo looks up for him is in its caches already.
            precommit.add(self.sudo()._append_gathered)
        return precommit.data[GATHERED]

    # ------------------------------------------------------------
    # APPENDING
    # ------------------------------------------------------------

    @api.model
    def _append_gathered(self):
        """Append what was gathered and wake the job; a failure is ours alone."""
        gathered = self.env.cr.precommit.data.pop(GATHERED, None)
        if not gathered:
            return
        try:
            # The cursor has just been flushed: flushing again would recurse.
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(self._get_append_sql(gathered))
                if self.env.cr.rowcount:
                    self._trigger_job()
        except Exception:
            _logger.exception("Customers could not be queued for recomputation")

    @api.model
    def _trigger_job(self):
        """Have the job run soon, once per append."""
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "crm_lifecycle.ir_cron_lifecycle"
        )
        if cron_id:
            self.env["ir.cron"].sudo().browse(cron_id)._trigger()

    @api.model
    def _get_append_sql(self, gathered):
        """Return the one INSERT of a transaction.

        A contact stands for its customer. A contact that has a profile of its own was
        a customer until a moment ago: it is queued as well, to be put aside.
        """
        touched = []
        for source, values in gathered.items():
            if source == "partners":
                partner_ids, company_ids = zip(*values, strict=True)
                touched.append(
                    SQL(
                        "SELECT * FROM unnest(%s::int[], %s::int[])",
                        list(partner_ids),
                        list(company_ids),
                    )
                )
            else:
                touched.append(self._get_touched_sql(source, values))
        return SQL(
            """
            WITH touched (partner_id, company_id) AS (%(touched)s)
            INSERT INTO crm_lifecycle_event
                   (partner_id, company_id, cause, recorded_at)
            SELECT DISTINCT customer.id, company.id, 'event', %(now)s::timestamp
              FROM touched
              JOIN res_partner contact ON contact.id = touched.partner_id
             CROSS JOIN LATERAL (
                   SELECT contact.commercial_partner_id AS id
                    UNION
                   SELECT profile.partner_id
                     FROM crm_lifecycle_profile profile
                    WHERE profile.partner_id = contact.id
                   ) customer
              JOIN res_company company
                ON company.id = COALESCE(touched.company_id, company.id)
             WHERE company.lifecycle_enabled AND company.active
               AND customer.id IS NOT NULL
             ORDER BY 2, 1
            """,
            touched=SQL(" UNION ").join(touched),
            now=self.env.cr.now(),
        )

    @api.model
    def _get_touched_sql(self, source, ids):
        """Return the SELECT of (partner, company) that documents concern.

        Add-ons with documents of their own extend it by ``super()``.

        :param source: what `_gather_documents` was given. A name ending in
            ``.counted`` stands for changes of the amount, which matter only while
            the document counts as a purchase
        :param ids: ids of the documents
        """
        ids = list(ids)
        if source == "sale.order":
            return SQL(
                "SELECT partner_id, company_id FROM sale_order WHERE id = ANY(%s)", ids
            )
        if source == "sale.order.counted":
            return SQL(
                "SELECT partner_id, company_id FROM sale_order "
                "WHERE id = ANY(%s) AND state = 'sale'",
                ids,
            )
        if source == "account.move":
            return self._get_touched_moves_sql(ids, SQL("TRUE"))
        if source == "account.move.counted":
            return self._get_touched_moves_sql(ids, SQL("move.state = 'posted'"))
        if source == "crm.lead":
            return self._get_touched_leads_sql(ids)
        raise ValueError(f"Unknown source of lifecycle events: {source!r}")

    @api.model
    def _get_touched_moves_sql(self, ids, condition):
        """Customer documents; a credit note concerns the invoice it reverses too."""
        return SQL(
            """
            SELECT touched.partner_id, touched.company_id
              FROM account_move move
             CROSS JOIN LATERAL (
                   SELECT move.id
                    UNION ALL
                   SELECT move.reversed_entry_id WHERE move.move_type = 'out_refund'
                   ) concerned
              JOIN account_move touched ON touched.id = concerned.id
             WHERE move.id = ANY(%s) AND %s
               AND touched.partner_id IS NOT NULL
               AND touched.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
            """,
            ids,
            condition,
        )

    @api.model
    def _get_touched_leads_sql(self, ids):
        """A lead without company concerns the companies in which the customer has a
        profile, and the only company there is."""
        return SQL(
            """
            SELECT lead.partner_id, company.id
              FROM crm_lead lead
              JOIN res_partner contact ON contact.id = lead.partner_id
              JOIN res_company company
                ON company.id = lead.company_id
                OR (lead.company_id IS NULL AND (
                        EXISTS (
                            SELECT FROM crm_lifecycle_profile profile
                             WHERE profile.partner_id = contact.commercial_partner_id
                               AND profile.company_id = company.id)
                        OR (SELECT COUNT(*) = 1 FROM res_company WHERE active)))
             WHERE lead.id = ANY(%s)
            """,
            ids,
        )

    @api.model
    def _append_manual(self, profiles, user, date, react=True):
        """Queue the recomputation that an action by hand on many profiles needs.

        Unlike the events of documents this is part of the action: it fails with it.

        :param profiles: ``crm.lifecycle.profile`` records
        :param user: who acted
        :param date: the day the action counts from
        :param react: whether playbooks may be told of what changes
        """
        if not profiles:
            return
        profiles.flush_recordset(["partner_id", "company_id"])
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_lifecycle_event
                       (partner_id, company_id, cause, date, user_id,
                        without_reaction, recorded_at)
                SELECT partner_id, company_id, 'manual', %s, %s, %s, %s
                  FROM crm_lifecycle_profile
                 WHERE id = ANY(%s)
                 ORDER BY id
                """,
                date,
                user.id,
                not react,
                self.env.cr.now(),
                list(profiles.ids),
            )
        )
        self._trigger_job()
