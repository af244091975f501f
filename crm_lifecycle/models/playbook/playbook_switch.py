# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

EFFECTS = (
    *("plan_id", "template_id", "server_action_id"),
    *("makes_opportunity", "asks_feedback"),
)


class CrmLifecyclePlaybook(models.Model):
    """Switching playbooks on and off, and what that means for their runs."""

    _inherit = "crm.lifecycle.playbook"

    @api.model_create_multi
    def create(self, vals_list):
        playbooks = super().create(vals_list)
        playbooks.filtered("is_on")._switched_on()
        return playbooks

    def write(self, vals):
        was_on = self.filtered(lambda playbook: playbook.is_on and playbook.active)
        res = super().write(vals)
        is_on = self.filtered(lambda playbook: playbook.is_on and playbook.active)
        (is_on - was_on)._switched_on()
        (was_on - is_on)._switched_off()
        if is_on and not {"trigger", "company_id"}.isdisjoint(vals):
            (is_on & was_on)._switched_on()  # other events than before
        return res

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """What was done to customers is not forgotten with the rule behind it."""
        # sudo: also runs of customers the user does not see
        Run = self.env["crm.lifecycle.playbook.run"].sudo()
        if Run.search_count([("playbook_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "This playbook has run for customers, and their cards say so. "
                    "Archive it instead."
                )
            )

    def _switched_on(self):
        """From now on events count; the job looks for those of today at once."""
        for playbook in self:
            if not any(playbook[name] for name in EFFECTS):
                raise UserError(
                    self.env._(
                        "%(playbook)s has nothing to do: choose an activity plan, a "
                        "letter, a server action or an opportunity.",
                        playbook=playbook.name,
                    )
                )
        # whole seconds, like the moments it is compared with
        # pylint: disable-next=super-method-mismatch
        res = super().write({"activated_at": self.env.cr.now().replace(microsecond=0)})
        if self:
            # sudo: a mark of the job
            companies = self.env["res.company"].sudo()
            companies.search([("lifecycle_playbook_date", "!=", False)]).write(
                {"lifecycle_playbook_date": False}
            )
            self.env.registry.clear_cache()
            self.env["crm.lifecycle.engine"]._trigger()
        return res

    def _switched_off(self):
        """What waited does not happen any more."""
        # sudo: also for customers the user does not see
        waiting = self.env["crm.lifecycle.playbook.run"].sudo()
        waiting = waiting.search(
            [("playbook_id", "in", self.ids), ("state", "in", ("planned", "failed"))]
        )
        if waiting:
            waiting._skip(self.env._("The playbook was switched off."))
        self.env.registry.clear_cache()

    @api.model
    @ormcache()
    def _has_reactions(self):
        """Whether anything waits for changes of customers: a running playbook."""
        # sudo: a fact about the configuration
        return bool(self.sudo().search_count([("is_on", "=", True)], limit=1))
