# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmTouchpointSource(models.Model):
    """How far the collection has read one kind of source.

    ``marks`` holds keys of the source (an id, or seconds of its moment): ``safe``:
    everything up to it has been read after all transactions that could have written
    it had ended; ``pending``: what becomes safe next, with the transaction number
    from which on it does; ``passing``: the pass that is under way, so that one cut
    off is continued.
    """

    _name = "crm.touchpoint.source"
    _description = "Collection of Touchpoints"
    _order = "id"
    _log_access = False

    name = fields.Char(string="Source", required=True, readonly=True)
    label = fields.Char(compute="_compute_label")
    marks = fields.Json(readonly=True)
    progress = fields.Float(
        string="Progress (%)",
        readonly=True,
        help="How much of what is being read for the first time has been read.",
    )
    is_complete = fields.Boolean(
        string="First Collection Done",
        readonly=True,
        help="The past has been read; from now on only what is new or changed is.",
    )
    read_at = fields.Datetime(string="Last Read", readonly=True)
    archived_count = fields.Integer(
        string="Done Activities Found",
        readonly=True,
        help="Archived activities of types that lead to a channel.",
    )
    unmatched_count = fields.Integer(
        string="Without a Message",
        readonly=True,
        help="Archived activities that no message confirms: they were put away, not "
        "done, and are no touchpoints.",
    )

    _name_unique = models.Constraint(
        "UNIQUE(name)", "Each kind of source is read by one collection."
    )

    @api.depends("name")
    def _compute_label(self):
        labels = dict(self.env["crm.touchpoint"]._get_source_labels())
        for source in self:
            label = labels.get(source.name)
            source.label = label or self.env._("Customers new in the base")

    @api.model
    def _get(self, name):
        """Return the record of one kind of source."""
        source = self.sudo().search([("name", "=", name)])  # the job's own memory
        return source or self.sudo().create({"name": name, "marks": {}})

    @api.model
    def _request_collection(self):
        """Have the job read every source again, with whatever is set now."""
        sources = self.sudo().search([("name", "!=", "crm.lifecycle.profile")])
        sources.write({"marks": {}, "progress": 0.0, "is_complete": False})
        self.env["crm.lifecycle.engine"]._trigger()

    def action_collect_again(self):
        """Have the job read all sources of touchpoints again (sales managers)."""
        self.check_access("read")
        self._request_collection()
        return self.env.company._lifecycle_notification()
