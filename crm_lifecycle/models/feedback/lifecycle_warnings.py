# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import format_date


class CrmLifecycleCustomerMixin(models.AbstractModel):
    """Who is dissatisfied gets no offer before it is put right."""

    _inherit = "crm.lifecycle.customer.mixin"

    def _get_lifecycle_open_feedback(self):
        """Return the feedback of this customer that is still to be put right, for the
        current company and whoever asks: a block holds for colleagues too."""
        # sudo: that there is one; what it says is shown to its readers alone
        feedbacks = self.env["crm.feedback"].sudo()
        return feedbacks.search(
            [
                ("is_open", "=", True),
                ("profile_id.partner_id", "in", self.sudo().commercial_partner_id.ids),
                ("profile_id.company_id", "=", self.env.company.id),
            ]
        )

    def _get_lifecycle_warnings(self):
        warnings = super()._get_lifecycle_warnings()
        feedback = self._get_lifecycle_open_feedback()[:1]
        if feedback:
            warnings.insert(0, self._get_lifecycle_feedback_warning(feedback))
        return warnings

    def _get_lifecycle_feedback_warning(self, feedback):
        day = format_date(self.env, feedback.date)
        if feedback.comment and feedback.sudo(False).has_access("read"):
            return self.env._(
                "No offers: the customer has been dissatisfied since %(day)s "
                "(“%(comment)s”). Put that right first.",
                day=day,
                comment=feedback.comment,
            )
        return self.env._(
            "No offers: the customer has been dissatisfied since %(day)s. Put that "
            "right first.",
            day=day,
        )
