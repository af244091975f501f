# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmLifecycleDocumentMixin(models.AbstractModel):
    """A document that gets a customer, or another one, takes its contacts along; so
    does one that moves to another company."""

    _inherit = "crm.lifecycle.document.mixin"

    def _lifecycle_gather_written(self, vals_list):
        moved = [
            id_
            for id_, vals in zip(self._ids, vals_list, strict=True)
            if self._lifecycle_partner_field in vals
        ]
        if self._name in self.env["crm.lifecycle.engine"]._get_touchpoint_documents():
            changes = self.env["crm.touchpoint.change"]
            changes._gather(self._name, moved)
            changes._gather_rehomed(self, vals_list)
        return super()._lifecycle_gather_written(vals_list)

    def _lifecycle_gather_deleted(self):
        """Meetings that knew the customer by the document alone no longer do."""
        engine = self.env["crm.lifecycle.engine"]
        if self._name in engine._get_touchpoint_documents():
            documents = engine._sql_given_documents(self._name, self.ids)
            rows = self.env.execute_query(engine._touchpoint_ids_event([], documents))
            self.env["crm.touchpoint.change"]._gather(
                "calendar.event", [id_ for (id_,) in rows]
            )
        return super()._lifecycle_gather_deleted()


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _write_multi(self, vals_list):
        """What is said on a contact of one company is said in that company."""
        self.env["crm.touchpoint.change"]._gather_rehomed(self, vals_list)
        return super()._write_multi(vals_list)

    def _get_lifecycle_moved(self, moved):
        """A contact that changes customers takes the contacts made with it along."""
        res = super()._get_lifecycle_moved(moved)
        if res:
            self.env["crm.touchpoint.change"]._gather("res.partner", res[::3])
        return res

    def action_log_contact(self):
        """Open the dialog that logs a contact with this customer."""
        self.ensure_one()
        return self.env["crm.touchpoint.log"]._prepare_action(self)

    def _erase_lifecycle_person(self):
        """Forget what was said with these persons, and who said and promised what."""
        count = super()._erase_lifecycle_person()
        # sudo: a request to be forgotten concerns every company
        touchpoints = (
            self.env["crm.touchpoint"]
            .sudo()
            .search(
                Domain("note", "not in", (False, ""))
                & (
                    Domain("partner_id", "in", self.ids)
                    | Domain("contact_id", "in", self.ids)
                    | Domain("contact_ids", "in", self.ids)
                )
            )
        )
        touchpoints.note = False
        count += len(touchpoints)
        for model in ("crm.promise", "crm.objection"):
            said = self.env[model].sudo().search([("contact_id", "in", self.ids)])
            said.contact_id = False
            count += len(said)
        return count


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def action_log_contact(self):
        """Open the dialog that logs a contact with the customer of this lead."""
        self.ensure_one()
        if not self.partner_id:
            raise UserError(
                self.env._(
                    "This lead has no contact yet: set or create one, then log what "
                    "was said."
                )
            )
        return self.env["crm.touchpoint.log"]._prepare_action(
            self.partner_id, self, self.company_id
        )
