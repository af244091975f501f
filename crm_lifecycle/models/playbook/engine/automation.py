# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

CREATED = ["on_create", "on_create_or_write", "on_priority_set", "on_stage_set"]
CREATED += ["on_state_set", "on_tag_set", "on_user_set"]
WRITTEN = ["on_write", "on_archive", "on_unarchive", *CREATED]
WRITTEN.remove("on_create")


class CrmLifecycleEngine(models.AbstractModel):
    """Odoo's automation rules on profiles: changes made in SQL are handed to them.

    A rule sees what a transition records: stage and category, with their old values.
    Other figures change without telling; rules on time read them by themselves.
    """

    _inherit = "crm.lifecycle.engine"

    def _has_automation(self):
        """Whether a rule waits for changes of profiles."""
        if "base.automation" not in self.env:
            return False
        # sudo: whether there are any
        return bool(
            self.env["base.automation"]
            .sudo()
            .search_count(
                [
                    ("model_name", "=", "crm.lifecycle.profile"),
                    ("trigger", "in", WRITTEN + CREATED),
                ],
                limit=1,
            )
        )

    def _automate_one(self, transition_id):
        """Tell the rules of one transition, in its own transaction. Commits.

        :return: whether it is answered
        """
        # sudo: rules run for everybody; as elsewhere their actions decide what they do
        transition = self.env["crm.lifecycle.transition"].sudo().browse(transition_id)

        def automate():
            if transition.reacted_at:
                return True
            self._automate(transition)
            self._set_answered(transition.ids)
            self.env.flush_all()
            return True

        try:
            told = self._attempt(automate)
        except Exception as error:
            self.env.cr.rollback()
            self.env.clear()
            _logger.info(
                "Automation of transition %s: %s",
                transition_id,
                error,
                exc_info=not isinstance(error, UserError),
            )
            told = self._attempt(self._note_automation_error, transition, str(error))
        self._commit_progress(1)
        return told

    def _note_automation_error(self, transition, message):
        """A rule that fails stops nobody else, and stays visible."""
        transition.reaction_error = message
        transition.flush_recordset()
        self._set_answered(transition.ids)
        return True

    def _automate(self, transition):
        """Hand a changed profile to the rules as Odoo hands them a written record."""
        profile = transition.profile_id
        is_new = not (transition.from_stage_id or transition.from_category_id)
        old = {
            "stage_id": transition.from_stage_id,
            "category_id": transition.from_category_id,
        }
        changed = {name: value for name, value in old.items() if value != profile[name]}
        triggers = CREATED if is_new else WRITTEN
        rules = self.env["base.automation"]._get_actions(profile, triggers)
        rules = rules.with_context(old_values=None if is_new else {profile.id: old})
        for rule in rules:
            before = profile.with_env(rule.env)
            if not is_new:
                before = self._filter_before(rule, before, changed)
            after, domain = rule._filter_post_export_domain(before, feedback=True)
            rule._process(after, domain_post=domain)

    def _filter_before(self, rule, profile, changed):
        """Let the rule's first filter see the profile as it was."""
        if not rule.sudo().filter_pre_domain:
            return profile
        for name, value in changed.items():
            profile._fields[name]._update_cache(profile, value.id or None)
        try:
            return rule._filter_pre(profile)
        finally:
            profile.invalidate_recordset(list(changed), flush=False)
