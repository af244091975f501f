# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, models

# Playbooks that write no letters: the demonstration sends nothing to anybody
PLAYBOOKS = ("ownership", "satisfaction", "routine", "late", "lapsed")
DAYS = 60


class CrmLifecycleDemo(models.AbstractModel):
    """Playbooks that have been running for two months."""

    _inherit = "crm.lifecycle.demo"

    @api.model
    def _load_playbooks(self):
        """Switch some playbooks on, as of two months ago, and let them run once."""
        company = self.env.ref("base.main_company")
        playbooks = self.env["crm.lifecycle.playbook"]
        for key in PLAYBOOKS:
            xml_id = f"crm_lifecycle.crm_lifecycle_playbook_{key}"
            playbooks |= self.env.ref(xml_id, raise_if_not_found=False) or playbooks
        if not playbooks or self.env["crm.lifecycle.playbook.run"].search([], limit=1):
            return
        company.lifecycle_fulfilled_by = "days"  # its orders are not invoiced
        playbooks.write({"user_id": self._user("laura").id, "is_on": True})
        playbooks.flush_recordset()
        self.env.cr.execute(
            "UPDATE crm_lifecycle_playbook SET activated_at = %s WHERE id = ANY(%s)",
            [self.env.cr.now() - timedelta(DAYS), playbooks.ids],
        )
        playbooks.invalidate_recordset()
        self._run_playbooks(company, playbooks)

    @api.model
    def _run_playbooks(self, company, playbooks):
        """What the job does, in the transaction of the installation."""
        engine = self.env["crm.lifecycle.engine"]
        parameters = engine._get_parameters(company)
        while engine._notice_transitions():
            if engine._has_automation():
                break
        for playbook in playbooks:
            if playbook.trigger != "stage_entered":
                engine._notice(engine._get_scan(playbook, parameters))
        runs = self.env["crm.lifecycle.playbook.run"]
        for run_id in engine._get_due_runs(parameters, []):
            runs.browse(run_id)._fire()
        company.lifecycle_playbook_date = parameters.today
