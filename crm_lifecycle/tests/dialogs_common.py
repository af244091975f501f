# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import Form


class DialogsMixin:
    """Opening dialogs of decisions as the web client does."""

    def _dialog_model(self, kind, records, user=None, **context):
        """Return the dialogs' model as a click in the menu of ``records`` makes it."""
        Action = self.env["crm.lifecycle.action"].with_user(user or self.user_manager)
        if kind:
            context["default_kind"] = kind
        return Action.with_context(
            active_model=records._name,
            active_ids=records.ids,
            active_id=records.ids[0],
            **context,
        )

    def _open_dialog(self, kind, records, user=None, **context):
        return Form(self._dialog_model(kind, records, user, **context))

    def _decide(self, kind, records, user=None, **values):
        """Open a dialog, fill it in, confirm it; return what the notification says."""
        dialog = self._dialog_model(kind, records, user).create(values)
        action = dialog.action_apply()
        self.assertEqual(action["tag"], "crm_lifecycle_result")
        return action["params"]
