# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class CalendarEventType(models.Model):
    _inherit = "calendar.event.type"

    def unlink(self):
        """Meetings with a tag that led to a channel lead to another one."""
        # sudo: a setting and meetings, looked at on nobody's behalf
        channels = self.env["crm.touchpoint.channel"].sudo()
        # pylint: disable-next=no-search-all
        mapped = channels.search([]).event_type_ids
        events = (
            self.env["calendar.event"]
            .sudo()
            .with_context(active_test=False)
            .search([("categ_ids", "in", (self & mapped).ids)])
        )
        self.env["crm.touchpoint.change"]._gather("calendar.event", events.ids)
        return super().unlink()
