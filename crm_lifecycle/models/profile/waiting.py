# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

from ..engine.engine import AT_ONCE_LIMIT


class CrmLifecycleProfile(models.Model):
    """How much of what was decided is still to be computed."""

    _inherit = "crm.lifecycle.profile"

    @api.model
    @api.readonly
    def get_waiting(self):
        """Say how many of the customers the user sees wait to be recomputed.

        :return: ``{"count": customers, "is_batch": bool}``; a batch is more than single
            documents make: somebody decided on many customers at once
        """
        self.browse().check_access("read")
        visible = self.with_context(active_test=False)._search(
            [("company_id", "in", self.env.companies.ids)]
        )
        [(count, by_hand)] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(DISTINCT profile.id), BOOL_OR(event.cause = 'manual')
                  FROM crm_lifecycle_event event
                  JOIN crm_lifecycle_profile profile
                    ON profile.partner_id = event.partner_id
                   AND profile.company_id = event.company_id
                 WHERE profile.id IN %s
                """,
                visible.subselect(),
            )
        )
        return {"count": count, "is_batch": bool(by_hand) or count > AT_ONCE_LIMIT}
