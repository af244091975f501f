# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "crm.lifecycle.customer.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        self.env["crm.lifecycle.event"]._gather(
            [partner.id for partner in partners if partner.customer_rank]
        )
        return partners

    def write(self, vals):
        res = super().write(vals)
        if "user_id" in vals:
            self.env["crm.lifecycle.profile"]._responsible_from_partner(self)
        if "parent_id" in vals or "is_company" in vals:
            # The customer of leads and documents of these contacts may be another.
            self._invalidate_lifecycle_fields()
        return res

    def unlink(self):
        # Sudo: whoever may delete a contact need not see the account it belongs to.
        self.env["crm.lifecycle.event"]._gather(self.sudo().commercial_partner_id.ids)
        return super().unlink()

    def _write_multi(self, vals_list):
        moved, touched = {}, []
        for id_, vals in zip(self._ids, vals_list, strict=True):
            if vals.get("commercial_partner_id"):
                moved[id_] = vals["commercial_partner_id"]
            if "active" in vals or "company_id" in vals or vals.get("customer_rank"):
                touched.append(id_)
        if moved:
            touched += self._get_lifecycle_moved(moved)
        self.env["crm.lifecycle.event"]._gather(touched)
        return super()._write_multi(vals_list)

    @api.model
    def _get_lifecycle_moved(self, moved):
        """Return the contacts that change customers, with their old and new customer.

        :param dict moved: ``{contact: new customer}``, not yet in the database; new
            contacts are among them, and they have no past
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT id, commercial_partner_id FROM res_partner "
                "WHERE id = ANY(%s) AND commercial_partner_id IS NOT NULL",
                list(moved),
            )
        )
        return [
            concerned
            for id_, old in rows
            if old != moved[id_]
            for concerned in (id_, old, moved[id_])
        ]
