# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

REASONS_SHOWN = 5


class CrmLifecycleProfile(models.Model):
    """How an action tells what it did."""

    _inherit = "crm.lifecycle.profile"

    @api.model
    def _prepare_result(self, title, result, skipped, model=None):
        """Return the client action that tells what was done and what was not, and why.

        :param str title: the action's name
        :param dict result: what the action returned
        :param dict skipped: ``{reason: [ids of skipped records]}``
        :param str model: the model of the skipped records; default: profiles
        """
        message = self.env._("Done: %(count)s.", count=len(result["done"]))
        if result["state"] == "queued":
            message += " " + self.env._("The stages follow within minutes.")
        ids = [id_ for skipped_ids in skipped.values() for id_ in skipped_ids]
        if ids:
            message += " " + self.env._("Skipped: %(count)s.", count=len(ids))
        return {
            "type": "ir.actions.client",
            "tag": "crm_lifecycle_result",
            "params": {
                "title": title,
                "type": "warning" if ids else "success",
                "message": message,
                "reasons": self._get_texts_of_reasons(skipped),
                "queued": result["state"] == "queued",
                "label": self.env._("Show the skipped"),
                # an empty list would count as something to show in the web client
                "skipped": bool(ids)
                and {
                    "type": "ir.actions.act_window",
                    "name": self.env._("Skipped: %(action)s", action=title),
                    "res_model": model or self._name,
                    "views": [(False, "list"), (False, "form")],
                    "domain": [("id", "in", ids)],
                    "context": {"active_test": False},
                },
                "next": {
                    "type": "ir.actions.act_window_close",
                    "infos": {"lifecycle_done": len(result["done"])},
                },
            },
        }

    @api.model
    def _get_texts_of_reasons(self, skipped):
        """Return one line for each reason, the most frequent first."""
        by_number = sorted(skipped.items(), key=lambda line: -len(line[1]))
        lines = [
            self.env._("%(reason)s: %(count)s", reason=reason, count=len(ids))
            for reason, ids in by_number[:REASONS_SHOWN]
        ]
        rest = sum(len(ids) for _reason, ids in by_number[REASONS_SHOWN:])
        if rest:
            lines.append(self.env._("other reasons: %(count)s", count=rest))
        return lines
