# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import format_date


class CrmLifecycleCustomerMixin(models.AbstractModel):
    """What to say about a customer before somebody quotes to him."""

    _inherit = "crm.lifecycle.customer.mixin"

    def _get_lifecycle_warnings(self):
        """Return sentences for the current company, in the reader's language.

        Stage and VIP are open to every internal user; what a sentence says beyond them
        is read with the reader's own rights, so that a colleague's customer tells less.
        """
        self.ensure_one()
        warnings = []
        if self.lifecycle_is_excluded:
            warnings.append(
                self.env._(
                    "This customer is excluded from the customer base: it has no "
                    "category, and no contact is planned."
                )
            )
        elif self.lifecycle_stage_id.zone == "departure":
            warnings.append(self._get_lifecycle_lost_warning())
        if self.lifecycle_is_vip and self.lifecycle_profile_id:
            warnings.append(self._get_lifecycle_review_warning())
        return [warning for warning in warnings if warning]

    def _get_lifecycle_lost_warning(self):
        stage = self.lifecycle_stage_id.name
        reason = self.lifecycle_profile_id.stage_reason_text
        if reason:
            return self.env._(
                "This customer counts as “%(stage)s”. %(reason)s Find out what has "
                "changed before you quote.",
                stage=stage,
                reason=reason,
            )
        return self.env._(
            "This customer counts as “%(stage)s”. Ask the responsible manager before "
            "you quote.",
            stage=stage,
        )

    def _get_lifecycle_review_warning(self):
        day = self.lifecycle_vip_review_date
        if not day:
            return self.env._(
                "VIP without a review date: nobody checks whether the status still "
                "pays."
            )
        if day < self.env["crm.lifecycle.engine"]._today(self.env.company):
            return self.env._(
                "The review of the VIP status has been due since %(day)s. Check the "
                "terms before you quote.",
                day=format_date(self.env, day),
            )
        return None
