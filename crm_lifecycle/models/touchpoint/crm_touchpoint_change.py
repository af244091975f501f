# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import api, fields, models
from odoo.tools import SQL

from .mail_message import LETTER_TYPES

_logger = logging.getLogger(__name__)

GATHERED = "crm.touchpoint.change"  # key in `cr.precommit.data`
LETTERS = "/letters"


class CrmTouchpointChange(models.Model):
    """Append-only queue: sources whose touchpoints have to be looked at again.

    Who moves a meeting or deletes a message never waits for us and never fails
    because of us: the transaction only remembers what it touched, and appends it in
    one statement under a savepoint just before it commits.
    """

    _name = "crm.touchpoint.change"
    _description = "Changed Source of Touchpoints"
    _order = "id"
    _log_access = False
    _rec_name = "source_model"

    source_model = fields.Char(required=True, readonly=True)
    source_id = fields.Integer(required=True, readonly=True)

    @api.model
    def _gather(self, model, ids):
        """Remember sources, or documents and contacts that sources hang on.

        :param str model: a source of touchpoints, a document's model, or
            ``res.partner``; with a ``+`` behind it also sources without a touchpoint,
            with ``LETTERS`` what was written on the documents
        """
        ids = [id_ for id_ in ids if id_]
        if not ids:
            return
        precommit = self.env.cr.precommit
        if GATHERED not in precommit.data:
            precommit.data[GATHERED] = {}
            # sudo: whoever touched the source, the queue is ours
            precommit.add(self.sudo()._append_gathered)
        precommit.data[GATHERED].setdefault(model, set()).update(ids)

    @api.model
    def _gather_rehomed(self, documents, vals_list):
        """Remember documents that move to another company, and what was written on
        them.

        :param list vals_list: column values, in the order of the documents
        """
        now = self.env.cr.now()
        ids = [
            document.id
            # sudo: flushed by whoever comes next
            for document, vals in zip(documents.sudo(), vals_list, strict=True)
            # new ones get their company, and nothing was written on them
            if "company_id" in vals and document.create_date != now
        ]
        self._gather(documents._name, ids)
        self._gather(f"{documents._name}{LETTERS}", ids)

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
                    self.env["crm.lifecycle.event"]._trigger_job()
        except Exception:
            _logger.exception("Changed sources of touchpoints could not be queued")

    @api.model
    def _get_append_sql(self, gathered):
        """Return the one INSERT of a transaction."""
        return SQL(
            "INSERT INTO crm_touchpoint_change (source_model, source_id) %s",
            SQL(" UNION ALL ").join(
                self._get_relevant_sql(model, sorted(ids))
                for model, ids in gathered.items()
            ),
        )

    @api.model
    def _get_relevant_sql(self, model, ids):
        """Return the SELECT of (model, id) that are worth a look.

        A message is new for the collection anyway, and a meeting is until it is over:
        before that only their touchpoints can be wrong.
        """
        touched = SQL("unnest(%s::int[]) AS touched (id)", ids)
        if model.endswith("+"):
            return SQL("SELECT %s::varchar, touched.id FROM %s", model[:-1], touched)
        if model.endswith(LETTERS):
            return SQL(
                "SELECT 'mail.message', m.id FROM %s "
                "JOIN mail_message m ON m.model = %s AND m.res_id = touched.id "
                "WHERE m.message_type IN %s",
                touched,
                model.removesuffix(LETTERS),
                LETTER_TYPES,
            )
        if model not in ("mail.message", "mail.activity", "calendar.event"):
            return SQL("SELECT %s::varchar, touched.id FROM %s", model, touched)
        finished = SQL("FALSE")
        if model == "calendar.event":
            finished = SQL(
                "EXISTS (SELECT FROM calendar_event e WHERE e.id = touched.id "
                "AND e.stop <= %s)",
                self.env.cr.now(),
            )
        return SQL(
            """
            SELECT %(model)s::varchar, touched.id FROM %(touched)s
             WHERE EXISTS (SELECT FROM crm_touchpoint t
                            WHERE t.source_model = %(model)s
                              AND t.source_id = touched.id)
                OR %(finished)s
            """,
            model=model,
            touched=touched,
            finished=finished,
        )
