# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class CrmLifecycleEngine(models.AbstractModel):
    """What the manager reads about a pass on the page of the base's health."""

    _inherit = "crm.lifecycle.engine"

    def _get_pass_message(self, company):
        """What the manager must know about this pass; False when all is well."""
        messages = []
        if company.lifecycle_abc_value == "margin" and not self._has_margin(
            company.lifecycle_basis
        ):
            messages.append(
                self.env._(
                    "ABC ranks by revenue, because margins need purchases by sales "
                    "order and the Margins in Sales Orders application. Change "
                    "“ABC By” or install it."
                )
            )
        partners = self._get_broken_partners()
        if partners:
            messages.append(
                self.env._(
                    "These contacts are each other's parent, so their documents cannot "
                    "be assigned to a customer: %(partners)s. Correct the field "
                    "“Related Company” on one of them.",
                    partners=", ".join(partners),
                )
            )
        return "\n".join(messages) or False

    def _get_broken_partners(self):
        """Names of contacts that lead to no customer: their parents go round in a
        circle, or their customer is not a customer itself."""
        self._prepare_transaction()
        parents, broken = {}, set()
        for id_, above_id, is_stray in self.env.execute_query(
            SQL(
                """
                WITH linked AS MATERIALIZED (
                    SELECT id, parent_id, commercial_partner_id FROM res_partner
                     WHERE parent_id IS NOT NULL OR commercial_partner_id <> id
                )
                -- few contacts have both a parent and contacts of their own
                SELECT above.id, above.parent_id, FALSE
                  FROM linked JOIN linked above ON above.id = linked.parent_id
                 WHERE above.parent_id IS NOT NULL
                 UNION
                SELECT linked.id, above.id, TRUE
                  FROM linked JOIN linked above
                    ON above.id = linked.commercial_partner_id
                 WHERE linked.commercial_partner_id <> linked.id
                   AND above.commercial_partner_id <> above.id
                """
            )
        ):
            if is_stray:
                broken.add(id_)
            else:
                parents[id_] = above_id
        broken.update(self._get_circles(parents))
        # sudo: named to the manager, whoever started the job
        partners = self.env["res.partner"].sudo().browse(sorted(broken)[:10])
        return [f"{partner.name} (id {partner.id})" for partner in partners]

    @api.model
    def _get_circles(self, parents):
        """Return the ids of ``{id: parent id}`` that come back to themselves."""
        seen, circles = set(), set()
        for id_ in parents:
            path = []
            while id_ in parents and id_ not in seen:
                seen.add(id_)
                path.append(id_)
                id_ = parents[id_]
            if id_ in path:
                circles.update(path[path.index(id_) :])
        return circles
