# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, models


class CrmLifecycleProfile(models.Model):
    """What the application opens with."""

    _inherit = "crm.lifecycle.profile"

    @api.model
    def _action_open_base(self):
        """Return the first run as long as it is to be made, else the customers."""
        company = self.env.company
        is_ready = (
            not company.lifecycle_enabled
            or company._lifecycle_first_run_state() == "done"
            or not self.env["crm.lifecycle.engine"]._has_purchases(company)
        )
        if not is_ready and self.env.user.has_group("sales_team.group_sale_manager"):
            return self.env["crm.lifecycle.first.run"]._action_open()
        action = self._action_customers()
        if not is_ready:
            action["help"] = self._get_not_ready_help()
        return action

    @api.model
    def _action_customers(self, first_view=None):
        """Return the action that shows the customers.

        :param str first_view: type of the view to open with; default: the action's own
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_lifecycle_profile_action"
        )
        action["views"].sort(key=lambda view: view[1] != first_view)
        return action

    @api.model
    def _get_not_ready_help(self):
        """What those see who cannot make the first run themselves."""
        return Markup(
            '<p class="o_view_nocontent_smiling_face">%s</p><p>%s</p><p>%s</p>'
        ) % (
            self.env._("The customer base is not ready yet"),
            self.env._(
                "A sales manager still has to choose what counts as a purchase and "
                "when a customer is lost. Then every customer of the past gets a stage "
                "of life (from potential through working, regular and proven partner "
                "to lost), a value and a category."
            ),
            self.env._(
                "Afterwards your customers are here, each with the reason of its stage "
                "and with what would change it next."
            ),
        )
