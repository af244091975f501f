# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL


class CrmCadenceEvent(models.Model):
    """Append-only queue: customers whose contact clocks have to be looked at again.

    Most rows are written by the statements of the engine that changed something.
    """

    _name = "crm.cadence.event"
    _description = "Changed Customer of the Contact Regulation"
    _order = "id"
    _log_access = False
    _rec_name = "profile_id"

    # no key: rows of deleted customers are dropped when the queue is read
    profile_id = fields.Integer(string="Customer Card", required=True, readonly=True)

    @api.model
    def _append(self, profile_ids):
        """Queue customers and wake the job.

        :param profile_ids: ids of ``crm.lifecycle.profile``
        """
        if not profile_ids:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_cadence_event (profile_id) SELECT unnest(%s::int[])",
                sorted(profile_ids),
            )
        )
        self.env["crm.lifecycle.engine"]._trigger()
