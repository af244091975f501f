# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import api, models
from odoo.exceptions import MissingError

_logger = logging.getLogger(__name__)


class CrmLifecycleDocumentMixin(models.AbstractModel):
    """Documents that tell the event queue when they concern a customer anew.

    Watches `_write_multi`, the one place every stored column passes on its way to
    the database: amounts of a confirmed order are recomputed from its lines, and the
    margin by another add-on, without anybody calling `write` on the order.
    """

    _name = "crm.lifecycle.document.mixin"
    _description = "Document of the Customer Base"

    # Columns that decide whose document it is: the old customer matters too.
    _lifecycle_owner_columns = frozenset()
    # Columns that decide what the document means, in whatever state it is.
    _lifecycle_status_columns = frozenset()
    # Columns that matter only while the document counts as a purchase.
    _lifecycle_counted_columns = frozenset()
    # Whether a document matters from its creation on.
    _lifecycle_from_creation = True

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        if self._lifecycle_from_creation:
            documents._lifecycle_guard(documents._lifecycle_gather_created)
        return documents

    def unlink(self):
        self.flush_recordset(self._lifecycle_owner_columns)
        self._lifecycle_guard(self._lifecycle_gather_deleted)
        return super().unlink()

    def _write_multi(self, vals_list):
        self._lifecycle_guard(self._lifecycle_gather_written, vals_list)
        return super()._write_multi(vals_list)

    def _lifecycle_guard(self, gather, *args):
        """Tell the queue; whoever works on a document must not fail because of us."""
        try:
            gather(*args)
        except Exception:
            _logger.exception("Changes of %s could not be queued", self._name)

    def _lifecycle_gather_created(self):
        self.env["crm.lifecycle.event"]._gather_documents(
            self._name, self._filter_lifecycle_documents().ids
        )

    def _lifecycle_gather_deleted(self):
        self.env["crm.lifecycle.event"]._gather_before(
            self._name, self._filter_lifecycle_documents().ids
        )

    def _lifecycle_gather_written(self, vals_list):
        """Tell the queue what is about to be written on these documents.

        :param list vals_list: column values, in the order of the documents
        """
        moved, changed, counted = [], [], []
        for id_, vals in zip(self._ids, vals_list, strict=True):
            if not self._lifecycle_owner_columns.isdisjoint(vals):
                moved.append(id_)
            elif not self._lifecycle_status_columns.isdisjoint(vals):
                changed.append(id_)
            elif not self._lifecycle_counted_columns.isdisjoint(vals):
                counted.append(id_)
        events = self.env["crm.lifecycle.event"]
        events._gather_before(self._name, moved)
        for source, ids in (
            (self._name, moved + changed),
            (f"{self._name}.counted", counted),
        ):
            documents = self.browse(ids)._filter_lifecycle_documents()
            events._gather_documents(source, documents.ids)

    def _filter_lifecycle_documents(self):
        """Leave out what concerns no customer, so that it costs no query.

        What is being written is in the cache; this only saves work, and the queue asks
        the database itself.
        """
        # Sudo: a document being written may be beyond the reader's rules by now.
        documents = self.sudo().with_context(prefetch_fields=False)
        try:
            return self & documents.filtered(self._is_lifecycle_document)
        except MissingError:  # deleted behind Odoo's back: there is nothing to say
            return self

    @api.model
    def _is_lifecycle_document(self, document):
        return bool(document[self._lifecycle_partner_field])
